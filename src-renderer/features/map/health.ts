// How each service is, as far as the reader may see its alerts. What is not known is said to be unknown: a tick stands
// only where something that would send an alert is known to work, and what it said is fresh.
import type { Alert } from '#server/contract/alert.ts';
import { type Severity, severities } from '#server/contract/severity.ts';
import { keyOf, type MapGraph } from './map-graph.ts';

export interface Health {
  mark: Severity | 'ok' | 'unknown';
  /** Open alerts that nothing suppresses. */
  open: number;
  /** The title of the worst of them, the newest of several. */
  worst: string | null;
  /** When the first of them began. */
  since: string | null;
  /** Why it is unknown. */
  why: 'old' | 'no-source' | 'not-described' | null;
  /** Of old data: what it was when last heard. */
  was: Severity | null;
}

export interface HealthFacts {
  /** The stream is live or lagging. */
  fresh: boolean;
  /** A feed of alerts reported lately. */
  reporting: boolean;
}

interface Found {
  severity: Severity;
  open: number;
  worst: Alert;
  since: string;
}

/** By node. */
export function healthOfAll(graph: MapGraph, alerts: Iterable<Alert>, facts: HealthFacts): Map<string, Health> {
  const found = new Map<string, Found>();
  for (const alert of alerts) {
    if (alert.status !== 'firing' || alert.suppressed) continue;
    const id = nodeOf(graph, alert);
    if (id === undefined) continue;
    const held = found.get(id);
    if (held === undefined)
      found.set(id, { severity: alert.severity, open: 1, worst: alert, since: alert.firstSeenAt });
    else {
      held.open += 1;
      if (alert.firstSeenAt < held.since) held.since = alert.firstSeenAt;
      if (isWorse(alert, held.worst)) {
        held.severity = alert.severity;
        held.worst = alert;
      }
    }
  }
  const health = new Map<string, Health>();
  for (const node of graph.nodes.values()) health.set(node.id, judge(found.get(node.id), node.service !== null, facts));
  return health;
}

/** The node an alert is about: the service the center bound it to, else the one it names. */
export function nodeOf(graph: MapGraph, alert: Pick<Alert, 'serviceId' | 'service'>): string | undefined {
  const { serviceId, service } = alert;
  if (serviceId !== null && serviceId !== undefined && graph.nodes.has(serviceId)) return serviceId;
  if (service === null) return undefined;
  const unknown = `?${keyOf(service)}`;
  return graph.find(service) ?? (graph.nodes.has(unknown) ? unknown : undefined);
}

/** Worst first; unknown comes before healthy, for it may be anything. */
export function rankOf({ mark }: Health): number {
  if (mark === 'unknown') return severities.length;
  return mark === 'ok' ? severities.length + 1 : severities.indexOf(mark);
}

function judge(found: Found | undefined, described: boolean, { fresh, reporting }: HealthFacts): Health {
  const open = found?.open ?? 0;
  const known = { open, worst: found?.worst.title ?? null, since: found?.since ?? null };
  if (!fresh) return { mark: 'unknown', ...known, why: 'old', was: found?.severity ?? null };
  if (found !== undefined) return { mark: found.severity, ...known, why: null, was: null };
  if (!described) return { mark: 'unknown', ...known, why: 'not-described', was: null };
  if (!reporting) return { mark: 'unknown', ...known, why: 'no-source', was: null };
  return { mark: 'ok', ...known, why: null, was: null };
}

function isWorse(a: Alert, b: Alert): boolean {
  const by = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return by < 0 || (by === 0 && a.firstSeenAt > b.firstSeenAt);
}
