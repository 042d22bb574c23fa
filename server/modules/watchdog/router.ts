import { z } from 'zod';
import { adminProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { PagingSettings, VersionedPagingSettings } from '#server/contract/paging-settings.ts';
import { WatchdogStatus } from '#server/contract/watchdog.ts';
import type { PagingSettingsService } from '#server/modules/watchdog/paging-settings.ts';
import type { Watchdog } from '#server/modules/watchdog/service.ts';

export function createWatchdogRouter(watchdog: Watchdog, settings: Pick<PagingSettingsService, 'get' | 'set'>) {
  return router({
    /** How the center watches itself, and what has to be said about its host. */
    status: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: { method: 'GET', path: '/watchdog', tags: ['watchdog'], summary: 'How the center watches itself' },
      })
      .output(WatchdogStatus)
      .query(() => watchdog.status()),

    /** Addresses in it can carry a secret, so only administrators read them. */
    settings: adminProcedure.output(VersionedPagingSettings).query(() => settings.get()),

    set: adminProcedure
      .input(PagingSettings.partial().extend({ baseVersion: z.int().nullable().default(null) }))
      .output(VersionedPagingSettings)
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
