// What a saved incident does to its paging at once, in the transaction that saves it. Pure; it cannot fail on a bad
// configuration, because it reads none.
import type { EscalationState, SeenIncident } from '#server/modules/escalation/state.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

type Noticed = Pick<IncidentState, 'id' | 'status' | 'severity' | 'alertCount' | 'version' | 'restrictedTo'>;

/** The state to write, and whether clients see a difference. */
export function noticed(
  state: EscalationState | null,
  incident: Noticed,
  at: string,
): { next: EscalationState; shown: boolean } {
  const open = incident.status === 'triggered';
  if (state === null) return { next: firstState(incident, at), shown: false };

  const next: EscalationState = { ...state, changed: true, audience: incident.restrictedTo };
  if (!isRunning(state)) {
    if (open) next.nextAt ??= at;
    return { next, shown: false };
  }
  const over = incident.status === 'resolved' || incident.status === 'mitigated';
  const answered =
    incident.status === 'acknowledged' && state.seen.status === 'triggered' && state.acknowledgementsNeeded <= 1;
  if (!over && !answered) return { next, shown: false };
  return {
    next: {
      ...next,
      version: state.version + 1,
      status: 'stopped',
      reason: `it is ${incident.status}`,
      nextAt: null,
      // What changes from here on is measured against this.
      seen: seenOf(incident),
    },
    shown: true,
  };
}

export function isRunning({ status }: Pick<EscalationState, 'status'>): boolean {
  return status === 'waiting' || status === 'held';
}

export function seenOf(incident: Omit<Noticed, 'id' | 'restrictedTo'>): SeenIncident {
  const { status, severity, alertCount, version } = incident;
  return { status, severity, alertCount, version };
}

function firstState(incident: Noticed, at: string): EscalationState {
  const open = incident.status === 'triggered';
  return {
    id: incident.id,
    version: 1,
    run: 0,
    status: open ? 'waiting' : 'stopped',
    reason: open ? 'about to be routed' : `it is ${incident.status}`,
    routeId: null,
    policyId: null,
    policyVersion: null,
    priority: 'default',
    step: 0,
    stepCount: 0,
    loop: 0,
    nextAt: open ? at : null,
    acknowledgedBy: [],
    acknowledgementsNeeded: 1,
    stepId: null,
    seen: seenOf(incident),
    changed: open,
    forced: null,
    fallbackRun: null,
    audience: incident.restrictedTo,
  };
}
