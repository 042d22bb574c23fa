// What has to hold after every run, whatever was lost, doubled, reordered or cut off on the way.
import type { AlertEvent } from '#server/contract/alert.ts';
import type { GroupingRule } from '#server/contract/grouping.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { endOf } from '#server/modules/silences/rules.ts';
import type { SilenceState } from '#server/modules/silences/state.ts';

/** One record that a sender was told is taken. */
export interface Accepted {
  id: string;
  key: string | null;
  action: 'fire' | 'acknowledge' | 'resolve' | 'change' | 'poison';
  late: boolean;
}

export interface Dump {
  now: string;
  alerts: AlertState[];
  events: AlertEvent[];
  incidents: IncidentState[];
  rules: GroupingRule[];
  silences: SilenceState[];
  changes: number;
  /** How often each record had an effect, or was found to need none. */
  applied: Map<string, { times: number; kind: string }>;
  accepted: Accepted[];
  /** Keys that people or end times had a hand in: their last word is not the source's alone. */
  touchedKeys: Set<string>;
}

/** The broken promises, in words; none when all is well. */
export function brokenPromises(dump: Dump): string[] {
  const broken: string[] = [];
  const expect = (holds: boolean, promise: string) => {
    if (!holds) broken.push(promise);
  };
  recordsOnce(dump, expect);
  for (const [key, alerts] of grouped(dump.alerts, (alert) => alert.dedupKey)) keyHolds(dump, key, alerts, expect);
  for (const alert of dump.alerts) alertHolds(dump, alert, expect);
  for (const incident of dump.incidents) incidentHolds(dump, incident, expect);
  const open = dump.incidents.filter((incident) => incident.status !== 'resolved' && incident.groupKey !== null);
  for (const [groupKey, list] of grouped(open, (incident) => incident.groupKey ?? '')) {
    expect(list.length === 1, `group ${groupKey} has ${list.length} open incidents`);
  }
  minimumCounts(dump, expect);
  return broken;
}

type Expect = (holds: boolean, promise: string) => void;

function recordsOnce(dump: Dump, expect: Expect): void {
  for (const record of new Map(dump.accepted.map((accepted) => [accepted.id, accepted])).values()) {
    const times = dump.applied.get(record.id)?.times ?? 0;
    expect(times === 1, `accepted record ${record.id} (${record.action}) had its effect ${times} times`);
  }
  const changes = new Set(dump.accepted.filter((record) => record.action === 'change').map((record) => record.id)).size;
  expect(dump.changes === changes, `${changes} changes were accepted and ${dump.changes} are stored`);
}

function keyHolds(dump: Dump, key: string, alerts: AlertState[], expect: Expect): void {
  const firing = alerts.filter((alert) => alert.status === 'firing');
  expect(firing.length <= 1, `${key} has ${firing.length} open alerts`);
  const records = dump.accepted.filter((record) => record.key === key);
  const fires = new Set(records.filter((record) => record.action === 'fire').map((record) => record.id));
  const counted = [...fires].filter((id) => dump.applied.get(id)?.kind === 'ok').length;
  const count = alerts.reduce((sum, alert) => sum + alert.count, 0);
  expect(count === counted, `${key} fired ${counted} times and its alerts count ${count}`);
  const last = records.findLast((record) => record.action === 'fire' || record.action === 'resolve');
  if (dump.touchedKeys.has(key) || records.some((record) => record.late) || last === undefined) return;
  expect(
    (firing.length === 1) === (last.action === 'fire'),
    `${key} was last heard to ${last.action}, and ${firing.length} alerts fire`,
  );
}

