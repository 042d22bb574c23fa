import type { SqlReader, Tx } from '#server/database/transaction.ts';

export interface Feed {
  /** The token's hash in hexadecimal: it names the feed and opens nothing. */
  id: string;
  /** Null: the person's shifts on all schedules. */
  scheduleId: string | null;
  userId: string;
  createdAt: string;
  lastUsedAt: string | null;
}

const columns = `encode(token_hash, 'hex') AS id, schedule_id AS "scheduleId", user_id AS "userId",
  created_at AS "createdAt", last_used_at AS "lastUsedAt"`;

export const feedStore = {
  async add(tx: Tx, feed: { tokenHash: Buffer; scheduleId: string | null; userId: string; at: string }): Promise<void> {
    await tx.query({
      name: 'calendar-feed-add',
      text: 'INSERT INTO calendar_feed (token_hash, schedule_id, user_id, created_at) VALUES ($1, $2, $3, $4)',
      values: [feed.tokenHash, feed.scheduleId, feed.userId, feed.at],
    });
  },

  of(sql: SqlReader, userId: string): Promise<Feed[]> {
    return sql.query<Feed>({
      name: 'calendar-feed-of',
      text: `SELECT ${columns} FROM calendar_feed WHERE user_id = $1 ORDER BY created_at, id`,
      values: [userId],
    });
  },

  /** One of the person's feeds, or (null) all of those for the schedule. */
  async remove(tx: Tx, userId: string, which: { id: string } | { scheduleId: string | null }): Promise<number> {
    const { rowCount } = await tx.query({
      name: 'calendar-feed-remove',
      text: `DELETE FROM calendar_feed WHERE user_id = $1 AND
               CASE WHEN $2::text IS NULL THEN schedule_id IS NOT DISTINCT FROM $3::uuid ELSE encode(token_hash, 'hex') = $2 END`,
      values: [userId, 'id' in which ? which.id : null, 'id' in which ? null : which.scheduleId],
    });
    return rowCount ?? 0;
  },

  /** By the whole hash: the index compares hashes of random tokens, so its timing tells nothing about a token. */
  async byToken(sql: SqlReader, tokenHash: Buffer): Promise<Feed | null> {
    const rows = await sql.query<Feed>({
      name: 'calendar-feed-by-token',
      text: `SELECT ${columns} FROM calendar_feed WHERE token_hash = $1`,
      values: [tokenHash],
    });
    return rows[0] ?? null;
  },

  /** At most once an hour. */
  async touch(tx: Tx, id: string, at: string): Promise<void> {
    await tx.query({
      name: 'calendar-feed-touch',
      text: `UPDATE calendar_feed SET last_used_at = $2 WHERE token_hash = decode($1, 'hex')
               AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 hour')`,
      values: [id, at],
    });
  },
};
