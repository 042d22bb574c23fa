// Asks the database a question every second and tells when no answer came for eight in a row.
import pg from 'pg';
import type { Clock } from '#server/ports/clock.ts';

/** Ticks rather than a duration: time in which this process itself stood still (a sleeping laptop) is one tick. */
const silentTicksMax = 8;
const tickMs = 1_000;

export function watchDatabase(options: {
  connection: pg.ClientConfig;
  clock: Clock;
  hung(silentForMs: number): void;
}): { stop(): void } {
  const { clock } = options;
  let stopped = false;
  let silentTicks = 0;
  let asking = false;
  let lastAnswer = clock.monotonic();
  let client: pg.Client | null = null;
  let cancelTimer = (): void => undefined;

  const ask = async (): Promise<void> => {
    asking = true;
    // A new connection each time: established ones go on answering while the postmaster hangs.
    const probe = new pg.Client({ ...options.connection, application_name: 'tocsin watchdog' });
    client = probe;
    probe.on('error', () => undefined);
    try {
      await probe.connect();
      await probe.query('SELECT 1');
      silentTicks = 0;
      lastAnswer = clock.monotonic();
    } catch {
      // A refusal is an answer of the process; its end is seen by its parent. Only silence counts here.
      silentTicks = 0;
    } finally {
      asking = false;
      if (client === probe) client = null;
      probe.end().catch(() => undefined);
    }
  };

  const tick = (): void => {
    if (stopped) return;
    if (asking) silentTicks += 1;
    else void ask();
    if (silentTicks >= silentTicksMax) {
      stopped = true;
      options.hung(Math.round(clock.monotonic() - lastAnswer));
      return;
    }
    cancelTimer = clock.setTimer(tickMs, tick);
  };
  cancelTimer = clock.setTimer(tickMs, tick);

  return {
    stop: () => {
      stopped = true;
      cancelTimer();
      client?.end().catch(() => undefined);
    },
  };
}
