// How old the copy is survives a restart, whatever this machine's clock says (UX.md 5, R10: no screen without its age).
import { thisCenter } from '#server/contract/client.ts';
import { describe, expect, it } from 'vitest';
import type { Change, FeedMessage } from '#server/contract/replica.ts';
import { createFakeTimers } from '../testkit/fake-timers.ts';
import { sampleIncident } from '../testkit/sample-rows.ts';
import { freshness } from './feed/freshness.ts';
import { createMemoryStorage } from './storage/memory-storage.ts';
import { createReplica } from './replica.ts';
import type { ReplicaNews } from './replica-state.ts';
import type { Storage } from './storage.ts';

const serverAt = Date.parse('2026-11-21T14:00:00.000Z');
const at = (ms: number) => new Date(serverAt + ms).toISOString();
const idOf = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const incident = (version: number, title: string): Change => ({
  op: 'put',
  entity: 'incident',
  id: idOf(1),
  version,
  body: sampleIncident(idOf(1), { version, title }),
});

/** A window on a machine whose clock is `skewMs` off, over what an earlier window stored. */
function openWindow(storage: Storage, skewMs: number, laterMs: number, reachable: boolean) {
  const timers = createFakeTimers(serverAt + laterMs + skewMs);
  const news: ReplicaNews[] = [];
  const offsets: number[] = [];
  let deliver: (message: FeedMessage) => void = () => undefined;
  const replica = createReplica({
    handshake: async () => ({ ...thisCenter('0.2.0'), name: '', serverNow: at(0) }),
    storage,
    me: { id: idOf(99), name: 'Priya Raman' },
    uuid: () => idOf(500),
    now: timers.now,
    after: timers.after,
    random: () => 0.5,
    onServerTime: (offset) => offsets.push(offset),
    news: (each) => news.push(each),
    send: async () => ({ kind: 'unreachable' }),
    transport: {
      snapshotPage: async () => {
        if (!reachable) throw new Error('no network');
        return { position: '1.0', serverNow: at(laterMs), changes: [incident(1, 'first')], next: null };
      },
      open(_position, handlers) {
        if (!reachable) timers.after(1, () => handlers.failed(new Error('no network')));
        deliver = handlers.message;
        return () => undefined;
      },
    },
  });
  const age = () => freshness(replica.store.getState().connection, timers.now());
  return { replica, timers, news, offsets, age, deliver: (message: FeedMessage) => deliver(message) };
}

async function storedBy(skewMs: number): Promise<Storage> {
  const storage = createMemoryStorage();
  const first = openWindow(storage, skewMs, 0, true);
  await first.replica.start();
  await first.timers.advance(10);
  await first.replica.flush();
  first.replica.stop();
  return storage;
}

describe.each([
  ['right', 0],
  ['an hour ahead', 3_600_000],
  ['an hour behind', -3_600_000],
])('on a machine whose clock is %s', (_name, skewMs) => {
  it('a window that opens without a network shows the copy with its true age', async () => {
    const again = openWindow(await storedBy(skewMs), skewMs, 600_000, false);
    await again.replica.start();
    await again.timers.advance(10);
    expect(again.replica.store.getState().tables.incident.rows.size).toBe(1);
    expect(again.age()).toEqual({ state: 'offline', ageMs: 600_010, dataAt: serverAt });
    // Elapsed times go by the server's clock also before it speaks.
    expect(again.offsets).toEqual([0 - skewMs]);
  });

  it('an intent is dated by the server’s clock', async () => {
    const again = openWindow(await storedBy(skewMs), skewMs, 600_000, false);
    await again.replica.start();
    await again.replica.outbox.submit({
      kind: 'incident.note',
      incidentId: idOf(1),
      entryId: idOf(7),
      text: 'dated',
      at: null,
    });
    expect(again.replica.outbox.items()[0]?.intent.at).toBe(at(600_000));
  });
});

it('a young copy is not live before the server has spoken', async () => {
  const again = openWindow(await storedBy(0), 0, 2_000, true);
  await again.replica.start();
  expect(again.age().state).toBe('connecting');
});

it('what changed while the window was closed is told when it is back, and kept until it was looked at', async () => {
  const again = openWindow(await storedBy(0), 0, 600_000, true);
  await again.replica.start();
  again.deliver({
    previous: '1.0',
    position: '2.0',
    serverNow: at(600_000),
    changes: [incident(2, 'second')],
    reset: null,
  });
  again.deliver({ previous: '2.0', position: '2.0', serverNow: at(602_000), changes: [], reset: null });
  await again.timers.advance(10);
  expect(again.news).toContainEqual({ kind: 'caught-up', changes: 1 });
  const { away } = again.replica.store.getState();
  expect(away).toMatchObject({ since: serverAt, until: serverAt + 602_000, total: 1 });
  expect(away?.changes[0]).toMatchObject({ before: { title: 'first' }, after: { title: 'second' } });
  again.replica.dismissAway();
  expect(again.replica.store.getState().away).toBeNull();
});
