import type { Audience } from '#server/contract/audience.ts';
import type { Change, EntityName, FeedPosition } from '#server/contract/replica.ts';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import { splitPosition } from '#server/modules/replica/position.ts';
import type { ReplicaActor } from '#server/modules/replica/reader.ts';

export interface FeedEntry {
  position: FeedPosition;
  /** Null for a reset of this user's streams. */
  change: Change | null;
  audience: Audience;
  userId: string | null;
  /** Length of its body as text. */
  size: number;
}

export interface FeedPage {
  entries: FeedEntry[];
  /** Everything up to here has been read. */
  position: FeedPosition;
  /** There is more to read right now. */
  more: boolean;
  /** Something is committed, but an older transaction still runs; look again soon. */
  hidden: boolean;
}

interface FeedRow {
  xid: string;
  seq: number;
  entity: EntityName | 'session';
  op: 'put' | 'delete' | 'reset';
  id: string;
  version: number;
  body: string | null;
  audience: string[] | null;
  user_id: string | null;
}

/** Beyond this a snapshot costs less than catching up. */
const longestGap = 50_000;

export function createFeedStore(database: SqlReader & Transactor): {
  horizon(): Promise<FeedPosition>;
  readAfter(position: FeedPosition, limit: number): Promise<FeedPage>;
  readGap(actor: ReplicaActor, after: FeedPosition, upTo: FeedPosition, limit: number): Promise<FeedEntry[]>;
  judgeCursor(cursor: FeedPosition): Promise<'fine' | 'cursor-too-old' | 'too-far-behind'>;
  purge(olderThan: string, keepMost: number, chunk: number): Promise<number>;
} {
  return {
    /** A place below which every transaction has ended. */
    async horizon() {
      const [row] = await database.query<{ xmin: string }>('SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin');
      return `${row?.xmin ?? '0'}.0`;
    },

    /** For everybody: the caller filters. */
    async readAfter(position, limit) {
      const rows = await database.query<Partial<FeedRow> & { xmin: string; hidden: boolean }>({
        name: 'feed-read',
        text: `SELECT s.xmin, EXISTS (SELECT FROM feed h WHERE h.xid >= s.xmin) AS hidden, f.*
               FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin) AS s
               LEFT JOIN LATERAL (
                 SELECT xid, seq, entity, op, id, version, body, audience, user_id FROM feed
                 WHERE (xid, seq) > ($1::xid8, $2::bigint) AND xid < s.xmin ORDER BY xid, seq LIMIT $3
               ) AS f ON true`,
        values: [...splitPosition(position), limit],
      });
      const entries = rows
        .filter((row): row is FeedRow & { xmin: string; hidden: boolean } => row.seq !== null)
        .map(toEntry);
      const last = entries.at(-1);
      const more = entries.length === limit;
      const read: FeedPosition = more && last !== undefined ? last.position : `${rows[0]?.xmin ?? '0'}.0`;
      return { entries, position: read, more, hidden: rows[0]?.hidden ?? false };
    },

    /** What this reader missed, filtered in the database. */
    async readGap(actor, after, upTo, limit) {
      const rows = await database.query<FeedRow>({
        name: 'feed-gap',
        text: `SELECT xid, seq, entity, op, id, version, body, audience, user_id FROM feed
               WHERE (xid, seq) > ($1::xid8, $2::bigint) AND (xid, seq) <= ($3::xid8, $4::bigint)
                 AND (audience IS NULL OR audience && $5::uuid[]) AND (user_id IS NULL OR user_id = $6)
               ORDER BY xid, seq LIMIT $7`,
        values: [...splitPosition(after), ...splitPosition(upTo), actor.teamIds, actor.userId, limit],
      });
      return rows.map(toEntry);
    },

    async judgeCursor(cursor) {
      const [row] = await database.query<{ cleaned: boolean; foreign: boolean; rows: number }>({
        name: 'feed-judge',
        text: `SELECT ($1::xid8, $2::bigint) < (floor.xid, floor.seq) AS cleaned,
                 $1::xid8 > pg_snapshot_xmax(pg_current_snapshot()) AS foreign,
                 (SELECT count(*) FROM (SELECT FROM feed WHERE (xid, seq) > ($1::xid8, $2::bigint) LIMIT $3) AS gap) AS rows
               FROM feed_floor floor`,
        values: [...splitPosition(cursor), longestGap + 1],
      });
      // A place that this database has not reached yet comes from another one, or from before a restore.
      if (row === undefined || row.cleaned || row.foreign) return 'cursor-too-old';
      return row.rows > longestGap ? 'too-far-behind' : 'fine';
    },

    /** Cleans the oldest rows away and remembers up to where; answers how many went. */
    purge(olderThan, keepMost, chunk) {
      return database.withTransaction(async (tx) => {
        const { rowCount } = await tx.query(
          `WITH bound AS (
             SELECT xid, seq FROM (
               (SELECT xid, seq FROM feed WHERE at < $1 ORDER BY xid DESC, seq DESC LIMIT 1)
               UNION ALL
               (SELECT xid, seq FROM feed ORDER BY xid DESC, seq DESC OFFSET $2 LIMIT 1)
             ) AS bounds ORDER BY xid DESC, seq DESC LIMIT 1
           ), doomed AS (
             SELECT f.xid, f.seq FROM feed f, bound
             WHERE (f.xid, f.seq) <= (bound.xid, bound.seq) AND f.xid < pg_snapshot_xmin(pg_current_snapshot())
             ORDER BY f.xid, f.seq LIMIT $3
           ), gone AS (
             DELETE FROM feed f USING doomed d WHERE f.xid = d.xid AND f.seq = d.seq
             RETURNING f.xid, f.seq
           ), last AS (
             SELECT xid, seq FROM doomed ORDER BY xid DESC, seq DESC LIMIT 1
           ), floor AS (
             UPDATE feed_floor SET xid = last.xid, seq = last.seq FROM last WHERE (feed_floor.xid, feed_floor.seq) < (last.xid, last.seq)
           )
           SELECT FROM gone`,
          [olderThan, keepMost, chunk],
        );
        return rowCount ?? 0;
      });
    },
  };
}

export type FeedStore = ReturnType<typeof createFeedStore>;

function toEntry(row: FeedRow): FeedEntry {
  const base = {
    position: `${row.xid}.${row.seq}`,
    audience: row.audience,
    userId: row.user_id,
    size: row.body?.length ?? 0,
  };
  if (row.op === 'reset' || row.entity === 'session') return { ...base, change: null };
  const { entity, id, version } = row;
  if (row.op === 'delete') return { ...base, change: { op: 'delete', entity, id, version } };
  return { ...base, change: { op: 'put', entity, id, version, body: JSON.parse(row.body ?? 'null') as unknown } };
}
