// Windows of one person on one machine, which share a disk, a center and a clock.
import { thisCenter } from '#server/contract/client.ts';
import type { Intent } from '#server/contract/intent.ts';
import { createMemoryStorage } from '../replica/storage/memory-storage.ts';
import { createReplica } from '../replica/replica.ts';
import type { ReplicaNews } from '../replica/replica-state.ts';
import type { Storage, UnreadItem } from '../replica/storage.ts';
import { createWindows, type WindowMessage } from '../replica/windows/windows.ts';
import { createFakeTimers } from './fake-timers.ts';
import { createFakeMachine } from './fake-windows.ts';
import { createModelServer } from './model-server.ts';

const start = Date.parse('2026-11-21T14:00:00.000Z');
/** The one that the center has. */
export const deskIncident = '00000000-0000-7000-8000-0000000000a1';

export function createDesk() {
  const timers = createFakeTimers(start);
  const server = createModelServer([deskIncident], timers.now);
  const machine = createFakeMachine(timers);
  const memory = createMemoryStorage();
  let full = false;
  let writeMs = 0;
  let readMs = 0;
  let unread: UnreadItem[] = [];
  const slow = async (ms: number): Promise<void> => {
    if (ms > 0) await new Promise<void>((resolve) => void timers.after(ms, resolve));
  };
  const storage: Storage = {
    ...memory,
    kept: true,
    async commit(change) {
      await slow(writeMs);
      if (full) throw new Error('quota exceeded');
      await memory.commit(change);
    },
    async saveOutbox(items) {
      if (full) throw new Error('quota exceeded');
      await memory.saveOutbox(items);
    },
    async loadOutbox() {
      const { outbox } = await memory.loadOutbox();
      await slow(readMs);
      return { outbox, unread };
    },
    load: async (onRows) => ({ ...(await memory.load(onRows)), unread }),
    async dropUnread(ids) {
      unread = unread.filter(({ id }) => !ids.includes(id));
    },
  };
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
      random: () => 0.5,
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
        replica.outbox.submit({ kind: 'incident.note', incidentId: deskIncident, entryId: uuid(), text, at: null }),
    };
  }

  /** As a window of another version would. */
  const say = (message: WindowMessage): void => machine.window().channel.post(message);
  return {
    timers,
    server,
    sent,
    open,
    storage,
    say,
    fill: () => (full = true),
    free: () => (full = false),
    /** How long the disk takes from now on. */
    delayDisk(delays: { writeMs?: number; readMs?: number }) {
      writeMs = delays.writeMs ?? writeMs;
      readMs = delays.readMs ?? readMs;
    },
    leaveUnread: (items: UnreadItem[]) => (unread = items),
    streams: () => streams,
    setOnline: (on: boolean) => (online = on),
  };
}

/** The words of the notes among them. */
export function textsOf(intents: readonly Intent[]): string[] {
  return intents.flatMap(({ action }) => (action.kind === 'incident.note' ? [action.text] : []));
}
