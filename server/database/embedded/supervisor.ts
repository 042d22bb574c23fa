// Keeps PostgreSQL running: a crash or a hang is noticed, cleared up and followed by a new start, for as long as it takes.
import type pg from 'pg';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Postmaster } from './postmaster.ts';
import { watchDatabase } from './watchdog.ts';

export interface DatabaseSupervisor {
  pid(): number | null;
  stop(): Promise<void>;
}

const longestPauseMs = 8_000;

/** Rejects when the first start fails; later failures are retried. */
export async function superviseDatabase(options: {
  start(): Promise<Postmaster>;
  beforeRestart(): Promise<void>;
  connection: pg.ClientConfig;
  clock: Clock;
  logger: Logger;
}): Promise<DatabaseSupervisor> {
  const { clock, logger } = options;
  const stopping = new AbortController();
  let current: Postmaster | null = await options.start();
  let startedAt = clock.monotonic();

  const runOnce = async (postmaster: Postmaster): Promise<void> => {
    const watch = watchDatabase({
      connection: options.connection,
      clock,
      hung: (silentForMs) => {
        logger.error('database: PostgreSQL hangs, it is ended and started again', { silentForMs, pid: postmaster.pid });
        void postmaster.kill();
      },
    });
    const how = await postmaster.exited;
    watch.stop();
    current = null;
    if (!stopping.signal.aborted) {
      logger.error('database: PostgreSQL ended by itself, it is started again', { how, pid: postmaster.pid });
    }
  };

  const startAgain = async (): Promise<Postmaster | null> => {
    // One crash after a good while starts at once; a crash at every start is tried less and less often.
    let pauseMs = clock.monotonic() - startedAt > 30_000 ? 0 : 250;
    while (!stopping.signal.aborted) {
      await pause(clock, pauseMs, stopping.signal);
      if (stopping.signal.aborted) return null;
      try {
        await options.beforeRestart();
        const postmaster = await options.start();
        startedAt = clock.monotonic();
        logger.info('database: PostgreSQL runs again', { pid: postmaster.pid });
        return postmaster;
      } catch (error) {
        pauseMs = Math.min(longestPauseMs, Math.max(500, pauseMs * 2));
        logger.error('database: PostgreSQL could not be started again', {
          error: error instanceof Error ? error.message : String(error),
          nextTryInMs: pauseMs,
        });
      }
    }
    return null;
  };

  const supervise = async (): Promise<void> => {
    while (current !== null && !stopping.signal.aborted) {
      await runOnce(current);
      if (!stopping.signal.aborted) current = await startAgain();
    }
  };
  const supervised = supervise();

  return {
    pid: () => current?.pid ?? null,
    stop: async () => {
      stopping.abort();
      await current?.stop();
      await supervised;
      // A start that was under way while stopping began.
      await current?.stop();
    },
  };
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => undefined);
}
