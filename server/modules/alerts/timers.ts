// What the passing of time does to alerts. Every due time is a row; the timer here only says when to look.
import type { Tx } from '#server/database/transaction.ts';
import { type AlertDecision, flappingWindowMs } from '#server/modules/alerts/decision.ts';
import { decideExpiry, decideSettled } from '#server/modules/alerts/lifecycle.ts';
import type { AlertState, ApplyAlertChanges, DueAlertStore } from '#server/modules/alerts/state.ts';
import type { Silences } from '#server/modules/silences/service.ts';
import type { Clock } from '#server/ports/clock.ts';
import { createLooks, type Looks } from '#server/database/looks.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

const tickMs = 1_000;
const pageSize = 500;
/** After a start or an absence, sources get this long to say that their alerts still fire before what ran out meanwhile expires. */
export const expiryGraceMs = 120_000;
/** Looks come every second; a longer gap is sleep, or a clock that was set, in which nothing could be heard. */
const absentAfterMs = 15_000;
/** With older signals than this still unread, the one that keeps an alert alive may be among them. */
const lagTooOldMs = 10_000;

export interface AlertTimers extends Looks {
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
  let heardSince = clock.monotonic();
  let lookedAt = clock.now();

  async function runDue(nowMs = clock.now()): Promise<number> {
    return (await silences.runDue()) + (await expire(nowMs)) + (await settle());
  }

  /** By the time at which the look began: should the machine fall asleep in its midst, nothing has run out meanwhile. */
  async function expire(nowMs: number): Promise<number> {
    const now = new Date(nowMs).toISOString();
    if (clock.monotonic() - heardSince < expiryGraceMs) return 0;
    if ((await lag()).oldestAgeMs > lagTooOldMs) return 0;
    return pages((tx) => alerts.lockExpired(tx, now, pageSize), decideExpiry);
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

  const looks = createLooks({
    clock,
    everyMs: tickMs,
    look() {
      const now = clock.now();
      if (Math.abs(now - lookedAt) > absentAfterMs) heardSince = clock.monotonic();
      lookedAt = now;
      return runDue(now);
    },
    failed: (error) =>
      logger.error('the timers of alerts failed; they run again in a second', { error: String(error) }),
  });
  return { ...looks, runDue: () => runDue() };
}
