import { incidentStatuses, type IncidentStatus } from '#server/contract/incident.ts';
import {
  applied,
  changed,
  conflict,
  type Decision,
  type Facts,
  invalid,
  isStale,
  latest,
  nameOf,
  noop,
} from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { nextUpdateDue } from '#server/modules/incidents/update-cadence.ts';

export type Move = 'acknowledge' | 'mitigate' | 'resolve';

const goal = { acknowledge: 'acknowledged', mitigate: 'mitigated', resolve: 'resolved' } as const;

/** triggered → acknowledged → mitigated → resolved. Only `decideReopen` goes back. */
export function decideMove(incident: IncidentState, move: Move, facts: Facts): Decision<IncidentState> {
  const wanted = goal[move];
  const who = facts.actor.name;
  if (incident.status === wanted) {
    return noop(`Already ${wanted}.`, reached(incident, wanted, facts));
  }
  if (rank(incident.status) > rank(wanted)) {
    // Acknowledging what somebody is already working on changes nothing; acting on a closed incident is a mistake.
    if (move === 'acknowledge' && incident.status === 'mitigated') {
      return noop('Already mitigated.', reached(incident, 'mitigated', facts));
    }
    return conflict(`${who} wanted to ${move} it`, `it is ${kept(incident, facts)}`);
  }
  if (isStale(incident, 'status', facts)) {
    return conflict(`${who} wanted to ${move} it from an older copy`, `${kept(incident, facts)} kept`);
  }

  const acknowledgement =
    incident.acknowledgedAt === null
      ? { acknowledgedAt: latest(facts.actedAt, incident.startedAt), acknowledgedBy: facts.actor.userId }
      : { acknowledgedAt: incident.acknowledgedAt, acknowledgedBy: incident.acknowledgedBy };
  const at = latest(facts.actedAt, incident.startedAt, acknowledgement.acknowledgedAt, incident.mitigatedAt);
  switch (move) {
    case 'acknowledge':
      return applied(changed(incident, { status: wanted, ...acknowledgement }, 'status'), {
        kind: 'status',
        text: `${who} acknowledged`,
        data: { status: { from: incident.status, to: wanted } },
      });
    case 'mitigate':
      return applied(changed(incident, { status: wanted, ...acknowledgement, mitigatedAt: at }, 'status'), {
        kind: 'status',
        text: `${who} marked it mitigated`,
        data: { status: { from: incident.status, to: wanted } },
      });
    case 'resolve': {
      const firing = incident.firingAlertCount;
      return applied(
        changed(incident, { status: wanted, ...acknowledgement, resolvedAt: at, nextUpdateDueAt: null }, 'status'),
        {
          kind: 'status',
          text: `${who} resolved it`,
          detail: firing === 0 ? null : `${firing} of its ${incident.alertCount} alerts still fired then`,
          data: { status: { from: incident.status, to: wanted } },
        },
      );
    }
  }
}

/**
 * Back to work: a resolved incident is triggered again, a mitigated one is acknowledged again.
 * `otherOpen` is another open incident that its group feeds meanwhile; a group never has two.
 */
export function decideReopen(
  incident: IncidentState,
  facts: Facts,
  otherOpen: { number: number } | null,
): Decision<IncidentState> {
  const who = facts.actor.name;
  if (incident.status === 'triggered' || incident.status === 'acknowledged') {
    return noop('It is open.', facts.lastChange('status'));
  }
  if (isStale(incident, 'status', facts)) {
    return conflict(`${who} wanted to reopen it from an older copy`, `${kept(incident, facts)} kept`);
  }
  if (incident.status === 'mitigated') {
    return applied(changed(incident, { status: 'acknowledged', mitigatedAt: null }, 'status'), {
      kind: 'status',
      text: `${who} took back that it is mitigated`,
      data: { status: { from: 'mitigated', to: 'acknowledged' } },
    });
  }
  const open = {
    status: 'triggered',
    acknowledgedAt: null,
    acknowledgedBy: null,
    firstAcknowledgedAt: incident.firstAcknowledgedAt ?? incident.acknowledgedAt,
    mitigatedAt: null,
    resolvedAt: null,
    nextUpdateDueAt: nextUpdateDue(incident.updateCadenceMinutes, facts.at),
    ...(otherOpen === null ? {} : { groupKey: null, ruleId: null }),
  } as const;
  return applied(changed(incident, open, 'status'), {
    kind: 'status',
    text: `${who} reopened it`,
    data: { status: { from: incident.status, to: 'triggered' } },
    detail: otherOpen === null ? null : `New alerts of its group go on to INC-${otherOpen.number}, which is open too`,
  });
}

/** An incident that was merged is a record: its story goes on elsewhere. */
export function mergedElsewhere(incident: IncidentState, wanted: string, facts: Facts): Decision<never> | null {
  if (incident.mergedInto === null) return null;
  return conflict(`${facts.actor.name} wanted to ${wanted} here`, 'it was merged into another incident; act there');
}

export function notOpen(incident: IncidentState): Decision<never> | null {
  if (incident.status !== 'resolved') return null;
  return invalid(`INC-${incident.number} is resolved. Reopen it first.`);
}

function rank(status: IncidentStatus): number {
  return incidentStatuses.indexOf(status);
}

function reached(incident: IncidentState, status: IncidentStatus, facts: Facts) {
  const last = facts.lastChange('status');
  if (status !== 'acknowledged') return last;
  if (incident.acknowledgedBy === null) return { actor: last?.actor ?? null, at: incident.acknowledgedAt };
  return { actor: nameOf(facts, incident.acknowledgedBy), at: incident.acknowledgedAt };
}

function kept(incident: IncidentState, facts: Facts): string {
  const last = facts.lastChange('status');
  return last === null ? incident.status : `${incident.status} by ${last.actor}`;
}
