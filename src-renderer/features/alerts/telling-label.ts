// What tells apart alerts that look the same: the label that differs among those of one title and service.
import type { Alert } from '#server/contract/alert.ts';

/** Tried in this order: what a person would name the thing by. */
const namesFirst = [
  'instance',
  'pod',
  'host',
  'hostname',
  'node',
  'container',
  'device',
  'mountpoint',
  'endpoint',
  'path',
  'queue',
  'topic',
  'region',
  'zone',
  'cluster',
  'namespace',
  'job',
] as const;
/** Alerts of one title and service whose labels are compared: a storm's first few show what differs. */
const comparedMax = 24;

type Described = Pick<Alert, 'title' | 'service' | 'labels'>;

/** Answers the text for an alert that shares title and service with another one and differs in a label, else null. */
export function tellingLabels(alerts: readonly Described[]): (alert: Described) => string | null {
  const kinds = new Map<string, Map<string, Described[]>>();
  for (const alert of alerts) {
    let services = kinds.get(alert.title);
    if (services === undefined) kinds.set(alert.title, (services = new Map()));
    const same = services.get(alert.service ?? '');
    if (same === undefined) services.set(alert.service ?? '', [alert]);
    else if (same.length < comparedMax) same.push(alert);
  }
  const names = new Map<Described[], string | null>();
  return (alert) => {
    const same = kinds.get(alert.title)?.get(alert.service ?? '');
    if (same === undefined || same.length < 2) return null;
    let name = names.get(same);
    if (name === undefined) names.set(same, (name = tellingName(same)));
    const value = name === null ? '' : (alert.labels[name] ?? '');
    return value === '' || alert.title.includes(value) ? null : value;
  };
}

/** A label that a person would name it by if one differs, else the one that differs most. */
function tellingName(same: readonly Described[]): string | null {
  const values = new Map<string, Set<string>>();
  for (const { labels } of same) {
    for (const [name, value] of Object.entries(labels)) {
      const seen = values.get(name);
      if (seen === undefined) values.set(name, new Set([value]));
      else seen.add(value);
    }
  }
  const known = namesFirst.find((name) => (values.get(name)?.size ?? 0) > 1);
  if (known !== undefined) return known;
  const differing = [...values].filter(([, seen]) => seen.size > 1);
  return differing.toSorted(([a, one], [b, two]) => two.size - one.size || (a < b ? -1 : 1))[0]?.[0] ?? null;
}
