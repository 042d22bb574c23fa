// Runs the handler: all records together, or each in a savepoint of its own.
import type pg from 'pg';
import { isConnectionLost, isOutOfResources, isWorthRetrying } from '#server/database/database-error.ts';
import { lend, takeWaking, type Tx, wakeAfterCommit } from '#server/database/transaction.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { ConsumerOptions, Disposition, LogRecord } from '#server/ports/event-log.ts';

export interface HandlerRun {
  handle: ConsumerOptions['handle'];
  tx: Tx;
  /** Of the connection that `tx` runs on. */
  pid: number;
  clock: Clock;
  control(): Promise<pg.Client>;
  attemptTimeoutMs: number;
  onHang(): void;
}

export interface Letter {
  record: LogRecord;
  reason: string;
}

export interface Applied {
  /** What is done with, in order; perhaps not all that was given, and at least one. */
  records: LogRecord[];
  /** Those of them that are to be parked. */
  letters: Letter[];
}

export class RetryLater extends Error {
  readonly index: number;
  constructor(index: number, reason: string) {
    super(reason);
    this.index = index;
  }
}

class Hung extends Error {
  // Makes the pool drop the connection, which the handler may still hold.
  readonly code = '57P01';
}

export async function applyAll(run: HandlerRun, records: LogRecord[]): Promise<Letter[]> {
  return sort(records, await within(run, records));
}

/** PostgreSQL keeps 64 savepoints of a transaction at hand; more make every reader slower. */
const mostEach = 60;
const longestMs = 80;

/** One that fails does not undo the others: it is tried again, and then parked. */
export async function applyEach(run: HandlerRun, records: LogRecord[], maxAttempts: number): Promise<Applied> {
  const { tx, clock } = run;
  const applied: Applied = { records: [], letters: [] };
  const until = clock.monotonic() + longestMs;
  await tx.query('SAVEPOINT record');
  for (const record of records) {
    // However late it is: a turn that did nothing has nothing to say about where it ended.
    const some = applied.records.length > 0;
    if (some && (applied.records.length === mostEach || clock.monotonic() > until)) break;
    try {
      applied.letters.push(...(await applyOne(run, record, maxAttempts)));
    } catch (error) {
      if (error instanceof RetryLater && applied.records.length > 0) return applied;
      throw error;
    }
    applied.records.push(record);
    // One round trip for both.
    await tx.query('RELEASE SAVEPOINT record; SAVEPOINT record');
  }
  return applied;
}

async function applyOne(run: HandlerRun, record: LogRecord, maxAttempts: number): Promise<Letter[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return sort([record], await within(run, [record]));
    } catch (error) {
      if (error instanceof Hung || isConnectionLost(error) || isOutOfResources(error) || isWorthRetrying(error))
        throw error;
      await run.tx.query('ROLLBACK TO SAVEPOINT record');
      if (error instanceof RetryLater) throw error;
      if (attempt >= maxAttempts) return [{ record, reason: error instanceof Error ? error.message : String(error) }];
    }
  }
}

/** Runs the handler with a limit on its time, and takes its transaction away from it when it is over. */
async function within({ tx, ...deps }: HandlerRun, records: LogRecord[]): Promise<Disposition[]> {
  const lent = lend(tx);
  let cancelTimer = () => {};
  const limit = new Promise<never>((_, reject) => {
    cancelTimer = deps.clock.setTimer(deps.attemptTimeoutMs, () => {
      deps.onHang();
      lent.end();
      // The statement it waits for may hold locks; closing our end alone would leave it running.
      deps
        .control()
        .then((control) => control.query('SELECT pg_terminate_backend($1)', [deps.pid]))
        .catch(() => {})
        .finally(() => reject(new Hung('the handler ran too long')));
    });
  });
  try {
    const dispositions = await Promise.race([deps.handle(lent.tx, records), limit]);
    for (const channel of takeWaking(lent.tx)) wakeAfterCommit(tx, channel);
    return dispositions;
  } catch (error) {
    throw lent.cause(error);
  } finally {
    lent.end();
    cancelTimer();
  }
}

/** What is to be parked; a record that wants a later attempt undoes the turn, so that nothing after it has an effect. */
function sort(records: LogRecord[], dispositions: Disposition[]): Letter[] {
  if (dispositions.length !== records.length)
    throw new Error(`the handler answered ${dispositions.length} dispositions for ${records.length} records`);
  const letters: Letter[] = [];
  for (const [i, record] of records.entries()) {
    const disposition = dispositions[i];
    if (disposition?.kind === 'retry') throw new RetryLater(i, disposition.reason);
    if (disposition?.kind === 'dlq') letters.push({ record, reason: disposition.reason });
  }
  return letters;
}
