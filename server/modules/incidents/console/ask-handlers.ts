import type { ActionOf } from '#server/contract/intent.ts';
import { type ActingDeps, createActing, idTaken, peopleOf } from '#server/modules/incidents/acting.ts';
import {
  decideAddAsk,
  decideAnswerAsk,
  decideCancelAsk,
  decideReassignAsk,
} from '#server/modules/incidents/console/asks.ts';
import { type AskState, type AskStore, publicAsk } from '#server/modules/incidents/console/ask-store.ts';
import { type Decision, type Facts, notFound } from '#server/modules/incidents/decision.ts';
import type { IntentHandler, IntentHandlers } from '#server/modules/incidents/intents.ts';
import { publicIncident } from '#server/modules/incidents/public.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

export type AskKind = `ask.${'add' | 'answer' | 'reassign' | 'cancel'}`;

export function createAskHandlers(
  deps: Pick<ActingDeps, 'incidents' | 'timeline' | 'people' | 'random'> & { asks: AskStore },
): IntentHandlers<AskKind> {
  const { asks } = deps;
  const acting = createActing(deps);

  const add: IntentHandler<'ask.add'> = async (tx, context) => {
    const { action } = context.intent;
    const incident = await acting.lock(tx, context, action.incidentId);
    if ('outcome' in incident) return incident;
    if ((await asks.lock(tx, action.askId)) !== null) return idTaken;
    const open = (await asks.waiting(tx, incident.id)).length;
    const decision = await acting.decide(tx, context, incident, [action.ownerId], (facts) =>
      decideAddAsk(incident, open, action, facts),
    );
    if (decision.outcome !== 'applied') {
      return acting.refuse(tx, context, incident.id, decision, { entity: 'incident', body: publicIncident(incident) });
    }
    await asks.save(tx, context.at, decision.next, incident.restrictedTo);
    await acting.addEntries(tx, context, incident.id, decision.entries);
    return { outcome: 'applied', version: decision.next.version };
  };

  function onAsk<K extends Exclude<AskKind, 'ask.add'>>(
    rule: (incident: IncidentState, ask: AskState, action: ActionOf<K>, facts: Facts) => Decision<AskState>,
  ): IntentHandler<K> {
    return async (tx, context) => {
      const { action } = context.intent;
      const { incidentId, askId } = action as ActionOf<AskKind>;
      const incident = await acting.lock(tx, context, incidentId);
      if ('outcome' in incident) return incident;
      const ask = await asks.lock(tx, askId);
      if (ask?.incidentId !== incident.id) return notFound('There is no such ask in this incident.');
      const newOwner = 'ownerId' in action && typeof action.ownerId === 'string' ? action.ownerId : null;
      const involved = [...peopleOf(incident), ask.ownerId, ask.askedBy, ask.answer?.by ?? null, newOwner];
      const decision = await acting.decide(tx, context, incident, involved, (facts) =>
        rule(incident, ask, action, facts),
      );
      if (decision.outcome !== 'applied') {
        return acting.refuse(tx, context, incident.id, decision, { entity: 'ask', body: publicAsk(ask) });
      }
      await asks.save(tx, context.at, decision.next, incident.restrictedTo);
      await acting.addEntries(tx, context, incident.id, decision.entries);
      return { outcome: 'applied', version: decision.next.version };
    };
  }

  return {
    'ask.add': add,
    'ask.answer': onAsk((_incident, ask, action, facts) => decideAnswerAsk(ask, action, facts)),
    'ask.reassign': onAsk(decideReassignAsk),
    'ask.cancel': onAsk((incident, ask, _action, facts) => decideCancelAsk(incident, ask, facts)),
  };
}
