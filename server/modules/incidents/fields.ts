// Severity, title, impact and links of an incident.
import type { ActionOf } from '#server/contract/intent.ts';
import { type Cadence, severityInWords, severityNumber } from '#server/contract/severity.ts';
import {
  applied,
  changed,
  conflict,
  type Decision,
  type Facts,
  invalid,
  isStale,
  noop,
} from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { cadenceFor } from '#server/modules/incidents/update-cadence.ts';

const linkLimit = 50;

export function decideSeverity(
  incident: IncidentState,
  { severity }: ActionOf<'incident.set-severity'>,
  cadence: Cadence,
  facts: Facts,
): Decision<IncidentState> {
  const who = facts.actor.name;
  const last = facts.lastChange('severity');
  if (incident.severity === severity) return noop(`It is ${severityInWords(severity)} already.`, last);
  if (isStale(incident, 'severity', facts)) {
    const now = severityInWords(incident.severity);
    const kept = last === null ? now : `${now} by ${last.actor}`;
    return conflict(`${who} set the severity to ${severityNumber(severity)} from an older copy`, `${kept} kept`);
  }
  const next = changed(incident, { severity, ...cadenceFor(incident, cadence[severity], facts.at) }, 'severity');
  const [from, to] = [severityNumber(incident.severity), severityNumber(severity)];
  return applied(next, {
    kind: 'severity',
    text: `${who} set the severity from ${from} to ${to}`,
    data: { severity: { from: incident.severity, to: severity } },
  });
}

/** Harmless fields: the last one to write wins, and the timeline keeps what was there before. */
export function decideTitle(
  incident: IncidentState,
  { title }: ActionOf<'incident.set-title'>,
  facts: Facts,
): Decision<IncidentState> {
  if (incident.title === title) return noop('The title is the same.', facts.lastChange('edit'));
  return applied(changed(incident, { title }, 'title'), {
    kind: 'edit',
    text: `${facts.actor.name} renamed it: ${title}`,
    detail: `Before: ${incident.title}`,
  });
}

export function decideImpact(
  incident: IncidentState,
  { impact }: ActionOf<'incident.set-impact'>,
  facts: Facts,
): Decision<IncidentState> {
  if (incident.impact === impact) return noop('The impact is the same.', facts.lastChange('edit'));
  return applied(changed(incident, { impact }, 'impact'), {
    kind: 'edit',
    text: impact === null ? `${facts.actor.name} cleared the impact` : `${facts.actor.name} set the impact: ${impact}`,
    detail: incident.impact === null ? null : `Before: ${incident.impact}`,
  });
}

export function decideAddLink(
  incident: IncidentState,
  { link }: ActionOf<'incident.add-link'>,
  facts: Facts,
): Decision<IncidentState> {
  if (incident.links.some((other) => other.id === link.id || (other.url === link.url && other.label === link.label))) {
    return noop('The link is there already.', facts.lastChange('link'));
  }
  if (incident.links.length >= linkLimit) {
    return invalid(`An incident holds at most ${linkLimit} links. Remove one first.`);
  }
  return applied(changed(incident, { links: [...incident.links, link] }), {
    kind: 'link',
    text: `${facts.actor.name} added the ${link.kind === 'other' ? 'link' : link.kind} ${link.label}`,
    detail: link.url,
  });
}

export function decideRemoveLink(
  incident: IncidentState,
  { linkId }: ActionOf<'incident.remove-link'>,
  facts: Facts,
): Decision<IncidentState> {
  const link = incident.links.find((other) => other.id === linkId);
  if (link === undefined) return noop('The link is gone already.', facts.lastChange('link'));
  return applied(changed(incident, { links: incident.links.filter((other) => other !== link) }), {
    kind: 'link',
    text: `${facts.actor.name} removed the link ${link.label}`,
    detail: link.url,
  });
}
