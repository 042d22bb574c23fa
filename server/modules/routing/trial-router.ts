import { z } from 'zod';
import { managerProcedure, router } from '#server/api/trpc.ts';
import { PagingTrial, TrialChange } from '#server/contract/paging-trial.ts';
import type { TryPaging } from '#server/modules/routing/try-paging.ts';

export function createTrialRouter(trials: Pick<TryPaging, 'tryDraft'>) {
  return router({
    /** Time machine: the last days under an edited route list, schedule, policy or inhibition, before it is saved. */
    tryDraft: managerProcedure
      .meta({
        access: 'manager',
        openapi: {
          method: 'POST',
          path: '/paging/try',
          tags: ['paging'],
          summary: 'The last days under a changed configuration: pages added, removed and missed',
        },
      })
      .input(z.object({ changes: z.array(TrialChange).min(1).max(50), days: z.int().min(1).max(90) }))
      .output(PagingTrial)
      .mutation(({ ctx, input }) => trials.tryDraft(ctx.actor, input)),
  });
}
