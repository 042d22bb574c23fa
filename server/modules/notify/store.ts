// Pages and their notifications: the intent row before anything leaves, its end, and what clients see of both.
import type { Page } from '#server/contract/page.ts';
import { appendToFeed, type FeedRow, reissueToFeed } from '#server/database/feed.ts';
import { type Tx, wakeAfterCommit } from '#server/database/transaction.ts';
import { defineTypedColumns } from '#server/database/columns.ts';
import { publicPage } from '#server/modules/notify/public.ts';
import type { NotificationState, PageState, PageStore } from '#server/modules/notify/state.ts';

export const pageColumns = defineTypedColumns<PageState>({
  id: 'id uuid',
  version: 'version bigint',
  number: 'number bigint',
  incidentId: 'incident_id uuid',
  userId: 'user_id uuid',
  channelId: 'channel_id uuid',
  policyId: 'policy_id uuid',
  run: 'run int',
  step: 'step int',
  loop: 'loop int',
  priority: 'priority text',
  reason: 'reason text',
  at: 'at timestamptz',
  late: 'late boolean',
  status: 'status text',
  endedAt: 'ended_at timestamptz',
  endedBy: 'ended_by text',
  audience: 'audience uuid[]',
});

export const notificationColumns = defineTypedColumns<NotificationState>({
  id: 'id uuid',
  pageId: 'page_id uuid',
  incidentId: 'incident_id uuid',
  userId: 'user_id uuid',
  methodId: 'method_id uuid',
  channelId: 'channel_id uuid',
  via: 'via text',
  address: 'address text',
  label: 'label text',
  priority: 'priority text',
  place: 'place int',
  plannedAt: 'planned_at timestamptz',
  dueAt: 'due_at timestamptz',
  status: 'status text',
  attempts: 'attempts int',
  firstTriedAt: 'first_tried_at timestamptz',
  sentAt: 'sent_at timestamptz',
  deliveredAt: 'delivered_at timestamptz',
  lastError: 'last_error text',
  providerRef: 'provider_ref text',
  bundledInto: 'bundled_into uuid',
  claimToken: 'claim_token bigint',
  messageId: 'message_id uuid',
});

// A page's row is the lock of its notifications too: whoever changes one locks its page first, several in order of id.
export const pageStore: PageStore = {
  async nextNumbers(tx, count) {
    if (count === 0) return [];
    const { rows } = await tx.query<{ number: number }>({
      name: 'page-numbers',
      text: `SELECT nextval('page_number')::bigint AS number FROM generate_series(1, $1)`,
      values: [count],
    });
    return rows.map((row) => row.number);
  },

  async add(tx, at, pages, notifications) {
    if (pages.length === 0) return;
    wakeAfterCommit(tx, 'notify');
    const inserted = tx.query({ name: 'page-insert', text: insertPages, values: pageColumns.toArrays(pages) });
    const planned = tx.query({
      name: 'notification-insert',
      text: `INSERT INTO notification (${notificationColumns.names})
             SELECT ${notificationColumns.of('r')} FROM ${notificationColumns.rows} AS r`,
      values: notificationColumns.toArrays(notifications),
    });
    const ofPage = Map.groupBy(notifications, (notification) => notification.pageId);
    const rows = pages.map((page) => feedRow(page, ofPage.get(page.id) ?? []));
    await Promise.all([inserted, planned, appendToFeed(tx, at, rows)]);
  },

  async openOf(tx, incidentIds) {
    const { rows } = await tx.query<PageState>({
      name: 'page-open',
      text: `SELECT ${pageColumns.select('p')} FROM page p
             WHERE p.incident_id = ANY($1::uuid[]) AND p.status = 'open' ORDER BY p.number`,
      values: [incidentIds],
    });
    return rows;
  },

  async end(tx, at, incidentIds, end) {
    if (incidentIds.length === 0) return;
    const { rows } = await tx.query<{ id: string }>({
      name: 'page-end',
      text: `WITH open AS (
               SELECT id FROM page
               WHERE incident_id = ANY($1::uuid[]) AND status = 'open'
                 AND ($2::uuid[] IS NULL OR user_id = ANY($2))
               ORDER BY id FOR NO KEY UPDATE
             )
             UPDATE page p SET status = $3, ended_at = $4, ended_by = $5 FROM open WHERE p.id = open.id
             RETURNING p.id`,
      values: [incidentIds, end.userIds, end.status, at, end.by],
    });
    if (rows.length === 0) return;
    const ended = rows.map((row) => row.id);
    await tx.query({ name: 'notification-cancel', text: cancelOfPages, values: [ended] });
    await publishPages(tx, at, ended);
  },
};

/** Raises the version of these pages and shows clients how they are now. */
export async function publishPages(tx: Tx, at: string, pageIds: readonly string[]): Promise<void> {
  if (pageIds.length === 0) return;
  const touched = tx.query<PageState>({
    name: 'page-touch',
    text: `UPDATE page p SET version = p.version + 1 WHERE p.id = ANY($1::uuid[]) RETURNING ${pageColumns.select('p')}`,
    values: [pageIds],
  });
  const [{ rows: pages }, ofPage] = await Promise.all([touched, notificationsOf(tx, pageIds)]);
  await appendToFeed(
    tx,
    at,
    pages.map((page) => feedRow(page, ofPage.get(page.id) ?? [])),
  );
}

