// Attach, detach, split and merge, as pure decisions over the incidents and alerts they touch.
import { isWidened } from '#server/contract/audience.ts';
import type { Ask } from '#server/contract/console.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import {
  applied,
  changed,
  conflict,
  type Decision,
  type EntryDraft,
  type Facts,
  invalid,
  nameOf,
  noop,
} from '#server/modules/incidents/decision.ts';
import {
  counted,
  type Member,
  membershipEvent,
  placeByHand,
  refuseWidening,
  type Regrouped,
  titlesOf,
  withAlerts,
  withoutAlerts,
} from '#server/modules/incidents/membership.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { openedByHand } from '#server/modules/incidents/new-incident.ts';
import { mergedElsewhere, notOpen } from '#server/modules/incidents/status.ts';
import type { TaskState } from '#server/modules/incidents/task-store.ts';

const hidden = 'a restricted incident';

/** An incident and what it counts. */
export interface Group {
  incident: IncidentState;
  members: readonly Member[];
}

export function decideAttach(
  target: IncidentState,
  alerts: AlertState[],
  sources: readonly Group[],
  facts: Facts,
): Decision<Regrouped> {
  const blocked = mergedElsewhere(target, 'attach alerts', facts) ?? notOpen(target);
  if (blocked !== null) return blocked;
  const moving = alerts.filter((alert) => alert.incidentId !== target.id);
  if (moving.length === 0) return noop('They are all in this incident already.', facts.lastChange('membership'));
  const refused = refuseWidening(moving, target.restrictedTo, facts);
  if (refused !== null) return refused;
  return moved(moving, sources, withAlerts(target, moving), 'attached', facts);
}

export function decideDetach({ incident, members }: Group, alerts: AlertState[], facts: Facts): Decision<Regrouped> {
  const who = facts.actor.name;
  const leaving = alerts.filter((alert) => alert.incidentId === incident.id);
  if (leaving.length === 0) return noop('None of them is in this incident.', facts.lastChange('membership'));
  const refused = refuseWidening(leaving, null, facts);
  if (refused !== null) return refused;
  const reason = `Detached from INC-${incident.number} by ${who}`;
  return applied(
    {
      incidents: [withoutAlerts(incident, members, leaving)],
      alerts: leaving.map((alert) => placeByHand(alert, null, reason, facts)),
      events: leaving.map((alert) => membershipEvent(alert, 'ungrouped', `${reason}.`, facts)),
    },
    { kind: 'membership', text: `${who} detached ${counted(leaving.length)}`, detail: titlesOf(leaving) },
  );
}

/** A new incident takes some of the alerts, with the severity, audience and closing rule of the old one. */
export function decideSplit(
  { incident, members }: Group,
  alerts: AlertState[],
  fresh: { id: string; number: number; title: string },
  facts: Facts,
): Decision<Regrouped> {
  const who = facts.actor.name;
  const blocked = mergedElsewhere(incident, 'split off alerts', facts) ?? notOpen(incident);
  if (blocked !== null) return blocked;
  const outside = alerts.filter((alert) => alert.incidentId !== incident.id).length;
  if (outside > 0) {
    return conflict(
      `${who} wanted to split off ${counted(alerts.length)}`,
      `${counted(outside)} of them left this incident meanwhile`,
    );
  }
  const startedAt = alerts.reduce(
    (first, alert) => (alert.firstSeenAt < first ? alert.firstSeenAt : first),
    facts.actedAt,
  );
  const empty = { ...openedByHand(incident, fresh, facts), startedAt, resolvePolicy: incident.resolvePolicy };
  const opened = { ...withAlerts(empty, alerts), version: 1 };
  const decision = moved(alerts, [{ incident, members }], opened, 'split off', facts);
  return {
    ...decision,
    entries: [
      {
        incidentId: fresh.id,
        kind: 'declared',
        text: `${who} split this off INC-${incident.number} ${incident.title}`,
        detail: titlesOf(alerts),
        data: { severity: { from: null, to: incident.severity }, status: { from: null, to: 'triggered' } },
      },
      ...decision.entries.filter((entry) => entry.incidentId !== fresh.id),
    ],
  };
}

