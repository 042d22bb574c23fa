// What came in through each integration, gathered in memory and written together: not a write for every post.
import type { Counts } from '#server/modules/integrations/store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

const flushMs = 2_000;
const errorLength = 1_000;

/** Times stay numbers until they are written: this runs for every post. */
type Gathered = Omit<Counts, 'seenAt' | 'errorAt'> & { seenAt: number; errorAt: number | null };

export function createCounters(deps: { clock: Clock; logger: Logger; write(counts: Counts[]): Promise<void> }) {
  const { clock, logger, write } = deps;
  let gathered = new Map<string, Gathered>();
  let running: Promise<void> = Promise.resolve();
  let cancel: (() => void) | null = null;

  async function writeGathered(): Promise<void> {
    if (gathered.size === 0) return;
    const taken = gathered;
    gathered = new Map();
    try {
      await write([...taken.values()].map(toCounts));
    } catch (error) {
      logger.warn('counts of integrations could not be written; they are kept for the next try', { error });
      for (const [id, counts] of taken) gathered.set(id, added(counts, gathered.get(id)));
    }
  }

  function flush(): Promise<void> {
    running = running.then(writeGathered);
    return running;
  }

  function schedule(): void {
    cancel = clock.setTimer(flushMs, () => {
      void flush().then(() => {
        if (cancel !== null) schedule();
      });
    });
  }

  return {
    seen(id: string, seen: { accepted: number; refused: number; error: string | null }): void {
      const at = clock.now();
      let counts = gathered.get(id);
      if (counts === undefined) {
        counts = { id, accepted: 0, refused: 0, seenAt: at, errorAt: null, error: null };
        gathered.set(id, counts);
      }
      counts.accepted += seen.accepted;
      counts.refused += seen.refused;
      counts.seenAt = at;
      if (seen.error === null) return;
      counts.errorAt = at;
      counts.error = seen.error.slice(0, errorLength).replaceAll('\0', '\uFFFD').toWellFormed();
    },
    flush,
    start: schedule,
    async stop(): Promise<void> {
      cancel?.();
      cancel = null;
      await flush();
    },
  };
}

function added(older: Gathered, newer: Gathered | undefined): Gathered {
  if (newer === undefined) return older;
  return {
    id: older.id,
    accepted: older.accepted + newer.accepted,
    refused: older.refused + newer.refused,
    seenAt: newer.seenAt,
    errorAt: newer.errorAt ?? older.errorAt,
    error: newer.error ?? older.error,
  };
}

function toCounts(gathered: Gathered): Counts {
  const { seenAt, errorAt } = gathered;
  return {
    ...gathered,
    seenAt: new Date(seenAt).toISOString(),
    errorAt: errorAt === null ? null : new Date(errorAt).toISOString(),
  };
}
