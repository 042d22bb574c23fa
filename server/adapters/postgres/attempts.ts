// The rows that count attempts: one a partition, written before anything runs.
import type pg from 'pg';
import { partitionCount } from '#server/adapters/postgres/partitions.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { LogRecord } from '#server/ports/event-log.ts';

export interface Place {
  group: string;
  topic: string;
}

/** An attempt at the head of one partition; its row must still say the same when the effect is written. */
export interface Attempt {
  partition: number;
  xid: string;
  seq: number;
  /** With this one. */
  attempts: number;
  endXid: string;
  endSeq: number;
  records: number;
  /** Runs one record by itself, because an attempt that held it did not end well. */
  cautious: boolean;
  /** What the row said before, to take the count back when the record is not to blame. */
  before: { attempts: number; cautiousXid: string; cautiousSeq: number };
}

export async function ensureOffsets(client: pg.Client, { group, topic }: Place): Promise<void> {
  await client.query(
    `INSERT INTO consumer_offset (consumer_group, topic, partition)
     SELECT $1, $2, p FROM generate_series(0, $3::int - 1) AS p ON CONFLICT DO NOTHING`,
    [group, topic, partitionCount],
  );
}

/** Partitions with something to read. One that is not `visible` waits for an older transaction to end. */
export async function lookForWork(
  client: pg.Client,
  { group, topic }: Place,
): Promise<{ partition: number; visible: boolean; cautious: boolean }[]> {
  const { rows } = await client.query<{ partition: number; visible: boolean; cautious: boolean }>({
    name: 'log-look',
    text: `SELECT o.partition, head.xid < pg_snapshot_xmin(pg_current_snapshot()) AS visible,
             o.attempts > 0 OR (o.xid, o.seq) < (o.cautious_xid, o.cautious_seq) AS cautious
           FROM consumer_offset o JOIN LATERAL (
             SELECT l.xid FROM event_log l
             WHERE l.topic = o.topic AND l.partition = o.partition AND (l.xid, l.seq) > (o.xid, o.seq)
             ORDER BY l.xid, l.seq LIMIT 1
           ) AS head ON true
           WHERE o.consumer_group = $1 AND o.topic = $2 ORDER BY o.partition`,
    values: [group, topic],
  });
  return rows;
}

/**
 * Writes down, before anything runs, that it is about to. An attempt that never reports back is thereby known: the row
 * still has its count, and everything up to the end of its batch then runs one by one.
 */
export async function countAttempts(
  control: pg.Client,
  { group, topic }: Place,
  partitions: readonly number[],
  options: { limit: number; cautious: boolean },
): Promise<Attempt[]> {
  const { rows } = await control.query<
    Omit<Attempt, 'before'> & { attemptsBefore: number; cautiousXid: string; cautiousSeq: number }
  >({
    name: 'log-count-attempts',
    text: `WITH here AS (
             SELECT *, attempts > 0 OR (xid, seq) < (cautious_xid, cautious_seq) AS cautious
             FROM consumer_offset WHERE consumer_group = $1 AND topic = $2 AND partition = ANY ($3::int[])
           ), batch AS (
             SELECT here.partition, head.xid, head.seq FROM here JOIN LATERAL (
               SELECT l.xid, l.seq FROM event_log l
               WHERE l.topic = $2 AND l.partition = here.partition AND (l.xid, l.seq) > (here.xid, here.seq)
                 AND l.xid < pg_snapshot_xmin(pg_current_snapshot())
               ORDER BY l.xid, l.seq LIMIT CASE WHEN here.cautious THEN 1 ELSE $4::int END
             ) AS head ON true
             WHERE $5::boolean OR NOT here.cautious
           ), last AS (
             SELECT DISTINCT ON (partition) partition, xid, seq, count(*) OVER (PARTITION BY partition) AS records
             FROM batch ORDER BY partition, xid DESC, seq DESC
           )
           UPDATE consumer_offset o SET
             attempts = o.attempts + 1,
             cautious_xid = CASE WHEN (o.xid, o.seq) < (o.cautious_xid, o.cautious_seq) THEN o.cautious_xid ELSE last.xid END,
             cautious_seq = CASE WHEN (o.xid, o.seq) < (o.cautious_xid, o.cautious_seq) THEN o.cautious_seq ELSE last.seq END
           FROM here JOIN last USING (partition)
           WHERE o.consumer_group = $1 AND o.topic = $2 AND o.partition = here.partition
           RETURNING o.partition, o.xid, o.seq, o.attempts, last.xid AS "endXid", last.seq AS "endSeq", last.records, here.cautious,
             here.attempts AS "attemptsBefore", here.cautious_xid AS "cautiousXid", here.cautious_seq AS "cautiousSeq"`,
    values: [group, topic, partitions, options.limit, options.cautious],
  });
  return rows.map(({ attemptsBefore, cautiousXid, cautiousSeq, ...row }) => ({
    ...row,
    before: { attempts: attemptsBefore, cautiousXid, cautiousSeq },
  }));
}

