import type { ActionOf } from '#server/contract/intent.ts';
import type { StatusUpdate } from '#server/contract/status-update.ts';
import type { Tx } from '#server/database/transaction.ts';
import { type ActingDeps, createActing, idTaken, peopleOf } from '#server/modules/incidents/acting.ts';
import { type Decision, type Facts, notFound } from '#server/modules/incidents/decision.ts';
import type { IntentContext, IntentHandler, IntentHandlers, IntentOutcome } from '#server/modules/incidents/intents.ts';
import { publicIncident } from '#server/modules/incidents/public.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import {
  decidePostUpdate,
  decideRetryUpdate,
  decideUpdateDecision,
  decideWithdrawUpdate,
  peopleOfUpdate,
  type Published,
} from '#server/modules/incidents/status-updates/rules.ts';
import type { StatusUpdateStore, UpdateOutbox, UpdateTarget } from '#server/modules/incidents/status-updates/state.ts';

export type UpdateKind = 'incident.post-update' | `update.${'decide' | 'withdraw' | 'retry'}`;

export function createUpdateHandlers(
  deps: Pick<ActingDeps, 'incidents' | 'timeline' | 'people' | 'random'> & {
    updates: StatusUpdateStore;
    outbox: UpdateOutbox;
  },
): IntentHandlers<UpdateKind> {
  const { incidents, people, updates, outbox } = deps;
  const acting = createActing(deps);

  const post: IntentHandler<'incident.post-update'> = async (tx, context) => {
    const { action } = context.intent;
    const incident = await acting.lock(tx, context, action.incidentId);
    if ('outcome' in incident) return incident;
    if (!(await acting.entryIsNew(tx, action.entryId))) return idTaken;
    const targets = await outbox.targets(tx, targetsOf(action));
    const number = await updates.nextNumber(tx, incident.id);
    const approverFrom = await outbox.approverFrom(tx);
    const involved = [...peopleOf(incident), incident.lastUpdate?.by ?? null, action.approverId ?? null];
    const decision = await acting.decide(tx, context, incident, involved, (facts) =>
      decidePostUpdate(incident, action, { number, targets, approverFrom }, facts),
    );
    return write(tx, context, incident, decision, targets, { entity: 'incident', body: publicIncident(incident) });
  };

  function onUpdate<K extends Exclude<UpdateKind, 'incident.post-update'>>(
    rule: (
      known: { incident: IncidentState; update: StatusUpdate; targets: UpdateTarget[]; newestSent: string | null },
      action: ActionOf<K>,
      facts: Facts,
    ) => Decision<Published>,
  ): IntentHandler<K> {
    return async (tx, context) => {
      const { action } = context.intent;
      const { incidentId, updateId } = action as ActionOf<Exclude<UpdateKind, 'incident.post-update'>>;
      const incident = await acting.lock(tx, context, incidentId);
      if ('outcome' in incident) return incident;
      const update = await updates.lock(tx, updateId);
      if (update?.incidentId !== incident.id) return notFound('There is no such update in this incident.');
      const targets = await outbox.targets(tx, update);
      const newestSent = await updates.newestSent(tx, incident.id);
      const involved = [...peopleOf(incident), ...peopleOfUpdate(update), context.actor.userId];
      const decision = await acting.decide(tx, context, incident, involved, (facts) =>
        rule({ incident, update, targets, newestSent }, action, facts),
      );
      return write(tx, context, incident, decision, targets, { entity: 'statusUpdate', body: update });
    };
  }

  async function write(
    tx: Tx,
    context: IntentContext,
    incident: IncidentState,
    decision: Decision<Published>,
    targets: readonly UpdateTarget[],
    current: { entity: string; body: unknown },
  ): Promise<IntentOutcome> {
    if (decision.outcome !== 'applied') return acting.refuse(tx, context, incident.id, decision, current);
    const { update, incident: next } = decision.next;
    if (next !== null) await incidents.save(tx, context.at, [next]);
    await updates.save(tx, context.at, update, incident.restrictedTo);
    // Now, and only now, it is published: with its entry, and on its way to everybody else.
    if (next !== null) await outbox.queue(tx, context.at, update, targets);
    const [writer] = update.writtenBy === context.actor.userId ? [] : await people.read(tx, [update.writtenBy]);
    const entries = acting.entriesOf(context, incident.id, decision.entries).map((entry) => {
      // What was approved is the word of who wrote it.
      if (entry.id !== update.id || writer === undefined) return entry;
      return { ...entry, actorId: writer.id, actor: writer.name };
    });
    await incidents.addTimeline(tx, entries);
    const version = current.entity === 'incident' ? (next ?? incident).version : update.version;
    return { outcome: 'applied', version };
  }

  return {
    'incident.post-update': post,
    'update.decide': onUpdate<'update.decide'>(({ incident, update, targets }, action, facts) =>
      decideUpdateDecision(incident, update, action, targets, facts),
    ),
    'update.withdraw': onUpdate<'update.withdraw'>(({ incident, update }, _action, facts) =>
      decideWithdrawUpdate(incident, update, facts),
    ),
    async 'update.retry'(tx, context) {
      const again = onUpdate<'update.retry'>(({ incident, update, newestSent }, _action, facts) =>
        decideRetryUpdate(incident, update, newestSent, facts),
      );
      const outcome = await again(tx, context);
      if (outcome.outcome === 'applied') await outbox.again(tx, context.at, context.intent.action.updateId);
      return outcome;
    },
  };
}

function targetsOf(action: ActionOf<'incident.post-update'>) {
  return { statusPages: action.statusPages ?? [], lists: action.lists ?? [] };
}
