// One attempt at the heads of some partitions, in one transaction: claim, count, run, move the offsets.
import type pg from 'pg';
import { type Attempt, countAttempts, lockAndRead, moveOffsets } from '#server/adapters/postgres/attempts.ts';
import { type Applied, applyAll, applyEach, type HandlerRun, RetryLater } from '#server/adapters/postgres/apply.ts';
import { park } from '#server/adapters/postgres/dead-letters.ts';
import { fnv1a } from '#server/adapters/postgres/partitions.ts';
import { isConnectionLost, isOutOfResources, isStandstill } from '#server/database/database-error.ts';
import type { Tx, Transactor } from '#server/database/transaction.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { ConsumerOptions, LogRecord } from '#server/ports/event-log.ts';
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
  /** May run a record whose attempt never reported back; then it is the only partition. */
  cautious: boolean;
  /** Each record in a savepoint of its own, because one of them failed; then it is the only partition too. */
  isolated: boolean;
  /** Why earlier attempts at the head failed, as far as this process knows. */
  lastReason: string | null;
}

class Fenced extends Error {}

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
      const run: HandlerRun = { ...deps, handle: options.handle, pid: claim.pid, tx, onHang: () => (hung = true) };
      let applied: Applied = { records, letters: [] };
      let reached = attempts;
      const [head] = attempts;
      if (head?.cautious === true && head.attempts > deps.maxAttempts) {
        const reason = turn.lastReason ?? 'the server ended or was stopped while this ran';
        applied.letters = records.map((record) => ({ record, reason }));
      } else if (turn.isolated && head?.cautious === false) {
        applied = await applyEach(run, records, deps.maxAttempts);
        reached = [cutShort(head, applied.records)];
      } else {
        applied.letters = await applyAll(run, records);
      }
      await park(
        tx,
        deps,
        applied.letters,
        turn.isolated ? deps.maxAttempts : Math.min(head?.attempts ?? 1, deps.maxAttempts),
      );
      await moveOffsets(tx, options, reached, turn.isolated);
      return { kind: 'done', attempts: reached, records: applied.records, parked: applied.letters.length };
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
    if (hung)
      return {
        kind: 'failed',
        attempts: counted,
        hung,
        reason: `ran longer than ${deps.attemptTimeoutMs / 1_000} s and was cut`,
      };
    // Not the database's doing, or a record that takes so long would be tried for ever.
    if (counted.length > 0 && isStandstill(error))
      return { kind: 'failed', attempts: counted, hung, reason: 'it stood still inside its transaction and was cut' };
    if (counted.length === 0 || isConnectionLost(error) || isOutOfResources(error))
      return { kind: 'unavailable', attempts: counted, error };
    return { kind: 'failed', attempts: counted, reason, hung };
  }
}

/** The same attempt, ended at what was done of it. Offsets never move past a record that was not. */
function cutShort(attempt: Attempt, records: readonly LogRecord[]): Attempt {
  const last = records.at(-1);
  if (last === undefined) throw new Error('a turn moves its offset only past what it has done');
  const [endXid = '', endSeq = ''] = last.offset.split('.');
  return { ...attempt, endXid, endSeq: Number(endSeq), records: records.length };
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