/** Takes counts back that were not the records' fault. */
export async function takeBack(
  control: pg.Client,
  { group, topic }: Place,
  attempts: readonly Attempt[],
): Promise<void> {
  await control.query({
    name: 'log-take-back',
    text: `UPDATE consumer_offset o SET attempts = a.attempts_before, cautious_xid = a.cautious_xid, cautious_seq = a.cautious_seq
           FROM unnest($3::int[], $4::xid8[], $5::bigint[], $6::int[], $7::int[], $8::xid8[], $9::bigint[])
             AS a (partition, xid, seq, attempts, attempts_before, cautious_xid, cautious_seq)
           WHERE o.consumer_group = $1 AND o.topic = $2 AND o.partition = a.partition
             AND o.xid = a.xid AND o.seq = a.seq AND o.attempts = a.attempts`,
    values: [
      group,
      topic,
      ...fence(attempts),
      attempts.map(({ before }) => before.attempts),
      attempts.map(({ before }) => before.cautiousXid),
      attempts.map(({ before }) => before.cautiousSeq),
    ],
  });
}

/**
 * The row locks are the fence: they are only had while offsets and counts are those of these attempts. Answers fewer
 * records than were counted when they are not.
 */
export async function lockAndRead(tx: Tx, { group, topic }: Place, attempts: readonly Attempt[]): Promise<LogRecord[]> {
  const { rows } = await tx.query<{
    partition: number;
    xid: string;
    seq: number;
    id: string;
    key: string;
    type: string;
    payload: string;
    received_at: string;
  }>({
    name: 'log-lock-and-read',
    text: `WITH claim AS (
             SELECT o.partition, o.xid, o.seq, a.end_xid, a.end_seq FROM consumer_offset o
             JOIN unnest($3::int[], $4::xid8[], $5::bigint[], $6::int[], $7::xid8[], $8::bigint[])
               AS a (partition, xid, seq, attempts, end_xid, end_seq)
               ON o.partition = a.partition AND o.xid = a.xid AND o.seq = a.seq AND o.attempts = a.attempts
             WHERE o.consumer_group = $1 AND o.topic = $2
             FOR UPDATE OF o SKIP LOCKED
           )
           SELECT l.partition, l.xid, l.seq, l.id, l.key, l.type, l.payload, l.received_at FROM claim JOIN event_log l
             ON l.topic = $2 AND l.partition = claim.partition
             AND (l.xid, l.seq) > (claim.xid, claim.seq) AND (l.xid, l.seq) <= (claim.end_xid, claim.end_seq)
           ORDER BY l.xid, l.seq`,
    values: [group, topic, ...fence(attempts), ...ends(attempts)],
  });
  return rows.map((row) => ({
    topic,
    partition: row.partition,
    offset: `${row.xid}.${row.seq}`,
    id: row.id,
    key: row.key,
    type: row.type,
    payload: row.payload,
    receivedAt: Date.parse(row.received_at),
  }));
}

/** `trusted` ends the caution about what follows, because it is known how the rest of the batch fares. */
export async function moveOffsets(
  tx: Tx,
  { group, topic }: Place,
  attempts: readonly Attempt[],
  trusted: boolean,
): Promise<void> {
  await tx.query({
    name: 'log-move-offsets',
    text: `UPDATE consumer_offset o SET xid = a.end_xid, seq = a.end_seq, attempts = 0,
             cautious_xid = CASE WHEN $6::boolean THEN a.end_xid ELSE o.cautious_xid END,
             cautious_seq = CASE WHEN $6::boolean THEN a.end_seq ELSE o.cautious_seq END
           FROM unnest($3::int[], $4::xid8[], $5::bigint[]) AS a (partition, end_xid, end_seq)
           WHERE o.consumer_group = $1 AND o.topic = $2 AND o.partition = a.partition`,
    values: [group, topic, attempts.map(({ partition }) => partition), ...ends(attempts), trusted],
  });
}

function fence(attempts: readonly Attempt[]): unknown[] {
  return [
    attempts.map(({ partition }) => partition),
    attempts.map(({ xid }) => xid),
    attempts.map(({ seq }) => seq),
    attempts.map((attempt) => attempt.attempts),
  ];
}

function ends(attempts: readonly Attempt[]): unknown[] {
  return [attempts.map(({ endXid }) => endXid), attempts.map(({ endSeq }) => endSeq)];
}
