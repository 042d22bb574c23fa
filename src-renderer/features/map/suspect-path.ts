// From a service that hurts to what most likely hurts it: down its dependencies for as long as each has an open alert.
import type { ChangeEvent } from '#server/contract/incident.ts';
import type { Health } from './health.ts';
import type { MapGraph } from './map-graph.ts';

export interface Suspicion {
  graph: MapGraph;
  health: ReadonlyMap<string, Health>;
  /** By node, newest first. */
  changes: ReadonlyMap<string, readonly ChangeEvent[]>;
}

export interface Suspect {
  id: string;
  /** When the first of its open alerts began. */
  since: string;
  /** The last change of it before that. */
  change: ChangeEvent | null;
}

/**
 * The suspect first, the service itself last; empty while it has no open alert, or none that is known now. Where several
 * hurt at the end of what it depends on, one that was changed before it hurt is suspected first, then whichever hurt
 * first, then the nearest.
 */
export function suspectPath(facts: Suspicion, start: string): Suspect[] {
  const { graph } = facts;
  const before = new Map<string, string | null>();
  const suspects: Suspect[] = [];
  const hurts = (id: string): boolean => sinceOf(facts, id) !== null;
  if (!hurts(start)) return [];
  before.set(start, null);
  // A map keeps the order in which it is filled, so this walks nearest first and takes in what it adds.
  for (const id of before.keys()) {
    const deeper = (graph.calls.get(id) ?? []).filter(hurts);
    for (const next of deeper) if (!before.has(next)) before.set(next, id);
    // On a circle nothing is last: what leads nowhere new is an end as well.
    if (deeper.every((next) => before.get(next) !== id)) suspects.push(suspectOf(facts, id));
  }
  const [first] = suspects.toSorted(
    (a, b) => Number(b.change !== null) - Number(a.change !== null) || Date.parse(a.since) - Date.parse(b.since),
  );
  const path: Suspect[] = [];
  for (let id: string | null = first?.id ?? null; id !== null; id = before.get(id) ?? null)
    path.push(suspectOf(facts, id));
  return path;
}

function suspectOf(facts: Suspicion, id: string): Suspect {
  const since = sinceOf(facts, id) ?? '';
  const change = facts.changes.get(id)?.find(({ at }) => Date.parse(at) <= Date.parse(since)) ?? null;
  return { id, since, change };
}

function sinceOf({ health }: Suspicion, id: string): string | null {
  const own = health.get(id);
  return own === undefined || own.why !== null ? null : own.since;
}
