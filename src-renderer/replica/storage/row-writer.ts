// Brings what arrives to the disk: one transaction at a time, and under a steady stream not more than two a second.
import type { Commit, Storage } from '../storage.ts';

export interface RowWriterDeps {
  storage: Pick<Storage, 'commit'>;
  now: () => number;
  after: (ms: number, callback: () => void) => () => void;
  /** Whether this window is the one that writes. */
  writes: () => boolean;
  /** Rows that the copy holds. */
  total: () => number;
}

type Change = Omit<Commit, 'total'>;

export interface RowWriter {
  write(change: Change): void;
  /** What waits now, written; fails where the disk refuses it. */
  flush(): Promise<void>;
  /** What waits is not written any more: it is another window's. */
  drop(): void;
  stop(): void;
}

/** Under a steady stream what arrives is written together this often. A crash between costs a catch-up, no row. */
const writeMs = 500;

export function createRowWriter({ storage, now, after, writes, total }: RowWriterDeps): RowWriter {
  let pending: Change | null = null;
  let writing: Promise<void> | null = null;
  let wroteAt = 0;
  let writeNow: (() => void) | null = null;
  let refused = false;
  let stopped = false;

  function start(): void {
    writing ??= writeOnce().finally(() => {
      writing = null;
      if (pending !== null && !refused) start();
    });
  }

  async function writeOnce(): Promise<void> {
    // The turn ends first, so that a burst of messages becomes one transaction.
    await Promise.resolve();
    // A clock that was set back would have the disk wait for as long.
    const waitMs = Math.min(writeMs, wroteAt + writeMs - now());
    if (waitMs > 0 && !stopped) {
      await new Promise<void>((resolve) => {
        const cancel = after(waitMs, resolve);
        writeNow = () => {
          cancel();
          resolve();
        };
      });
      writeNow = null;
    }
    if (pending === null) return;
    wroteAt = now();
    const next: Commit = { ...pending, rows: lastOfEach(pending.rows), total: total() };
    pending = null;
    try {
      await storage.commit(next);
      refused = false;
    } catch {
      refused = true;
      // With the next heartbeat again. Left out, they would stand on disk as they were, under a place that says they are not.
      pending = pending === null ? next : joined(next, pending);
    }
  }

  return {
    write(change) {
      if (!writes()) return;
      pending = pending === null ? { ...change } : joined(pending, change);
      start();
    },
    async flush() {
      // The second time for what came while the first was on its way to the disk; what comes later is not waited for.
      for (let turn = 0; turn < 2 && writing !== null; turn += 1) {
        writeNow?.();
        await writing;
      }
      if (refused) throw new Error('the disk refuses what waits');
    },
    drop() {
      pending = null;
      writeNow?.();
    },
    stop() {
      stopped = true;
      pending = null;
      writeNow?.();
    },
  };
}

function joined(first: Change, then: Change): Change {
  if (then.replaceAll === true) return { ...then };
  const position = then.position === undefined ? first.position : then.position;
  const heard = then.heard ?? first.heard;
  return {
    ...first,
    rows: [...first.rows, ...then.rows],
    ...(position === undefined ? {} : { position }),
    ...(heard === undefined ? {} : { heard }),
  };
}

function lastOfEach(rows: Commit['rows']): Commit['rows'] {
  if (rows.length < 2) return rows;
  const last = new Map<string, Commit['rows'][number]>();
  for (const entry of rows) last.set(`${entry.entity}:${entry.id}`, entry);
  return [...last.values()];
}
