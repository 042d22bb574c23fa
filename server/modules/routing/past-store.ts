// Incidents as they really were, for the time machine.
import type { Severity } from '#server/contract/severity.ts';
import { subjectOf } from '#server/expressions/route-subject.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import type { PastIncident } from '#server/modules/routing/time-machine.ts';

interface Row {
  id: string;
  number: number;
  title: string;
  severity: Severity;
  startedAt: string;
  endedAt: string | null;
  acknowledgedAt: string | null;
  acknowledgedBy: string | null;
  restrictedTo: string[] | null;
  services: string[];
  declared: boolean;
  alertCount: number;
  alert: PastIncident['subject']['alert'] | null;
}

const pageSize = 5_000;

/** Those that began in [from, to) and the reader may see: newest first, until `alertsMax` alerts are in them. */
export async function readPastIncidents(
  sql: SqlReader,
  reader: { teamIds: readonly string[] },
  span: { from: string; to: string; id: string | null; alertsMax: number },
): Promise<{ incidents: PastIncident[]; alerts: number; truncated: boolean }> {
  const found: Row[] = [];
  let alerts = 0;
  let before: [string, string] | null = null;
  for (;;) {
    const rows: Row[] = await sql.query<Row & Record<string, unknown>>({
      name: 'time-machine-incidents',
      text: incidentsSql,
      values: [reader.teamIds, span.from, span.to, before?.[0] ?? null, before?.[1] ?? null, pageSize, span.id],
    });
    for (const row of rows) {
      // A declared incident counts as one.
      alerts += Math.max(1, row.alertCount);
      if (alerts > span.alertsMax && found.length > 0)
        return finish(sql, found, alerts - Math.max(1, row.alertCount), true);
      found.push(row);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return finish(sql, found, alerts, false);
    before = [last.startedAt, last.id];
  }
}

async function finish(sql: SqlReader, rows: readonly Row[], alerts: number, truncated: boolean) {
  const answers = await sql.query<{ incidentId: string; userId: string; at: string }>({
    name: 'time-machine-acknowledgements',
    text: `SELECT l.incident_id AS "incidentId", l.user_id AS "userId", min(l.at) AS at FROM ledger l
           WHERE l.kind = 'acknowledgement' AND l.user_id IS NOT NULL AND l.incident_id = ANY($1::uuid[])
           GROUP BY l.incident_id, l.user_id ORDER BY 3`,
    values: [rows.map((row) => row.id)],
  });
  const byIncident = Map.groupBy(answers, (answer) => answer.incidentId);
  const incidents = rows.map((row) => toPast(row, byIncident.get(row.id) ?? [])).toReversed();
  return { incidents, alerts, truncated };
}

function toPast(row: Row, answers: readonly { userId: string; at: string }[]): PastIncident {
  const { id, number, title, severity, startedAt, endedAt, restrictedTo, services, declared, alertCount } = row;
  const first = row.acknowledgedAt === null ? [] : [{ userId: row.acknowledgedBy, at: row.acknowledgedAt }];
  const others = answers.filter((answer) => answer.userId !== row.acknowledgedBy);
  return {
    id,
    number,
    title,
    severity,
    startedAt,
    acknowledgements: [...first, ...others].toSorted((a, b) => (a.at < b.at ? -1 : 1)),
    endedAt,
    restrictedTo,
    subject: subjectOf({ worst: row.alert, title, severity, services, declared, alertCount }),
  };
}

// The worst of the alerts that it opened with: those of its first five seconds, else the first.
const incidentsSql = `
  SELECT i.id, i.number, i.title, i.severity, i.started_at AS "startedAt", i.services,
    least(i.mitigated_at, i.resolved_at) AS "endedAt", i.acknowledged_at AS "acknowledgedAt",
    i.acknowledged_by AS "acknowledgedBy", i.restricted_to AS "restrictedTo", i.declared_by IS NOT NULL AS declared,
    i.alert_count AS "alertCount", a.alert
  FROM incident i LEFT JOIN LATERAL (
    SELECT jsonb_build_object('title', a.title, 'severity', a.severity, 'service', a.service, 'source', a.source,
      'fingerprint', a.fingerprint, 'labels', a.labels, 'annotations', a.annotations) AS alert
    FROM alert a WHERE a.incident_id = i.id
    ORDER BY a.first_seen_at > i.started_at + interval '5 seconds',
      CASE WHEN a.first_seen_at > i.started_at + interval '5 seconds' THEN extract(epoch FROM a.first_seen_at)
        ELSE array_position(ARRAY['sev1', 'sev2', 'sev3', 'info'], a.severity) END, a.first_seen_at, a.id
    LIMIT 1) AS a ON true
  WHERE (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[]) AND i.merged_into IS NULL
    AND ($7::uuid IS NOT NULL OR (i.started_at >= $2 AND i.started_at < $3)) AND ($7::uuid IS NULL OR i.id = $7)
    AND ($4::timestamptz IS NULL OR (i.started_at, i.id) < ($4, $5::uuid))
  ORDER BY i.started_at DESC, i.id DESC LIMIT $6`;
