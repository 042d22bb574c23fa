import { z } from 'zod';
import { managerProcedure, responderProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { Id } from '#server/contract/primitives.ts';
import type { Diagnostics } from '#server/modules/diagnostics/service.ts';

const ById = z.object({ id: Id });

export function createDiagnosticsRouter(diagnostics: Diagnostics) {
  return router({
    report: viewerProcedure.query(({ ctx }) => diagnostics.report(ctx.actor)),
    deadLetters: responderProcedure
      .input(z.object({ limit: z.int().min(1).max(500).default(100), includeResolved: z.boolean().default(false) }))
      .query(({ input }) => diagnostics.deadLetters(input)),
    replay: managerProcedure.input(ById).mutation(({ ctx, input }) => diagnostics.replay(ctx.actor, input.id)),
    discard: managerProcedure.input(ById).mutation(({ ctx, input }) => diagnostics.discard(ctx.actor, input.id)),
  });
}
