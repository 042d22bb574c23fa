import { type Audience, sameAudience } from '#server/contract/audience.ts';
import type { Alert } from '#server/contract/alert.ts';
import { appendToFeed, type FeedRow, reissueToFeed } from '#server/database/feed.ts';
import type { AlertState, AlertStore, DueAlertStore, FiringAlertStore } from '#server/modules/alerts/state.ts';
import type { Member, MemberReader } from '#server/modules/incidents/membership.ts';

type Column = Exclude<keyof AlertState, 'acknowledged' | 'suppressed'>;

const columns: Record<Column, string> = {
  id: 'id',
  version: 'version',
  integrationId: 'integration_id',
  dedupKey: 'dedup_key',
  fingerprint: 'fingerprint',
  status: 'status',
  acknowledgedBy: 'acknowledged_by',
  acknowledgedAt: 'acknowledged_at',
  suppressedBy: 'suppressed_by',
  flapping: 'flapping',
  severity: 'severity',
  source: 'source',
  service: 'service',
  serviceId: 'service_id',
  title: 'title',
  labels: 'labels',
  annotations: 'annotations',
  sourceUrl: 'source_url',
  runbookUrl: 'runbook_url',
  count: 'count',
  firstSeenAt: 'first_seen_at',
  lastSeenAt: 'last_seen_at',
  endsAt: 'ends_at',
  resolvedAt: 'resolved_at',
  incidentId: 'incident_id',
  groupKey: 'group_key',
  ruleId: 'rule_id',
  groupReason: 'group_reason',
  placedBy: 'placed_by',
  previousId: 'previous_id',
  recent: 'recent',
  transitions: 'transitions',
  audience: 'audience',
};
const fields = Object.entries(columns) as [Column, string][];
const names = fields.map(([, column]) => column);
const staleCopy = 'an alert was saved from a copy that is not the newest';
// Fixed from the first row on.
const changing = names.filter(
  (name) => !['id', 'integration_id', 'dedup_key', 'first_seen_at', 'previous_id'].includes(name),
);
/** `a.…` as the fields of an AlertState, its two derived marks included. */
export const alertColumns = [
  ...fields.map(([field, column]) => `a.${column} AS "${field}"`),
  'a.acknowledged_at IS NOT NULL AS acknowledged',
  'a.suppressed_by IS NOT NULL AS suppressed',
].join(', ');

