// Timed asks and objection polls. Asking needs the server; answering waits for it.
import { rowKey, type RowKey } from '../rows/rows.ts';
import { type ActionFace, type Faces, type KindsOf, ofIncident, quarrelsWithNobody } from './face.ts';
import { t } from '../../language/words.ts';

const ofAsk = (action: { askId: string }): RowKey => rowKey('ask', action.askId);
const ofPoll = (action: { pollId: string }): RowKey => rowKey('poll', action.pollId);
const askGuard = (action: { askId: string }): string => `ask:${action.askId}`;
const pollGuard = (action: { pollId: string }): string => `poll:${action.pollId}`;

const asking = {
  base: ofAsk,
  lane: ofIncident,
  guard: askGuard,
  refusal: t`an ask reaches its owner through the server; call them instead`,
} satisfies Omit<ActionFace<'ask.reassign'>, 'predict'>;
const polling = {
  base: ofPoll,
  lane: ofIncident,
  guard: pollGuard,
  refusal: t`a poll is opened and counted by the server; nobody has been asked`,
} satisfies Omit<ActionFace<'poll.close'>, 'predict'>;

export const askActions: Faces<KindsOf<'ask'>> = {
  'ask.add': { ...asking, guard: quarrelsWithNobody },
  'ask.answer': {
    ...asking,
    refusal: null,
    predict({ askId, outcome, text }, { at, me, get, put }) {
      const ask = get('ask', askId);
      if (ask === undefined || ask.answer !== null) return;
      const answered: typeof ask = { ...ask, answer: { at, by: me.id, outcome, text: text ?? '' } };
      put('ask', answered);
    },
  },
  'ask.reassign': asking,
  'ask.cancel': asking,
};

export const pollActions: Faces<KindsOf<'poll'>> = {
  'poll.open': { ...polling, guard: quarrelsWithNobody },
  'poll.answer': {
    ...polling,
    refusal: null,
    predict({ pollId, objects, reason }, { at, me, get, put }) {
      const poll = get('poll', pollId);
      if (poll === undefined || poll.outcome !== null) return;
      const others = poll.votes.filter((vote) => vote.userId !== me.id);
      const voted: typeof poll = { ...poll, votes: [...others, { userId: me.id, at, objects, reason }] };
      put('poll', voted);
    },
  },
  'poll.close': polling,
};
