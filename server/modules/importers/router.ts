import { z } from 'zod';
import { managerProcedure, router } from '#server/api/trpc.ts';
import { ImportPlan } from '#server/contract/config.ts';
import { type Importers, importSources } from '#server/modules/importers/service.ts';

const tags = ['config'];
/** Exports are larger than other bodies. */
const bodyMax = 10 * 1_048_576;
const Input = z.object({ source: z.enum(importSources), data: z.record(z.string(), z.unknown()) });

export function createImportersRouter(importers: Importers) {
  return router({
    plan: managerProcedure
      .meta({
        access: 'manager',
        bodyMax,
        openapi: {
          method: 'POST',
          path: '/import/plan',
          tags,
          summary: 'What an export of another pager would change',
        },
      })
      .input(Input)
      .output(ImportPlan)
      .mutation(({ ctx, input }) => importers.plan(ctx.actor, input.source, input.data)),

    applyExport: managerProcedure
      .meta({
        access: 'manager',
        bodyMax,
        openapi: { method: 'POST', path: '/import/apply', tags, summary: 'Take an export of another pager over' },
      })
      .input(Input.extend({ basis: z.string().max(64).nullable().default(null) }))
      .output(ImportPlan)
      .mutation(({ ctx, input }) => importers.apply(ctx.actor, input.source, input.data, input.basis)),
  });
}
