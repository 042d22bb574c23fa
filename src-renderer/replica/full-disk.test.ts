// The disk takes nothing more, and later does again: what can be sent is sent, and what was not written is not forgotten.
import { describe, expect, it } from 'vitest';
import { thisCenter } from '#server/contract/client.ts';
import type { Intent, IntentResult } from '#server/contract/intent.ts';
import type { Change, FeedMessage } from '#server/contract/replica.ts';
import { createFakeTimers } from '../testkit/fake-timers.ts';
import { sampleId } from '../testkit/sample-ids.ts';
import { sampleIncident } from '../testkit/sample-rows.ts';
import { createMemoryStorage } from './storage/memory-storage.ts';
import { createReplica } from './replica.ts';
import type { ReplicaNews } from './replica-state.ts';
import type { Storage } from './storage.ts';

const serverNow = '2026-11-21T14:00:00.000Z';
const incidentId = sampleId('incident', 1);

function put(version: number): Change {
  return { op: 'put', entity: 'incident', id: incidentId, version, body: sampleIncident(incidentId, { version }) };
}

async function openClient(
  answer: (intent: Intent) => IntentResult = ({ id }) => ({ outcome: 'noop', id, by: null, at: null, reason: 'so' }),
) {
  const timers = createFakeTimers(Date.parse(serverNow));
  const memory = createMemoryStorage();
  let full: 'not' | 'nearly' | 'wholly' = 'not';
  const refused = (): Promise<void> => Promise.reject(new Error('quota exceeded'));
  const disk: Storage = {
    ...memory,
    kept: true,
    commit(change) {
      const small = (change.outbox?.put ?? []).length === 0;
      return full === 'wholly' || (full === 'nearly' && !small) ? refused() : memory.commit(change);
    },
    saveOutbox: (items) => (full === 'not' ? memory.saveOutbox(items) : refused()),
  };
  const sent: Intent[] = [];
  const news: ReplicaNews[] = [];
  let online = true;
  let hear: (message: FeedMessage) => void = () => undefined;
  let ids = 0;
  const replica = createReplica({
    storage: disk,
    me: { id: sampleId('user', 1), name: 'Priya Raman' },
    uuid: () => sampleId('link', (ids += 1)),
    now: timers.now,
    after: timers.after,
    random: () => 0.5,
    onServerTime: () => undefined,
    news: (each) => news.push(each),
    handshake: async () => ({ ...thisCenter('0.1.0'), name: '', serverNow }),
    send: async (intents) => {
      if (!online) return { kind: 'unreachable' };
      sent.push(...intents);
      return { kind: 'results', results: intents.map(answer) };
    },
    transport: {
      snapshotPage: async () => ({ position: '1.0', serverNow, changes: [put(1)], next: null }),
      open(_position, handlers) {
        if (!online) timers.after(1, () => handlers.failed(new Error('cut')));
        hear = handlers.message;
        return () => undefined;
      },
    },
  });
  await replica.start();
  await timers.advance(1_000);
  return {
    replica,
    timers,
    sent,
    news,
    memory,
    fill: () => (full = 'wholly'),
    /** What is small still goes. */
    nearlyFill: () => (full = 'nearly'),
    free: () => (full = 'not'),
    swallow: () => (online = false),
    goOffline() {
      online = false;
      replica.stream.lost();
    },
    say: (previous: string, position: string, changes: Change[] = []) =>
      hear({ previous, position, serverNow, changes, reset: null }),
    kept: () => replica.store.getState().kept,
    note: () =>
      replica.outbox.submit({
        kind: 'incident.note',
        incidentId,
        entryId: sampleId('timeline', 1),
        text: 'x',
        at: null,
      }),
  };
}

