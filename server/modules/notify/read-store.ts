// Pages as clients, lists and callbacks read them.
import type { Page } from '#server/contract/page.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { publicPage } from '#server/modules/notify/public.ts';
import type { NotificationState, PageState } from '#server/modules/notify/state.ts';
import { notificationColumns, pageColumns } from '#server/modules/notify/store.ts';

export interface PageQuery {
  userId: string | null;
  incidentId: string | null;
  from: string | null;
  to: string | null;
  limit: number;
  before: { at: string; id: string } | null;
}

/** Pages, the newest first, only those of incidents that the reader may see; one more than asked when there are more. */
export async function listPages(
  sql: SqlReader,
  reader: { teamIds: readonly string[] },
  query: PageQuery,
): Promise<Page[]> {
  const pages = await sql.query<PageState>({
    name: 'page-list',
    text: `SELECT ${pageColumns.select('p')} FROM page p JOIN incident i ON i.id = p.incident_id
           WHERE (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])
             AND ($2::uuid IS NULL OR p.user_id = $2) AND ($3::uuid IS NULL OR p.incident_id = $3)
             AND ($4::timestamptz IS NULL OR p.at >= $4) AND ($5::timestamptz IS NULL OR p.at < $5)
             AND ($6::timestamptz IS NULL OR (p.at, p.id) < ($6, $7::uuid))
           ORDER BY p.at DESC, p.id DESC LIMIT $8`,
    values: [
      reader.teamIds,
      query.userId,
      query.incidentId,
      query.from,
      query.to,
      query.before?.at ?? null,
      query.before?.id ?? null,
      query.limit + 1,
    ],
  });
  return withNotifications(sql, pages);
}

/** Pages of open incidents, and those of the last 24 hours. */
export async function readPagesForReplica(
  sql: SqlReader,
  actor: { userId: string; teamIds: readonly string[] },
  after: string | null,
  limit: number,
  at: string,
): Promise<{ id: string; version: number; body: Page }[]> {
  const pages = await sql.query<PageState>({
    name: 'page-replica',
    text: `SELECT ${pageColumns.select('p')} FROM page p JOIN incident i ON i.id = p.incident_id
           WHERE (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])
             AND (i.status <> 'resolved' OR p.at > $3::timestamptz - interval '24 hours')
             AND ($2::uuid IS NULL OR p.id > $2)
           ORDER BY p.id LIMIT $4`,
    values: [actor.teamIds, after, at, limit],
  });
  return (await withNotifications(sql, pages)).map((page) => ({ id: page.id, version: page.version, body: page }));
}

export const readStore = {
  async desktopOf(tx: Tx, notificationId: string, userId: string): Promise<boolean> {
    const { rows } = await tx.query({
      name: 'notification-desktop',
      text: `SELECT FROM notification WHERE id = $1 AND user_id = $2 AND via = 'desktop'`,
      values: [notificationId, userId],
    });
    return rows.length > 0;
  },

  /** The leading notification and those told with it; `sending` while it has not been written down how that went. */
  async messageParts(
    tx: Tx,
    message: { channelId: string; messageId: string | null; ref: string },
  ): Promise<{ ids: string[]; sending: boolean }> {
    const { rows } = await tx.query<{ id: string; status: string }>({
      name: 'notification-parts',
      text: `WITH lead AS (
               SELECT coalesce(bundled_into, id) AS id FROM notification
               WHERE channel_id = $2 AND (id = $1 OR message_id = $1 OR ($1::uuid IS NULL AND provider_ref = $3))
             )
             SELECT DISTINCT n.id, n.status FROM notification n JOIN lead l ON n.id = l.id OR n.bundled_into = l.id`,
      values: [message.messageId, message.channelId, message.ref],
    });
    return { ids: rows.map((row) => row.id), sending: rows.some((row) => row.status === 'sending') };
  },
};

async function withNotifications(sql: SqlReader, pages: readonly PageState[]): Promise<Page[]> {
  if (pages.length === 0) return [];
  const notifications = await sql.query<NotificationState>({
    name: 'page-list-notifications',
    text: `SELECT ${notificationColumns.select('n')} FROM notification n WHERE n.page_id = ANY($1::uuid[])`,
    values: [pages.map((page) => page.id)],
  });
  const ofPage = Map.groupBy(notifications, (notification) => notification.pageId);
  return pages.map((page) => publicPage(page, ofPage.get(page.id) ?? []));
}
