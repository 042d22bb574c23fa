// What the answers need beside the ledger's own entries, as far as the reader may see it.
import type { AlertEvent } from '#server/contract/alert.ts';
import type { Notification, Page } from '#server/contract/page.ts';
import type { Escalation } from '#server/contract/policy.ts';
import type { Severity } from '#server/contract/severity.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import type { Reader } from '#server/modules/ledger/store.ts';

export interface IncidentFact {
  id: string;
  number: number;
  title: string;
  severity: Severity;
  status: 'triggered' | 'acknowledged' | 'mitigated' | 'resolved';
  startedAt: string;
  acknowledgedAt: string | null;
  resolvedAt: string | null;
}

export interface AlertFact {
  id: string;
  title: string;
  severity: Severity;
  status: 'firing' | 'resolved';
  service: string | null;
  firstSeenAt: string;
  resolvedAt: string | null;
  incidentId: string | null;
  groupKey: string | null;
  groupReason: string | null;
  silence: { reason: string; kind: string; endsAt: string } | null;
  rule: { name: string; minimumCount: number; windowSeconds: number } | null;
  /** Firing alerts of the same group that wait too, itself included. */
  waiting: number;
}

type Row<T> = T & Record<string, unknown>;

const visible = '(i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])';

export async function readIncidentFact(sql: SqlReader, reader: Reader, id: string): Promise<IncidentFact | null> {
  const [row] = await sql.query<Row<IncidentFact>>({
    name: 'why-incident',
    text: `SELECT i.id, i.number, i.title, i.severity, i.status, i.started_at AS "startedAt",
             i.acknowledged_at AS "acknowledgedAt", i.resolved_at AS "resolvedAt"
           FROM incident i WHERE i.id = $2 AND ${visible}`,
    values: [reader.teamIds, id],
  });
  return row ?? null;
}

export async function readEscalationFact(sql: SqlReader, incidentId: string): Promise<Escalation | null> {
  const [row] = await sql.query<Row<Escalation>>({
    name: 'why-escalation',
    text: `SELECT id, version, run, status, reason, route_id AS "routeId", policy_id AS "policyId",
             policy_version AS "policyVersion", priority, step, step_count AS "stepCount", loop, next_at AS "nextAt",
             acknowledged_by AS "acknowledgedBy", acknowledgements_needed AS "acknowledgementsNeeded"
           FROM escalation WHERE id = $1`,
    values: [incidentId],
  });
  return row ?? null;
}

/** The pages of an incident with their notifications, oldest first. */
export async function readPagesOf(sql: SqlReader, reader: Reader, incidentId: string): Promise<Page[]> {
  const pages = await sql.query<Row<Omit<Page, 'notifications'>>>({
    name: 'why-pages',
    text: `SELECT ${pageColumns} FROM page p JOIN incident i ON i.id = p.incident_id
           WHERE ${visible} AND p.incident_id = $2 ORDER BY p.at, p.number LIMIT 2000`,
    values: [reader.teamIds, incidentId],
  });
  return withNotifications(sql, pages);
}

export async function readPageIncident(sql: SqlReader, reader: Reader, pageId: string): Promise<string | null> {
  const [row] = await sql.query<{ incidentId: string }>({
    name: 'why-page',
    text: `SELECT p.incident_id AS "incidentId" FROM page p JOIN incident i ON i.id = p.incident_id
           WHERE ${visible} AND p.id = $2`,
    values: [reader.teamIds, pageId],
  });
  return row?.incidentId ?? null;
}

/** Pages of everybody, or of one person, in [from, to). */
export async function readPagesBetween(
  sql: SqlReader,
  reader: Reader,
  span: { from: string; to: string; userId: string | null },
): Promise<Page[]> {
  const pages = await sql.query<Row<Omit<Page, 'notifications'>>>({
    name: 'why-pages-between',
    text: `SELECT ${pageColumns} FROM page p JOIN incident i ON i.id = p.incident_id
           WHERE ${visible} AND p.at >= $2 AND p.at < $3 AND ($4::uuid IS NULL OR p.user_id = $4)
           ORDER BY p.at, p.number LIMIT 500`,
    values: [reader.teamIds, span.from, span.to, span.userId],
  });
  return withNotifications(sql, pages);
}

export async function readAlertFact(sql: SqlReader, reader: Reader, id: string): Promise<AlertFact | null> {
  const [row] = await sql.query<
    Row<AlertFact & { silenceEndsAt: string; silenceReason: string | null; silenceKind: string }>
  >({
    name: 'why-alert',
    text: `SELECT a.id, a.title, a.severity, a.status, a.service, a.first_seen_at AS "firstSeenAt",
             a.resolved_at AS "resolvedAt", a.incident_id AS "incidentId", a.group_key AS "groupKey",
             a.group_reason AS "groupReason", s.reason AS "silenceReason", s.kind AS "silenceKind",
             least(s.ends_at, s.ended_at) AS "silenceEndsAt",
             CASE WHEN r.id IS NULL THEN NULL ELSE
               jsonb_build_object('name', r.name, 'minimumCount', r.minimum_count, 'windowSeconds', r.window_seconds) END AS rule,
             (SELECT count(*)::int FROM alert w WHERE w.group_key = a.group_key AND w.status = 'firing'
                AND w.incident_id IS NULL AND w.group_key IS NOT NULL) AS waiting
           FROM alert a LEFT JOIN silence s ON s.id = a.suppressed_by LEFT JOIN grouping_rule r ON r.id = a.rule_id
           WHERE a.id = $2 AND (a.audience IS NULL OR a.audience && $1::uuid[])`,
    values: [reader.teamIds, id],
  });
  if (row === undefined) return null;
  const { silenceEndsAt, silenceReason, silenceKind, ...alert } = row;
  const silence = silenceReason === null ? null : { reason: silenceReason, kind: silenceKind, endsAt: silenceEndsAt };
  return { ...alert, silence };
}

export function readAlertEvents(sql: SqlReader, alertId: string): Promise<AlertEvent[]> {
  return sql.query<Row<AlertEvent>>({
    name: 'why-alert-events',
    text: `SELECT id, alert_id AS "alertId", at, kind, cause, actor_id AS "actorId" FROM alert_event
           WHERE alert_id = $1 ORDER BY at, id LIMIT 500`,
    values: [alertId],
  });
}

const pageColumns = `p.id, p.version, p.number, p.incident_id AS "incidentId", p.user_id AS "userId",
  p.channel_id AS "channelId", p.policy_id AS "policyId", p.run, p.step, p.loop, p.priority, p.reason, p.at, p.late,
  p.status, p.ended_at AS "endedAt", p.ended_by AS "endedBy"`;

async function withNotifications(sql: SqlReader, pages: readonly Omit<Page, 'notifications'>[]): Promise<Page[]> {
  if (pages.length === 0) return [];
  const rows = await sql.query<Row<Notification & { pageId: string }>>({
    name: 'why-notifications',
    text: `SELECT id, page_id AS "pageId", method_id AS "methodId", channel_id AS "channelId", via, label,
             planned_at AS "plannedAt", due_at AS "dueAt", status, attempts, sent_at AS "sentAt",
             delivered_at AS "deliveredAt", last_error AS "lastError", bundled_into AS "bundledInto"
           FROM notification WHERE page_id = ANY($1::uuid[]) ORDER BY planned_at, place, id`,
    values: [pages.map((page) => page.id)],
  });
  const byPage = Map.groupBy(rows, (row) => row.pageId);
  return pages.map((page) => ({
    ...page,
    notifications: (byPage.get(page.id) ?? []).map(({ pageId: _page, ...notification }) => notification),
  }));
}
