// What paging reads of incidents, alerts, silences and people: one statement each for a whole batch.
import type { Tx } from '#server/database/transaction.ts';
import type { PagedIncident, PagedPerson, PagingFactsReader } from '#server/modules/escalation/facts.ts';

const inhibitionLock = 0x69_6e_68;

// The worst alert: firing before resolved, then by severity, then the oldest; the limit keeps a storm's thousands out.
const incidentColumns = `i.id, i.number, i.version, i.title, i.severity, i.status, i.services,
  i.declared_by IS NOT NULL AS declared, i.alert_count AS "alertCount", i.restricted_to AS "restrictedTo",
  i.firing_alert_count AS firing, coalesce(s.suppressed, 0)::int AS suppressed, coalesce(s.by, '{}') AS "suppressedBy",
  w.alert AS worst`;
const incidentFrom = `incident i
  LEFT JOIN LATERAL (
    SELECT json_build_object('title', a.title, 'severity', a.severity, 'service', a.service, 'source', a.source,
      'fingerprint', a.fingerprint, 'labels', a.labels, 'annotations', a.annotations) AS alert
    FROM alert a WHERE a.incident_id = i.id
    ORDER BY a.status, a.suppressed_by IS NOT NULL,
      array_position(ARRAY['sev1', 'sev2', 'sev3', 'info'], a.severity), a.first_seen_at, a.id LIMIT 1
  ) w ON true
  LEFT JOIN LATERAL (
    SELECT sum(n) AS suppressed, jsonb_object_agg(by, n) AS by
    FROM (SELECT a.suppressed_by AS by, count(*)::int AS n FROM alert a
          WHERE a.incident_id = i.id AND a.status = 'firing' AND a.suppressed_by IS NOT NULL GROUP BY 1) AS counted
  ) s ON true`;

export const pagingFacts: PagingFactsReader = {
  async incidents(tx, ids) {
    if (ids.length === 0) return [];
    const { rows } = await tx.query<PagedIncident>({
      name: 'paging-incidents',
      text: `SELECT ${incidentColumns} FROM ${incidentFrom} WHERE i.id = ANY($1::uuid[])`,
      values: [ids],
    });
    return rows;
  },

  async people(tx) {
    const everybody = tx.query<PagedPerson>({
      name: 'paging-people',
      text: `SELECT u.id, u.name, u.role, u.disabled,
               coalesce((SELECT array_agg(m.team_id::text ORDER BY m.team_id) FROM team_member m WHERE m.user_id = u.id), '{}') AS "teamIds"
             FROM user_account u ORDER BY u.id`,
    });
    const all = tx.query<{ id: string; name: string }>({
      name: 'paging-teams',
      text: 'SELECT id, name FROM team ORDER BY id',
    });
    const [{ rows: people }, { rows: teams }] = await Promise.all([everybody, all]);
    return { people, teams };
  },

  async silences(tx, at) {
    const { rows } = await tx.query<{ id: string; reason: string; kind: string }>({
      name: 'paging-silences',
      text: `SELECT s.id, s.reason, s.kind FROM silence s
             WHERE NOT s.finished AND s.starts_at <= $1 AND least(s.ends_at, s.ended_at) > $1 ORDER BY s.id LIMIT 200`,
      values: [at],
    });
    return rows.map(({ id, reason, kind }) => ({
      id,
      name: `the ${kind === 'maintenance' ? 'maintenance window' : 'silence'} “${reason}”`,
    }));
  },

  async openIncidents(tx) {
    // Two servers must not hold two incidents by each other at the same moment.
    await tx.query({
      name: 'paging-inhibition-lock',
      text: 'SELECT pg_advisory_xact_lock($1)',
      values: [inhibitionLock],
    });
    return openIncidentsNow(tx);
  },
};

/** The same for what decides nothing that another server may decide too: it waits for nobody. */
export async function openIncidentsNow(tx: Tx): Promise<(PagedIncident & { held: boolean })[]> {
  const { rows } = await tx.query<PagedIncident & { held: boolean }>({
    name: 'paging-open-incidents',
    text: `SELECT ${incidentColumns}, coalesce(e.status = 'held', false) AS held FROM ${incidentFrom}
           LEFT JOIN escalation e ON e.id = i.id WHERE i.status <> 'resolved' ORDER BY i.number LIMIT 5000`,
  });
  return rows;
}

/** How routing would have seen what came in lately: for the check of inhibitions. */
export async function recentSubjects(
  sql: { query<R extends Record<string, unknown>>(query: string, values?: unknown[]): Promise<R[]> },
  limit = 2_000,
): Promise<PagedIncident[]> {
  return sql.query<PagedIncident & Record<string, unknown>>(
    `SELECT ${incidentColumns} FROM ${incidentFrom} ORDER BY i.started_at DESC LIMIT $1`,
    [limit],
  );
}
