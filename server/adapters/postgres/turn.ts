// One attempt at the heads of some partitions, in one transaction: claim, count, run, move the offsets.
import type pg from 'pg';
import { type Attempt, countAttempts, lockAndRead, moveOffsets } from '#server/adapters/postgres/attempts.ts';
import { park } from '#server/adapters/postgres/dead-letters.ts';
import { fnv1a } from '#server/adapters/postgres/partitions.ts';
import { isConnectionLost, isOutOfResources } from '#server/database/database-error.ts';
import type { Tx, Transactor } from '#server/database/transaction.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { ConsumerOptions, Disposition, LogRecord } from '#server/ports/event-log.ts';
import type { Random } from '#server/ports/random.ts';

export type TurnResult =
  | { kind: 'idle' }
  /** Another server has these partitions. */
  | { kind: 'busy' }
  | { kind: 'done'; attempts: Attempt[]; records: LogRecord[]; parked: number }
  /** A record wants a later attempt; `before` records of its partition come before it. */
  | { kind: 'retry'; attempts: Attempt[]; partition: number; before: number; reason: string }
  /** The database is away or full: nobody's fault. */
  | { kind: 'unavailable'; attempts: Attempt[]; error: unknown }
  | { kind: 'failed'; attempts: Attempt[]; reason: string; hung: boolean };

export interface TurnDeps {
  database: Transactor;
  clock: Clock;
  random: Random;
  /** A connection whose commits need not reach the disk: the counts must outlive this process, not the database's. */
  control(): Promise<pg.Client>;
  options: ConsumerOptions;
  attemptTimeoutMs: number;
  maxAttempts: number;
}

export interface Turn {
  partitions: readonly number[];
  /** Most records of each. */
  limit: number;
  /** May run a record that failed before; then it is the only partition. */
  cautious: boolean;
  /** Why earlier attempts at the head failed, as far as this process knows. */
  lastReason: string | null;
}

class RetryLater extends Error {
  readonly index: number;
  constructor(index: number, reason: string) {
    super(reason);
    this.index = index;
  }
}
class Fenced extends Error {}
class Hung extends Error {
  // Makes the pool drop the connection, which the handler may still hold.
  readonly code = '57P01';
}

export async function runTurn(deps: TurnDeps, turn: Turn): Promise<TurnResult> {
  const { options } = deps;
  let attempts: Attempt[] | null = null;
  let records: LogRecord[] = [];
  let hung = false;
  try {
    return await deps.database.withTransaction<TurnResult>(async (tx) => {
      const claim = await claimPartitions(tx, options, turn.partitions);
      if (claim.partitions.length === 0) return { kind: 'busy' };
      // Counted once, also when the database asks for this body a second time.
      attempts ??= await countAttempts(await deps.control(), options, claim.partitions, turn);
      if (attempts.length === 0) return { kind: 'idle' };
      if (!attempts.every(({ partition }) => claim.partitions.includes(partition))) throw new Fenced();
      records = await lockAndRead(tx, options, attempts);
      if (records.length !== attempts.reduce((sum, attempt) => sum + attempt.records, 0)) throw new Fenced();
      const letters = givenUp(deps, attempts)
        ? records.map((record) => ({ record, reason: turn.lastReason ?? 'the server ended or was stopped while this ran' }))
        : sort(records, await within(deps, claim.pid, tx, records, () => (hung = true)));
      await park(tx, deps, letters, Math.min(attempts[0]?.attempts ?? 1, deps.maxAttempts));
      await moveOffsets(tx, options, attempts);
      return { kind: 'done', attempts, records, parked: letters.length };
    });
  } catch (error) {
    const counted = (attempts as Attempt[] | null) ?? [];
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof Fenced) return { kind: 'busy' };
    if (error instanceof RetryLater) {
      const partition = records[error.index]?.partition ?? 0;
      const before = records.slice(0, error.index).filter((record) => record.partition === partition).length;
      return { kind: 'retry', attempts: counted, partition, before, reason };
    }
    if (hung) return { kind: 'failed', attempts: counted, hung, reason: `ran longer than ${deps.attemptTimeoutMs / 1_000} s and was cut` };
    if (counted.length === 0 || isConnectionLost(error) || isOutOfResources(error)) return { kind: 'unavailable', attempts: counted, error };
    return { kind: 'failed', attempts: counted, reason, hung };
  }
}

function givenUp(deps: TurnDeps, attempts: readonly Attempt[]): boolean {
  return attempts.some((attempt) => attempt.cautious && attempt.attempts > deps.maxAttempts);
}

/** Ends with the transaction, also when this process stands still or dies. */
async function claimPartitions(
  tx: Tx,
  options: ConsumerOptions,
  partitions: readonly number[],
): Promise<{ partitions: number[]; pid: number }> {
  const { rows } = await tx.query<{ partition: number; mine: boolean; pid: number }>({
    name: 'log-claim',
    text: 'SELECT p AS partition, pg_try_advisory_xact_lock($1, p) AS mine, pg_backend_pid() AS pid FROM unnest($2::int[]) AS p',
    values: [fnv1a(`${options.group}/${options.topic}`) | 0, partitions],
  });
  return { partitions: rows.filter((row) => row.mine).map((row) => row.partition), pid: rows[0]?.pid ?? 0 };
}

/** Runs the handler with a limit on its time, and takes its transaction away from it when it is over. */
async function within(deps: TurnDeps, pid: number, tx: Tx, records: LogRecord[], onHang: () => void): Promise<Disposition[]> {
  let over = false;
  const run = tx.query.bind(tx) as (...args: unknown[]) => unknown;
  const guarded = {
    query: ((...args: unknown[]) => (over ? Promise.reject(new Error('this transaction has ended')) : run(...args))) as Tx['query'],
  };
  let cancelTimer = () => {};
  const limit = new Promise<never>((_, reject) => {
    cancelTimer = deps.clock.setTimer(deps.attemptTimeoutMs, () => {
      onHang();
      over = true;
      // The statement it waits for may hold locks; closing our end alone would leave it running.
      deps
        .control()
        .then((control) => control.query('SELECT pg_terminate_backend($1)', [pid]))
        .catch(() => {})
        .finally(() => reject(new Hung('the handler ran too long')));
    });
  });
  try {
    return await Promise.race([deps.options.handle(guarded, records), limit]);
  } finally {
    over = true;
    cancelTimer();
  }
}

/** What is to be parked; a record that wants a later attempt undoes the turn, so that nothing after it has an effect. */
function sort(records: LogRecord[], dispositions: Disposition[]): { record: LogRecord; reason: string }[] {
  if (dispositions.length !== records.length) throw new Error(`the handler answered ${dispositions.length} dispositions for ${records.length} records`);
  const letters: { record: LogRecord; reason: string }[] = [];
  for (const [i, record] of records.entries()) {
    const disposition = dispositions[i];
    if (disposition?.kind === 'retry') throw new RetryLater(i, disposition.reason);
    if (disposition?.kind === 'dlq') letters.push({ record, reason: disposition.reason });
  }
  return letters;
}
