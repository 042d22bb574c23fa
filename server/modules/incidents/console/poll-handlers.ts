import type { Poll } from '#server/contract/console.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import { type ActingDeps, createActing, idTaken, peopleOf } from '#server/modules/incidents/acting.ts';
import type { PollStore } from '#server/modules/incidents/console/poll-store.ts';
import {
  decideAnswerPoll,
  decideClosePoll,
  decideOpenPoll,
  peopleOfPoll,
} from '#server/modules/incidents/console/polls.ts';
import { type Decision, type Facts, notFound } from '#server/modules/incidents/decision.ts';
import type { IntentHandler, IntentHandlers } from '#server/modules/incidents/intents.ts';
import { publicIncident } from '#server/modules/incidents/public.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

export type PollKind = `poll.${'open' | 'answer' | 'close'}`;

export function createPollHandlers(
  deps: Pick<ActingDeps, 'incidents' | 'timeline' | 'people' | 'random'> & { polls: PollStore },
): IntentHandlers<PollKind> {
  const { polls } = deps;
  const acting = createActing(deps);

  const open: IntentHandler<'poll.open'> = async (tx, context) => {
    const { action } = context.intent;
    const incident = await acting.lock(tx, context, action.incidentId);
    if ('outcome' in incident) return incident;
    if ((await polls.lock(tx, action.pollId)) !== null) return idTaken;
    const others = await polls.countOpen(tx, incident.id);
    const decision = await acting.decide(tx, context, incident, action.asked, (facts) =>
      decideOpenPoll(incident, others, action, facts),
    );
    if (decision.outcome !== 'applied') {
      return acting.refuse(tx, context, incident.id, decision, { entity: 'incident', body: publicIncident(incident) });
    }
    await polls.save(tx, context.at, decision.next, incident.restrictedTo);
    await acting.addEntries(tx, context, incident.id, decision.entries);
    return { outcome: 'applied', version: decision.next.version };
  };

  function onPoll<K extends Exclude<PollKind, 'poll.open'>>(
    rule: (incident: IncidentState, poll: Poll, action: ActionOf<K>, facts: Facts) => Decision<Poll>,
  ): IntentHandler<K> {
    return async (tx, context) => {
      const { action } = context.intent;
      const { incidentId, pollId } = action as ActionOf<PollKind>;
      const incident = await acting.lock(tx, context, incidentId);
      if ('outcome' in incident) return incident;
      const poll = await polls.lock(tx, pollId);
      if (poll?.incidentId !== incident.id) return notFound('There is no such poll in this incident.');
      const involved = [...peopleOf(incident), ...peopleOfPoll(poll)];
      const decision = await acting.decide(tx, context, incident, involved, (facts) =>
        rule(incident, poll, action, facts),
      );
      if (decision.outcome !== 'applied') {
        return acting.refuse(tx, context, incident.id, decision, { entity: 'poll', body: poll });
      }
      await polls.save(tx, context.at, decision.next, incident.restrictedTo);
      await acting.addEntries(tx, context, incident.id, decision.entries);
      return { outcome: 'applied', version: decision.next.version };
    };
  }

  return {
    'poll.open': open,
    'poll.answer': onPoll((_incident, poll, action, facts) => decideAnswerPoll(poll, action, facts)),
    'poll.close': onPoll(decideClosePoll),
  };
}
