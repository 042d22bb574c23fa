import type { ActionOf } from '#server/contract/intent.ts';
import { canSee } from '#server/contract/audience.ts';
import { type Cadence, severityInWords } from '#server/contract/severity.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { type Decision, type Facts, invalid } from '#server/modules/incidents/decision.ts';
import { refuseWidening, type Regrouped, withAlerts } from '#server/modules/incidents/membership.ts';
import { type Group, moved } from '#server/modules/incidents/regroup.ts';
import { openedByHand } from '#server/modules/incidents/new-incident.ts';
import { nextUpdateDue } from '#server/modules/incidents/update-cadence.ts';

/** A person opens an incident, with or without alerts. `sources` are the incidents that the alerts are in now. */
export function decideDeclare(
  action: ActionOf<'incident.declare'>,
  number: number,
  alerts: AlertState[],
  sources: readonly Group[],
  cadence: Cadence,
  facts: Facts,
): Decision<Regrouped> {
  const who = facts.actor.name;
  const { incidentId: id, title, severity, impact, restrictedTo } = action;
  if (!canSee(restrictedTo, facts.actor.teamIds)) {
    return invalid('You are in none of the teams that may see it. Add a team of your own.');
  }
  const refused = refuseWidening(alerts, restrictedTo, facts);
  if (refused !== null) return refused;
  const minutes = cadence[severity];
  const due = nextUpdateDue(minutes, facts.at);
  const shape = { severity, restrictedTo, updateCadenceMinutes: minutes, nextUpdateDueAt: due };
  const empty = { ...openedByHand(shape, { id, number, title }, facts), impact };
  const declared = {
    incidentId: id,
    kind: 'declared',
    text: `${who} declared ${severityInWords(severity)}: ${title}`,
    detail: impact,
    data: { severity: { from: null, to: severity }, status: { from: null, to: 'triggered' } },
  } as const;
  if (alerts.length === 0) {
    return { outcome: 'applied', next: { incidents: [empty], alerts: [], events: [] }, entries: [declared] };
  }
  const decision = moved(alerts, sources, { ...withAlerts(empty, alerts), version: 1 }, 'attached', facts);
  return { ...decision, entries: [declared, ...decision.entries] };
}
