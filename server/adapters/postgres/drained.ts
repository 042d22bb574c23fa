import type { Place } from '#server/adapters/postgres/attempts.ts';
import { partitionCount } from '#server/adapters/postgres/partitions.ts';
import type { Database } from '#server/database/pool.ts';
import type { Clock } from '#server/ports/clock.ts';

const askEveryMs = 20;

/** Waits until the group has passed everything that is in the topic now. */
export async function waitUntilDrained(
  database: Pick<Database, 'connect'>,
  place: Place,
  clock: Clock,
  nudge: () => void,
): Promise<void> {
  const client = await database.connect();
  try {
    const { rows: ends } = await client.query<{ partition: number; xid: string; seq: number }>(
      `SELECT p AS partition, last.xid, last.seq FROM generate_series(0, $2::int - 1) AS p JOIN LATERAL (
         SELECT xid, seq FROM event_log WHERE topic = $1 AND partition = p ORDER BY xid DESC, seq DESC LIMIT 1
       ) AS last ON true`,
      [place.topic, partitionCount],
    );
    for (;;) {
      const { rows } = await client.query<{ missing: boolean }>(
        `SELECT EXISTS (
           SELECT FROM unnest($3::int[], $4::text[], $5::bigint[]) AS e (partition, xid, seq)
           LEFT JOIN consumer_offset o ON o.consumer_group = $1 AND o.topic = $2 AND o.partition = e.partition
           WHERE o.partition IS NULL OR (o.xid, o.seq) < (e.xid::xid8, e.seq)
         ) AS missing`,
        [
          place.group,
          place.topic,
          ends.map((end) => end.partition),
          ends.map((end) => end.xid),
          ends.map((end) => end.seq),
        ],
      );
      if (rows[0]?.missing !== true) return;
      nudge();
      await clock.sleep(askEveryMs);
    }
  } finally {
    await client.end();
  }
}
