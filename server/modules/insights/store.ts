// Figures are made in the database: a year of alerts never travels. Each statement leaves out what the reader may not see.
import type { SqlReader } from '#server/database/transaction.ts';

export interface InsightsQuestion {
  from: string;
  to: string;
  spanMs: number;
  service: string | null;
  teamId: string | null;
}

/** `span` is the number of the span; null is the whole time. */
export interface IncidentFigures extends Record<string, unknown> {
  span: number | null;
  sev1: number;
  sev2: number;
  sev3: number;
  info: number;
  acknowledged: number;
  acknowledgeMs: (number | null)[] | null;
  resolved: number;
  resolveMs: (number | null)[] | null;
}

/** Of a span, of a service, or of the whole time, as `of` says. */
export interface AlertFigures extends Record<string, unknown> {
  of: 'span' | 'service' | 'whole';
  span: number | null;
  service: string | null;
  answered: number;
  noise: number;
  silenced: number;
  open: number;
}

interface Reader {
  teamIds: readonly string[];
}

const ofTeam = `EXISTS (SELECT FROM page p JOIN team_member m ON m.user_id = p.user_id AND m.team_id = $5
                        WHERE p.incident_id = i.id)`;

// A reopened incident is to be acknowledged anew; how fast it was answered is counted by its first time.
const acknowledgedAt = 'coalesce(i.first_acknowledged_at, i.acknowledged_at)';

export function readIncidentFigures(
  sql: SqlReader,
  reader: Reader,
  { from, to, spanMs, service, teamId }: InsightsQuestion,
): Promise<IncidentFigures[]> {
  return sql.query<IncidentFigures>({
    name: 'insights-incidents',
    text: `SELECT span,
             count(*) FILTER (WHERE severity = 'sev1')::int AS sev1, count(*) FILTER (WHERE severity = 'sev2')::int AS sev2,
             count(*) FILTER (WHERE severity = 'sev3')::int AS sev3, count(*) FILTER (WHERE severity = 'info')::int AS info,
             count(acknowledge)::int AS acknowledged,
             percentile_disc(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY acknowledge) AS "acknowledgeMs",
             count(resolve)::int AS resolved,
             percentile_disc(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY resolve) AS "resolveMs"
           FROM (
             SELECT i.severity, floor(extract(epoch FROM i.started_at - $1::timestamptz) * 1000 / $6::bigint)::int AS span,
               CASE WHEN ${acknowledgedAt} IS NOT NULL
                 THEN greatest(0, extract(epoch FROM ${acknowledgedAt} - i.started_at) * 1000)::float8 END AS acknowledge,
               CASE WHEN i.resolved_at IS NOT NULL
                 THEN greatest(0, extract(epoch FROM i.resolved_at - i.started_at) * 1000)::float8 END AS resolve
             FROM incident i
             WHERE i.started_at >= $1 AND i.started_at < $2 AND i.merged_into IS NULL
               AND (i.restricted_to IS NULL OR i.restricted_to && $3::uuid[])
               AND ($4::text IS NULL OR $4 = ANY(i.services)) AND ($5::uuid IS NULL OR ${ofTeam})
           ) AS seen
           GROUP BY GROUPING SETS ((span), ()) ORDER BY span NULLS FIRST`,
    values: [from, to, reader.teamIds, service, teamId, spanMs],
  });
}

export function readAlertFigures(
  sql: SqlReader,
  reader: Reader,
  { from, to, spanMs, service, teamId }: InsightsQuestion,
): Promise<AlertFigures[]> {
  return sql.query<AlertFigures>({
    name: 'insights-alerts',
    text: `SELECT CASE WHEN grouping(service) = 0 THEN 'service' WHEN grouping(span) = 0 THEN 'span' ELSE 'whole' END AS of,
             span, service,
             count(*) FILTER (WHERE outcome = 'answered')::int AS answered,
             count(*) FILTER (WHERE outcome = 'noise')::int AS noise,
             count(*) FILTER (WHERE outcome = 'silenced')::int AS silenced,
             count(*) FILTER (WHERE outcome = 'open')::int AS open
           FROM (
             SELECT a.service, floor(extract(epoch FROM a.first_seen_at - $1::timestamptz) * 1000 / $6::bigint)::int AS span,
               CASE WHEN a.acknowledged_at IS NOT NULL OR ${acknowledgedAt} IS NOT NULL OR i.declared_by IS NOT NULL
                      THEN 'answered'
                    WHEN a.suppressed_by IS NOT NULL THEN 'silenced'
                    WHEN a.status = 'firing' THEN 'open'
                    ELSE 'noise' END AS outcome
             FROM alert a LEFT JOIN incident i ON i.id = a.incident_id
             WHERE a.first_seen_at >= $1 AND a.first_seen_at < $2
               AND (a.audience IS NULL OR a.audience && $3::uuid[])
               AND (i.restricted_to IS NULL OR i.restricted_to && $3::uuid[])
               AND ($4::text IS NULL OR a.service = $4) AND ($5::uuid IS NULL OR ${ofTeam})
           ) AS seen
           GROUP BY GROUPING SETS ((span), (service), ())
           ORDER BY grouping(span, service), noise DESC, service`,
    values: [from, to, reader.teamIds, service, teamId, spanMs],
  });
}

export async function readTouchedServices(
  sql: SqlReader,
  reader: Reader,
  { from, to }: Pick<InsightsQuestion, 'from' | 'to'>,
): Promise<string[]> {
  const rows = await sql.query<{ name: string }>({
    name: 'insights-services',
    text: `SELECT DISTINCT name FROM incident i, unnest(i.services) AS name
           WHERE i.started_at >= $1 AND i.started_at < $2 AND i.merged_into IS NULL
             AND (i.restricted_to IS NULL OR i.restricted_to && $3::uuid[])
           ORDER BY name LIMIT 500`,
    values: [from, to, reader.teamIds],
  });
  return rows.map((row) => row.name);
}
