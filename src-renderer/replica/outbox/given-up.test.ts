// An action that was sent and never got an answer, and that a person gave up.
import { expect, it } from 'vitest';
import type { Intent } from '#server/contract/intent.ts';
import { createFakeTimers } from '../../testkit/fake-timers.ts';
import { sampleId } from '../../testkit/sample-ids.ts';
import { createMemoryStorage } from '../storage/memory-storage.ts';
import type { SendAnswer } from './outbox-sender.ts';
import { createOutbox, type OutboxNews } from './outbox-runner.ts';

const incidentId = sampleId('incident', 1);

function setUp() {
  const timers = createFakeTimers(Date.parse('2026-11-21T14:00:00.000Z'));
  const storage = createMemoryStorage();
  const calls: { ids: string[]; answer: (answer: SendAnswer) => void }[] = [];
  const news: OutboxNews[] = [];
  let ids = 0;
  const outbox = createOutbox({
    storage,
    send: (intents: Intent[]) => new Promise((answer) => void calls.push({ ids: intents.map(({ id }) => id), answer })),
    uuid: () => sampleId('link', (ids += 1)),
    now: timers.now,
    after: timers.after,
    serverInstant: () => '2026-11-21T14:00:00.000Z',
    reachable: () => true,
    sends: () => true,
    understood: () => true,
    baseVersion: () => 1,
    incidentOf: () => undefined,
    total: () => 0,
    changed: () => undefined,
    did: () => undefined,
    news: (one) => news.push(one),
  });
  return { timers, storage, calls, news, outbox };
}

it('goes no more, comes back neither with a late answer nor with the next start, and what stood behind it goes on', async () => {
  const { timers, storage, calls, news, outbox } = setUp();
  const first = await outbox.submit({ kind: 'incident.acknowledge', incidentId });
  await timers.advance(100);
  await outbox.submit({ kind: 'incident.mitigate', incidentId });
  const id = first.ok ? first.id : '';
  expect(calls).toMatchObject([{ ids: [id] }]);
  expect(outbox.items()[0]).toMatchObject({ attempts: 1, state: 'queued' });

  // While a call is on its way, whose answer then comes after all.
  await outbox.discard(id);
  calls[0]?.answer({ kind: 'results', results: [{ outcome: 'applied', id, version: 2 }] });
  await timers.advance(60_000);
  expect(news).toEqual([]);
  expect(outbox.items().map(({ intent }) => intent.action.kind)).toEqual(['incident.mitigate']);
  expect(calls.slice(1).flatMap(({ ids }) => ids)).not.toContain(id);
  expect(calls.length).toBeGreaterThan(1);
  expect((await storage.loadOutbox()).outbox.map(({ intent }) => intent.action.kind)).toEqual(['incident.mitigate']);
  outbox.stop();
});

it('is not said to be done to whoever waits for an answer', async () => {
  const { timers, outbox } = setUp();
  const sent = await outbox.submit({ kind: 'incident.acknowledge', incidentId });
  await timers.advance(100);
  const unsent = await outbox.submit({ kind: 'incident.mitigate', incidentId });
  if (!sent.ok || !unsent.ok) throw new Error('refused');
  await outbox.discard(sent.id);
  await outbox.discard(unsent.id);
  expect(await sent.settled).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('given up') });
  expect(await unsent.settled).toMatchObject({ outcome: 'rejected', reason: 'It was discarded before it was sent.' });
  outbox.stop();
});
