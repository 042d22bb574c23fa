import { type ActingDeps, createActing, peopleOf } from '#server/modules/incidents/acting.ts';
import type { PollStore } from '#server/modules/incidents/console/poll-store.ts';
import {
  decideAnswerPoll,
  decideClosePoll,
  decideOpenPoll,
  peopleOfPoll,
} from '#server/modules/incidents/console/polls.ts';
import type { IntentHandlers } from '#server/modules/incidents/intents.ts';
import { createPartActions } from '#server/modules/incidents/part-actions.ts';

export type PollKind = `poll.${'open' | 'answer' | 'close'}`;

export function createPollHandlers(
  deps: Pick<ActingDeps, 'incidents' | 'timeline' | 'people' | 'random'> & { polls: PollStore },
): IntentHandlers<PollKind> {
  const { polls } = deps;
  const { add, change } = createPartActions(createActing(deps), {
    entity: 'poll',
    store: polls,
    toPublic: (poll) => poll,
    id: (action) => (action as { pollId: string }).pollId,
    involved: (poll, incident) => [...peopleOf(incident), ...peopleOfPoll(poll)],
    missing: 'There is no such poll in this incident.',
  });
  return {
    'poll.open': add<'poll.open'>({
      id: ({ pollId }) => pollId,
      involved: ({ asked }) => asked,
      countOpen: polls.countOpen,
      rule: (incident, action, facts, open) => decideOpenPoll(incident, open, action, facts),
    }),
    'poll.answer': change((_incident, poll, action, facts) => decideAnswerPoll(poll, action, facts)),
    'poll.close': change(decideClosePoll),
  };
}
