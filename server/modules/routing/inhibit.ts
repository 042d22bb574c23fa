// Which incident holds which other one back. Pure.
import { type Audience, isWidened } from '#server/contract/audience.ts';
import { compileRouteCondition, type RouteCondition, type RouteSubject } from '#server/expressions/cel.ts';
import type { DocumentList, StoredDocument } from '#server/modules/config/state.ts';

/** An open incident that might be the cause of others. */
export interface OpenIncident {
  incidentId: string;
  number: number;
  title: string;
  subject: RouteSubject;
  /** Held itself, it holds nobody. */
  held: boolean;
  restrictedTo: string[] | null;
}

export interface Inhibited {
  inhibitionId: string;
  name: string;
  cause: OpenIncident;
  /** The fields that both have equal, with their value: "cluster eu-1". */
  equal: string[];
}

/** The first inhibition and cause that hold the subject, in the order of rules and then of incidents. */
export function inhibitedBy(
  rules: DocumentList<'inhibition'>,
  incidentId: string,
  subject: RouteSubject,
  open: readonly OpenIncident[],
): Inhibited | null {
  for (const rule of rules.items) {
    const cause = possibleCauses(rule, incidentId, subject, open).find((candidate) => !candidate.held);
    if (cause !== undefined) {
      const equal = rule.draft.equal.map((field) => `${field} ${fieldOf(subject, field)}`);
      return { inhibitionId: rule.id, name: rule.draft.name, cause, equal };
    }
  }
  return null;
}

/**
 * Those that some rule lets hold the incident, held themselves or not: what the ledger has to know, and no more. One that
 * not everybody sees who sees the incident holds it not: they could not learn why nobody was paged, or would learn of it.
 */
export function causesOf(
  rules: DocumentList<'inhibition'>,
  incident: { id: string; restrictedTo: Audience },
  subject: RouteSubject,
  open: readonly OpenIncident[],
): OpenIncident[] {
  const seen = open.filter((candidate) => !isWidened(candidate.restrictedTo, incident.restrictedTo));
  const found = new Set(rules.items.flatMap((rule) => possibleCauses(rule, incident.id, subject, seen)));
  return seen.filter((candidate) => found.has(candidate));
}

export function hasInhibitions(rules: DocumentList<'inhibition'>): boolean {
  return rules.items.some((rule) => rule.draft.enabled);
}

/** `service`, `title`, `severity` and `source` of the alert, or a label; empty when it is not there. */
export function fieldOf({ alert }: RouteSubject, field: string): string {
  if (field === 'service') return alert.service ?? '';
  if (field === 'title' || field === 'severity' || field === 'source') return alert[field];
  return Object.hasOwn(alert.labels, field) ? (alert.labels[field] ?? '') : '';
}

function possibleCauses(
  rule: StoredDocument<'inhibition'>,
  incidentId: string,
  subject: RouteSubject,
  open: readonly OpenIncident[],
): OpenIncident[] {
  if (!rule.draft.enabled) return [];
  const { cause, symptom } = conditionsOf(rule);
  if (!symptom.ok || !cause.ok || !symptom.test(subject)) return [];
  const equal = (other: RouteSubject) =>
    rule.draft.equal.every((field) => fieldOf(other, field) === fieldOf(subject, field));
  // As in Alertmanager: of two that are cause and symptom both, neither holds the other, or each would.
  const isBoth = cause.test(subject);
  return open.filter(
    (candidate) =>
      candidate.incidentId !== incidentId &&
      equal(candidate.subject) &&
      cause.test(candidate.subject) &&
      !(isBoth && symptom.test(candidate.subject)),
  );
}

interface Conditions {
  cause: RouteCondition;
  symptom: RouteCondition;
}
const compiled = new WeakMap<StoredDocument<'inhibition'>, Conditions>();

function conditionsOf(rule: StoredDocument<'inhibition'>): Conditions {
  let conditions = compiled.get(rule);
  if (conditions === undefined) {
    conditions = { cause: compileRouteCondition(rule.draft.cause), symptom: compileRouteCondition(rule.draft.symptom) };
    compiled.set(rule, conditions);
  }
  return conditions;
}
