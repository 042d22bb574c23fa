// Rows of the alert list: groups are incidents with the alerts in them; an alert without an incident stands alone.
import type { Alert } from '#server/contract/alert.ts';
import { type Severity, worstSeverity } from '#server/contract/severity.ts';

export interface AlertGroup {
  incidentId: string;
  alerts: Alert[];
  severity: Severity;
  /** Times the sources sent its alerts, together. */
  count: number;
  services: string[];
  firstSeenAt: string;
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
  const members = new Map<string, Alert[]>();
  const order: (Alert[] | Alert)[] = [];
  for (const alert of alerts) {
    if (alert.incidentId === null) {
      order.push(alert);
      continue;
    }
    const group = members.get(alert.incidentId);
    if (group !== undefined) {
      group.push(alert);
      continue;
    }
    const started = [alert];
    members.set(alert.incidentId, started);
    order.push(started);
  }
  return order.map((entry) =>
    Array.isArray(entry) ? { kind: 'group', group: summarise(entry) } : { kind: 'alone', alert: entry },
  );
}

function summarise(alerts: Alert[]): AlertGroup {
  const first = alerts[0] as Alert;
  const services = new Set<string>();
  const group: AlertGroup = {
    incidentId: first.incidentId as string,
    alerts,
    severity: worstSeverity(alerts.map((alert) => alert.severity)),
    count: 0,
    services: [],
    firstSeenAt: first.firstSeenAt,
    lastSeenAt: first.lastSeenAt,
    acknowledged: true,
    suppressed: true,
  };
  for (const alert of alerts) {
    group.count += alert.count;
    if (alert.service !== null) services.add(alert.service);
    if (alert.firstSeenAt < group.firstSeenAt) group.firstSeenAt = alert.firstSeenAt;
    if (alert.lastSeenAt > group.lastSeenAt) group.lastSeenAt = alert.lastSeenAt;
    if (!alert.acknowledged) group.acknowledged = false;
    if (!alert.suppressed) group.suppressed = false;
  }
  group.services = [...services];
  return group;
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
