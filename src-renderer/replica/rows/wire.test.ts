// A client beside a center of another version: nothing that it does not know ends the connection or hides what it knows.
import { describe, expect, it } from 'vitest';
import { thisCenter } from '#server/contract/client.ts';
import type { Intent } from '#server/contract/intent.ts';
import { createFakeTimers } from '../../testkit/fake-timers.ts';
import { sampleId } from '../../testkit/sample-ids.ts';
import { sampleAlert, sampleIncident } from '../../testkit/sample-rows.ts';
import recorded from '../../testkit/stream-0-1-0.json' with { type: 'json' };
import { createMemoryStorage } from '../storage/memory-storage.ts';
import { createReplica } from '../replica.ts';
import type { ReplicaNews } from '../replica-state.ts';
import type { SendAnswer } from '../outbox/outbox-sender.ts';

const serverNow = '2026-11-21T14:00:00.000Z';
const incidentId = sampleId('incident', 1);
const thisOne = { ...thisCenter('0.2.0'), name: 'larkspur-prod', serverNow };

function setUp(options: { actions?: string[]; send?: (intents: Intent[]) => SendAnswer; snapshot?: unknown[] } = {}) {
  const timers = createFakeTimers(Date.parse(serverNow));
  const news: ReplicaNews[] = [];
  const sent: Intent[] = [];
  let send: (message: unknown) => void = () => undefined;
  let actions = options.actions ?? thisOne.actions;
  let cut: () => void = () => undefined;
  let ids = 0;
  const replica = createReplica({
    storage: createMemoryStorage(),
    me: { id: sampleId('user', 9), name: 'Priya Raman' },
    uuid: () => sampleId('link', (ids += 1)),
    now: timers.now,
    after: timers.after,
    random: () => 0,
    onServerTime: () => undefined,
    news: (each) => news.push(each),
    handshake: async () => ({ ...thisOne, actions }),
    send: async (intents) => {
      sent.push(...intents);
      const results = intents.map(({ id }) => ({ outcome: 'applied' as const, id, version: null }));
      return options.send?.(intents) ?? { kind: 'results', results };
    },
    transport: {
      snapshotPage: async () => ({ position: '1.0', serverNow, changes: options.snapshot ?? [], next: null }),
      open: (_position, handlers) => {
        send = handlers.message;
        cut = () => handlers.failed(new Error('cut'));
        return () => undefined;
      },
    },
  });
  return {
    timers,
    news,
    sent,
    replica,
    message: (previous: string, position: string, changes: unknown[], reset: string | null = null) =>
      send({ previous, position, serverNow, changes, reset, newField: 'ignored' }),
    cut: () => cut(),
    update: (next: string[]) => (actions = next),
  };
}

const put = (entity: string, row: { id: string; version: number }) => ({
  op: 'put',
  entity,
  id: row.id,
  version: row.version,
  body: row,
});

function entry(kind: string, number: number) {
  return {
    id: sampleId('timeline', number),
    version: 1,
    incidentId,
    at: serverNow,
    recordedAt: serverNow,
    kind,
    source: 'person',
    actorId: null,
    actor: 'Mara Lindqvist',
    text: `${kind} ${number}`,
    detail: null,
    alertId: null,
    starred: false,
    mood: 'a field of a later release',
  };
}

