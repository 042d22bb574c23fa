import { partitionCount } from '#server/adapters/postgres/partitions.ts';
import type { Place } from '#server/adapters/postgres/attempts.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import type { Clock } from '#server/ports/clock.ts';

export interface Lag {
  records: number;
  oldestAgeMs: number;
}

/** Up to here the records are counted; beyond it their number is estimated. */
const countMost = 50_000;

/** What the group has before it. */
export async function readLag(
  database: SqlReader,
  clock: Pick<Clock, 'now'>,
  place: Place,
  most = countMost,
): Promise<Lag> {
  const [row] = await database.query<{ records: number; oldest: string | null }>(
    `SELECT count(*) AS records, min(received_at) AS oldest FROM (
       SELECT l.received_at FROM generate_series(0, $4::int - 1) AS p
       LEFT JOIN consumer_offset o ON o.consumer_group = $2 AND o.topic = $1 AND o.partition = p
       -- The limit inside keeps it to the index of what lies ahead; without it a young table is read whole each time.
       CROSS JOIN LATERAL (
         SELECT l.received_at FROM event_log l
         WHERE l.topic = $1 AND l.partition = p AND (l.xid, l.seq) > (coalesce(o.xid, '0'), coalesce(o.seq, 0))
         ORDER BY l.xid, l.seq LIMIT $3
       ) AS l
       LIMIT $3
     ) AS pending`,
    [place.topic, place.group, most, partitionCount],
  );
  const counted = row?.records ?? 0;
  const oldest = row?.oldest ?? null;
  return {
    records: counted < most ? counted : Math.max(most, await estimate(database, place)),
    oldestAgeMs: oldest === null ? 0 : Math.max(0, clock.now() - Date.parse(oldest)),
  };
}

/** A few looks into the index: keys spread evenly, so each partition holds its share of the numbers given out since its head. */
async function estimate(database: SqlReader, { topic, group }: Place): Promise<number> {
  const [row] = await database.query<{ records: number | null }>(
    `WITH place AS (
       SELECT p, head.seq AS head, last.seq AS last FROM generate_series(0, $3::int - 1) AS p
       LEFT JOIN consumer_offset o ON o.consumer_group = $2 AND o.topic = $1 AND o.partition = p
       JOIN LATERAL (
         SELECT l.seq FROM event_log l
         WHERE l.topic = $1 AND l.partition = p AND (l.xid, l.seq) > (coalesce(o.xid, '0'), coalesce(o.seq, 0))
         ORDER BY l.xid, l.seq LIMIT 1
       ) AS head ON true
       JOIN LATERAL (
         SELECT l.seq FROM event_log l WHERE l.topic = $1 AND l.partition = p ORDER BY l.xid DESC, l.seq DESC LIMIT 1
       ) AS last ON true
     )
     SELECT ceil(sum((SELECT max(last) FROM place) - head + 1) / $3::int)::int8 AS records FROM place`,
    [topic, group, partitionCount],
  );
  return row?.records ?? 0;
}