export const alertStore: AlertStore & DueAlertStore & FiringAlertStore & MemberReader = {
  async lockLatest(tx, keys) {
    if (keys.length === 0) return [];
    const { rows } = await tx.query<AlertState>({
      name: 'alert-lock-latest',
      text: `SELECT ${alertColumns} FROM alert a WHERE a.id IN (
               SELECT newest.id FROM unnest($1::uuid[], $2::text[]) AS k (integration_id, dedup_key)
               CROSS JOIN LATERAL (
                 SELECT n.id FROM alert n WHERE n.integration_id = k.integration_id AND n.dedup_key = k.dedup_key
                 ORDER BY n.status, n.first_seen_at DESC LIMIT 1) AS newest)
             ORDER BY a.id FOR NO KEY UPDATE`,
      values: [keys.map((key) => key.integrationId), keys.map((key) => key.dedupKey)],
    });
    return rows;
  },

  async lockByIds(tx, ids) {
    if (ids.length === 0) return [];
    const { rows } = await tx.query<AlertState>({
      name: 'alert-lock-ids',
      text: `SELECT ${alertColumns} FROM alert a WHERE a.id = ANY($1::uuid[]) ORDER BY a.id FOR NO KEY UPDATE`,
      values: [ids],
    });
    return rows;
  },

  async lockByIncidents(tx, incidentIds) {
    if (incidentIds.length === 0) return [];
    const { rows } = await tx.query<AlertState>({
      name: 'alert-lock-incidents',
      text: `SELECT ${alertColumns} FROM alert a WHERE a.incident_id = ANY($1::uuid[]) ORDER BY a.id FOR NO KEY UPDATE`,
      values: [incidentIds],
    });
    return rows;
  },

  async lockWaiting(tx, groupKeys, since) {
    if (groupKeys.length === 0) return [];
    const { rows } = await tx.query<AlertState>({
      name: 'alert-lock-waiting',
      text: `SELECT ${alertColumns} FROM alert a
             WHERE a.group_key = ANY($1::text[]) AND a.status = 'firing' AND a.incident_id IS NULL
               AND a.suppressed_by IS NULL AND a.placed_by IS NULL AND a.last_seen_at >= $2
             ORDER BY a.id FOR NO KEY UPDATE`,
      values: [groupKeys, since],
    });
    return rows;
  },

  async flappingIn(tx, incidentIds) {
    if (incidentIds.length === 0) return [];
    const { rows } = await tx.query<{ id: string; incidentId: string }>({
      name: 'alert-flapping-in',
      text: `SELECT id, incident_id AS "incidentId" FROM alert
             WHERE flapping AND status = 'resolved' AND incident_id = ANY($1::uuid[]) ORDER BY id`,
      values: [incidentIds],
    });
    return rows;
  },

  async firingOn(tx, serviceIds) {
    if (serviceIds.length === 0) return [];
    const { rows } = await tx.query<{ incidentId: string; serviceId: string; newestAt: string }>({
      name: 'alert-firing-on',
      text: `WITH near AS MATERIALIZED (
               SELECT DISTINCT a.incident_id, a.service_id FROM alert a
               WHERE a.service_id = ANY($1::uuid[]) AND a.status = 'firing' AND a.incident_id IS NOT NULL
                 AND a.audience IS NULL
             ), place AS (
               SELECT i.id, (SELECT max(m.first_seen_at) FROM alert m WHERE m.incident_id = i.id) AS newest
               FROM incident i WHERE i.id IN (SELECT incident_id FROM near) AND i.status <> 'resolved'
             )
             SELECT n.incident_id AS "incidentId", n.service_id AS "serviceId", p.newest AS "newestAt"
             FROM near n JOIN place p ON p.id = n.incident_id ORDER BY n.incident_id, n.service_id`,
      values: [serviceIds],
    });
    return rows;
  },

  async membersOf(tx, incidentIds) {
    if (incidentIds.length === 0) return [];
    const { rows } = await tx.query<Member>({
      name: 'alert-members-of',
      text: `SELECT id, incident_id AS "incidentId", status, service FROM alert
             WHERE incident_id = ANY($1::uuid[]) ORDER BY id`,
      values: [incidentIds],
    });
    return rows;
  },

  async save(tx, at, alerts) {
    if (alerts.length === 0) return;
    const created = alerts.filter((alert) => alert.version === 1);
    const updated = alerts.filter((alert) => alert.version > 1);
    const moved = new Map<string, Audience>();
    if (updated.length > 0) {
      const { rows } = await tx.query<{ id: string; before: string[] | null }>({
        name: 'alert-update',
        text: updateSql,
        values: [toRows(updated)],
      });
      if (rows.length !== updated.length) throw new Error(staleCopy);
      const after = new Map(updated.map((alert) => [alert.id, alert.audience]));
      for (const { id, before } of rows) if (!sameAudience(before, after.get(id) ?? null)) moved.set(id, before);
    }
    // After the updates: one of them may have closed the alert whose key a new one takes.
    await Promise.all([
      created.length > 0 ? tx.query({ name: 'alert-insert', text: insertSql, values: [toRows(created)] }) : null,
      appendToFeed(tx, at, alerts.filter((alert) => !moved.has(alert.id)).map(feedRow)),
    ]);
    for (const group of byAudiences(alerts, moved)) await reissueToFeed(tx, at, { entity: 'alert', ...group });
  },

  async saveRepeats(tx, at, alerts) {
    if (alerts.length === 0) return;
    const repeats = tx.query({
      name: 'alert-repeats',
      text: `UPDATE alert AS t SET version = r.version, count = r.count, last_seen_at = r.last_seen_at, ends_at = r.ends_at,
               recent = r.recent
             FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::timestamptz[], $5::timestamptz[], $6::jsonb[])
               AS r (id, version, count, last_seen_at, ends_at, recent)
             WHERE t.id = r.id AND t.version < r.version`,
      values: [
        alerts.map((alert) => alert.id),
        alerts.map((alert) => alert.version),
        alerts.map((alert) => alert.count),
        alerts.map((alert) => alert.lastSeenAt),
        alerts.map((alert) => alert.endsAt),
        alerts.map(({ recent = null }) => (recent === null ? null : JSON.stringify(recent))),
      ],
    });
    const [{ rowCount }] = await Promise.all([repeats, appendToFeed(tx, at, alerts.map(feedRow))]);
    if (rowCount !== alerts.length) throw new Error(staleCopy);
  },

  async addEvents(tx, events) {
    if (events.length === 0) return;
    await tx.query({
      name: 'alert-events',
      text: `INSERT INTO alert_event (id, alert_id, at, kind, cause, actor_id)
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[])`,
      values: [
        events.map((event) => event.id),
        events.map((event) => event.alertId),
        events.map((event) => event.at),
        events.map((event) => event.kind),
        events.map((event) => event.cause),
        events.map((event) => event.actorId),
      ],
    });
  },

  async lockExpired(tx, now, limit) {
    const { rows } = await tx.query<AlertState>({
      name: 'alert-lock-expired',
      text: `SELECT ${alertColumns} FROM alert a WHERE a.status = 'firing' AND a.ends_at <= $1
             ORDER BY a.id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`,
      values: [now, limit],
    });
    return rows;
  },

  async lockSettled(tx, lastChangeBefore, limit) {
    const { rows } = await tx.query<AlertState>({
      name: 'alert-lock-settled',
      text: `SELECT ${alertColumns} FROM alert a
             WHERE a.flapping AND coalesce(a.transitions[cardinality(a.transitions)], a.first_seen_at) <= $1
             ORDER BY a.id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`,
      values: [lastChangeBefore, limit],
    });
    return rows;
  },

  async lockFiring(tx, after, limit) {
    const { rows } = await tx.query<AlertState>({
      name: 'alert-lock-firing',
      text: `SELECT ${alertColumns} FROM alert a WHERE a.status = 'firing' AND ($1::uuid IS NULL OR a.id > $1)
             ORDER BY a.id LIMIT $2 FOR NO KEY UPDATE`,
      values: [after, limit],
    });
    return rows;
  },

  async lockSuppressedBy(tx, silenceId, limit) {
    const { rows } = await tx.query<AlertState>({
      name: 'alert-lock-suppressed',
      text: `SELECT ${alertColumns} FROM alert a WHERE a.suppressed_by = $1 AND a.status = 'firing'
             ORDER BY a.id LIMIT $2 FOR NO KEY UPDATE`,
      values: [silenceId, limit],
    });
    return rows;
  },
};

