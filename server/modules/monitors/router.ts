import { z } from 'zod';
import { managerProcedure, router } from '#server/api/trpc.ts';
import { Id } from '#server/contract/primitives.ts';
import type { Monitors } from '#server/modules/monitors/service.ts';

export function createMonitorsRouter(monitors: Pick<Monitors, 'newKey'>) {
  return router({
    /** The address a job has to call, shown this once; an older one stops working. */
    newKey: managerProcedure
      .meta({
        access: 'manager',
        openapi: {
          method: 'POST',
          path: '/monitors/{id}/key',
          tags: ['monitors'],
          summary: 'A new address for the job to call; the old one stops working',
        },
      })
      .input(z.object({ id: Id }))
      .output(z.object({ key: z.string(), url: z.string() }))
      .mutation(({ ctx, input }) => monitors.newKey(ctx.actor, input.id)),
  });
}
