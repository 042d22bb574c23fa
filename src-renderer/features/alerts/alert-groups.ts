// Groups of the alert list: incidents with the alerts in them; an alert without an incident stands alone.
import type { Alert } from '#server/contract/alert.ts';
import { type Severity, severityRank } from '#server/contract/severity.ts';

export interface AlertGroup {
  incidentId: string;
  alerts: [Alert, ...Alert[]];
}

/** What a group's row says of its alerts. */
interface GroupFacts {
  severity: Severity;
  /** Times the sources sent its alerts, together. */
  count: number;
  services: string[];
  firstSeenAt: string;
  lastSeenAt: string;
  acknowledged: boolean;
  suppressed: boolean;
}

/** A group, or an alert itself: a storm has too many of them to wrap each one. */
export type AlertEntry = AlertGroup | Alert;

export function isGroup(entry: AlertEntry): entry is AlertGroup {
  return 'alerts' in entry;
}

/** Keeps the order it is given: a group stands where its first alert stood. */
export function groupAlerts(alerts: readonly Alert[]): AlertEntry[] {
  const groups = new Map<string, AlertGroup>();
  const blocks: AlertEntry[] = [];
  for (const alert of alerts) {
    if (alert.incidentId === null) {
      blocks.push(alert);
      continue;
    }
    const group = groups.get(alert.incidentId);
    if (group !== undefined) {
      group.alerts.push(alert);
      continue;
    }
    const started: AlertGroup = { incidentId: alert.incidentId, alerts: [alert] };
    groups.set(alert.incidentId, started);
    blocks.push(started);
  }
  return blocks;
}

const known = new WeakMap<AlertGroup, GroupFacts>();

/** Asked of the few groups that are drawn, so that a storm need not be gone through. */
export function factsOf(group: AlertGroup): GroupFacts {
  let facts = known.get(group);
  if (facts === undefined) known.set(group, (facts = gather(group.alerts)));
  return facts;
}

function gather(alerts: AlertGroup['alerts']): GroupFacts {
  const { severity, firstSeenAt, lastSeenAt } = alerts[0];
  const services = new Set<string>();
  const facts = { severity, firstSeenAt, lastSeenAt, count: 0, acknowledged: true, suppressed: true };
  for (const alert of alerts) {
    facts.count += alert.count;
    if (severityRank(alert.severity) < severityRank(facts.severity)) facts.severity = alert.severity;
    if (alert.service !== null) services.add(alert.service);
    if (alert.firstSeenAt < facts.firstSeenAt) facts.firstSeenAt = alert.firstSeenAt;
    if (alert.lastSeenAt > facts.lastSeenAt) facts.lastSeenAt = alert.lastSeenAt;
    if (!alert.acknowledged) facts.acknowledged = false;
    if (!alert.suppressed) facts.suppressed = false;
  }
  return { ...facts, services: [...services] };
}
