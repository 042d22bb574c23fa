// Rows of the alert list: groups are incidents with the alerts in them; an alert without an incident stands alone.
import type { Alert } from '#server/contract/alert.ts';
import { type Severity, severityRank } from '#server/contract/severity.ts';

export interface AlertGroup {
  incidentId: string;
  alerts: Alert[];
  severity: Severity;
  /** Times the sources sent its alerts, together. */
  count: number;
  services: string[];
  lastSeenAt: string;
  acknowledged: boolean;
  suppressed: boolean;
}

export type AlertRow =
  | { kind: 'group'; id: string; group: AlertGroup; expanded: boolean }
  | { kind: 'alert'; id: string; alert: Alert; inGroup: boolean };

export type AlertBlock = { kind: 'group'; group: AlertGroup } | { kind: 'alone'; alert: Alert };

/** Keeps the order it is given: a group stands where its first alert stood. */
export function groupAlerts(alerts: readonly Alert[]): AlertBlock[] {
  const groups = new Map<string, AlertGroup>();
  const blocks: AlertBlock[] = [];
  for (const alert of alerts) {
    if (alert.incidentId === null) {
      blocks.push({ kind: 'alone', alert });
      continue;
    }
    const group = groups.get(alert.incidentId);
    if (group !== undefined) {
      add(group, alert);
      continue;
    }
    const started = startGroup(alert.incidentId, alert);
    groups.set(alert.incidentId, started);
    blocks.push({ kind: 'group', group: started });
  }
  return blocks;
}

function startGroup(incidentId: string, first: Alert): AlertGroup {
  return {
    incidentId,
    alerts: [first],
    severity: first.severity,
    count: first.count,
    services: first.service === null ? [] : [first.service],
    lastSeenAt: first.lastSeenAt,
    acknowledged: first.acknowledged,
    suppressed: first.suppressed,
  };
}

function add(group: AlertGroup, alert: Alert): void {
  group.alerts.push(alert);
  group.count += alert.count;
  if (alert.severity !== group.severity && severityRank(alert.severity) < severityRank(group.severity))
    group.severity = alert.severity;
  // A group has few services, so looking through them beats hashing.
  if (alert.service !== null && !group.services.includes(alert.service)) group.services.push(alert.service);
  if (alert.lastSeenAt > group.lastSeenAt) group.lastSeenAt = alert.lastSeenAt;
  if (!alert.acknowledged) group.acknowledged = false;
  if (!alert.suppressed) group.suppressed = false;
}

/** Above this many alerts groups start closed, so that a storm reads as its causes. */
export const expandUpTo = 60;

export function flattenBlocks(
  blocks: readonly AlertBlock[],
  toggled: ReadonlySet<string>,
  expandedByDefault: boolean,
): AlertRow[] {
  const rows: AlertRow[] = [];
  for (const block of blocks) {
    if (block.kind === 'alone') {
      rows.push({ kind: 'alert', id: block.alert.id, alert: block.alert, inGroup: false });
      continue;
    }
    const { group } = block;
    const expanded = toggled.has(group.incidentId) ? !expandedByDefault : expandedByDefault;
    rows.push({ kind: 'group', id: group.incidentId, group, expanded });
    if (!expanded) continue;
    for (const alert of group.alerts) rows.push({ kind: 'alert', id: alert.id, alert, inGroup: true });
  }
  return rows;
}

export function flatRows(alerts: readonly Alert[]): AlertRow[] {
  return alerts.map((alert) => ({ kind: 'alert', id: alert.id, alert, inGroup: false }));
}

export function alertIdsOf(row: AlertRow): string[] {
  return row.kind === 'group' ? row.group.alerts.map((alert) => alert.id) : [row.alert.id];
}
