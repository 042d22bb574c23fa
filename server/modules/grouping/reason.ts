// Why an alert is in its incident, in the words its reader sees.
import type { AlertState } from '#server/modules/alerts/state.ts';
import type { GroupChoice } from '#server/modules/grouping/choice.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

export function openReason({ rule, same }: GroupChoice, count: number): string {
  const common = same === '' ? '' : ` with ${same}`;
  if (count === 1) return `First alert${common}; rule "${rule.name}" opened the incident.`;
  const together = rule.minimumCount > 1 ? `within ${duration(rule.windowSeconds)}` : 'that came together';
  return `One of ${count} alerts${common} ${together}; rule "${rule.name}" opened the incident.`;
}

export function joinReason(alert: AlertState, incident: IncidentState, choice: GroupChoice, others: number): string {
  const company = others === 1 ? '1 other' : `${others} others`;
  const common = choice.same === '' ? `Together with ${company}` : `Same ${choice.same} as ${company}`;
  const after = seconds(incident.startedAt, alert.firstSeenAt);
  const delay = after >= 0 ? `, ${duration(after)} after the first` : '';
  const merged =
    incident.groupKey === choice.groupKey ? '' : ' The incident of its own group was merged into this one.';
  return `${common}${delay}; rule "${choice.rule.name}".${merged}`;
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
