import { type ActingDeps, createActing, peopleOf } from '#server/modules/incidents/acting.ts';
import { type AskStore, publicAsk } from '#server/modules/incidents/console/ask-store.ts';
import {
  decideAddAsk,
  decideAnswerAsk,
  decideCancelAsk,
  decideReassignAsk,
} from '#server/modules/incidents/console/asks.ts';
import type { IntentHandlers } from '#server/modules/incidents/intents.ts';
import { createPartActions } from '#server/modules/incidents/part-actions.ts';

export type AskKind = `ask.${'add' | 'answer' | 'reassign' | 'cancel'}`;

export function createAskHandlers(
  deps: Pick<ActingDeps, 'incidents' | 'timeline' | 'people' | 'random'> & { asks: AskStore },
): IntentHandlers<AskKind> {
  const { asks } = deps;
  const { add, change } = createPartActions(createActing(deps), {
    entity: 'ask',
    store: asks,
    toPublic: publicAsk,
    id: (action) => (action as { askId: string }).askId,
    involved: (ask, incident) => [...peopleOf(incident), ask.ownerId, ask.askedBy, ask.answer?.by ?? null],
    missing: 'There is no such ask in this incident.',
  });
  return {
    'ask.add': add<'ask.add'>({
      id: ({ askId }) => askId,
      involved: ({ ownerId }) => [ownerId],
      countOpen: async (tx, incidentId) => (await asks.waiting(tx, incidentId)).length,
      rule: (incident, action, facts, open) => decideAddAsk(incident, open, action, facts),
    }),
    'ask.answer': change((_incident, ask, action, facts) => decideAnswerAsk(ask, action, facts)),
    'ask.reassign': change(decideReassignAsk),
    'ask.cancel': change((incident, ask, _action, facts) => decideCancelAsk(incident, ask, facts)),
  };
}
