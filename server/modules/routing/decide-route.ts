// Which route takes an incident: the first enabled one whose condition holds. Pure.
import type { Priority } from '#server/contract/policy.ts';
import { compileRouteCondition, type RouteCondition, type RouteSubject } from '#server/expressions/cel.ts';
import type { DocumentList, StoredDocument } from '#server/modules/config/state.ts';

export interface RouteInput {
  /** The incident with its worst firing alert, or with itself in the alert's place when it was declared. */
  subject: RouteSubject;
  routes: DocumentList<'route'>;
}

export interface TriedRoute {
  routeId: string;
  name: string;
  condition: string;
  /** broken: its condition cannot be compiled any more, so it was passed over. */
  result: 'match' | 'no' | 'off' | 'broken' | 'not-reached';
  /** "env is prod" of a `no`; the fault of a broken one. */
  why: string;
}

export interface RouteOutput {
  /** Null only when no route is left that takes everything. */
  routeId: string | null;
  name: string | null;
  /** From 1, as people count. */
  position: number | null;
  policyId: string | null;
  priority: Priority;
  channelIds: string[];
  service: string;
  holdSeconds: number;
  tried: TriedRoute[];
}

export function decideRoute({ subject, routes }: RouteInput): RouteOutput {
  const taken = findRoute(routes, subject);
  const conditions = conditionsOf(routes);
  const tried = routes.items.map((route, index): TriedRoute => {
    const about = { routeId: route.id, name: route.draft.name, condition: route.draft.condition };
    if (taken !== null && index > taken) return { ...about, result: 'not-reached', why: '' };
    if (index === taken) return { ...about, result: 'match', why: '' };
    if (!route.draft.enabled) return { ...about, result: 'off', why: '' };
    const condition = conditions[index];
    if (condition === undefined || !condition.ok) {
      return { ...about, result: 'broken', why: condition?.reason ?? 'It cannot be read.' };
    }
    return { ...about, result: 'no', why: condition.whyNot(subject) };
  });
  const route = taken === null ? undefined : routes.items[taken];
  return {
    routeId: route?.id ?? null,
    name: route?.draft.name ?? null,
    position: taken === null ? null : taken + 1,
    policyId: route?.draft.policyId ?? null,
    priority: route === undefined ? 'important' : priorityOf(route, subject),
    channelIds: [...(route?.draft.channelIds ?? [])],
    service: route?.draft.service ?? '',
    holdSeconds: route?.draft.holdSeconds ?? 0,
    tried,
  };
}

/** Place of the route that takes it, without the reasons: for the many alerts of the time machine. */
export function findRoute(routes: DocumentList<'route'>, subject: RouteSubject): number | null {
  const conditions = conditionsOf(routes);
  const index = routes.items.findIndex((route, place) => {
    const condition = conditions[place];
    return route.draft.enabled && condition?.ok === true && condition.test(subject);
  });
  return index === -1 ? null : index;
}

export function priorityOf(route: StoredDocument<'route'>, { incident }: RouteSubject): Priority {
  const { priority } = route.draft;
  if (priority !== 'by-severity') return priority;
  return incident.severity === 'sev1' || incident.severity === 'sev2' ? 'important' : 'default';
}

const compiled = new WeakMap<DocumentList<'route'>, RouteCondition[]>();

function conditionsOf(routes: DocumentList<'route'>): RouteCondition[] {
  let conditions = compiled.get(routes);
  if (conditions === undefined) {
    conditions = routes.items.map((route) => compileRouteCondition(route.draft.condition));
    compiled.set(routes, conditions);
  }
  return conditions;
}
