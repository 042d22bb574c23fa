// A machine's clock is set back by an hour while the client runs: nothing waits for the hour, and nothing old looks young.
import { thisCenter } from '#server/contract/client.ts';
import { describe, expect, it } from 'vitest';
import type { Change, FeedMessage } from '#server/contract/replica.ts';
import type { Intent } from '#server/contract/intent.ts';
import { createFakeTimers } from '../testkit/fake-timers.ts';
import { sampleId } from '../testkit/sample-ids.ts';
import { sampleIncident } from '../testkit/sample-rows.ts';
import { createCenter } from './center.ts';
import { freshness } from './feed/freshness.ts';
import { createMemoryStorage } from './storage/memory-storage.ts';
import { createReplica } from './replica.ts';
import type { ReplicaNews } from './replica-state.ts';

const begin = Date.parse('2026-11-21T14:00:00.000Z');
const incidentId = sampleId('incident', 1);
const hourMs = 3_600_000;

function put(version: number): Change {
  const body = sampleIncident(incidentId, { version, title: `version ${version}` });
  return { op: 'put', entity: 'incident', id: incidentId, version, body };
}

/** A client that is live, whose clock can be set while the world's goes on. */
async function openClient() {
  const timers = createFakeTimers(begin);
  const storage = createMemoryStorage();
  const sent: Intent[] = [];
  const news: ReplicaNews[] = [];
  let clockMs = 0;
  let answers = true;
  let hear: ((message: FeedMessage) => void) | null = null;
  let ids = 0;
  const now = () => timers.now() + clockMs;
  const serverNow = () => new Date(timers.now()).toISOString();
  const replica = createReplica({
    storage,
    me: { id: sampleId('user', 1), name: 'Priya Raman' },
    uuid: () => sampleId('link', (ids += 1)),
    now,
    after: timers.after,
    random: () => 0.5,
    onServerTime: () => undefined,
    news: (each) => news.push(each),
    handshake: async () => ({ ...thisCenter('0.1.0'), name: '', serverNow: serverNow() }),
    send: async (intents) => {
      sent.push(...intents);
      return {
        kind: 'results',
        results: intents.map(({ id }) => ({ outcome: 'applied' as const, id, version: null })),
      };
    },
    transport: {
      snapshotPage: async () => ({ position: '1.0', serverNow: serverNow(), changes: [put(1)], next: null }),
      open(_position, handlers) {
        if (!answers) timers.after(1, () => handlers.failed(new Error('cut')));
        hear = handlers.message;
        return () => {
          hear = null;
        };
      },
    },
  });
  const say = (previous: string, position: string, changes: Change[] = []) =>
    hear?.({ previous, position, serverNow: serverNow(), changes, reset: null });
  await replica.start();
  await timers.advance(1);
  say('1.0', '1.0');
  await timers.advance(1_000);
  return {
    replica,
    timers,
    storage,
    sent,
    news,
    say,
    setBack: (ms: number) => (clockMs -= ms),
    cut: () => (answers = false),
    restore: () => (answers = true),
    state: () => freshness(replica.store.getState().connection, now()),
    note: (text: string) =>
      replica.outbox.submit({
        kind: 'incident.note',
        incidentId,
        entryId: sampleId('timeline', (ids += 1)),
        text,
        at: null,
      }),
  };
}

describe('a clock that is set back by an hour', () => {
  it('holds up neither the screen, nor the disk, nor what is sent', async () => {
    const { replica, timers, storage, sent, say, setBack, note } = await openClient();
    await note('before');
    await timers.advance(100);
    say('1.0', '1.1', [put(2)]);
    await timers.advance(1_000);
    say('1.1', '1.1');
    setBack(hourMs);
    say('1.1', '1.2', [put(3)]);
    await timers.advance(1_000);
    expect(replica.store.getState().tables.incident.revision).toBe(3);
    await note('after');
    await timers.advance(500);
    expect(sent.map(({ action }) => 'text' in action && action.text)).toEqual(['before', 'after']);
    const stored = await storage.load(() => undefined);
    expect([stored.position, stored.rows[0]?.row.version]).toEqual(['1.2', 3]);
    replica.stop();
  });

  it('never makes live what is not heard any more, and says no age that it does not know', async () => {
    const { replica, timers, setBack, cut, state } = await openClient();
    setBack(hourMs);
    expect(state().state).toBe('live');
    await timers.advance(5_500);
    expect([state().state, state().ageMs]).toEqual(['stale', null]);
    cut();
    await timers.advance(40_000);
    expect([state().state, state().ageMs]).toEqual(['offline', null]);
    expect(state().dataAt).toBe(begin + 1);
    replica.stop();
  });

  it('makes no copy of another day young', () => {
    const connection = { reachable: false, silent: false, heardAt: null, dataAt: begin, keptAt: begin, retryAt: null };
    expect(freshness(connection, begin - hourMs)).toEqual({ state: 'offline', ageMs: null, dataAt: begin });
    expect(freshness(connection, begin + hourMs).ageMs).toBe(hourMs);
  });

  it('still counts what changed while the client was away', async () => {
    const { replica, timers, news, say, setBack, cut, restore } = await openClient();
    cut();
    replica.stream.lost();
    setBack(hourMs);
    await timers.advance(1_800_000);
    restore();
    replica.stream.kick();
    await timers.advance(1);
    say('1.0', '1.1', [put(2)]);
    say('1.1', '1.1');
    expect(news).toContainEqual({ kind: 'caught-up', changes: 1 });
    expect(replica.store.getState().away).toMatchObject({ since: begin + 1, total: 1 });
    replica.stop();
  });

  it('asks the center again what it understands', async () => {
    const timers = createFakeTimers(begin);
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return null;
    };
    const center = createCenter({ ask, after: timers.after, changed: () => undefined });
    center.reached();
    await timers.advance(100);
    center.reached();
    expect(asked).toBe(1);
    await timers.advance(5_000);
    center.reached();
    expect(asked).toBe(2);
  });
});
