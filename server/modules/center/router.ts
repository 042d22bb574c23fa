import { publicProcedure, router } from '#server/api/trpc.ts';
import { CenterInfo, thisCenter } from '#server/contract/client.ts';
import type { Clock } from '#server/ports/clock.ts';

export interface CenterDeps {
  version: string;
  clock: Pick<Clock, 'now'>;
  settings: { get(): Promise<{ organisationName: string }> };
}

/** The handshake: asked before a sign-in, so it says nothing that a person has written but the center's name. */
export function createCenterRouter({ version, clock, settings }: CenterDeps) {
  return router({
    info: publicProcedure
      .meta({
        access: 'public',
        openapi: {
          method: 'GET',
          path: '/center',
          tags: ['center'],
          summary: 'Name, version and what this center understands',
          protect: false,
        },
      })
      .output(CenterInfo)
      .query(async () => ({
        name: (await settings.get()).organisationName,
        serverNow: new Date(clock.now()).toISOString(),
        ...thisCenter(version),
      })),
  });
}
