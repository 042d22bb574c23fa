import type { Audience } from '#server/contract/audience.ts';
import type { Change, EntityName, FeedPosition } from '#server/contract/replica.ts';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import { splitPosition } from '#server/modules/replica/position.ts';
import type { ReplicaActor } from '#server/modules/replica/reader.ts';
import { FeedStart, isOtherPast } from '#server/modules/replica/starts.ts';
import { startsName } from '#server/modules/replica/starts-store.ts';

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

/** Of what a reader missed: what became of each thing, or also every step on the way there. */
export type Missed = 'newest' | 'every';

interface Gap {
  after: FeedPosition;
  upTo: FeedPosition;
  missed: Missed;
}

export function createFeedStore(database: SqlReader & Transactor): {
  horizon(): Promise<FeedPosition>;
  readAfter(position: FeedPosition, limit: number): Promise<FeedPage>;
  readGap(actor: ReplicaActor, gap: Gap, limit: number): Promise<Pick<FeedPage, 'entries' | 'more'>>;
  /** `heardAt`: when its reader heard it, by the server's clock, as `now` is; null where that is not told. */
  judgeCursor(
    cursor: FeedPosition,
    heardAt: string | null,
    now: string,
  ): Promise<'fine' | 'cursor-too-old' | 'too-far-behind'>;
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

    /** What this reader missed, filtered in the database, in the order of the feed. */
    async readGap(actor, { after, upTo, missed }, limit) {
      const rows = await database.query<FeedRow & { looked: number }>({
        ...gapQueries[missed],
        values: [...splitPosition(after), ...splitPosition(upTo), actor.teamIds, actor.userId, limit],
      });
      const more = rows.length === limit || rows[0]?.looked === lookAhead;
      return { entries: rows.map(toEntry), more };
    },

    async judgeCursor(cursor, heardAt, now) {
      const [row] = await database.query<{ cleaned: boolean; foreign: boolean; rows: number; starts: unknown }>({
        name: 'feed-judge',
        text: `SELECT ($1::xid8, $2::bigint) < (floor.xid, floor.seq) AS cleaned,
                 $1::xid8 > pg_snapshot_xmax(pg_current_snapshot()) AS foreign,
                 (SELECT count(*) FROM (SELECT FROM feed WHERE (xid, seq) > ($1::xid8, $2::bigint) LIMIT $3) AS gap) AS rows,
                 (SELECT value FROM setting WHERE name = $4) AS starts
               FROM feed_floor floor`,
        values: [...splitPosition(cursor), longestGap + 1, startsName],
      });
      // A place that this database has not reached yet comes from another one, or from before a restore.
      if (row === undefined || row.cleaned || row.foreign) return 'cursor-too-old';
      const starts = FeedStart.array().safeParse(row.starts).data ?? [];
      if (heardAt !== null && isOtherPast(starts, cursor, heardAt, now)) return 'cursor-too-old';
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

/** Rows among which a newer state of the same thing is looked for, page by page: of a gap with none the cost stays small. */
const lookAhead = 10_000;

const gapWhere = `(xid, seq) > ($1::xid8, $2::bigint) AND (xid, seq) <= ($3::xid8, $4::bigint)
  AND (audience IS NULL OR audience && $5::uuid[]) AND (user_id IS NULL OR user_id = $6)`;

const gapQueries: Record<Missed, { name: string; text: string }> = {
  every: {
    name: 'feed-gap',
    text: `SELECT xid, seq, entity, op, id, version, body, audience, user_id FROM feed
           WHERE ${gapWhere} ORDER BY xid, seq LIMIT $7`,
  },
  // By version first: of two transactions the one that began later may have been the first to change the thing. Within one
  // version as a client takes them: a deletion counts, else the first (a person's own profile goes before its masked one).
  newest: {
    name: 'feed-gap-newest',
    text: `WITH gap AS MATERIALIZED (
             SELECT xid, seq, entity, op, id, version FROM feed WHERE ${gapWhere} ORDER BY xid, seq LIMIT ${lookAhead}
           ), newest AS (
             SELECT DISTINCT ON (id, entity) xid, seq FROM gap ORDER BY id, entity, version DESC, op, xid, seq
           ), page AS (
             SELECT xid, seq FROM newest ORDER BY xid, seq LIMIT $7
           )
           SELECT xid, seq, f.entity, f.op, f.id, f.version, f.body, f.audience, f.user_id,
             (SELECT count(*) FROM gap) AS looked
           FROM page JOIN feed f USING (xid, seq) ORDER BY xid, seq`,
  },
};

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
