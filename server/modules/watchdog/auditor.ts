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
  parkedInWords,
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
  let parkedAlarm: AlarmState = { bad: 0, toldAt: null };
  let parked: string | null = null;
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
      const { queues: slow, changed, deadLetters, ...due } = await within(asked);
      parked = parkedInWords(deadLetters);
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
    if (decided.alarm !== null && !(await tell(stallWords(decided.alarm, faults)))) alarm = untold(alarm);
    await lookAtParked(facts);
    const at = new Date(clock.now()).toISOString();
    const { due } = facts;
    const overdue = due === null ? 0 : due.steps + due.unseen + due.notifications + due.claims + due.monitors;
    const oldestDue = due?.oldestDue ?? null;
    const seen: AuditLook = {
      at,
      overdue,
      oldestDue,
      faults,
      parked,
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

  /** With an alarm of its own: a dead letter that stays must not keep a stall that comes later from being told at once. */
  async function lookAtParked(facts: AuditFacts): Promise<void> {
    // A database that does not answer says nothing about them.
    if (facts.due === null) return;
    const decided = decideAlarm(parkedAlarm, parked === null ? [] : [parked], clock.monotonic(), times);
    parkedAlarm = decided.state;
    if (decided.alarm !== null && !(await tell(parkedWords(decided.alarm, parked ?? ''))))
      parkedAlarm = untold(parkedAlarm);
  }

  /** False when it has to be told again with the next look. */
  async function tell({ log, summary, text, faults: found }: Told): Promise<boolean> {
    logger.error(log, { faults: found });
    if (!orders.fallback) return true;
    try {
      await deps.tell({ summary: summary.slice(0, summaryMax), text });
      return true;
    } catch (error) {
      logger.error('the fallback channel did not take it; it is tried again with the next look', {
        error: String(error),
      });
      return found.length === 0;
    }
  }

  /** Whoever watches us is told by silence: of a stall, and of a dead letter that no fallback channel has told. */
  async function beat(): Promise<void> {
    if (orders.deadMan === null || faults === null || faults.length > 0) return;
    if (parked !== null && (!orders.fallback || parkedAlarm.toldAt === null)) return;
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
    orders(given) {
      // What another address answered says nothing about this one.
      if (given.deadMan?.url !== orders.deadMan?.url) deadMan = { at: null, error: null, nextMs: 0 };
      orders = given;
    },
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

interface Told {
  log: string;
  summary: string;
  text: string;
  /** Empty when it is over. */
  faults: readonly string[];
}

const summaryMax = 150;

function stallWords(alarm: 'tell' | 'all-clear', faults: readonly string[]): Told {
  if (alarm === 'all-clear') {
    const text = 'What was overdue is done. Look through the incidents of the last minutes.';
    return { log: 'paging works again', summary: 'Paging works again', text, faults };
  }
  const text = `${faults.join('; ')}. Pages may not go out. Look at the server now, and watch the alerts by hand until this is mended.`;
  return { log: 'paging has stalled', summary: `Paging has stalled: ${faults[0] ?? ''}`, text, faults };
}

function parkedWords(alarm: 'tell' | 'all-clear', parked: string): Told {
  if (alarm === 'all-clear') {
    const text = 'Somebody has replayed or discarded every dead letter.';
    return { log: 'no dead letter is left', summary: 'No dead letter is left', text, faults: [] };
  }
  const text = `${parked}. Look at each under Diagnostics, Dead letters, now: see to what it is about by hand, then replay or discard it.`;
  return { log: 'accepted records were put aside and have paged nobody', summary: parked, text, faults: [parked] };
}

function untold(state: AlarmState): AlarmState {
  return { ...state, toldAt: null };
}
