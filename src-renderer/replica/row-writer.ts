// Brings what arrives to the disk: one transaction at a time, and under a steady stream not more than two a second.
import type { Commit, Storage } from './storage.ts';

export interface RowWriterDeps {
  storage: Pick<Storage, 'commit'>;
  now: () => number;
  after: (ms: number, callback: () => void) => () => void;
  /** Whether this window is the one that writes. */
  writes: () => boolean;
  /** Rows that the copy holds. */
  total: () => number;
  /** The disk refused; the screen goes on from memory. */
  failed: () => void;
}

export interface RowWriter {
  write(change: Omit<Commit, 'total'>): void;
  /** Everything that waits to be written, written. */
  flush(): Promise<void>;
  /** What waits is not written any more: it is another window's. */
  drop(): void;
  stop(): void;
}

/** Under a steady stream what arrives is written together this often. A crash between costs a catch-up, no row. */
const writeMs = 500;

export function createRowWriter({ storage, now, after, writes, total, failed }: RowWriterDeps): RowWriter {
  let pending: Omit<Commit, 'total'> | null = null;
  let writing: Promise<void> | null = null;
  let wroteAt = 0;
  let writeNow: (() => void) | null = null;
  let stopped = false;

  async function drain(): Promise<void> {
    // The turn ends first, so that a burst of messages becomes one transaction.
    await Promise.resolve();
    while (pending !== null) {
      const waitMs = wroteAt + writeMs - now();
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
      } catch {
        // The next start sees a count that does not fit and takes a snapshot.
        failed();
      }
    }
  }

  return {
    write(change) {
      if (!writes()) return;
      if (pending === null || change.replaceAll === true) pending = { ...change };
      else {
        const position = change.position === undefined ? pending.position : change.position;
        const heard = change.heard ?? pending.heard;
        pending = {
          ...pending,
          rows: [...pending.rows, ...change.rows],
          ...(position === undefined ? {} : { position }),
          ...(heard === undefined ? {} : { heard }),
        };
      }
      writing ??= drain().finally(() => {
        writing = null;
      });
    },
    async flush() {
      writeNow?.();
      await writing;
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

function lastOfEach(rows: Commit['rows']): Commit['rows'] {
  if (rows.length < 2) return rows;
  const last = new Map<string, Commit['rows'][number]>();
  for (const entry of rows) last.set(`${entry.entity}:${entry.id}`, entry);
  return [...last.values()];
}
