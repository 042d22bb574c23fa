// "Look again": a hint inside this process at once, and to other servers through LISTEN/NOTIFY. Readers also look by
// themselves every second, so a lost hint costs time and nothing else.
import type pg from 'pg';
import type { Database } from '#server/database/pool.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface Wake {
  signal(channel: string): void;
  /** The returned function ends it. */
  on(channel: string, listener: () => void): () => void;
  start(): void;
  stop(): Promise<void>;
}

const pgChannel = 'tocsin';
/** A notification is a commit of its own; so many a second at most, whatever is signalled. */
const spacingMs = 25;
const reconnectMs = 1_000;

export function createWake(deps: {
  database: Pick<Database, 'connect' | 'onCommit'>;
  clock: Clock;
  random: Random;
  logger: Logger;
}): Wake {
  const { clock, logger } = deps;
  const server = deps.random.uuid();
  const listeners = new Map<string, Set<() => void>>();
  const pending = new Set<string>();
  let client: pg.Client | null = null;
  let cancelTimer: (() => void) | null = null;
  let cancelReconnect: (() => void) | null = null;
  let connecting: Promise<void> | null = null;
  let stopped = true;
  let endCommits = () => {};

  function dispatch(channel: string): void {
    for (const listener of listeners.get(channel) ?? []) listener();
  }

  function send(): void {
    if (client === null || pending.size === 0) {
      cancelTimer = null;
      return;
    }
    const channels = [...pending].join(',');
    pending.clear();
    client
      .query('SELECT pg_notify($1, $2)', [pgChannel, `${server} ${channels}`])
      .catch(() => {})
      .finally(() => {
        cancelTimer = pending.size > 0 && !stopped ? clock.setTimer(spacingMs, send) : null;
      });
  }

  async function connect(): Promise<void> {
    try {
      const opened = await deps.database.connect();
      opened.on('notification', ({ payload }) => {
        const [from, channels] = (payload ?? '').split(' ');
        if (from !== server) for (const channel of channels?.split(',') ?? []) dispatch(channel);
      });
      opened.once('end', () => {
        if (client === opened) client = null;
        reconnectLater();
      });
      await opened.query(`LISTEN ${pgChannel}`);
      client = opened;
      // Hints may have been missed while nobody listened.
      for (const channel of listeners.keys()) dispatch(channel);
    } catch (error) {
      logger.warn('cannot listen for other servers; trying again', {
        reason: error instanceof Error ? error.message : String(error),
      });
      reconnectLater();
    }
  }

  function reconnectLater(): void {
    if (stopped) return;
    cancelReconnect?.();
    cancelReconnect = clock.setTimer(reconnectMs, () => {
      cancelReconnect = null;
      connecting = connect();
    });
  }

  function signal(channel: string): void {
    dispatch(channel);
    if (stopped) return;
    pending.add(channel);
    cancelTimer ??= clock.setTimer(spacingMs, send);
  }

  return {
    signal,
    on(channel, listener) {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    start() {
      stopped = false;
      // Whoever waits for what a transaction wrote (wakeAfterCommit).
      endCommits = deps.database.onCommit((channels) => channels.forEach(signal));
      connecting = connect();
    },
    async stop() {
      stopped = true;
      endCommits();
      cancelTimer?.();
      cancelReconnect?.();
      await connecting;
      const open = client;
      client = null;
      await open?.end().catch(() => {});
    },
  };
}
