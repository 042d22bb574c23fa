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

/** A number for title and service. Different ones may share it. */
export function kindOf({ title, service }: Pick<Alert, 'title' | 'service'>): number {
  return hash(hash(0x811c9dc5, title), service ?? '') >>> 0;
}

function hash(from: number, text: string): number {
  let hashed = from ^ text.length;
  for (let i = 0; i < text.length; i += 1) hashed = Math.imul(hashed ^ text.charCodeAt(i), 0x01000193);
  return hashed;
}

/**
 * Answers the text for an alert that shares title and service with another one and differs in a label, else null.
 * Looks only when it is asked: of tens of thousands, as many are drawn as there are rows on the screen.
 */
export function tellingLabels(
  alerts: readonly Described[],
  kinds: Uint32Array = Uint32Array.from(alerts, kindOf),
): (alert: Described) => string | null {
  const names = new Map<string, string | null>();
  return (alert) => {
    const key = `${alert.service ?? ''}\n${alert.title}`;
    let name = names.get(key);
    if (name === undefined) names.set(key, (name = tellingName(likesOf(alert, alerts, kinds))));
    const value = name === null ? '' : (alert.labels[name] ?? '');
    return value === '' || alert.title.includes(value) ? null : value;
  };
}

function likesOf(alert: Described, alerts: readonly Described[], kinds: Uint32Array): Described[] {
  const kind = kindOf(alert);
  const likes: Described[] = [];
  for (let at = kinds.indexOf(kind); at >= 0 && likes.length < comparedMax; at = kinds.indexOf(kind, at + 1)) {
    const other = alerts[at];
    if (other?.title === alert.title && (other.service ?? '') === (alert.service ?? '')) likes.push(other);
  }
  return likes;
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