describe('a newer center', () => {
  it('does not cut this client off with kinds, values, fields and words that it does not know', async () => {
    const { replica, timers, message, news } = setUp();
    await replica.start();
    await timers.advance(10);
    message('1.0', '1.1', [
      put('runbook', { id: sampleId('poll', 1), version: 1 }),
      { op: 'merge', entity: 'incident', id: incidentId, version: 3 },
      put('incident', { ...sampleIncident(incidentId), version: 2 }),
      put('timeline', entry('hologram', 1)),
    ]);
    message('1.1', '1.2', [put('alert', sampleAlert(sampleId('alert', 1), {}))]);
    await timers.advance(100);
    expect(replica.view.visible('incident', incidentId)?.version).toBe(2);
    expect(replica.view.visible('timeline', sampleId('timeline', 1))).toMatchObject({
      kind: 'note',
      text: 'hologram 1',
    });
    expect(replica.view.visible('alert', sampleId('alert', 1))).toBeDefined();
    expect(news).toEqual([]);
    expect(replica.store.getState()).toMatchObject({ unread: 0, connection: { reachable: true } });
  });

  it('is understood in a snapshot as well', async () => {
    const { replica, timers } = setUp({
      snapshot: [put('runbook', { id: sampleId('poll', 1), version: 1 }), put('timeline', entry('hologram', 2))],
    });
    await replica.start();
    await timers.advance(10);
    expect(replica.view.visible('timeline', sampleId('timeline', 2))?.kind).toBe('note');
  });

  it('says how many rows it cannot show, and keeps what it had of them on screen', async () => {
    const { replica, timers, message } = setUp();
    await replica.start();
    await timers.advance(10);
    message('1.0', '1.1', [put('incident', { ...sampleIncident(incidentId), version: 2 })]);
    message('1.1', '1.2', [
      put('incident', Object.assign(sampleIncident(incidentId), { version: 3, severity: 'sev0' })),
    ]);
    await timers.advance(100);
    expect(replica.store.getState().unread).toBe(1);
    expect(replica.view.visible('incident', incidentId)?.version).toBe(2);
    message('1.2', '1.3', [put('incident', { ...sampleIncident(incidentId), version: 4 })]);
    await timers.advance(100);
    expect(replica.store.getState().unread).toBe(0);
    // Done to it in a way that is not known here: not passed over as if it were still as it was.
    message('1.3', '1.4', [{ op: 'patch', entity: 'incident', id: incidentId, version: 5, title: 'x' }]);
    await timers.advance(100);
    expect(replica.store.getState().unread).toBe(1);
    expect(replica.view.visible('incident', incidentId)?.version).toBe(4);
  });

  it('that answers one action in a way that cannot be read holds up no other, and is not asked without end', async () => {
    const answered = (intents: Intent[]): SendAnswer => ({
      kind: 'results',
      results: intents.slice(1).map(({ id }) => ({ outcome: 'applied' as const, id, version: null })),
    });
    const { replica, timers, sent, message } = setUp({ send: answered });
    await replica.start();
    await timers.advance(10);
    replica.stream.lost();
    const note = (number: number) =>
      ({ kind: 'incident.note', incidentId, entryId: sampleId('timeline', number), text: 'x', at: null }) as const;
    await replica.outbox.submit(note(1));
    await replica.outbox.submit(note(2));
    replica.stream.kick();
    await timers.advance(10);
    message('1.0', '1.0', []);
    await timers.advance(4_000);
    expect(replica.outbox.items().map(({ state }) => state)).toEqual(['queued', 'applied']);
    // Asked again each second, and no oftener.
    expect(sent.length).toBeGreaterThan(4);
    expect(sent.length).toBeLessThan(10);
    replica.stop();
  });

  it('can ask for a snapshot in a word that this client does not know', async () => {
    const { replica, timers, message, news } = setUp();
    await replica.start();
    await timers.advance(10);
    message('1.0', '1.1', [], 'the-moon-is-full');
    await timers.advance(100);
    expect(news).toMatchObject([{ kind: 'rebuilt' }]);
    expect(replica.store.getState().connection.reachable).toBe(true);
  });
});

describe('an older center', () => {
  const older = thisOne.actions.filter((kind) => kind !== 'chat.post');
  const chat = {
    kind: 'chat.post',
    incidentId,
    messageId: sampleId('ask', 1),
    text: 'hi',
    mentions: [],
    replyTo: null,
  };

  it('keeps what it cannot carry out, visibly, and holds up nothing else', async () => {
    const { replica, timers, message, sent, cut, update } = setUp({ actions: older });
    await replica.start();
    await timers.advance(10);
    message('1.0', '1.1', [put('incident', { ...sampleIncident(incidentId), version: 2 })]);
    await timers.advance(100);
    await replica.outbox.submit(chat as never);
    await replica.outbox.submit({ kind: 'incident.acknowledge', incidentId });
    await timers.advance(5_000);
    expect(sent.map(({ action }) => action.kind)).toEqual(['incident.acknowledge']);
    expect(replica.outbox.items().filter(({ state }) => state === 'held')).toMatchObject([
      { intent: { action: { kind: 'chat.post' } }, reason: expect.stringContaining('older') as string },
    ]);
    // It was updated: after the reconnect the message goes by itself.
    update(thisOne.actions);
    cut();
    await timers.advance(10_000);
    message('1.1', '1.1', []);
    await timers.advance(10_000);
    expect(sent.map(({ action }) => action.kind)).toEqual(['incident.acknowledge', 'chat.post']);
  });

  it('that refuses an unknown action by itself leaves it waiting too', async () => {
    const { replica, timers, message } = setUp({
      send: (intents) => ({
        kind: 'results',
        results: intents.map(({ id }) => ({ outcome: 'rejected', id, code: 'unknown-action', reason: 'Too old.' })),
      }),
    });
    await replica.start();
    await timers.advance(10);
    message('1.0', '1.1', [put('incident', { ...sampleIncident(incidentId), version: 2 })]);
    await replica.outbox.submit({ kind: 'incident.acknowledge', incidentId });
    await timers.advance(1_000);
    expect(replica.outbox.items()).toMatchObject([{ state: 'held', reason: 'Too old.' }]);
  });

  it('of the first release is read whole: a stream recorded from it', async () => {
    const { replica, timers, message } = setUp({ snapshot: recorded.slice(0, 10) });
    await replica.start();
    await timers.advance(10);
    message('1.0', '1.1', recorded);
    await timers.advance(100);
    expect(replica.store.getState().unread).toBe(0);
    expect(replica.view.size()).toBe(new Set(recorded.map(({ entity, id }) => `${entity}:${id}`)).size);
  });
});
