import { z } from 'zod';
import { responderProcedure, router } from '#server/api/trpc.ts';
import { GroupingRuleDraft, RuleTrial } from '#server/contract/grouping.ts';
import { Expression, Id } from '#server/contract/primitives.ts';
import { compileCondition, compileRouteCondition } from '#server/expressions/cel.ts';
import type { TryRule } from '#server/modules/grouping/try-rule.ts';

export function groupingRouter(tryRule: TryRule) {
  return router({
    /** Time machine: what the rule would have done to the last days' alerts, before it is saved. */
    tryRule: responderProcedure
      .input(z.object({ draft: GroupingRuleDraft, ruleId: Id.nullable(), days: z.int().min(1).max(90) }))
      .output(RuleTrial)
      .query(({ ctx, input }) => tryRule(ctx.actor, input)),

    /** Whether a condition over alerts is sound; for the editor, while it is being written. */
    check: responderProcedure
      .input(z.object({ condition: Expression, over: z.enum(['alert', 'incident']).default('alert') }))
      .output(
        z.discriminatedUnion('ok', [
          z.object({ ok: z.literal(true) }),
          z.object({ ok: z.literal(false), reason: z.string(), position: z.int().optional() }),
        ]),
      )
      .query(({ input }) => {
        const compile = input.over === 'incident' ? compileRouteCondition : compileCondition;
        const condition = compile(input.condition);
        return condition.ok ? { ok: true as const } : condition;
      }),
  });
}
