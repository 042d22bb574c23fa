import { expect, it } from 'vitest';
import type { Action, IntentResult } from '#server/contract/intent.ts';
import type { Replica } from '../../replica/replica.ts';
import { carriedOut } from './take-back.ts';

const deleted: Action = { kind: 'service.delete', serviceId: 's1' };
const restored = { kind: 'service.save', serviceId: 's1', draft: { name: 'checkout' } } as Action;
const placed: Action = { kind: 'service.pin', serviceId: 's1', pin: { x: 3, y: 4 } };

async function takenBack(result: Pick<IntentResult, 'outcome'> & { reason?: string }) {
  const [sent, dropped]: [Action[], string[]] = [[], []];
  const outbox = {
    submit: async (action: Action) => {
      sent.push(action);
      return { ok: true, id: `i${sent.length}`, settled: Promise.resolve({ id: 'i1', ...result }) };
    },
    discard: async (id: string) => void dropped.push(id),
  };
  const done = { id: 'd1', action: deleted, inverse: restored, followUp: placed };
  const why = await carriedOut({ outbox } as unknown as Replica, { kind: 'submit', done, action: restored });
  return { why, sent, dropped };
}

it('brings a deleted service back, and then to its place on the map', async () => {
  expect(await takenBack({ outcome: 'applied' })).toEqual({ why: null, sent: [restored, placed], dropped: [] });
});

it('says why it cannot come back, and leaves nothing in the outbox', async () => {
  const reason = 'Another service is called checkout. Give it another name.';
  expect(await takenBack({ outcome: 'rejected', reason })).toEqual({
    why: 'Another service is called checkout. Give it another name',
    sent: [restored],
    dropped: ['i1'],
  });
});
