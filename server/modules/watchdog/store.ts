import type { VersionedPagingSettings } from '#server/contract/paging-settings.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { Due } from '#server/modules/watchdog/audit.ts';

export interface StoredLook {
  serverId: string;
  at: string;
  overdue: number;
  oldestDue: string | null;
  deadManAt: string | null;
  deadManError: string | null;
}

/**
 * What should have been done `overdueMs` ago, by the database's clock: due times are in it, and this machine's may be
 * wrong. Of a channel that has moved a message since then what waits is a queue, and else it is overdue.
 */
export async function readDue(sql: SqlReader, asked: { overdueMs: number; paused: boolean }): Promise<Due> {
  const [row] = await sql.query<Due>({
    name: 'watchdog-due',
    text: `WITH moment AS (
             SELECT clock_timestamp() AS now, clock_timestamp() - make_interval(secs => $1 / 1000.0) AS before
           ), waiting AS (
             SELECT n.channel_id, count(*)::int AS waiting, min(n.due_at) AS at
             FROM notification n, moment
             WHERE n.status = 'pending' AND n.due_at < moment.before AND NOT $2 AND n.bundled_into IS NULL
             GROUP BY n.channel_id
           ), lane AS (
             SELECT w.*, w.channel_id IS NOT NULL AND EXISTS (
               SELECT FROM notification m, moment WHERE m.channel_id = w.channel_id
                 AND (m.claimed_until > moment.now OR m.sent_at > moment.before OR m.first_tried_at > moment.before)
             ) AS moves FROM waiting w
           ), overdue AS (
             SELECT 'step' AS what, next_at AS at, 1 AS n FROM escalation, moment
               WHERE next_at < before AND status IN ('waiting', 'held')
             UNION ALL SELECT 'notification', at, waiting FROM lane WHERE NOT moves
             UNION ALL SELECT 'claim', claimed_until, 1 FROM notification, moment
               WHERE status = 'sending' AND claimed_until < before
             UNION ALL SELECT 'monitor', due_at, 1 FROM monitor_beat, moment WHERE due_at < before AND NOT missed
           ), unread AS (
             SELECT min(first.received_at) AS at FROM consumer_offset o CROSS JOIN LATERAL (
               SELECT e.received_at FROM event_log e
               WHERE e.topic = o.topic AND e.partition = o.partition AND (e.xid, e.seq) > (o.xid, o.seq)
               ORDER BY e.xid, e.seq LIMIT 1) AS first)
           SELECT coalesce(sum(n) FILTER (WHERE what = 'step'), 0)::int AS steps,
             coalesce(sum(n) FILTER (WHERE what = 'notification'), 0)::int AS notifications,
             coalesce(sum(n) FILTER (WHERE what = 'claim'), 0)::int AS claims,
             coalesce(sum(n) FILTER (WHERE what = 'monitor'), 0)::int AS monitors, min(at) AS "oldestDue",
             (SELECT coalesce(jsonb_agg(jsonb_build_object('name', coalesce(d.body->>'name', 'a channel that was deleted'),
                'kind', d.body->>'kind', 'waiting', l.waiting) ORDER BY l.channel_id), '[]')
              FROM lane l LEFT JOIN config_document d ON d.kind = 'channel' AND d.id = l.channel_id
              WHERE l.moves) AS queues,
             (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'seen', c.seen) ORDER BY c.id), '[]') FROM (
                SELECT e.id, (e.seen->>'version')::int AS seen FROM escalation e WHERE e.changed ORDER BY e.id LIMIT 1000
              ) AS c) AS changed,
             (SELECT count(*) FROM dead_letter WHERE resolution IS NULL)::int AS "deadLetters",
             coalesce(greatest(0, extract(epoch FROM (SELECT now FROM moment) - (SELECT at FROM unread)) * 1000), 0)::bigint
               AS "unreadMs"
           FROM overdue`,
    values: [asked.overdueMs, asked.paused],
  });
  if (row === undefined) throw new Error('the database answered nothing');
  return row;
}

export async function saveLook(sql: SqlReader, look: StoredLook): Promise<void> {
  await sql.query({
    name: 'watchdog-look',
    text: `INSERT INTO audit_look (server_id, at, overdue, oldest_due, dead_man_at, dead_man_error)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (server_id) DO UPDATE SET at = $2, overdue = $3, oldest_due = $4,
             dead_man_at = $5, dead_man_error = $6`,
    values: [look.serverId, look.at, look.overdue, look.oldestDue, look.deadManAt, look.deadManError],
  });
}

/** Rows of servers that are gone for good. */
export async function forgetLooks(sql: SqlReader, before: string): Promise<void> {
  await sql.query({ name: 'watchdog-forget', text: 'DELETE FROM audit_look WHERE at < $1', values: [before] });
}

/** Counts for Prometheus, without restricted incidents. Of the last 24 hours, so that the numbers stay small and cheap. */
export async function readPagingCounts(
  sql: SqlReader,
  now: string,
): Promise<{
  pages: { status: string; count: number }[];
  notifications: { status: string; count: number }[];
}> {
  const rows = await sql.query<{ what: string; status: string; count: number }>({
    name: 'watchdog-counts',
    text: `SELECT 'page' AS what, status, count(*) AS count FROM page
             WHERE at > $1::timestamptz - interval '24 hours' AND audience IS NULL GROUP BY status
           UNION ALL SELECT 'notification', n.status, count(*) FROM notification n JOIN page p ON p.id = n.page_id
             WHERE n.planned_at > $1::timestamptz - interval '24 hours' AND p.audience IS NULL GROUP BY n.status`,
    values: [now],
  });
  const of = (what: string) => rows.filter((row) => row.what === what).map(({ status, count }) => ({ status, count }));
  return { pages: of('page'), notifications: of('notification') };
}

const settingName = 'paging';

export const pagingSettingsStore = {
  async read(sql: SqlReader): Promise<unknown> {
    const [row] = await sql.query<{ value: unknown }>({
      name: 'paging-settings',
      text: 'SELECT value FROM setting WHERE name = $1',
      values: [settingName],
    });
    return row?.value ?? null;
  },

  /** As it is now, and nobody else's until the end of this transaction. */
  async lock(tx: Tx, at: string): Promise<unknown> {
    // A row that is not there cannot be locked.
    await tx.query({
      name: 'paging-settings-first',
      text: `INSERT INTO setting (name, value, updated_at) VALUES ($1, '{}', $2) ON CONFLICT (name) DO NOTHING`,
      values: [settingName, at],
    });
    const { rows } = await tx.query<{ value: unknown }>({
      name: 'paging-settings-lock',
      text: 'SELECT value FROM setting WHERE name = $1 FOR UPDATE',
      values: [settingName],
    });
    return rows[0]?.value ?? null;
  },

  async write(tx: Tx, settings: VersionedPagingSettings, at: string, userId: string): Promise<void> {
    await tx.query({
      name: 'paging-settings-write',
      text: `INSERT INTO setting (name, value, updated_at, updated_by) VALUES ($1, $2, $3, $4)
             ON CONFLICT (name) DO UPDATE SET value = $2, updated_at = $3, updated_by = $4`,
      values: [settingName, JSON.stringify(settings), at, userId],
    });
  },
};
