import type { Incident } from '#server/contract/incident.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

/** What everybody who may see an incident may know of it: the contract's part of its state. */
export function publicIncident(state: IncidentState): Incident {
  const { resolvePolicy: _policy, reopenSeconds: _reopen, firstAcknowledgedAt: _first, ...incident } = state;
  return incident;
}