/** Pages follow the audience of their incident; who may not see them any more loses them. */
export async function moveAudience(
  tx: Tx,
  at: string,
  incidents: readonly { id: string; restrictedTo: string[] | null }[],
): Promise<void> {
  const { rows: moved } = await tx.query<{ id: string; incidentId: string; before: string[] | null }>({
    name: 'page-audience',
    text: `WITH moved AS (
             SELECT p.id, p.audience AS before, r.restricted_to FROM page p
             JOIN jsonb_populate_recordset(NULL::incident, $1::jsonb) AS r ON r.id = p.incident_id
             WHERE p.audience IS DISTINCT FROM r.restricted_to ORDER BY p.id FOR NO KEY UPDATE OF p
           )
           UPDATE page p SET audience = m.restricted_to, version = p.version + 2 FROM moved m WHERE p.id = m.id
           RETURNING p.id, p.incident_id AS "incidentId", m.before`,
    values: [JSON.stringify(incidents.map(({ id, restrictedTo }) => ({ id, restricted_to: restrictedTo })))],
  });
  if (moved.length === 0) return;
  await stopForeign(
    tx,
    at,
    moved.map((page) => page.id),
  );
  const after = new Map(incidents.map((incident) => [incident.id, incident.restrictedTo]));
  const pages = await readWhole(
    tx,
    moved.map((page) => page.id),
  );
  for (const { id, incidentId, before } of moved) {
    const states = pages.filter((page) => page.id === id);
    await reissueToFeed(tx, at, { entity: 'page', states, before, after: after.get(incidentId) ?? null });
  }
}

/** Nobody outside its teams is paged or told about a restricted incident any more. */
async function stopForeign(tx: Tx, at: string, pageIds: readonly string[]): Promise<void> {
  const { rows } = await tx.query<{ id: string }>({
    name: 'page-stop-foreign',
    text: `UPDATE page p SET status = 'stopped', ended_at = $2, ended_by = 'its incident was restricted'
           WHERE p.id = ANY($1::uuid[]) AND p.status = 'open' AND p.audience IS NOT NULL
             AND NOT EXISTS (SELECT FROM team_member m WHERE m.user_id = p.user_id AND m.team_id = ANY(p.audience))
           RETURNING p.id`,
    values: [pageIds, at],
  });
  if (rows.length === 0) return;
  await tx.query({ name: 'notification-cancel', text: cancelOfPages, values: [rows.map((row) => row.id)] });
}

async function readWhole(tx: Tx, pageIds: readonly string[]): Promise<Page[]> {
  const { rows: pages } = await tx.query<PageState>({
    name: 'page-whole',
    text: `SELECT ${pageColumns.select('p')} FROM page p WHERE p.id = ANY($1::uuid[])`,
    values: [pageIds],
  });
  const ofPage = await notificationsOf(tx, pageIds);
  return pages.map((page) => publicPage(page, ofPage.get(page.id) ?? []));
}

async function notificationsOf(tx: Tx, pageIds: readonly string[]): Promise<Map<string, NotificationState[]>> {
  const { rows } = await tx.query<NotificationState>({
    name: 'page-notifications',
    text: `SELECT ${notificationColumns.select('n')} FROM notification n WHERE n.page_id = ANY($1::uuid[])`,
    values: [pageIds],
  });
  return Map.groupBy(rows, (notification) => notification.pageId);
}

function feedRow(page: PageState, notifications: readonly NotificationState[]): FeedRow {
  const body: Page = publicPage(page, notifications);
  return { entity: 'page', op: 'put', id: page.id, version: page.version, body, audience: page.audience };
}

// The last four digits of the page's number, or the next ones that are free.
const insertPages = `
  INSERT INTO page (${pageColumns.names}, reply_code)
  SELECT ${pageColumns.of('r')}, CASE
    WHEN r.user_id IS NULL THEN NULL
    WHEN NOT EXISTS (SELECT FROM page o WHERE o.user_id = r.user_id AND o.status = 'open'
                       AND o.reply_code = to_char(r.number % 10000, 'FM0000'))
      THEN to_char(r.number % 10000, 'FM0000')
    ELSE (SELECT to_char((r.number + k) % 10000, 'FM0000') FROM generate_series(1, 9999) AS k
          WHERE NOT EXISTS (SELECT FROM page o WHERE o.user_id = r.user_id AND o.status = 'open'
                              AND o.reply_code = to_char((r.number + k) % 10000, 'FM0000')) LIMIT 1)
  END
  FROM ${pageColumns.rows} AS r`;

// What is bundled into a message that is cancelled goes on without it (claimStore.freeLeftBehind).
const cancelOfPages = `
  UPDATE notification SET status = 'cancelled' WHERE page_id = ANY($1::uuid[]) AND status IN ('pending', 'sending')`;
