// A value of the database that is asked for too often to be read each time: kept in memory, and read again after a change.
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

/** Another server's change is told at once (`wakeAfterCommit`); should that be lost, it is seen within this. */
const refreshMs = 3_000;

export interface Kept<T> {
  /** As last read. */
  current(): T;
  /** Reads it now. */
  read(): Promise<T>;
  /** Resolves when it was read for the first time. */
  start(): Promise<void>;
  stop(): void;
}

export function createKept<T>(deps: {
  /** Until it was read. */
  initial: T;
  /** Null: it cannot be understood, and what is known stays. */
  load(): Promise<T | null>;
  /** Called after each change of what is kept. */
  changed?(value: T): void;
  /** What those signal who change it. */
  channel: string;
  wake: { on(channel: string, listener: () => void): () => void };
  clock: Pick<Clock, 'setTimer'>;
  logger: Pick<Logger, 'debug'>;
}): Kept<T> {
  const { channel, wake, clock, logger } = deps;
  let value = deps.initial;
  let begun = 0;
  let newest = 0;
  let cancel = () => {};
  let endWake = () => {};
  let stopped = true;

  async function read(): Promise<T> {
    begun += 1;
    const place = begun;
    const loaded = await deps.load();
    // One that began before another and ends after it may have read what was changed in between.
    if (loaded === null || place < newest) return value;
    newest = place;
    const before = value;
    value = loaded;
    if (JSON.stringify(before) !== JSON.stringify(loaded)) deps.changed?.(loaded);
    return loaded;
  }

  async function refresh(): Promise<void> {
    try {
      await read();
    } catch (error) {
      logger.debug('what is kept in memory could not be read again', { channel, error: String(error) });
    }
  }

  function schedule(): void {
    cancel = clock.setTimer(refreshMs, () => {
      void refresh().finally(() => {
        if (!stopped) schedule();
      });
    });
  }

  return {
    current: () => value,
    read,
    async start() {
      stopped = false;
      await read();
      endWake = wake.on(channel, () => void refresh());
      schedule();
    },
    stop() {
      stopped = true;
      endWake();
      cancel();
    },
  };
}
