// Why an alert is in its incident, in the words its reader sees.
import type { AlertState } from '#server/modules/alerts/state.ts';
import type { GroupChoice } from '#server/modules/grouping/choice.ts';
import { pathInWords, type ServicePath } from '#server/modules/grouping/topology.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

export function openReason({ rule, same }: GroupChoice, count: number): string {
  const common = same === '' ? '' : ` with ${same}`;
  if (count === 1) return `First alert${common}; rule “${rule.name}” opened the incident.`;
  const together = rule.minimumCount > 1 ? `within ${duration(rule.windowSeconds)}` : 'that came together';
  return `One of ${count} alerts${common} ${together}; rule “${rule.name}” opened the incident.`;
}

export function joinReason(alert: AlertState, incident: IncidentState, choice: GroupChoice, others: number): string {
  const company = others === 1 ? '1 other' : `${others} others`;
  const own = incident.groupKey === choice.groupKey;
  const common = choice.same === '' || !own ? `Together with ${company}` : `Same ${choice.same} as ${company}`;
  const after = seconds(incident.startedAt, alert.firstSeenAt);
  const delay = after >= 0 ? `, ${duration(after)} after the first` : '';
  const group = choice.same === '' ? 'Its group' : `Its group, ${choice.same},`;
  const taken = own ? '' : ` ${group} was taken into this incident before.`;
  return `${common}${delay}; rule “${choice.rule.name}”.${taken}`;
}

/** Why an alert is with one on another service. `nameOf` gives the names of services. */
export function connectedReason(
  alert: AlertState,
  incident: IncidentState,
  choice: GroupChoice,
  path: ServicePath,
  nameOf: (serviceId: string) => string,
): string {
  const names = path.services.map((id) => `“${nameOf(id)}”`);
  const [own = '', common = '', fires = ''] = [names[0], names[path.stepsBelow], names.at(-1)];
  const steps = path.services.length - 1;
  const way = steps === 0 ? '' : ` (${pathInWords(path, nameOf)})`;
  const after = seconds(incident.startedAt, alert.firstSeenAt);
  const delay = after >= 0 ? `, ${duration(after)} after the first` : '';
  return `${connection()}${way}${delay}; rule “${choice.rule.name}”.`;

  function connection(): string {
    if (steps === 0) return `Another alert on ${own} is in the incident`;
    if (path.stepsBelow === steps) return `${own} depends on ${fires}, where an alert fires`;
    if (path.stepsBelow === 0) return `${fires}, where an alert fires, depends on ${own}`;
    return `${own} and ${fires}, where an alert fires, both depend on ${common}`;
  }
}

/** Whole seconds from one instant to another, rounded down. */
export function seconds(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / 1_000);
}

export function duration(total: number): string {
  if (total < 120) return `${total} s`;
  if (total < 7_200) return `${Math.round(total / 60)} min`;
  return total < 172_800 ? `${Math.round(total / 3_600)} h` : `${Math.round(total / 86_400)} d`;
}