/** What everybody may know of an alert: the contract's part of its state. */
export function publicAlert(state: AlertState): Alert {
  const {
    dedupKey: _key,
    groupKey: _group,
    ruleId: _rule,
    placedBy: _hand,
    transitions: _times,
    audience: _teams,
    ...alert
  } = state;
  return alert;
}

function feedRow(state: AlertState): FeedRow {
  return {
    entity: 'alert',
    op: 'put',
    id: state.id,
    version: state.version,
    body: publicAlert(state),
    audience: state.audience,
  };
}

function byAudiences(alerts: AlertState[], moved: ReadonlyMap<string, Audience>) {
  const groups = new Map<string, { states: Alert[]; before: Audience; after: Audience }>();
  for (const alert of alerts) {
    const before = moved.get(alert.id);
    if (before === undefined) continue;
    const key = JSON.stringify([before, alert.audience]);
    const group = groups.get(key) ?? { states: [], before, after: alert.audience };
    group.states.push(publicAlert(alert));
    groups.set(key, group);
  }
  return groups.values();
}

// One JSON parameter a statement: the text is made by one native call and read by one function in the database.
function toRows(alerts: AlertState[]): string {
  return JSON.stringify(
    alerts.map((alert) => Object.fromEntries(fields.map(([field, column]) => [column, alert[field]]))),
  );
}

const insertSql = `
  INSERT INTO alert (${names.join(', ')})
  SELECT ${names.map((name) => `r.${name}`).join(', ')} FROM jsonb_populate_recordset(NULL::alert, $1::jsonb) AS r`;

const updateSql = `
  UPDATE alert AS t SET ${changing.map((name) => `${name} = r.${name}`).join(', ')}
  FROM jsonb_populate_recordset(NULL::alert, $1::jsonb) AS r JOIN alert AS old ON old.id = r.id
  WHERE t.id = r.id AND t.version < r.version
  RETURNING t.id, old.audience AS before`;
