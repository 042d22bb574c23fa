// What recording a result reads and writes. Pages are locked before their notifications, in order of id.
import type { NotificationStatus } from '#server/contract/page.ts';
import type { Tx } from '#server/database/transaction.ts';
import { notificationColumns, pageColumns } from '#server/modules/notify/store.ts';
import type { NotificationState, PageState } from '#server/modules/notify/state.ts';

export interface SettledRow {
  id: string;
  status: NotificationStatus;
  dueAt: string;
  sentAt: string | null;
  deliveredAt: string | null;
  lastError: string | null;
  providerRef: string | null;
  bundledInto: string | null;
}

export const settleStore = {
  /** Without a lock: a notification stays with its incident. */
  async incidentsOf(tx: Tx, notificationIds: readonly string[]): Promise<string[]> {
    const { rows } = await tx.query<{ id: string }>({
      name: 'settle-incidents',
      text: 'SELECT DISTINCT n.incident_id AS id FROM notification n WHERE n.id = ANY($1::uuid[])',
      values: [notificationIds],
    });
    return rows.map((row) => row.id);
  },

  /**
   * The pages of these notifications, locked, with all their notifications; with `steps` also the other pages of their
   * steps, so that of two that fail at once one sees that it is the last.
   */
  async lock(
    tx: Tx,
    notificationIds: readonly string[],
    extent: 'pages' | 'steps',
  ): Promise<{ pages: PageState[]; notifications: NotificationState[] }> {
    const { rows: pages } = await tx.query<PageState>({
      name: `settle-${extent}`,
      text: `WITH own AS (
               SELECT p.id, p.incident_id, p.run, p.step, p.loop FROM page p
               WHERE p.id IN (SELECT n.page_id FROM notification n WHERE n.id = ANY($1::uuid[]))
             )
             SELECT ${pageColumns.select('p')} FROM page p
             WHERE p.id IN (${
               extent === 'pages'
                 ? 'SELECT id FROM own'
                 : 'SELECT q.id FROM own o JOIN page q USING (incident_id, run, step, loop)'
             })
             ORDER BY p.id FOR NO KEY UPDATE OF p`,
      values: [notificationIds],
    });
    const { rows: notifications } = await tx.query<NotificationState>({
      name: 'settle-notifications',
      text: `SELECT ${notificationColumns.select('n')} FROM notification n WHERE n.page_id = ANY($1::uuid[])
             ORDER BY n.place, n.id`,
      values: [pages.map((page) => page.id)],
    });
    return { pages, notifications };
  },

  /** Writes results and ends the claims they were under. */
  async write(tx: Tx, rows: readonly SettledRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query({
      name: 'settle-write',
      text: `UPDATE notification n
             SET status = r.status, due_at = r.due_at, sent_at = r.sent_at, delivered_at = r.delivered_at,
                 last_error = r.last_error, provider_ref = r.provider_ref, bundled_into = r.bundled_into,
                 claimed_by = NULL, claimed_until = NULL
             FROM jsonb_populate_recordset(NULL::notification, $1::jsonb) AS r WHERE n.id = r.id`,
      values: [
        JSON.stringify(
          rows.map((row) => ({
            id: row.id,
            status: row.status,
            due_at: row.dueAt,
            sent_at: row.sentAt,
            delivered_at: row.deliveredAt,
            last_error: row.lastError,
            provider_ref: row.providerRef,
            bundled_into: row.bundledInto,
          })),
        ),
      ],
    });
  },

  async move(tx: Tx, moves: readonly { id: string; dueAt: string }[]): Promise<void> {
    if (moves.length === 0) return;
    await tx.query({
      name: 'settle-move',
      text: `UPDATE notification n SET due_at = r.due_at FROM unnest($1::uuid[], $2::timestamptz[]) AS r (id, due_at)
             WHERE n.id = r.id AND n.status = 'pending'`,
      values: [moves.map((move) => move.id), moves.map((move) => move.dueAt)],
    });
  },

  /** Notifications that cannot go now, with the reason that clients show. */
  async markDue(tx: Tx, now: string, change: { status: 'pending' | 'shadow'; note: string }): Promise<string[]> {
    const { rows } = await tx.query<{ pageId: string }>({
      name: 'settle-mark-due',
      text: `WITH due AS (
               SELECT n.id FROM notification n JOIN page p ON p.id = n.page_id
               WHERE n.status = 'pending' AND n.due_at <= $1 AND (n.last_error IS DISTINCT FROM $3 OR $2 <> 'pending')
               ORDER BY p.id LIMIT 500 FOR NO KEY UPDATE OF p SKIP LOCKED
             )
             UPDATE notification n SET status = $2, last_error = $3 FROM due WHERE n.id = due.id AND n.status = 'pending'
             RETURNING n.page_id AS "pageId"`,
      values: [now, change.status, change.note],
    });
    return [...new Set(rows.map((row) => row.pageId))];
  },
};
