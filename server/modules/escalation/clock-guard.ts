// Paging's own sense of time: the database's clock, carried on by the machine's elapsed time. When the clock is set, what
// is pending keeps its elapsed time: all due times move by the step, once, whoever of several servers sees it first.
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export const stepMs = 1_000;
const lookMs = 1_000;
/** A reading that took longer says too little about when it was taken. */
const slowMs = 250;
/** Held together by whoever writes due times, alone by whoever moves them. */
const dueTimesLock = 0x63_6c_6b;

export interface ClockStore<T = Tx> {
  /** The database's clock, and by how much due times were moved in all. */
  read(): Promise<{ nowMs: number; movedMs: number }>;
  /** The same in a transaction: until it ends, nobody moves them. */
  hold(tx: T): Promise<{ nowMs: number; movedMs: number }>;
  /** For who is about to move them: waits for all that hold them, and makes others wait. */
  lockMoved(tx: T): Promise<number>;
  /** Moves the due times of everything that is pending by so much, and remembers that it did. */
  move(tx: T, at: string, byMs: number, movedMs: number): Promise<string[]>;
}

export interface ClockGuard<T = Tx> {
  /** The injected clock with the guarded time in place of the machine's: for everything that compares due times. */
  clock: Clock;
  /**
   * First in a transaction that takes something for due or writes due times, before it asks what time it is: whether due
   * times there and the guarded time are of one mind, and they stay so until it ends. If the clock was set and this server
   * has yet to see it, or another one has moved them already, nothing may be taken for due: what was written since has the
   * new time, and would look an hour late or early beside the old one.
   */
  agrees(tx: T): Promise<boolean>;
  start(): void;
  stop(): Promise<void>;
  /** Compares once; answers the step that it dealt with, 0 when there was none. */
  look(): Promise<number>;
}

export function createClockGuard<T = Tx>(deps: {
  transact<R>(body: (tx: T) => Promise<R>): Promise<R>;
  store: ClockStore<T>;
  /** Writes into the ledgers of the incidents whose timers moved. */
  record(tx: T, at: string, incidentIds: readonly string[], byMs: number): Promise<void>;
  clock: Clock;
  logger: Logger;
}): ClockGuard<T> {
  const { transact, store, record, clock, logger } = deps;
  /** Database time less elapsed time; null until it was read. */
  let offset: number | null = null;
  let moved = 0;
  let stopped = true;
  let cancel = () => {};
  let running: Promise<unknown> = Promise.resolve();

  const now = () => (offset === null ? clock.now() : Math.round(offset + clock.elapsed()));

  async function look(): Promise<number> {
    const before = clock.elapsed();
    const reading = await store.read();
    const after = clock.elapsed();
    const middle = (before + after) / 2;
    const slow = after - before > slowMs;
    if (offset === null) {
      offset = reading.nowMs - middle;
      moved = reading.movedMs;
      return 0;
    }
    // What others have moved meanwhile is a step that they saw.
    const drift = reading.nowMs - (offset + middle);
    if (Math.abs(drift) < stepMs + (after - before)) {
      if (!slow) offset += drift;
      moved = reading.movedMs;
      return 0;
    }
    const step = Math.round(drift);
    await transact(async (tx) => {
      const known = await store.lockMoved(tx);
      const left = step - (known - moved);
      if (Math.abs(left) < stepMs) return known;
      const at = new Date(reading.nowMs).toISOString();
      const incidentIds = await store.move(tx, at, left, known + left);
      await record(tx, at, incidentIds, left);
      return known + left;
    }).then((total) => {
      moved = total;
    });
    offset += drift;
    logger.warn('the clock was set; what is pending keeps the time that it had left', { stepMs: step });
    return step;
  }

  function schedule(): void {
    cancel = clock.setTimer(lookMs, () => {
      running = look()
        .catch((error: unknown) => logger.warn('the clock could not be compared', { error: String(error) }))
        .then(() => {
          if (!stopped) schedule();
        });
    });
  }

  return {
    clock: { ...clock, now },
    async agrees(tx) {
      const before = now();
      const held = await store.hold(tx);
      return offset !== null && held.movedMs === moved && held.nowMs > before - stepMs && held.nowMs < now() + stepMs;
    },
    start() {
      stopped = false;
      running = look().catch(() => 0);
      schedule();
    },
    async stop() {
      stopped = true;
      cancel();
      await running;
    },
    look,
  };
}

const reading = `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs", moved_ms AS "movedMs" FROM paging_clock`;

function only<R>([row]: readonly R[]): R {
  if (row === undefined) throw new Error('the row of the paging clock is missing');
  return row;
}

export function createClockStore(sql: SqlReader): ClockStore {
  return {
    async read() {
      return only(await sql.query<{ nowMs: number; movedMs: number }>({ name: 'paging-clock-read', text: reading }));
    },
    async hold(tx) {
      // Two statements: what one sees was fixed before it waited for the lock.
      const [, { rows }] = await Promise.all([
        tx.query({
          name: 'paging-clock-share',
          text: 'SELECT pg_advisory_xact_lock_shared($1)',
          values: [dueTimesLock],
        }),
        tx.query<{ nowMs: number; movedMs: number }>({ name: 'paging-clock-read', text: reading }),
      ]);
      return only(rows);
    },
    async lockMoved(tx) {
      await tx.query({
        name: 'paging-clock-alone',
        text: 'SELECT pg_advisory_xact_lock($1)',
        values: [dueTimesLock],
      });
      const { rows } = await tx.query<{ movedMs: number }>({
        name: 'paging-clock-lock',
        text: 'SELECT moved_ms AS "movedMs" FROM paging_clock FOR UPDATE',
      });
      return rows[0]?.movedMs ?? 0;
    },
    async move(tx, at, byMs, movedMs) {
      const by = `make_interval(secs => $1::float8 / 1000)`;
      const { rows } = await tx.query<{ id: string }>({
        name: 'paging-clock-move-steps',
        // What waits for its first look may have come before the clock was set or after it: it counts from now.
        text: `UPDATE escalation
               SET next_at = CASE WHEN run > 0 AND status IN ('waiting', 'held') THEN next_at + ${by} ELSE $2 END
               WHERE next_at IS NOT NULL RETURNING id`,
        values: [byMs, at],
      });
      await tx.query({
        name: 'paging-clock-move-notifications',
        text: `UPDATE notification SET due_at = due_at + ${by}, planned_at = planned_at + ${by},
                 first_tried_at = first_tried_at + ${by}, claimed_until = claimed_until + ${by}
               WHERE status IN ('pending', 'sending')`,
        values: [byMs],
      });
      await tx.query({
        name: 'paging-clock-move-messages',
        // Without a reference it is an opening, and that is the end of its lease. What was just brought up to date is not
        // stale, but it would wait for that time when the incident changes again.
        text: `UPDATE channel_message SET due_at = due_at + ${by} WHERE stale OR provider_ref = '' OR due_at > $2`,
        values: [byMs, at],
      });
      await tx.query({
        name: 'paging-clock-remember',
        text: 'UPDATE paging_clock SET moved_ms = $1',
        values: [movedMs],
      });
      return rows.map((row) => row.id);
    },
  };
}
