// A dump that was put back into another PostgreSQL. The event log and the change feed are ordered by the transactions that
// wrote them, and another PostgreSQL counts its own: where it has not come as far, what it writes from now on would stand
// before what every reader has read, and nobody would ever look there.
import type pg from 'pg';
import type { Database } from '#server/database/pool.ts';
import type { Logger } from '#server/ports/logger.ts';

// Any fixed number: servers that start together wait here for one another.
const lockKey = 7_300_002;

/**
 * Once, before anything reads or writes: what was accepted and not yet processed stays, in its order and before all that is
 * to come. Clients start over, as after any restore.
 */
export async function settleIntoThisPostgres(database: Pick<Database, 'connect'>, logger: Logger): Promise<void> {
  const client = await database.connect();
  try {
    // However much there is: a server that gives up here would give up at each start.
    await client.query('SET statement_timeout = 0');
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
    const { rows } = await client.query<{ ahead: boolean }>(aheadSql);
    const kept = rows[0]?.ahead === true ? await countAnew(client) : null;
    await client.query('COMMIT');
    if (kept !== null)
      logger.warn('the database was put back into another PostgreSQL; its event log and feed are counted anew', {
        toProcess: kept,
      });
  } finally {
    // Undoes what did not come to its end.
    await client.end().catch(() => {});
  }
}

/** Answers how many records are to be processed. */
async function countAnew(client: pg.Client): Promise<number> {
  // By the sequence too, which came along with the dump: what was accepted here since, by a server that ran while the
  // dump was put back, has a smaller number and was read by nobody.
  await client.query(`DELETE FROM event_log l USING (
      SELECT DISTINCT ON (topic, partition) topic, partition, xid, seq FROM consumer_offset
      ORDER BY topic, partition, xid, seq
    ) AS done
    WHERE l.topic = done.topic AND l.partition = done.partition
      AND (l.xid, l.seq) <= (done.xid, done.seq) AND l.seq <= done.seq`);
  // A group that had read on knows by its inbox what it has done.
  const { rowCount } = await client.query(`UPDATE event_log SET xid = '1'`);
  await client.query(
    `UPDATE consumer_offset SET xid = '0', seq = 0, cautious_xid = '0', cautious_seq = 0, attempts = 0`,
  );
  await client.query('DELETE FROM feed');
  await client.query('UPDATE feed_floor SET xid = pg_snapshot_xmin(pg_current_snapshot()), seq = 0');
  return rowCount ?? 0;
}

/** Nothing that this PostgreSQL has written is beyond where it is. */
const aheadSql = `SELECT greatest(
    (SELECT max(greatest(xid, cautious_xid)) FROM consumer_offset),
    (SELECT max(head.xid) FROM consumer_offset o CROSS JOIN LATERAL (
       SELECT l.xid FROM event_log l WHERE l.topic = o.topic AND l.partition = o.partition
       ORDER BY l.xid DESC, l.seq DESC LIMIT 1
     ) AS head),
    (SELECT xid FROM feed ORDER BY xid DESC, seq DESC LIMIT 1),
    (SELECT xid FROM feed_floor)
  ) > pg_snapshot_xmax(pg_current_snapshot()) AS ahead`;
