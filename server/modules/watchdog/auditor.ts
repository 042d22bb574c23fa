// The auditor: compares due with done, and tells the fallback channel by itself. It runs in a thread of its own, on a
// database connection of its own, and shares nothing with what it watches but the fallback's description.
import type { PagingSettings } from '#server/contract/paging-settings.ts';
import type { AuditLook } from '#server/contract/watchdog.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import {
  type AlarmState,
  type AuditFacts,
  type AuditTimes,
  decideAlarm,
  faultsOf,
  queuesInWords,
  type Unseen,
  unseenChanges,
} from '#server/modules/watchdog/audit.ts';
import { forgetLooks, readDue, saveLook } from '#server/modules/watchdog/store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

/** What the auditor is told by the main thread while that still moves. */
export interface AuditorOrders {
  mode: PagingSettings['mode'];
  deadMan: PagingSettings['deadMan'];
  /** There is a fallback channel. */
  fallback: boolean;
}

export interface Auditor {
  /** One look and what follows from it. */
  look(): Promise<AuditLook>;
  orders(orders: AuditorOrders): void;
  start(): void;
  stop(): Promise<void>;
}

const databaseWaitMs = 10_000;
const keptMs = 30 * 86_400_000;
const tickMs = 1_000;

export function createAuditor(deps: {
  serverId: string;
  database: SqlReader;
  times: AuditTimes;
  /** Milliseconds since the main thread last moved. */
  mainSilentMs(): number;
  /** Through the fallback channel; throws when it did not go out. */
  tell(message: { summary: string; text: string }): Promise<void>;
  /** Messages that a kind of channel takes a second. */
  perSecond(kind: string): number | null;
  /** Calls the address of whoever watches us. */
  ping(url: string): Promise<void>;
  looked(look: AuditLook): void;
  clock: Clock;
  logger: Logger;
}): Auditor {
  const { database, times, clock, logger } = deps;
  let orders: AuditorOrders = { mode: 'live', deadMan: null, fallback: false };
  let alarm: AlarmState = { bad: 0, toldAt: null };
  let faults: string[] | null = null;
  let deadMan: { at: string | null; error: string | null; nextMs: number } = { at: null, error: null, nextMs: 0 };
  let unseen: Unseen = new Map();
  let queues: string[] = [];
  let nextLookMs = 0;
  let stopped = true;
  let cancel = () => {};
  let running: Promise<unknown> = Promise.resolve();

  async function factsNow(): Promise<AuditFacts> {
    const mainSilentMs = deps.mainSilentMs();
    try {
      const asked = readDue(database, { overdueMs: times.overdueMs, paused: orders.mode === 'paused' });
      const { queues: slow, changed, ...due } = await within(asked);
      const now = clock.monotonic();
      unseen = unseenChanges(unseen, changed, now);
      queues = queuesInWords(slow, deps.perSecond);
      const late = [...unseen.values()].filter(({ since }) => now - since > times.overdueMs).length;
      return { due: { ...due, unseen: late }, databaseError: '', mainSilentMs };
    } catch (error) {
      return { due: null, databaseError: error instanceof Error ? error.message : String(error), mainSilentMs };
    }
  }

  function within<T>(asked: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = clock.setTimer(databaseWaitMs, () =>
        reject(new Error(`no answer within ${databaseWaitMs / 1_000} s`)),
      );
      asked.then(resolve, reject).finally(end);
    });
  }

  async function look(): Promise<AuditLook> {
    const facts = await factsNow();
    faults = faultsOf(facts, times);
    const decided = decideAlarm(alarm, faults, clock.monotonic(), times);
    alarm = decided.state;
    if (decided.alarm !== null) await tell(decided.alarm, faults);
    const at = new Date(clock.now()).toISOString();
    const { due } = facts;
    const overdue = due === null ? 0 : due.steps + due.unseen + due.notifications + due.claims + due.monitors;
    const oldestDue = due?.oldestDue ?? null;
    const seen: AuditLook = {
      at,
      overdue,
      oldestDue,
      faults,
      queues,
      deadManAt: deadMan.at,
      deadManError: deadMan.error,
    };
    deps.looked(seen);
    if (due !== null) {
      const row = {
        serverId: deps.serverId,
        at,
        overdue,
        oldestDue,
        deadManAt: deadMan.at,
        deadManError: deadMan.error,
      };
      await within(saveLook(database, row)).catch((error: unknown) =>
        logger.warn('the look was not written down', { error: String(error) }),
      );
    }
    return seen;
  }

  async function tell(what: 'tell' | 'all-clear', found: readonly string[]): Promise<void> {
    const summary = what === 'tell' ? `Paging has stalled: ${found[0] ?? ''}`.slice(0, 150) : 'Paging works again';
    const text =
      what === 'tell'
        ? `${found.join('; ')}. Pages may not go out. Look at the server now, and watch the alerts by hand until this is mended.`
        : 'What was overdue is done. Look through the incidents of the last minutes.';
    logger.error(what === 'tell' ? 'paging has stalled' : 'paging works again', { faults: found });
    if (!orders.fallback) return;
    try {
      await deps.tell({ summary, text });
    } catch (error) {
      // The next look tries again.
      if (what === 'tell') alarm = { ...alarm, toldAt: null };
      logger.error('the fallback channel did not take it; it is tried again with the next look', {
        error: String(error),
      });
    }
  }

  /** Only while all is well: whoever watches us is told by silence. */
  async function beat(): Promise<void> {
    if (orders.deadMan === null || faults === null || faults.length > 0) return;
    if (deps.mainSilentMs() > times.stallMs || clock.monotonic() < deadMan.nextMs) return;
    deadMan.nextMs = clock.monotonic() + orders.deadMan.intervalSeconds * 1_000;
    try {
      await deps.ping(orders.deadMan.url);
      deadMan = { ...deadMan, at: new Date(clock.now()).toISOString(), error: null };
    } catch (error) {
      deadMan = { ...deadMan, error: error instanceof Error ? error.message : String(error) };
      logger.warn('the dead-man address did not take the heartbeat', { error: deadMan.error });
    }
  }

  async function tick(): Promise<void> {
    if (clock.monotonic() >= nextLookMs) {
      nextLookMs = clock.monotonic() + times.lookEveryMs;
      await look();
    }
    await beat();
  }

  function schedule(): void {
    cancel = clock.setTimer(Math.min(tickMs, times.lookEveryMs), () => {
      running = tick().catch((error: unknown) =>
        logger.error('a look of the auditor failed', { error: String(error) }),
      );
      void running.then(() => {
        if (!stopped) schedule();
      });
    });
  }

  return {
    look,
    orders: (given) => void (orders = given),
    start() {
      stopped = false;
      forgetLooks(database, new Date(clock.now() - keptMs).toISOString()).catch(() => {});
      schedule();
    },
    async stop() {
      stopped = true;
      cancel();
      await running;
    },
  };
}
