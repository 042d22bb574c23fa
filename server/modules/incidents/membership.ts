// Which alerts belong to which incident when people decide it. The hand wins over the rule from then on.
import type { AlertEvent } from '#server/contract/alert.ts';
import { type Audience, isWidened } from '#server/contract/audience.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { changed, type Facts, forbidden, type Rejected } from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

const titlesShown = 10;
const servicesKept = 100;

/** What counting needs to know of an alert. */
export type Member = Pick<AlertState, 'id' | 'incidentId' | 'status' | 'service'>;

export interface MemberReader {
  /**
   * All alerts of these incidents, not locked. Counting them is right under the incidents' locks: who changes an alert
   * and has not committed has yet to take the incident's lock, and then adds his difference to what we stored.
   */
  membersOf(tx: Tx, incidentIds: string[]): Promise<Member[]>;
}

export type AlertEventDraft = Omit<AlertEvent, 'id'>;

/** What a hand's decision makes of several incidents and their alerts. */
export interface Regrouped {
  incidents: IncidentState[];
  alerts: AlertState[];
  events: AlertEventDraft[];
}

/** `members` are all alerts of the incident. */
export function countsOf(
  members: readonly Member[],
): Pick<IncidentState, 'alertCount' | 'firingAlertCount' | 'services'> {
  return {
    alertCount: members.length,
    firingAlertCount: members.filter((alert) => alert.status === 'firing').length,
    services: servicesOf(members.map((alert) => alert.service)),
  };
}

/** `incident` with these alerts more. */
export function withAlerts(incident: IncidentState, arriving: readonly AlertState[]): IncidentState {
  const added = countsOf(arriving);
  return changed(incident, {
    alertCount: incident.alertCount + added.alertCount,
    firingAlertCount: incident.firingAlertCount + added.firingAlertCount,
    services: servicesOf([...incident.services, ...added.services]),
  });
}

/** `incident`, whose alerts are all of `members`, without those that leave. */
export function withoutAlerts(
  incident: IncidentState,
  members: readonly Member[],
  leaving: readonly AlertState[],
): IncidentState {
  const gone = new Set(leaving.map((alert) => alert.id));
  return changed(incident, countsOf(members.filter((alert) => !gone.has(alert.id))));
}

/** The alert as a member of `target`, or of none. */
export function placeByHand(
  alert: AlertState,
  target: Pick<IncidentState, 'id' | 'restrictedTo'> | null,
  groupReason: string,
  facts: Facts,
): AlertState {
  return {
    ...alert,
    version: alert.version + 1,
    incidentId: target?.id ?? null,
    groupReason,
    placedBy: facts.actor.userId,
    audience: target === null || target.restrictedTo === null ? null : [...target.restrictedTo],
  };
}

export function membershipEvent(
  alert: AlertState,
  kind: 'grouped' | 'ungrouped',
  cause: string,
  facts: Facts,
): AlertEventDraft {
  return { alertId: alert.id, at: facts.at, kind, cause, actorId: facts.actor.userId };
}

/** Showing a restricted incident's alerts to more people is lifting a restriction, so it needs the same role. */
export function refuseWidening(alerts: readonly AlertState[], audience: Audience, facts: Facts): Rejected | null {
  const widened = alerts.filter((alert) => isWidened(alert.audience, audience)).length;
  if (widened === 0 || roleAtLeast(facts.actor.role, 'manager')) return null;
  return forbidden(
    `${counted(widened)} would become visible to people who may not see the restricted incident. A manager can do that.`,
  );
}

export function counted(count: number): string {
  return `${count} alert${count === 1 ? '' : 's'}`;
}

export function titlesOf(alerts: readonly AlertState[]): string {
  const titles = alerts.slice(0, titlesShown).map((alert) => alert.title);
  const more = alerts.length - titles.length;
  return [...titles, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

function servicesOf(services: readonly (string | null)[]): string[] {
  const named = services.filter((service): service is string => service !== null && service !== '');
  return [...new Set(named)].toSorted().slice(0, servicesKept);
}
