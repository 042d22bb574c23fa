// Carries paging on: when the next step is due, at once when something changed, and every second to be sure. What leaves
// the house is the sender's.
import { AppError } from '#server/api/app-error.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { createTurnBatch, type TurnBatchDeps } from '#server/modules/escalation/turn-batch.ts';
import type { Clock } from '#server/ports/clock.ts';

/** However far away the next step is: hints may be lost, and other servers may stop. */
const tickMs = 1_000;
/** Steps that come due one by one are gathered this long. */
const gatherMs = 20;
const batchSize = 200;
const lanes = 4;
/** An incident for which nothing can be written is left out so long, or every batch of a burst would fail with it. */
const leftOutMs = 10_000;

export interface EscalationWorker {
  start(): void;
  stop(): Promise<void>;
  /** Does everything that is due now; answers how many incidents it looked at. */
  runDue(): Promise<number>;
}

export interface EscalationWorkerDeps<T = Tx> extends TurnBatchDeps<T> {
  /** Without a transaction: whether something changed, and when the next step is due. */
  nextDue(): Promise<{ changed: boolean; at: string | null }>;
  wake: { on(channel: string, listener: () => void): () => void };
  clock: Clock;
}

export function createEscalationWorker<T = Tx>(deps: EscalationWorkerDeps<T>): EscalationWorker {
  const { store, clock, logger } = deps;
  const commitTurns = createTurnBatch(deps);
  let stopped = true;
  let ending = false;
  let cancelTimer = () => {};
  let cancelWake = () => {};
  let running: Promise<unknown> | null = null;
  let again = false;
  let nextAt: string | null = null;
  /** Incidents that are left out, and until when. */
  const leftOut = new Map<string, number>();
  const instant = () => new Date(clock.now()).toISOString();

  /**
   * Behind a full batch more is due: then several go on at once, so that some decide while the rows of others are written.
   * None of them asks first whether something is due; a batch that finds little is the answer.
   */
  async function runDue(woken = false): Promise<number> {
    let total = 0;
    const runBatches = async (): Promise<void> => {
      for (let looked = batchSize; !ending && looked >= batchSize; total += looked) looked = await runBatch();
    };
    if (ending || !(woken || (await isDue()))) return 0;
    const first = await runBatch();
    total += first;
    if (first < batchSize) return total;
    // Each to its end, also beside one that fails: who stops waits for all of them.
    const ends = await Promise.allSettled(Array.from({ length: lanes }, runBatches));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return total;
  }

  async function isDue(): Promise<boolean> {
    const { changed, at } = await deps.nextDue();
    nextAt = at;
    return changed || (at !== null && at <= instant());
  }

  async function runBatch(): Promise<number> {
    let ids: string[] = [];
    const lockDue = async (tx: T, now: string) => {
      const at = Date.parse(now);
      // The clock may have been set back since.
      for (const [id, until] of leftOut) if (until <= at || until > at + leftOutMs) leftOut.delete(id);
      const states = await store.lockDue(tx, now, batchSize, [...leftOut.keys()]);
      ids = states.map((state) => state.id);
      return states;
    };
    try {
      return await commitTurns(lockDue);
    } catch (error) {
      if (ids.length === 0 || isPassing(error)) throw error;
      logger.error('a batch of paging could not be written; each incident is tried by itself', {
        error: String(error),
      });
      return await oneByOne(ids);
    }
  }

  async function oneByOne(ids: readonly string[]): Promise<number> {
    const failed: string[] = [];
    for (const id of ids) {
      const lock = async (tx: T) => [await store.lock(tx, id)].filter((state) => state !== null);
      try {
        await commitTurns(lock);
      } catch (error) {
        if (isPassing(error)) throw error;
        logger.error('paging of an incident could not be written; its fallback is', {
          incidentId: id,
          error: String(error),
        });
        try {
          await fallBackAlone(id, lock, error);
        } catch (last) {
          if (isPassing(last)) throw last;
          failed.push(id);
          // Not one of them: that is no incident's fault, and one that is alone holds nobody up.
          if (failed.length === ids.length) throw last;
        }
      }
    }
    for (const id of failed) leftOut.set(id, clock.now() + leftOutMs);
    return ids.length;
  }

  async function fallBackAlone(incidentId: string, lock: (tx: T) => Promise<EscalationState[]>, error: unknown) {
    try {
      await commitTurns(lock, { error, bare: false });
    } catch (second) {
      if (isPassing(second)) throw second;
      logger.error('the fallback of an incident could not be written; it goes to desktops and the channel alone', {
        incidentId,
        error: String(second),
      });
      await commitTurns(lock, { error, bare: true });
    }
  }

  function look(woken: boolean): void {
    if (stopped) return;
    if (running !== null) {
      again = true;
      return;
    }
    cancelTimer();
    again = false;
    running = runDue(woken)
      .then(
        // What is due and could not be had is another server's at this moment.
        (looked) => (looked === 0 && isPast(nextAt) ? tickMs : untilNext()),
        (error: unknown) => {
          logger.error('paging could not go on; it is tried again in a second', { error: String(error) });
          return tickMs;
        },
      )
      .then((pauseMs) => {
        running = null;
        if (stopped) return;
        const hinted = again;
        cancelTimer = clock.setTimer(hinted ? 0 : pauseMs, () => look(hinted));
      });
  }

  function untilNext(): number {
    if (nextAt === null) return tickMs;
    return Math.min(tickMs, Math.max(gatherMs, Date.parse(nextAt) - clock.now()));
  }

  function isPast(at: string | null): boolean {
    return at !== null && at <= instant();
  }

  return {
    start() {
      stopped = false;
      ending = false;
      cancelWake = deps.wake.on('paging', () => look(true));
      look(false);
    },
    async stop() {
      stopped = true;
      ending = true;
      cancelWake();
      cancelTimer();
      await running;
    },
    runDue: () => runDue(),
  };
}

/** The database is away or asks for another try: no incident is to blame, and nobody is paged for it. */
function isPassing(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'unavailable' || error.code === 'disk-full';
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('40');
}
