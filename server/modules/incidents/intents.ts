// Applies the actions of people: each once, in order, with its answer kept in the transaction of its effect.
import { AppError, type ErrorCode } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import {
  type Action,
  type ActionKind,
  type ActionOf,
  actionPolicies,
  type Intent,
  type IntentAnswer,
  type IntentResult,
} from '#server/contract/intent.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { isConnectionLost, isOutOfResources } from '#server/database/database-error.ts';
import type { Transactor, Tx } from '#server/database/transaction.ts';
import type { IntentStore } from '#server/modules/incidents/intent-store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

/** What an intent did, without the id that the caller knows. A handler that answers `rejected` has written nothing. */
export type IntentOutcome = IntentResult extends infer R ? (R extends IntentResult ? Omit<R, 'id'> : never) : never;

export interface IntentContext<A extends Action = Action> {
  actor: Actor;
  intent: Omit<Intent, 'action'> & { action: A };
  /** Now, by the server: when it is recorded. */
  at: string;
  /** When the person acted: `intent.at`, held between 72 hours ago and now. */
  actedAt: string;
}

/** Applies one action inside the transaction in which the intent's answer is stored: both or neither happen. */
export type IntentHandler<K extends ActionKind = ActionKind> = (
  tx: Tx,
  context: IntentContext<ActionOf<K>>,
) => Promise<IntentOutcome>;

/** One handler a kind of action; the module that owns the entity gives it, the composition root joins them. */
export type IntentHandlers<K extends ActionKind = ActionKind> = { [Kind in K]: IntentHandler<Kind> };

export interface Intents {
  /** Answers in the order asked. An intent that was applied before answers what it answered then. */
  submit(actor: Actor, intents: readonly Intent[]): Promise<IntentResult[]>;
  /**
   * The same for an outbox. One at which the server fails is answered so, and ends the call: which of those behind it may
   * go without it the client knows, and sends those again.
   */
  drain(actor: Actor, intents: readonly Intent[]): Promise<IntentAnswer[]>;
}

const oldestMs = 72 * 3_600_000;

export function createIntents(deps: {
  database: Transactor;
  store: IntentStore;
  handlers: IntentHandlers;
  clock: Pick<Clock, 'now'>;
  logger: Pick<Logger, 'error'>;
}): Intents {
  const { database, store, handlers, clock, logger } = deps;

  async function applyOnce(tx: Tx, actor: Actor, intent: Intent): Promise<IntentResult> {
    const nowMs = clock.now();
    const at = new Date(nowMs).toISOString();
    const actedAt = new Date(Math.min(nowMs, Math.max(nowMs - oldestMs, Date.parse(intent.at)))).toISOString();
    const { id, action, dependsOn } = intent;

    const refused = refuse(actor, intent);
    if (refused !== null) return refused;
    const earlier = await store.claim(tx, { id, userId: actor.userId, kind: action.kind, at });
    if (earlier !== null) {
      if (earlier.userId === actor.userId && earlier.kind === action.kind) return earlier.result;
      return rejected(id, 'invalid', 'This id was used for another action. Send it again under an id of its own.');
    }
    if (dependsOn !== null) {
      const before = await store.find(tx, dependsOn);
      const stands = before?.userId === actor.userId && ['applied', 'noop'].includes(before.result.outcome);
      if (!stands) {
        const result = rejected(id, 'invalid', 'What it builds on was not applied, so this was not either.');
        // One that has not come yet may still come: then this one gets its chance.
        if (before === null) await store.forget(tx, id);
        else await store.answer(tx, id, result);
        return result;
      }
    }
    const handler = handlers[action.kind] as IntentHandler;
    const outcome = await handler(tx, { actor, intent, at, actedAt });
    const result = { ...outcome, id } as IntentResult;
    await store.answer(tx, id, result);
    return result;
  }

  async function apply(actor: Actor, intent: Intent): Promise<IntentResult> {
    try {
      return await database.withTransaction((tx) => applyOnce(tx, actor, intent));
    } catch (error) {
      return asRejection(intent, error, logger);
    }
  }

  return {
    async submit(actor, intents) {
      const results: IntentResult[] = [];
      for (const intent of intents) results.push(await apply(actor, intent));
      return results;
    },

    async drain(actor, intents) {
      const answers: IntentAnswer[] = [];
      for (const intent of intents) {
        try {
          answers.push(await apply(actor, intent));
        } catch (error) {
          if (concernsAll(error)) throw error;
          answers.push(asFailure(intent, error, logger));
          return answers;
        }
      }
      return answers;
    },
  };
}

function refuse(actor: Actor, { id, action }: Intent): IntentResult | null {
  const needed = actionPolicies[action.kind].role;
  if (roleAtLeast(actor.role, needed)) return null;
  return rejected(id, 'forbidden', `This needs the role ${needed}; you are ${actor.role}. An admin can change that.`);
}

function rejected(id: string, code: 'forbidden' | 'not-found' | 'invalid', reason: string): IntentResult {
  return { outcome: 'rejected', id, code, reason };
}

const refusals: ReadonlySet<ErrorCode> = new Set([
  'invalid',
  'malformed',
  'conflict',
  'too-large',
  'unsupported-media-type',
]);

/**
 * An action that the database or its handler refuses for what it says must not stop those queued behind it, so it is
 * answered; anything else is not its fault, and passes on.
 */
function asRejection(intent: Intent, error: unknown, logger: Pick<Logger, 'error'>): IntentResult {
  if (error instanceof AppError) {
    if (error.code === 'forbidden' || error.code === 'not-found') return rejected(intent.id, error.code, error.message);
    if (refusals.has(error.code)) return rejected(intent.id, 'invalid', error.message);
  }
  const state = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  // Classes 22 and 23: the values cannot be stored, also after the tries of a transaction.
  if (!/^2[23]/.test(state)) throw error;
  logger.error('an intent could not be stored', { intentId: intent.id, kind: intent.action.kind, state });
  return rejected(intent.id, 'invalid', 'The server cannot store this action as it is. The log has the reason.');
}

/** No matter of one action: the database is away or full, the server asks for a pause, or the sign-in has ended. */
function concernsAll(error: unknown): boolean {
  if (error instanceof AppError) return error.code !== 'rate-limited' && error.code !== 'timeout';
  return isConnectionLost(error) || isOutOfResources(error);
}

function asFailure({ id, action }: Intent, error: unknown, logger: Pick<Logger, 'error'>): IntentAnswer {
  const expected = error instanceof AppError;
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (!expected) logger.error('an intent failed', { intentId: id, kind: action.kind, error: why });
  const ownFault = `The server failed at it through a fault of its own, and nothing was done. Its log has the reason under ${id}.`;
  return { outcome: 'failed', id, reason: expected ? error.message : ownFault };
}
