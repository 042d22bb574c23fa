import { sameAudience } from '#server/contract/audience.ts';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { appendToFeed, type FeedRow, reissueToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { OpenInGroup } from '#server/modules/incidents/acting.ts';
import { pageOf, placeOf } from '#server/modules/incidents/page.ts';
import { publicIncident } from '#server/modules/incidents/public.ts';
import type { IncidentState, IncidentStore } from '#server/modules/incidents/state.ts';
import { defineTable } from '#server/database/table.ts';
import { timelineTable } from '#server/modules/incidents/timeline-store.ts';

const table = defineTable<IncidentState>('incident', {
  id: 'id',
  version: 'version',
  number: 'number',
  title: 'title',
  severity: 'severity',
  status: 'status',
  impact: 'impact',
  ruleId: 'rule_id',
  groupKey: 'group_key',
  groupReason: 'group_reason',
  resolvePolicy: 'resolve_policy',
  reopenSeconds: 'reopen_seconds',
  declaredBy: 'declared_by',
  alertCount: 'alert_count',
  firingAlertCount: 'firing_alert_count',
  services: 'services',
  startedAt: 'started_at',
  acknowledgedAt: 'acknowledged_at',
  acknowledgedBy: 'acknowledged_by',
  firstAcknowledgedAt: 'first_acknowledged_at',
  mitigatedAt: 'mitigated_at',
  resolvedAt: 'resolved_at',
  roles: 'roles',
  links: 'links',
  updateCadenceMinutes: 'update_cadence_minutes',
  nextUpdateDueAt: 'next_update_due_at',
  lastUpdate: 'last_update',
  restrictedTo: 'restricted_to',
  mergedInto: 'merged_into',
  fieldVersions: 'field_versions',
});

// Incident rows are locked FOR NO KEY UPDATE: alerts and entries that point at them can be inserted meanwhile.
export const incidentStore: IncidentStore & OpenInGroup = {
  async lockByIds(tx, ids) {
    if (ids.length === 0) return [];
    const { rows } = await tx.query<IncidentState>({
      name: 'incident-lock-ids',
      text: `SELECT ${table.select('i')} FROM incident i WHERE i.id = ANY($1::uuid[]) ORDER BY i.id FOR NO KEY UPDATE`,
      values: [ids],
    });
    return rows;
  },

  async lockByGroups(tx, groupKeys) {
    const chosen = new Map<string, IncidentState>();
    let asked = [...new Set(groupKeys)];
    while (asked.length > 0) {
      const { rows } = await tx.query<{ askedKey: string } & IncidentState>({
        name: 'incident-lock-groups',
        text: lockGroupsSql,
        values: [asked],
      });
      for (const { askedKey, ...state } of rows) chosen.set(askedKey, state);
      // One that was merged away while we waited for its lock: ask again, its target is to be found now.
      asked = rows.filter((row) => row.mergedInto !== null).map((row) => row.askedKey);
      for (const key of asked) chosen.delete(key);
    }
    return chosen;
  },

  async addGroups(tx, groups) {
    if (groups.length === 0) return;
    await tx.query({
      name: 'incident-add-groups',
      text: `INSERT INTO incident_group_key (group_key, incident_id) SELECT * FROM unnest($1::text[], $2::uuid[])
             ON CONFLICT DO NOTHING`,
      values: [groups.map((group) => group.groupKey), groups.map((group) => group.incidentId)],
    });
  },

  async nextNumbers(tx, count) {
    if (count === 0) return [];
    const { rows } = await tx.query<{ number: number }>({
      name: 'incident-numbers',
      text: `SELECT nextval('incident_number')::bigint AS number FROM generate_series(1, $1)`,
      values: [count],
    });
    return rows.map((row) => row.number);
  },

  async save(tx, at, incidents) {
    if (incidents.length === 0) return;
    const created = incidents.filter((incident) => incident.version === 1);
    const updated = incidents.filter((incident) => incident.version > 1);
    const unmoved = [...created];
    // First of all: what is written along with it may point at it.
    const inserted =
      created.length > 0
        ? tx.query({ name: 'incident-insert', text: table.insert, values: [table.toRows(created)] })
        : null;
    inserted?.catch(() => {});
    if (updated.length > 0) {
      const before = await audiences(
        tx,
        updated.map((incident) => incident.id),
      );
      for (const incident of updated) {
        const old = before.get(incident.id) ?? null;
        if (sameAudience(old, incident.restrictedTo)) unmoved.push(incident);
        else {
          const states = [publicIncident(incident)];
          await reissueToFeed(tx, at, { entity: 'incident', states, before: old, after: incident.restrictedTo });
        }
      }
      const { rowCount } = await tx.query({
        name: 'incident-update',
        text: table.update,
        values: [table.toRows(updated)],
      });
      if (rowCount !== updated.length) throw new Error('an incident was saved from a copy that is not the newest');
    }
    await Promise.all([inserted, appendToFeed(tx, at, unmoved.map(feedRow))]);
  },

  async addTimeline(tx, entries) {
    if (entries.length === 0) return;
    // Almost none is restricted, and reading a thousand answers costs more than asking.
    const { rows: restricted } = await tx.query<{ id: string; audience: string[] }>({
      name: 'timeline-insert',
      text: `WITH inserted AS (${timelineTable.insert} RETURNING id, incident_id)
             SELECT * FROM (SELECT n.id, (SELECT i.restricted_to FROM incident i WHERE i.id = n.incident_id) AS audience
                            FROM inserted n OFFSET 0) AS seen
             WHERE audience IS NOT NULL`,
      values: [timelineTable.toRows(entries)],
    });
    const audience = new Map(restricted.map((row) => [row.id, row.audience]));
    const rows = entries.map((entry) => timelineFeedRow(entry, audience.get(entry.id) ?? null));
    await appendToFeed(tx, entries[0]!.recordedAt, rows);
  },

  async openInGroup(tx, groupKey) {
    const { rows } = await tx.query<{ id: string; number: number }>({
      name: 'incident-open-in-group',
      text: `SELECT id, number FROM incident WHERE group_key = $1 AND status <> 'resolved'`,
      values: [groupKey],
    });
    return rows[0] ?? null;
  },
};

/** Every open incident, and those closed in the last 30 days. */
export async function readIncidentsForReplica(
  sql: SqlReader,
  actor: { userId: string; teamIds: readonly string[] },
  after: string | null,
  limit: number,
  at: string,
): Promise<{ id: string; version: number; body: Incident }[]> {
  const rows = await sql.query<IncidentState>({
    name: 'incident-replica',
    text: `SELECT ${table.select('i')} FROM incident i
           WHERE (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])
             AND ($2::uuid IS NULL OR i.id > $2)
             AND (i.status <> 'resolved' OR i.resolved_at > $3::timestamptz - make_interval(days => $4))
           ORDER BY i.id LIMIT $5`,
    values: [actor.teamIds, after, at, replicaLimits.closedIncidentDays, limit],
  });
  return rows.map((state) => ({ id: state.id, version: state.version, body: publicIncident(state) }));
}

export interface IncidentQuery {
  /** None is any. */
  statuses: string[];
  severities: string[];
  limit: number;
  cursor: string | null;
}

/** A page of incidents, the newest first; only those that the reader may see. */
export async function listIncidents(
  sql: SqlReader,
  reader: { teamIds: readonly string[] },
  query: IncidentQuery,
): Promise<{ items: Incident[]; nextCursor: string | null }> {
  const before = placeOf(query.cursor);
  const rows = await sql.query<IncidentState>({
    name: 'incident-list',
    text: `SELECT ${table.select('i')} FROM incident i
           WHERE (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])
             AND (cardinality($2::text[]) = 0 OR i.status = ANY($2))
             AND (cardinality($3::text[]) = 0 OR i.severity = ANY($3))
             AND ($4::timestamptz IS NULL OR (i.started_at, i.id) < ($4, $5::uuid))
           ORDER BY i.started_at DESC, i.id DESC LIMIT $6`,
    values: [reader.teamIds, query.statuses, query.severities, before?.at ?? null, before?.id ?? null, query.limit + 1],
  });
  return pageOf(rows.map(publicIncident), query.limit, ({ startedAt: at, id }) => ({ at, id }));
}

/** One incident, or null if there is none that the reader may see. */
export async function readIncident(
  sql: SqlReader,
  reader: { teamIds: readonly string[] },
  incidentId: string,
): Promise<Incident | null> {
  const [state] = await sql.query<IncidentState>({
    name: 'incident-read',
    text: `SELECT ${table.select('i')} FROM incident i
           WHERE i.id = $1 AND (i.restricted_to IS NULL OR i.restricted_to && $2::uuid[])`,
    values: [incidentId, reader.teamIds],
  });
  return state === undefined ? null : publicIncident(state);
}

// A merge chain has no loop, since only an open incident can be merged into; UNION ends one all the same.
const lockGroupsSql = `
  WITH RECURSIVE asked AS (
    SELECT unnest($1::text[]) AS group_key
  ), joined AS (
    SELECT g.group_key, i.id, i.status, i.resolved_at, i.merged_into
    FROM incident_group_key g JOIN asked USING (group_key) JOIN incident i ON i.id = g.incident_id
  ), merged AS (
    SELECT s.group_key, s.merged_into AS id, s.resolved_at AS merged_at
    FROM (SELECT i.group_key, i.merged_into, i.resolved_at FROM incident i JOIN asked USING (group_key)
          UNION ALL SELECT group_key, merged_into, resolved_at FROM joined) AS s
    WHERE s.merged_into IS NOT NULL
    UNION
    SELECT m.group_key, i.merged_into, m.merged_at
    FROM merged m JOIN incident i ON i.id = m.id WHERE i.merged_into IS NOT NULL
  ), choice AS (
    SELECT a.group_key, coalesce(
      (SELECT o.id FROM incident o WHERE o.group_key = a.group_key AND o.status <> 'resolved'),
      (SELECT j.id FROM joined j WHERE j.group_key = a.group_key AND j.status <> 'resolved' ORDER BY j.id DESC LIMIT 1),
      (SELECT t.id FROM merged m JOIN incident t ON t.id = m.id
       WHERE m.group_key = a.group_key AND t.status <> 'resolved' ORDER BY m.merged_at DESC, t.id DESC LIMIT 1),
      (SELECT c.id FROM (
         (SELECT o.id, o.resolved_at FROM incident o
          WHERE o.group_key = a.group_key AND o.status = 'resolved' AND o.merged_into IS NULL
          ORDER BY o.resolved_at DESC, o.id DESC LIMIT 1)
         UNION ALL
         (SELECT j.id, j.resolved_at FROM joined j WHERE j.group_key = a.group_key AND j.merged_into IS NULL)) AS c
       ORDER BY c.resolved_at DESC, c.id DESC LIMIT 1)) AS id
    FROM asked a
  )
  SELECT c.group_key AS "askedKey", ${table.select('i')}
  FROM choice c JOIN incident i ON i.id = c.id ORDER BY i.id FOR NO KEY UPDATE OF i`;

async function audiences(tx: Tx, ids: string[]): Promise<Map<string, string[] | null>> {
  const { rows } = await tx.query<{ id: string; restrictedTo: string[] | null }>({
    name: 'incident-audiences',
    text: `SELECT id, restricted_to AS "restrictedTo" FROM incident WHERE id = ANY($1::uuid[])`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, row.restrictedTo]));
}

