// What the passing of time does to alerts. Every due time is a row; the timer here only says when to look.
import type { Tx } from '#server/database/transaction.ts';
import { type AlertDecision, flappingWindowMs } from '#server/modules/alerts/decision.ts';
import { decideExpiry, decideSettled } from '#server/modules/alerts/lifecycle.ts';
import type { AlertState, ApplyAlertChanges, DueAlertStore } from '#server/modules/alerts/state.ts';
import type { Silences } from '#server/modules/silences/service.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

const tickMs = 1_000;
const pageSize = 500;
/** After a start, sources get this long to say that their alerts still fire before what ran out meanwhile expires. */
export const expiryGraceMs = 120_000;
/** With older signals than this still unread, the one that keeps an alert alive may be among them. */
const lagTooOldMs = 10_000;

export interface AlertTimers {
  start(): void;
  stop(): Promise<void>;
  /** Does everything that is due now; answers how many things that was. */
  runDue(): Promise<number>;
}

export function createAlertTimers<T = Tx>(deps: {
  transact<R>(body: (tx: T) => Promise<R>): Promise<R>;
  alerts: DueAlertStore<T>;
  silences: Pick<Silences<T>, 'runDue'>;
  apply: ApplyAlertChanges<T>;
  /** How far the pipeline is behind the log. */
  lag(): Promise<{ oldestAgeMs: number }>;
  clock: Clock;
  random: Pick<Random, 'uuid'>;
  logger: Logger;
}): AlertTimers {
  const { transact, alerts, silences, apply, lag, clock, random, logger } = deps;
  const began = clock.monotonic();
  let stopped = true;
  let cancel = () => {};
  let running: Promise<number> = Promise.resolve(0);

  async function runDue(): Promise<number> {
    return (await silences.runDue()) + (await expire()) + (await settle());
  }

  async function expire(): Promise<number> {
    if (clock.monotonic() - began < expiryGraceMs) return 0;
    if ((await lag()).oldestAgeMs > lagTooOldMs) return 0;
    return pages((tx, at) => alerts.lockExpired(tx, at, pageSize), decideExpiry);
  }

  async function settle(): Promise<number> {
    return pages((tx, at) => {
      const before = new Date(Date.parse(at) - flappingWindowMs).toISOString();
      return alerts.lockSettled(tx, before, pageSize);
    }, decideSettled);
  }

  async function pages(
    lock: (tx: T, at: string) => Promise<AlertState[]>,
    decide: (alert: AlertState, now: string, newId: () => string) => AlertDecision,
  ): Promise<number> {
    let total = 0;
    for (;;) {
      const count = await transact(async (tx) => {
        const at = new Date(clock.now()).toISOString();
        const due = (await lock(tx, at)).map((alert) => decide(alert, at, random.uuid));
        const changed = due.filter((decision) => decision.kind === 'changed');
        await apply(
          tx,
          at,
          changed.flatMap((decision) => decision.changes),
          changed.flatMap((decision) => decision.events),
        );
        return changed.length;
      });
      total += count;
      if (count < pageSize) return total;
    }
  }

  function schedule(): void {
    cancel = clock.setTimer(tickMs, () => {
      running = runDue().catch((error: unknown) => {
        logger.error('the timers of alerts failed; they run again in a second', { error: String(error) });
        return 0;
      });
      void running.then(() => {
        if (!stopped) schedule();
      });
    });
  }

  return {
    start() {
      stopped = false;
      schedule();
    },
    async stop() {
      stopped = true;
      cancel();
      await running;
    },
    runDue,
  };
}
