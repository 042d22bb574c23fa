import { AppError } from '#server/api/app-error.ts';
import type { SqlReader, Transactor, Tx } from '#server/database/transaction.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { ConsumerOptions, DeadLetter, EventLog, LogRecord } from '#server/ports/event-log.ts';
import type { Random } from '#server/ports/random.ts';

interface DeadLetterRow {
  id: string;
  topic: string;
  consumer_group: string;
  record_id: string;
  key: string;
  type: string;
  payload: string;
  reason: string;
  attempts: number;
  parked_at: string;
  resolution: 'replayed' | 'discarded' | null;
  resolved_at: string | null;
}

const longestReason = 2_000;

/** Puts records aside in the transaction that moves the offset past them. */
export async function park(
  tx: Tx,
  deps: { options: Pick<ConsumerOptions, 'group' | 'topic'>; clock: Pick<Clock, 'now'>; random: Pick<Random, 'uuid'> },
  letters: readonly { record: LogRecord; reason: string }[],
  attempts: number,
): Promise<void> {
  if (letters.length === 0) return;
  await tx.query({
    name: 'log-park',
    text: `INSERT INTO dead_letter
             (id, consumer_group, topic, partition, record_id, key, type, payload, received_at, reason, attempts, parked_at)
           SELECT r.id, $1, $2, r.partition, r.record_id, r.key, r.type, r.payload, r.received_at, r.reason, $3, $4
           FROM unnest($5::uuid[], $6::smallint[], $7::uuid[], $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::text[])
             AS r (id, partition, record_id, key, type, payload, received_at, reason)`,
    values: [
      deps.options.group,
      deps.options.topic,
      attempts,
      new Date(deps.clock.now()).toISOString(),
      letters.map(() => deps.random.uuid()),
      letters.map(({ record }) => record.partition),
      letters.map(({ record }) => record.id),
      letters.map(({ record }) => record.key),
      letters.map(({ record }) => record.type),
      letters.map(({ record }) => record.payload),
      letters.map(({ record }) => new Date(record.receivedAt).toISOString()),
      letters.map(({ reason }) => reason.slice(0, longestReason).replaceAll('\0', '')),
    ],
  });
}

export function createDeadLetters(deps: {
  database: SqlReader & Transactor;
  clock: Pick<Clock, 'now'>;
  /** After a record went back into the log. */
  appended(topic: string): void;
}): EventLog['deadLetters'] {
  const { database } = deps;

  async function resolve(tx: Tx, id: string, resolution: 'replayed' | 'discarded'): Promise<boolean> {
    const { rows } = await tx.query<{ resolution: string | null }>(
      'SELECT resolution FROM dead_letter WHERE id = $1 FOR UPDATE',
      [id],
    );
    const row = rows[0];
    if (row === undefined)
      throw new AppError(
        'not-found',
        'There is no such dead letter; it may have been cleaned up. Load the list again.',
      );
    // The same answer twice is no conflict: the second click, or the retry of a lost response.
    if (row.resolution === resolution) return false;
    if (row.resolution !== null) {
      throw new AppError(
        'conflict',
        `Somebody has already ${row.resolution} this dead letter. Load the list again to see it.`,
      );
    }
    await tx.query('UPDATE dead_letter SET resolution = $2, resolved_at = $3 WHERE id = $1', [
      id,
      resolution,
      new Date(deps.clock.now()).toISOString(),
    ]);
    return true;
  }

  return {
    async list({ limit, includeResolved }) {
      const rows = await database.query<DeadLetterRow>(
        `SELECT id, topic, consumer_group, record_id, key, type, payload, reason, attempts, parked_at, resolution, resolved_at
         FROM dead_letter WHERE $2 OR resolution IS NULL ORDER BY parked_at DESC, id DESC LIMIT $1`,
        [limit, includeResolved],
      );
      return rows.map(fromRow);
    },
    async count() {
      const [row] = await database.query<{ count: number }>(
        'SELECT count(*) AS count FROM dead_letter WHERE resolution IS NULL',
      );
      return row?.count ?? 0;
    },
    async replay(id) {
      const topic = await database.withTransaction(async (tx) => {
        if (!(await resolve(tx, id, 'replayed'))) return null;
        const { rows } = await tx.query<{ topic: string }>(
          `INSERT INTO event_log (topic, partition, id, key, type, payload, received_at)
           SELECT topic, partition, record_id, key, type, payload, received_at FROM dead_letter WHERE id = $1 RETURNING topic`,
          [id],
        );
        return rows[0]?.topic ?? null;
      });
      if (topic !== null) deps.appended(topic);
    },
    async discard(id) {
      await database.withTransaction((tx) => resolve(tx, id, 'discarded'));
    },
  };
}

function fromRow(row: DeadLetterRow): DeadLetter {
  return {
    id: row.id,
    topic: row.topic,
    group: row.consumer_group,
    recordId: row.record_id,
    key: row.key,
    type: row.type,
    payload: row.payload,
    reason: row.reason,
    attempts: row.attempts,
    parkedAt: Date.parse(row.parked_at),
    resolution: row.resolution,
    resolvedAt: row.resolved_at === null ? null : Date.parse(row.resolved_at),
  };
}