function feedRow(state: IncidentState): FeedRow {
  const { id, version, restrictedTo } = state;
  return { entity: 'incident', op: 'put', id, version, body: publicIncident(state), audience: restrictedTo };
}

function timelineFeedRow(entry: TimelineEntry, audience: string[] | null): FeedRow {
  return { entity: 'timeline', op: 'put', id: entry.id, version: entry.version, body: entry, audience };
}

/** The service its route says it counts for, as long as its alerts name none. */
export async function giveService(tx: Tx, at: string, incidentId: string, service: string): Promise<void> {
  const [incident] = await incidentStore.lockByIds(tx, [incidentId]);
  if (incident === undefined || incident.services.length > 0) return;
  await incidentStore.save(tx, at, [{ ...incident, services: [service], version: incident.version + 1 }]);
}

/** Incidents that only members of this team may see. */
export async function countRestrictedTo(tx: Tx, teamId: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    'SELECT count(*) AS count FROM incident WHERE restricted_to = ARRAY[$1::uuid]',
    [teamId],
  );
  return rows[0]?.count ?? 0;
}

/** For figures that everyone may see, so without the restricted ones. */
export async function countOpenIncidents(sql: SqlReader): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `SELECT count(*) AS count FROM incident WHERE status <> 'resolved' AND restricted_to IS NULL`,
  );
  return row?.count ?? 0;
}