describe('a disk that is full', () => {
  it('does not keep an acknowledgement from a server that is there, and is said', async () => {
    const { replica, timers, sent, fill, free, say, kept } = await openClient();
    fill();
    expect(await replica.outbox.submit({ kind: 'incident.acknowledge', incidentId })).toMatchObject({ ok: true });
    await timers.advance(100);
    expect(sent.map(({ action }) => action.kind)).toEqual(['incident.acknowledge']);
    expect([replica.outbox.items(), kept()]).toEqual([[], false]);
    free();
    say('1.0', '1.0');
    await timers.advance(1_000);
    expect(kept()).toBe(true);
    replica.stop();
  });

  it('says so until the very action that it refused is stored, whatever else goes through', async () => {
    const { replica, timers, nearlyFill, swallow, free, say, kept, note } = await openClient();
    nearlyFill();
    swallow();
    expect(await note()).toMatchObject({ ok: true });
    const told: boolean[] = [kept()];
    const stop = replica.store.subscribe((state) => told.push(state.kept));
    say('1.0', '1.1', [put(2)]);
    await timers.advance(2_000);
    stop();
    expect([replica.outbox.items().length, new Set(told)]).toEqual([1, new Set([false])]);
    free();
    await timers.advance(6_000);
    expect(kept()).toBe(true);
    replica.stop();
  });

  it('keeps a draft as it was where it does not take the change, and says so', async () => {
    const { replica, fill, free, memory } = await openClient();
    const declare = {
      kind: 'incident.declare',
      incidentId,
      title: 'Checkout fails',
      severity: 'sev2',
      impact: null,
      alertIds: [],
      restrictedTo: null,
    } as const;
    expect(await replica.outbox.draft({ ...declare, alertIds: [] })).toBe(true);
    const id = replica.outbox.items()[0]?.intent.id ?? '';
    fill();
    expect(await replica.outbox.draft({ ...declare, alertIds: [], title: 'Checkout fails for cards' }, id)).toBe(false);
    const titles = (items: readonly { intent: Intent }[]) =>
      items.map(({ intent: { action } }) => (action.kind === 'incident.declare' ? action.title : ''));
    expect(titles(replica.outbox.items())).toEqual(['Checkout fails']);
    free();
    expect(await replica.outbox.draft({ ...declare, alertIds: [], title: 'Checkout is slow' }, id)).toBe(true);
    expect(titles((await memory.loadOutbox()).outbox)).toEqual(['Checkout is slow']);
    replica.stop();
  });

  it('refuses without a server, in words, what it could not keep', async () => {
    const { replica, fill, goOffline, note } = await openClient();
    goOffline();
    fill();
    expect(await note()).toEqual({
      ok: false,
      reason: 'this machine could not store it; free some space and try again',
    });
    expect(replica.outbox.items()).toEqual([]);
    replica.stop();
  });

  it('hides no answer of the server', async () => {
    const rejected = ({ id }: Intent): IntentResult => ({ outcome: 'rejected', id, code: 'forbidden', reason: 'no' });
    const { replica, timers, news, fill, note } = await openClient(rejected);
    fill();
    const submitted = await note();
    await timers.advance(100);
    expect(news.map(({ kind }) => kind)).toEqual(['settled']);
    expect(replica.outbox.items()).toMatchObject([{ state: 'rejected', reason: 'no' }]);
    expect(submitted.ok && (await submitted.settled)).toMatchObject({ outcome: 'rejected' });
    replica.stop();
  });

  it('leaves no row as it was under a place in the feed that is past its change', async () => {
    const { replica, timers, memory, fill, free, say } = await openClient();
    fill();
    say('1.0', '1.1', [put(2)]);
    await timers.advance(1_000);
    expect(await memory.load(() => undefined)).toMatchObject({ position: '1.0', rows: [{ row: { version: 1 } }] });
    free();
    say('1.1', '1.2');
    await timers.advance(1_000);
    expect(await memory.load(() => undefined)).toMatchObject({ position: '1.2', rows: [{ row: { version: 2 } }] });
    replica.stop();
  });

  it('brings nothing back that was given up meanwhile', async () => {
    const { replica, timers, memory, fill, free, goOffline, note } = await openClient();
    goOffline();
    const submitted = await note();
    fill();
    await replica.outbox.discard(submitted.ok ? submitted.id : '');
    expect(replica.outbox.items()).toEqual([]);
    expect((await memory.loadOutbox()).outbox).toHaveLength(1);
    free();
    await timers.advance(6_000);
    expect((await memory.loadOutbox()).outbox).toEqual([]);
    replica.stop();
  });
});