function alertHolds(dump: Dump, alert: AlertState, expect: Expect): void {
  const name = `alert ${alert.dedupKey} ${alert.id}`;
  const kinds = dump.events.filter((event) => event.alertId === alert.id).map((event) => event.kind);
  expect(kinds.filter((kind) => kind === 'fired').length === 1, `${name} has not one event for its firing`);
  const ends = kinds.filter((kind) => kind === 'resolved' || kind === 'expired').length;
  const returns = kinds.filter((kind) => kind === 'reopened').length;
  expect(
    ends - returns === (alert.status === 'resolved' ? 1 : 0),
    `${name} is ${alert.status} with ${ends} ends and ${returns} returns`,
  );
  expect(alert.suppressed === (alert.suppressedBy !== null), `${name} has a mark without a silence`);

  const incident = dump.incidents.find((other) => other.id === alert.incidentId);
  if (alert.incidentId !== null) {
    expect(incident !== undefined, `${name} is in an incident that is not there`);
    expect((alert.groupReason ?? '') !== '', `${name} is in an incident without a reason`);
  }
  if (alert.status !== 'firing') return;
  const silence = dump.silences.find((other) => other.id === alert.suppressedBy);
  expect(silence === undefined || !silence.finished, `${name} is still suppressed by a silence that ended`);
  const holding = dump.silences.filter(
    (other) => covers(other, alert) && other.startsAt <= dump.now && dump.now < endOf(other),
  );
  expect(alert.suppressed || holding.length === 0, `${name} fires unmarked beside an active silence`);
  expect(alert.endsAt === null || alert.endsAt > dump.now, `${name} is past its end time`);
  const rule = ruleFor(dump, alert);
  const wants = !alert.suppressed && alert.placedBy === null && rule.minimumCount === 1;
  expect(!wants || alert.incidentId !== null, `${name} fires and no incident has it`);
  const closedRight = rule.resolvePolicy === 'first';
  expect(!wants || closedRight || incident?.status !== 'resolved', `${name} fires in a closed incident`);
}

function incidentHolds(dump: Dump, incident: IncidentState, expect: Expect): void {
  const members = dump.alerts.filter((alert) => alert.incidentId === incident.id);
  const firing = members.filter((alert) => alert.status === 'firing').length;
  const name = `incident #${incident.number}`;
  expect(incident.number > 0, `${name} has no number`);
  expect(
    incident.alertCount === members.length,
    `${name} counts ${incident.alertCount} alerts and has ${members.length}`,
  );
  expect(incident.firingAlertCount === firing, `${name} counts ${incident.firingAlertCount} firing and has ${firing}`);
  const held = members.some((alert) => alert.flapping && alert.status === 'resolved');
  if (incident.resolvePolicy === 'all' && members.length > 0 && firing === 0 && !held) {
    expect(incident.status === 'resolved', `${name} is open though all its alerts resolved`);
  }
  expect(
    (incident.status === 'resolved') === (incident.resolvedAt !== null),
    `${name} is ${incident.status} at ${incident.resolvedAt}`,
  );
}

/** Nobody waits for a minimum count that is reached. */
function minimumCounts(dump: Dump, expect: Expect): void {
  const waiting = dump.alerts.filter(
    (alert) =>
      alert.status === 'firing' &&
      !alert.suppressed &&
      alert.incidentId === null &&
      alert.groupKey !== null &&
      alert.placedBy === null,
  );
  for (const [groupKey, list] of grouped(waiting, (alert) => alert.groupKey ?? '')) {
    const rule = dump.rules.find((other) => other.id === list[0]?.ruleId);
    if (rule === undefined) continue;
    const newest = Math.max(...list.map((alert) => Date.parse(alert.lastSeenAt)));
    const together = list.filter((alert) => newest - Date.parse(alert.lastSeenAt) < rule.windowSeconds * 1_000);
    expect(
      together.length < rule.minimumCount,
      `${together.length} alerts of ${groupKey} wait for ${rule.minimumCount}`,
    );
  }
}

function ruleFor(dump: Dump, alert: AlertState): GroupingRule {
  const own = dump.rules.find((rule) => !rule.builtIn && alert.service === 'payments');
  return own ?? (dump.rules.find((rule) => rule.builtIn) as GroupingRule);
}

function covers(silence: SilenceState, alert: AlertState): boolean {
  return silence.started && silence.matcher === `alert.service == "${alert.service ?? ''}"`;
}

function grouped<A>(list: readonly A[], keyOf: (item: A) => string): Map<string, A[]> {
  const groups = new Map<string, A[]>();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
