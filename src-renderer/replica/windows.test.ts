import { describe, expect, it } from 'vitest';
import { thisCenter } from '#server/contract/client.ts';
import type { Intent } from '#server/contract/intent.ts';
import { createFakeTimers } from '../testkit/fake-timers.ts';
import { createFakeMachine } from '../testkit/fake-windows.ts';
import { createModelServer } from '../testkit/model-server.ts';
import { createMemoryStorage } from './memory-storage.ts';
import { createReplica, type ReplicaNews } from './replica.ts';
import { createWindows } from './windows.ts';

const start = Date.parse('2026-11-21T14:00:00.000Z');
const incident = '00000000-0000-7000-8000-0000000000a1';

function createDesk() {
  const timers = createFakeTimers(start);
  const server = createModelServer([incident], timers.now);
  const machine = createFakeMachine(timers);
  const storage = createMemoryStorage();
  const sent: Intent[] = [];
  let ids = 0;
  let online = true;
  let streams = 0;
  const uuid = () => `00000000-0000-7000-9000-${String((ids += 1)).padStart(12, '0')}`;

  function open() {
    const { locks, channel, kill, freeze } = machine.window();
    const news: ReplicaNews[] = [];
    const windows = createWindows({ name: 'desk', locks, channel });
    let frozen = false;
    const replica = createReplica({
      storage,
      windows,
      handshake: async () => ({ ...thisCenter('0.1.0'), name: '', serverNow: new Date(start).toISOString() }),
      me: { id: '00000000-0000-7000-8000-000000000001', name: 'Priya Raman' },
      uuid,
      now: timers.now,
      after: (ms, callback) => timers.after(ms, () => (frozen ? undefined : callback())),
      random: () => 0,
      onServerTime: () => undefined,
      news: (each) => news.push(each),
      send: async (intents) => {
        if (!online || frozen) return { kind: 'unreachable' };
        sent.push(...intents);
        return { kind: 'results', results: server.submit('Priya Raman', intents) };
      },
      transport: {
        snapshotPage: async () => {
          if (!online) throw new Error('no network');
          return server.snapshot();
        },
        open(position, handlers) {
          streams += 1;
          let at = position;
          let closed = false;
          const tick = (): void => {
            if (closed || frozen) return;
            if (!online) return handlers.failed(new Error('cut'));
            const message = server.after(at);
            at = message.position;
            handlers.message(message);
            timers.after(500, tick);
          };
          timers.after(5, tick);
          return () => {
            if (!closed) streams -= 1;
            closed = true;
          };
        },
      },
    });
    void replica.start();
    return {
      replica,
      windows,
      news,
      kill() {
        kill();
        replica.stop();
      },
      freeze() {
        frozen = true;
        freeze();
      },
      note: (text: string) =>
        replica.outbox.submit({ kind: 'incident.note', incidentId: incident, entryId: uuid(), text, at: null }),
    };
  }

  return { timers, server, sent, open, storage, streams: () => streams, setOnline: (on: boolean) => (online = on) };
}

function textsOf(intents: readonly Intent[]): string[] {
  return intents.flatMap(({ action }) => (action.kind === 'incident.note' ? [action.text] : []));
}

describe('two windows of one person', () => {
  it('share one writer and one stream, and both show what the center says', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    const second = desk.open();
    await desk.timers.advance(1_000);
    expect([first.windows.writes(), second.windows.writes()]).toEqual([true, false]);
    expect(desk.streams()).toBe(1);
    desk.server.touch(incident);
    await desk.timers.advance(2_000);
    const now = desk.server.row('incident', incident);
    expect(first.replica.view.visible('incident', incident)).toEqual(now);
    expect(second.replica.view.visible('incident', incident)).toEqual(now);
    expect(second.replica.store.getState().connection.reachable).toBe(true);
  });

  it('send in the order in which the actions were made, each once, and each window hears of its own', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    const second = desk.open();
    await desk.timers.advance(1_000);
    desk.setOnline(false);
    await desk.timers.advance(3_000);
    expect(second.replica.store.getState().connection.reachable).toBe(false);
    const expected: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      const text = `note ${index}`;
      expected.push(text);
      await (index % 2 === 0 ? first : second).note(text);
      await desk.timers.advance(10);
    }
    expect(first.replica.outbox.items()).toHaveLength(6);
    expect(second.replica.outbox.items()).toHaveLength(6);
    desk.setOnline(true);
    first.replica.stream.kick();
    await desk.timers.advance(20_000);
    expect(textsOf(desk.sent)).toEqual(expected);
    expect(first.replica.outbox.items()).toEqual([]);
    expect(second.replica.outbox.items()).toEqual([]);
    const heard = (window: typeof first) =>
      window.news.flatMap((each) =>
        each.kind === 'settled' && each.item.intent.action.kind === 'incident.note'
          ? [each.item.intent.action.text]
          : [],
      );
    expect(heard(first)).toEqual(['note 0', 'note 2', 'note 4']);
    expect(heard(second)).toEqual(['note 1', 'note 3', 'note 5']);
  });

  it('go on when the writer dies: the other sends what was left, and nothing twice', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    const second = desk.open();
    await desk.timers.advance(1_000);
    desk.setOnline(false);
    await desk.timers.advance(2_000);
    await first.note('of the first');
    await second.note('of the second');
    await desk.timers.advance(10);
    first.kill();
    desk.setOnline(true);
    await desk.timers.advance(40_000);
    expect(second.windows.writes()).toBe(true);
    expect(textsOf(desk.sent)).toEqual(['of the first', 'of the second']);
    expect(second.replica.outbox.items()).toEqual([]);
    const stored = await desk.storage.load(() => undefined);
    expect(stored.outbox).toEqual([]);
    expect(stored.rows.find(({ row }) => row.id === incident)?.row).toEqual(desk.server.row('incident', incident));
  });

  it('do not wait for a writer that is frozen: the window that acts takes its place', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    const second = desk.open();
    await desk.timers.advance(1_000);
    first.freeze();
    await second.note('acknowledging matters now');
    await desk.timers.advance(20_000);
    expect(second.windows.writes()).toBe(true);
    expect(textsOf(desk.sent)).toEqual(['acknowledging matters now']);
  });

  it('let a reader discard and confirm what the writer holds', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    const second = desk.open();
    await desk.timers.advance(1_000);
    desk.setOnline(false);
    await desk.timers.advance(3_000);
    const kept = await first.note('kept');
    const dropped = await first.note('dropped');
    await desk.timers.advance(10);
    const gone = second.replica.outbox.discard(dropped.ok ? dropped.id : '');
    await desk.timers.advance(10);
    await gone;
    await desk.timers.advance(10);
    expect(first.replica.outbox.items().map((item) => item.intent.id)).toEqual([kept.ok ? kept.id : '']);
    expect(second.replica.outbox.items().map((item) => item.intent.id)).toEqual([kept.ok ? kept.id : '']);
  });
});
