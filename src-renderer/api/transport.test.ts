import { expect, it } from 'vitest';
import type { ApiClient } from './client.ts';
import { sendIntents } from './transport.ts';

it('one answer of a newer center that cannot be read takes no other with it', async () => {
  const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const answers = [
    { outcome: 'applied', id: id(1), version: 2 },
    { outcome: 'deferred', id: id(2), until: 'tomorrow' },
    { outcome: 'rejected', id: id(3), code: 'out-of-hours', reason: 'Not at night.' },
    { outcome: 'failed', id: id(4), reason: 'It broke.' },
  ];
  const api = { intents: { submit: { mutate: async () => answers } } } as unknown as ApiClient;
  expect(await sendIntents(api, [])).toEqual({
    kind: 'results',
    results: [answers[0], { outcome: 'rejected', id: id(3), code: 'invalid', reason: 'Not at night.' }, answers[3]],
  });
});
