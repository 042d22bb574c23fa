// Claims: a notification belongs to one server for a few seconds, and a result counts only under the token of its claim.
import type { Tx } from '#server/database/transaction.ts';
import { notificationColumns } from '#server/modules/notify/store.ts';
import type { NotificationState } from '#server/modules/notify/state.ts';

/** Room of one channel; null is desktop. */
export interface Lane {
  channelId: string | null;
  room: number;
}

export interface Claimed {
  id: string;
  token: number;
}

const desktop = '00000000-0000-0000-0000-000000000000';

// Times that are compared with claimed_until are the database's: two servers' clocks may differ by more than a lease.
export const claimStore = {
  /** Channels to which something is due. */
  async dueLanes(tx: Tx, now: string): Promise<(string | null)[]> {
    const { rows } = await tx.query<{ channelId: string | null }>({
      name: 'notification-lanes',
      text: `SELECT DISTINCT channel_id AS "channelId" FROM notification
             WHERE status = 'pending' AND due_at <= $1 AND bundled_into IS NULL`,
      values: [now],
    });
    return rows.map((row) => row.channelId);
  },

  /** What is due, lane by lane, important ones first, with the pages locked; pages that another server holds are passed over. */
  async candidates(tx: Tx, now: string, lanes: readonly Lane[]): Promise<NotificationState[]> {
    const { rows } = await tx.query<NotificationState>({
      name: 'notification-candidates',
      text: `SELECT c.* FROM unnest($2::uuid[], $3::int[]) AS lane (channel, room)
             CROSS JOIN LATERAL (
               SELECT ${notificationColumns.select('n')} FROM notification n JOIN page p ON p.id = n.page_id
               WHERE n.status = 'pending' AND n.bundled_into IS NULL AND n.due_at <= $1
                 AND coalesce(n.channel_id, '${desktop}') = lane.channel
               ORDER BY n.priority DESC, n.due_at LIMIT lane.room
               FOR NO KEY UPDATE OF p SKIP LOCKED
             ) AS c`,
      values: [now, lanes.map((lane) => lane.channelId ?? desktop), lanes.map((lane) => lane.room)],
    });
    // Between the row's reading and its page's lock an acknowledgement may have ended it.
    return fresh(tx, rows);
  },

  /** Addresses that no other server counts for at this moment, until the transaction ends. */
  async lockAddresses(tx: Tx, addresses: readonly string[]): Promise<Set<string>> {
    const { rows } = await tx.query<{ address: string }>({
      name: 'notification-addresses',
      text: `SELECT a AS address FROM unnest($1::text[]) AS a
             WHERE pg_try_advisory_xact_lock(hashtextextended(a, 7205))`,
      values: [[...new Set(addresses)]],
    });
    return new Set(rows.map((row) => row.address));
  },

  /** All else that is due to these addresses or waits for their limit, and what was bundled with the ones at hand; locked. */
  async companions(
    tx: Tx,
    now: string,
    addresses: readonly string[],
    leads: readonly string[],
  ): Promise<NotificationState[]> {
    const { rows } = await tx.query<NotificationState>({
      name: 'notification-companions',
      text: `SELECT ${notificationColumns.select('n')} FROM notification n JOIN page p ON p.id = n.page_id
             WHERE n.status = 'pending' AND (n.bundled_into = ANY($3::uuid[])
               OR (n.address = ANY($2::text[]) AND n.user_id IS NOT NULL AND (n.due_at <= $1 OR n.bundled_into IS NOT NULL
                 OR (n.attempts = 0 AND n.planned_at <= $1))))
             ORDER BY n.due_at, n.id LIMIT 2000
             FOR NO KEY UPDATE OF p SKIP LOCKED`,
      values: [now, addresses, leads],
    });
    return fresh(tx, rows);
  },

  /** When messages left for each `via address` since then; those on their way count as now. */
  async sentSince(tx: Tx, now: string, since: string, addresses: readonly string[]): Promise<Map<string, string[]>> {
    const { rows } = await tx.query<{ key: string; sent: string[] }>({
      name: 'notification-window',
      text: `SELECT via || ' ' || address AS key, array_agg(coalesce(sent_at, $1) ORDER BY coalesce(sent_at, $1)) AS sent
             FROM notification
             WHERE address = ANY($3::text[]) AND bundled_into IS NULL AND (sent_at > $2
               OR (sent_at IS NULL AND claimed_until > clock_timestamp()))
             GROUP BY via, address`,
      values: [now, since, addresses],
    });
    return new Map(rows.map((row) => [row.key, row.sent]));
  },

  /**
   * What was to be told with a message that went without it (its page was held by somebody) goes by itself. What was in
   * every try of a message that was then cancelled stays together and keeps the message's id: a try may have arrived
   * that nobody heard of. All that was in a message is placed at once, when nobody holds any of it: two that go on under
   * one id, one after the other, would be one message to the provider, and the second be told to nobody.
   */
  async freeLeftBehind(tx: Tx): Promise<void> {
    const { rows: leads } = await tx.query<{ id: string }>({
      name: 'notification-leads-over',
      // Asked of each lead by its id: as a join, when thousands wait, the planner reads the whole table each second.
      text: `SELECT b.id FROM (
               SELECT DISTINCT bundled_into AS id FROM notification WHERE status = 'pending' AND bundled_into IS NOT NULL
             ) AS b
             WHERE (SELECT lead.status FROM notification lead WHERE lead.id = b.id) NOT IN ('pending', 'sending')
             LIMIT 500`,
    });
    if (leads.length === 0) return;
    await tx.query({
      name: 'notification-left-behind',
      text: `WITH lead AS MATERIALIZED (
               SELECT l.id, coalesce(l.message_id, l.id) AS message_id, l.status, l.attempts, (
                 SELECT count(*) FROM notification o WHERE o.bundled_into = l.id AND o.status IN ('pending', 'sending')
               ) AS waiting
               FROM notification l WHERE l.id = ANY($1::uuid[])
             ), free AS (
               SELECT n.id, n.bundled_into, n.attempts FROM notification n JOIN page p ON p.id = n.page_id
               WHERE n.bundled_into = ANY($1::uuid[]) AND n.status = 'pending' FOR NO KEY UPDATE OF p, n SKIP LOCKED
             ), behind AS (
               SELECT f.id, l.id AS lead_id, l.message_id, count(*) OVER (PARTITION BY l.id) = l.waiting AS is_whole,
                 l.status = 'cancelled' AND f.attempts > 0 AND f.attempts = l.attempts AS goes_on
               FROM free f JOIN lead l ON l.id = f.bundled_into
             ), placed AS (
               SELECT id, message_id,
                 CASE WHEN goes_on THEN first_value(id) OVER (PARTITION BY lead_id, goes_on ORDER BY id) END AS heir
               FROM behind WHERE is_whole
             )
             UPDATE notification n
             SET bundled_into = nullif(p.heir, n.id), message_id = CASE WHEN p.heir = n.id THEN p.message_id END
             FROM placed p WHERE n.id = p.id`,
      values: [leads.map((lead) => lead.id)],
    });
  },

  /** Takes them for this server; the token is raised, so that whoever held an older one cannot report any more. */
  async claim(
    tx: Tx,
    now: string,
    serverId: string,
    claims: readonly { id: string; bundledInto: string | null; leaseMs: number }[],
  ): Promise<Claimed[]> {
    if (claims.length === 0) return [];
    const { rows } = await tx.query<Claimed>({
      name: 'notification-claim',
      text: `UPDATE notification n
             SET status = 'sending', attempts = n.attempts + 1, claim_token = n.claim_token + 1, claimed_by = $2,
                 claimed_until = clock_timestamp() + make_interval(secs => r.lease_ms / 1000.0),
                 first_tried_at = coalesce(n.first_tried_at, $1), bundled_into = r.bundled_into, last_error = NULL
             FROM unnest($3::uuid[], $4::uuid[], $5::int[]) AS r (id, bundled_into, lease_ms)
             WHERE n.id = r.id AND n.status = 'pending'
             RETURNING n.id, n.claim_token AS token`,
      values: [
        now,
        serverId,
        claims.map((claim) => claim.id),
        claims.map((claim) => claim.bundledInto),
        claims.map((claim) => claim.leaseMs),
      ],
    });
    return rows;
  },

  /** Makes the leases last; answers which are still ours. */
  async renew(tx: Tx, claims: readonly Claimed[], leaseMs: number): Promise<Set<string>> {
    const { rows } = await tx.query<{ id: string }>({
      name: 'notification-renew',
      text: `UPDATE notification n SET claimed_until = clock_timestamp() + make_interval(secs => $3 / 1000.0)
             FROM unnest($1::uuid[], $2::bigint[]) AS r (id, token)
             WHERE n.id = r.id AND n.claim_token = r.token AND n.claimed_until IS NOT NULL
             RETURNING n.id`,
      values: [claims.map((claim) => claim.id), claims.map((claim) => claim.token), leaseMs],
    });
    return new Set(rows.map((row) => row.id));
  },

  /** Gives back what was not tried: it is due as it was, and the try does not count. */
  async release(tx: Tx, claims: readonly Claimed[]): Promise<void> {
    await tx.query({
      name: 'notification-release',
      text: `UPDATE notification n
             SET status = CASE n.status WHEN 'sending' THEN 'pending' ELSE n.status END, attempts = n.attempts - 1,
                 claimed_by = NULL, claimed_until = NULL,
                 first_tried_at = CASE WHEN n.attempts <= 1 THEN NULL ELSE n.first_tried_at END,
                 bundled_into = CASE WHEN n.attempts <= 1 THEN NULL ELSE n.bundled_into END
             FROM unnest($1::uuid[], $2::bigint[]) AS r (id, token)
             WHERE n.id = r.id AND n.claim_token = r.token`,
      values: [claims.map((claim) => claim.id), claims.map((claim) => claim.token)],
    });
  },

  /** Claims whose lease ran out; not locked, so ask `stillExpired` once their pages are. */
  async expired(tx: Tx, limit: number): Promise<{ id: string; via: string; attempts: number }[]> {
    const { rows } = await tx.query<{ id: string; via: string; attempts: number }>({
      name: 'notification-expired',
      text: `SELECT n.id, n.via, n.attempts FROM notification n
             WHERE n.claimed_until < clock_timestamp() ORDER BY n.claimed_until LIMIT $1`,
      values: [limit],
    });
    return rows;
  },

  /** What waits for its first try since `before`, though the person has another way that is not due yet. */
  async stuck(tx: Tx, now: string, before: string, limit: number): Promise<{ id: string; dueAt: string }[]> {
    const { rows } = await tx.query<{ id: string; dueAt: string }>({
      name: 'notification-stuck',
      text: `SELECT n.id, n.due_at AS "dueAt" FROM notification n
             WHERE n.status = 'pending' AND n.due_at <= $2 AND n.planned_at <= $2 AND n.first_tried_at IS NULL
               AND n.bundled_into IS NULL AND $1 < (
                 SELECT o.due_at FROM notification o
                 WHERE o.page_id = n.page_id AND o.status = 'pending' AND o.place > n.place ORDER BY o.place LIMIT 1)
             ORDER BY n.due_at LIMIT $3`,
      values: [now, before, limit],
    });
    return rows;
  },

  async stillExpired(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
    const { rows } = await tx.query<{ id: string }>({
      name: 'notification-still-expired',
      text: `SELECT n.id FROM notification n WHERE n.id = ANY($1::uuid[]) AND n.claimed_until < clock_timestamp()`,
      values: [ids],
    });
    return new Set(rows.map((row) => row.id));
  },

  /** Fencing: of these claims the ones whose token is still the newest. */
  async fence(tx: Tx, claims: readonly Claimed[]): Promise<Set<string>> {
    const { rows } = await tx.query<{ id: string }>({
      name: 'notification-fence',
      text: `SELECT n.id FROM notification n JOIN unnest($1::uuid[], $2::bigint[]) AS r (id, token) ON n.id = r.id
             WHERE n.claim_token = r.token AND n.claimed_until IS NOT NULL`,
      values: [claims.map((claim) => claim.id), claims.map((claim) => claim.token)],
    });
    return new Set(rows.map((row) => row.id));
  },

  /** Of these claims the ones that nobody has ended or taken over. */
  async stillSending(tx: Tx, claims: readonly Claimed[]): Promise<Set<string>> {
    const { rows } = await tx.query<{ id: string }>({
      name: 'notification-still-sending',
      text: `SELECT n.id FROM notification n JOIN unnest($1::uuid[], $2::bigint[]) AS r (id, token) ON n.id = r.id
             WHERE n.claim_token = r.token AND n.status = 'sending'`,
      values: [claims.map((claim) => claim.id), claims.map((claim) => claim.token)],
    });
    return new Set(rows.map((row) => row.id));
  },

  /** Each server says whose desktop is connected to it. */
  async reportPresence(tx: Tx, serverId: string, userIds: readonly string[], forMs: number): Promise<void> {
    await tx.query({
      name: 'desktop-report',
      text: `WITH gone AS (
               DELETE FROM desktop_presence
               WHERE (server_id = $1 AND user_id <> ALL($2::uuid[])) OR until < clock_timestamp() - interval '1 hour'
             )
             INSERT INTO desktop_presence (user_id, server_id, until)
             SELECT u, $1, clock_timestamp() + make_interval(secs => $3 / 1000.0) FROM unnest($2::uuid[]) AS u
             ON CONFLICT (user_id, server_id) DO UPDATE SET until = excluded.until`,
      values: [serverId, userIds, forMs],
    });
  },

  /** Of these people the ones with a desktop connected to any server. */
  async present(tx: Tx, userIds: readonly string[]): Promise<Set<string>> {
    const { rows } = await tx.query<{ userId: string }>({
      name: 'desktop-present',
      text: `SELECT DISTINCT user_id AS "userId" FROM desktop_presence
             WHERE user_id = ANY($1::uuid[]) AND until > clock_timestamp()`,
      values: [userIds],
    });
    return new Set(rows.map((row) => row.userId));
  },
};

/** The rows as they are now that their pages are locked. */
async function fresh(tx: Tx, rows: readonly NotificationState[]): Promise<NotificationState[]> {
  if (rows.length === 0) return [];
  const { rows: now } = await tx.query<NotificationState>({
    name: 'notification-fresh',
    text: `SELECT ${notificationColumns.select('n')} FROM notification n
           WHERE n.id = ANY($1::uuid[]) AND n.status = 'pending' ORDER BY n.priority DESC, n.due_at, n.id`,
    values: [rows.map((row) => row.id)],
  });
  return now;
}
