// Who calls whom, from what the services say they depend on. A name that stands for no service is a node of its own,
// drawn as unknown: leaving it out would make the picture look whole.
import type { Service } from '#server/contract/service.ts';

export interface GraphNode {
  /** The service's, or `?name` of one that nobody described. */
  id: string;
  name: string;
  /** Null where the catalog has no such service. */
  service: Service | null;
}

export interface Edge {
  from: string;
  to: string;
}

export interface MapGraph {
  nodes: ReadonlyMap<string, GraphNode>;
  edges: readonly Edge[];
  /** What a node depends on, and what depends on it. */
  calls: ReadonlyMap<string, readonly string[]>;
  callers: ReadonlyMap<string, readonly string[]>;
  /** The node a name or an alias stands for. */
  find: (name: string) => string | undefined;
}

export function mapGraph(services: Iterable<Service>): MapGraph {
  const all = [...services].toSorted((a, b) => compare(keyOf(a.name), keyOf(b.name)) || compare(a.id, b.id));
  const byName = new Map<string, string>();
  for (const service of all.toReversed()) for (const alias of service.aliases) byName.set(keyOf(alias), service.id);
  for (const service of all.toReversed()) byName.set(keyOf(service.name), service.id);
  const nodes = new Map<string, GraphNode>(
    all.map((service) => [service.id, { id: service.id, name: service.name, service }]),
  );
  const calls = new Map<string, string[]>();
  const callers = new Map<string, string[]>();
  const edges: Edge[] = [];
  for (const service of all) {
    const seen = new Set<string>();
    for (const name of service.dependsOn) {
      const to = byName.get(keyOf(name)) ?? `?${keyOf(name)}`;
      if (to === service.id || seen.has(to)) continue;
      seen.add(to);
      if (!nodes.has(to)) nodes.set(to, { id: to, name, service: null });
      edges.push({ from: service.id, to });
      push(calls, service.id, to);
      push(callers, to, service.id);
    }
  }
  return { nodes, edges, calls, callers, find: (name) => byName.get(keyOf(name)) };
}

export function keyOf(name: string): string {
  return name.trim().toLowerCase();
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const held = map.get(key);
  if (held === undefined) map.set(key, [value]);
  else held.push(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
