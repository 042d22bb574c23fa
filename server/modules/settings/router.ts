import { adminProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { Settings } from '#server/contract/settings.ts';
import type { SettingsService } from '#server/modules/settings/service.ts';

export function createSettingsRouter(settings: SettingsService) {
  return router({
    get: viewerProcedure.output(Settings).query(() => settings.get()),
    set: adminProcedure
      // What an older client does not know of stays as it is.
      .input(Settings.partial())
      .output(Settings)
      .mutation(({ ctx, input }) => settings.set(input, ctx.actor.userId)),
  });
}
