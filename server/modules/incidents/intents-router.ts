import { z } from 'zod';
import { AppError } from '#server/api/app-error.ts';
import { router, viewerProcedure } from '#server/api/trpc.ts';
import { actionPolicies, Intent, type IntentAnswer, intentBatchMax } from '#server/contract/intent.ts';
import { Id } from '#server/contract/primitives.ts';
import type { Intents } from '#server/modules/incidents/intents.ts';

export function createIntentsRouter(intents: Intents) {
  return router({
    // Each intent is checked by itself: one that is not valid must not hold up those queued behind it.
    submit: viewerProcedure
      .input(z.object({ intents: z.array(z.custom<Intent>(isRecord)).min(1).max(intentBatchMax) }))
      .mutation(async ({ ctx, input }): Promise<IntentAnswer[]> => {
        const parsed = input.intents.map(parseIntent);
        const valid = parsed.filter((item) => 'action' in item);
        const answers = new Map((await intents.drain(ctx.actor, valid)).map((result) => [result.id, result]));
        // What stands behind one that failed has no answer.
        return parsed.flatMap((item) => ('action' in item ? (answers.get(item.id) ?? []) : item));
      }),
  });
}

function parseIntent(value: Intent): Intent | IntentAnswer {
  const parsed = Intent.safeParse(value);
  if (parsed.success) return parsed.data;
  const id = Id.safeParse(value.id);
  if (!id.success) throw new AppError('invalid', 'An intent has no UUID as its id, so it cannot be answered.');
  const kind = kindOf(value);
  if (kind !== null && !Object.hasOwn(actionPolicies, kind)) {
    const reason = `This center does not know the action ${kind}; it is older than your client. Update the center.`;
    return { outcome: 'rejected', id: id.data, code: 'unknown-action', reason };
  }
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return { outcome: 'rejected', id: id.data, code: 'invalid', reason: `${where}${issue?.message ?? 'is not valid'}` };
}

/** Null where the intent names none at all: that is no matter of versions. */
function kindOf(value: { action?: unknown }): string | null {
  const { action } = value;
  if (typeof action !== 'object' || action === null || !('kind' in action)) return null;
  return typeof action.kind === 'string' && action.kind !== '' ? action.kind.slice(0, 80) : null;
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
