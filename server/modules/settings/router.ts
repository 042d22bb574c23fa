import { z } from 'zod';
import { adminProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { Settings, VersionedSettings } from '#server/contract/settings.ts';
import type { SettingsService } from '#server/modules/settings/service.ts';

export function createSettingsRouter(settings: SettingsService) {
  return router({
    get: viewerProcedure.output(VersionedSettings).query(() => settings.get()),
    set: adminProcedure
      // What an older client does not know of stays as it is.
      .input(Settings.partial().extend({ baseVersion: z.int().nullable().default(null) }))
      .output(VersionedSettings)
      // A field that is given as undefined is not given.
      .mutation(({ ctx, input: { baseVersion, ...change } }) =>
        settings.set(
          Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
          ctx.actor.userId,
          baseVersion,
        ),
      ),
  });
}
