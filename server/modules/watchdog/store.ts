import type { PagingSettings } from '#server/contract/paging-settings.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { AuditFacts } from '#server/modules/watchdog/audit.ts';

export interface StoredLook {
  serverId: string;
  at: string;
  overdue: number;
  oldestDue: string | null;
  deadManAt: string | null;
  deadManError: string | null;
}

/** What should have been done before `before`, and how long the log's oldest unread record has waited. */
export async function readDue(
  sql: SqlReader,
  span: { now: string; before: string; paused: boolean },
): Promise<NonNullable<AuditFacts['due']>> {
  const [row] = await sql.query<NonNullable<AuditFacts['due']>>({
    name: 'watchdog-due',
    text: `WITH overdue AS (
             SELECT 'step' AS what, next_at AS at FROM escalation WHERE next_at < $1 AND status = 'waiting'
             UNION ALL SELECT 'notification', due_at FROM notification WHERE status = 'pending' AND due_at < $1 AND NOT $2
               AND bundled_into IS NULL
             UNION ALL SELECT 'claim', claimed_until FROM notification WHERE status = 'sending' AND claimed_until < $1
             UNION ALL SELECT 'monitor', due_at FROM monitor_beat WHERE due_at < $1 AND NOT missed
           ), unread AS (
             SELECT min(first.received_at) AS at FROM consumer_offset o CROSS JOIN LATERAL (
               SELECT e.received_at FROM event_log e
               WHERE e.topic = o.topic AND e.partition = o.partition AND (e.xid, e.seq) > (o.xid, o.seq)
               ORDER BY e.xid, e.seq LIMIT 1) AS first)
           SELECT count(*) FILTER (WHERE what = 'step')::int AS steps,
             count(*) FILTER (WHERE what = 'notification')::int AS notifications,
             count(*) FILTER (WHERE what = 'claim')::int AS claims,
             count(*) FILTER (WHERE what = 'monitor')::int AS monitors, min(at) AS "oldestDue",
             coalesce(greatest(0, extract(epoch FROM $3::timestamptz - (SELECT at FROM unread)) * 1000), 0)::bigint AS "unreadMs"
           FROM overdue`,
    values: [span.before, span.paused, span.now],
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

  async write(tx: Tx, settings: PagingSettings, at: string, userId: string): Promise<void> {
    await tx.query({
      name: 'paging-settings-write',
      text: `INSERT INTO setting (name, value, updated_at, updated_by) VALUES ($1, $2, $3, $4)
             ON CONFLICT (name) DO UPDATE SET value = $2, updated_at = $3, updated_by = $4`,
      values: [settingName, JSON.stringify(settings), at, userId],
    });
  },
};
