// A route while it is being edited, checked against the contract before anything is sent. Pure.
import {
  type Inhibition,
  type InhibitionDraft,
  type Monitor,
  MonitorDraft,
  type Route,
  RouteDraft,
} from '#server/contract/route.ts';
import { t } from '../../language/words.ts';
import { duration, parseDuration } from '../grouping/rule-words.ts';

export interface RouteForm extends Omit<RouteDraft, 'holdSeconds'> {
  hold: string;
}
export type RouteErrors = Partial<Record<keyof RouteForm, string>>;

export const newRoute: RouteDraft = {
  name: '',
  enabled: true,
  condition: 'alert.service == "payments"',
  policyId: null,
  priority: 'by-severity',
  channelIds: [],
  service: '',
  holdSeconds: 0,
};

export function routeDraftOf(route: Route): RouteDraft {
  const { name, enabled, condition, policyId, priority, channelIds, service, holdSeconds } = route;
  return { name, enabled, condition, policyId, priority, channelIds, service, holdSeconds };
}

export function routeFormOf(route: Route | null): RouteForm {
  const { holdSeconds, ...rest } = route === null ? newRoute : routeDraftOf(route);
  return { ...rest, hold: holdSeconds === 0 ? '0' : duration(holdSeconds) };
}

export function checkRoute(form: RouteForm): { draft: RouteDraft | null; errors: RouteErrors } {
  const { hold, ...rest } = form;
  const holdSeconds = parseDuration(hold);
  const errors: RouteErrors = {};
  if (rest.name.trim() === '') errors.name = t`Give it a name; the ledger says which route decided.`;
  if (rest.condition.trim() === '') errors.condition = t`Say which incidents; true takes all.`;
  if (holdSeconds === null || holdSeconds > 600) errors.hold = t`Up to 10 min: 0, 30 s, 2 min.`;
  if (Object.keys(errors).length > 0) return { draft: null, errors };
  const parsed = RouteDraft.safeParse({ ...rest, holdSeconds });
  if (parsed.success) return { draft: parsed.data, errors };
  for (const issue of parsed.error.issues) {
    const field = issue.path[0] === 'holdSeconds' ? 'hold' : issue.path[0];
    if (typeof field === 'string' && field in form) errors[field as keyof RouteForm] = issue.message;
  }
  return { draft: null, errors: Object.keys(errors).length > 0 ? errors : { name: parsed.error.message } };
}

/** In the order of trial, the catch-all last. */
export function routesInOrder(routes: Iterable<Route>): Route[] {
  return [...routes].toSorted((a, b) => Number(a.builtIn) - Number(b.builtIn) || a.position - b.position);
}

export function inhibitionDraftOf({ name, enabled, cause, symptom, equal }: Inhibition): InhibitionDraft {
  return { name, enabled, cause, symptom, equal };
}

export interface MonitorForm extends Omit<MonitorDraft, 'intervalSeconds' | 'graceSeconds' | 'labels'> {
  interval: string;
  grace: string;
  /** `team=db`, one each. */
  labels: readonly string[];
}
export type MonitorErrors = Partial<Record<keyof MonitorForm, string>>;

export function monitorFormOf(monitor: Monitor | null): MonitorForm {
  if (monitor === null)
    return { name: '', enabled: true, severity: 'sev2', service: '', interval: '1 h', grace: '10 min', labels: [] };
  const { name, enabled, severity, service, intervalSeconds, graceSeconds, labels } = monitor;
  return {
    name,
    enabled,
    severity,
    service,
    interval: duration(intervalSeconds),
    grace: duration(graceSeconds),
    labels: Object.entries(labels).map(([label, value]) => `${label}=${value}`),
  };
}

export function checkMonitor(form: MonitorForm): { draft: MonitorDraft | null; errors: MonitorErrors } {
  const { interval, grace, labels, ...rest } = form;
  const intervalSeconds = parseDuration(interval);
  const graceSeconds = parseDuration(grace);
  const errors: MonitorErrors = {};
  if (rest.name.trim() === '') errors.name = t`Give it the name of the job.`;
  if (intervalSeconds === null || intervalSeconds < 30 || intervalSeconds > 2_592_000)
    errors.interval = t`Between 30 s and 30 d: 5 min, 1 h, 1 d.`;
  if (graceSeconds === null || graceSeconds > 86_400) errors.grace = t`Up to 1 d: 0, 10 min, 2 h.`;
  if (labels.some((label) => !/^[^=]+=/.test(label))) errors.labels = t`A name and a value: team=db.`;
  if (Object.keys(errors).length > 0) return { draft: null, errors };
  const pairs = labels.map((label): [string, string] => {
    const at = label.indexOf('=');
    return [label.slice(0, at).trim(), label.slice(at + 1).trim()];
  });
  const parsed = MonitorDraft.safeParse({
    ...rest,
    intervalSeconds,
    graceSeconds,
    labels: Object.fromEntries(pairs),
  });
  return parsed.success ? { draft: parsed.data, errors } : { draft: null, errors: { name: parsed.error.message } };
}
