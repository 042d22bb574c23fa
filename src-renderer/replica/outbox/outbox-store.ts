// Brings the outbox to the disk: what is stored is what is shown, one write at a time, and again where the disk refused.
import type { OutboxItem } from './outbox.ts';
import type { Storage } from '../storage.ts';

export interface OutboxStoreDeps {
  storage: Pick<Storage, 'saveOutbox' | 'commit'>;
  items: () => readonly OutboxItem[];
  /** Rows the replica holds, for the store's own count. */
  total: () => number;
  after: (ms: number, callback: () => void) => () => void;
}

export interface OutboxStore {
  /** What is stored already, by whomever. */
  holds(items: readonly OutboxItem[]): void;
  /** Stores a new item before it is shown; false where the disk refuses. */
  add(item: OutboxItem): Promise<boolean>;
  /** Stores what is shown now. Where the disk refuses (false) that is tried again: what goes on meanwhile does not wait. */
  write(): Promise<boolean>;
  stop(): void;
}

const retryMs = 5_000;

export function createOutboxStore({ storage, items, total, after }: OutboxStoreDeps): OutboxStore {
  let stored = new Map<string, OutboxItem>();
  let turn: Promise<boolean> = Promise.resolve(true);
  let cancelRetry: (() => void) | null = null;
  let stopped = false;

  function write(): Promise<boolean> {
    turn = turn.then(store);
    return turn;
  }

  async function store(): Promise<boolean> {
    const shown = new Map(items().map((item) => [item.intent.id, item]));
    const put = [...shown.values()].filter((item) => stored.get(item.intent.id) !== item);
    const remove = [...stored.keys()].filter((id) => !shown.has(id));
    if (put.length + remove.length === 0) return true;
    try {
      await storage.commit({ rows: [], total: total(), outbox: { put, remove } });
      // One by one: what was added meanwhile is not in `shown`, and is on the disk.
      for (const item of put) stored.set(item.intent.id, item);
      for (const id of remove) stored.delete(id);
      return true;
    } catch {
      cancelRetry?.();
      cancelRetry = stopped ? null : after(retryMs, () => void write());
      return false;
    }
  }

  return {
    holds(now) {
      stored = new Map(now.map((item) => [item.intent.id, item]));
    },
    async add(item) {
      try {
        await storage.saveOutbox([item]);
        stored.set(item.intent.id, item);
        return true;
      } catch {
        return false;
      }
    },
    write,
    stop() {
      stopped = true;
      cancelRetry?.();
    },
  };
}