/** The source's alerts move to the target and the source is closed. New alerts of its group follow while the target is open. */
export function decideMerge(
  source: { incident: IncidentState; members: AlertState[] },
  target: IncidentState,
  left: { tasks: readonly TaskState[]; asks: readonly Pick<Ask, 'ownerId' | 'text'>[] },
  facts: Facts,
): Decision<Regrouped> {
  const who = facts.actor.name;
  const from = source.incident;
  if (from.id === target.id) return invalid('An incident cannot be merged into itself. Pick another one.');
  if (from.mergedInto === target.id)
    return noop(`It is merged into INC-${target.number} already.`, facts.lastChange('merge'));
  if (from.mergedInto !== null)
    return conflict(`${who} wanted to merge it into INC-${target.number}`, 'it was merged elsewhere');
  const blocked = notOpen(target);
  if (blocked !== null) return blocked;
  const refused = refuseWidening(source.members, target.restrictedTo, facts);
  if (refused !== null) return refused;

  const reason = (alert: AlertState) =>
    `Merged from INC-${from.number} by ${who}${alert.groupReason === null ? '' : `; before: ${alert.groupReason}`}`.slice(
      0,
      1_000,
    );
  const resolvedAt = from.resolvedAt ?? facts.at;
  const closed = changed(
    from,
    {
      status: 'resolved',
      resolvedAt,
      mergedInto: target.id,
      nextUpdateDueAt: null,
      alertCount: 0,
      firingAlertCount: 0,
      services: [],
      roles: from.roles.filter((slot) => slot.userId !== null).map((slot) => ({ ...slot, offer: null })),
    },
    'status',
  );
  // Neither timeline names the other incident to people who may not see it.
  const targetName = isWidened(target.restrictedTo, from.restrictedTo)
    ? hidden
    : `INC-${target.number} ${target.title}`;
  const sourceName = isWidened(from.restrictedTo, target.restrictedTo) ? hidden : `INC-${from.number} ${from.title}`;
  return applied(
    {
      incidents: [closed, withAlerts(target, source.members)],
      alerts: source.members.map((alert) => placeByHand(alert, target, reason(alert), facts)),
      events: source.members.map((alert) =>
        membershipEvent(
          alert,
          'grouped',
          `${who} merged its incident INC-${from.number} into INC-${target.number}.`,
          facts,
        ),
      ),
    },
    {
      incidentId: from.id,
      kind: 'merge',
      text: `${who} merged this into ${targetName}`,
      ...(from.status === 'resolved' ? {} : { data: { status: { from: from.status, to: 'resolved' } } }),
    },
    {
      incidentId: target.id,
      kind: 'merge',
      text: `${who} merged ${sourceName} into this: ${counted(source.members.length)}`,
      detail: leftBehind(from, left, facts),
    },
  );
}

/** Alerts from anywhere into `target`, which already counts them. */
export function moved(
  alerts: AlertState[],
  sources: readonly Group[],
  target: IncidentState,
  verb: 'attached' | 'split off',
  facts: Facts,
): ReturnType<typeof applied<Regrouped>> {
  const who = facts.actor.name;
  const reason = `${verb === 'attached' ? 'Attached' : `Split off into INC-${target.number}`} by ${who}`;
  const entries: EntryDraft[] = [
    {
      incidentId: target.id,
      kind: 'membership',
      text: `${who} ${verb} ${counted(alerts.length)}`,
      detail: titlesOf(alerts),
    },
  ];
  const left: IncidentState[] = [];
  for (const { incident, members } of sources) {
    const leaving = alerts.filter((alert) => alert.incidentId === incident.id);
    if (leaving.length === 0 || incident.id === target.id) continue;
    left.push(withoutAlerts(incident, members, leaving));
    const whither = isWidened(target.restrictedTo, incident.restrictedTo)
      ? hidden
      : `INC-${target.number} ${target.title}`;
    entries.push({
      incidentId: incident.id,
      kind: 'membership',
      text: `${who} moved ${counted(leaving.length)} to ${whither}`,
      detail: titlesOf(leaving),
    });
  }
  return applied(
    {
      incidents: [...left, target],
      alerts: alerts.map((alert) => placeByHand(alert, target, reason, facts)),
      events: alerts.map((alert) =>
        membershipEvent(
          alert,
          'grouped',
          `${who} ${verb === 'attached' ? 'attached' : 'moved'} it to INC-${target.number}.`,
          facts,
        ),
      ),
    },
    ...entries,
  );
}

function leftBehind(
  from: IncidentState,
  { tasks, asks }: Parameters<typeof decideMerge>[2],
  facts: Facts,
): string | null {
  const roles = from.roles
    .filter((slot) => slot.userId !== null)
    .map((slot) => `There, ${nameOf(facts, slot.userId)} is ${slot.role}`);
  const open = tasks.filter((task) => task.doneAt === null).map((task) => `Open task there: ${task.title}`);
  const asked = asks.map((ask) => `Asked there of ${nameOf(facts, ask.ownerId)}: ${ask.text}`);
  const lines = [...roles, ...open, ...asked];
  return lines.length === 0 ? null : lines.join('\n');
}
