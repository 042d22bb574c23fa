// The catalog as a graph, and how its services are by the alerts that this reader may see. Pure; the map draws from it.
import type { Alert } from '#server/contract/alert.ts';
import type { Service } from '#server/contract/service.ts';
import { type Severity, severityRank } from '#server/contract/severity.ts';

export interface ServiceEdge {
  /** Depends on `to`; both are ids, or names that nobody described. */
  from: string;
  to: string;
}

export interface ServiceGraph {
  /** By id, in the order of their names. */
  services: ReadonlyMap<string, Service>;
  edges: readonly ServiceEdge[];
  /** Names that something depends on and nobody described. */
  unknown: readonly string[];
  /** The service that a name or an alias stands for. */
  find: (name: string) => Service | undefined;
  /** What it depends on: ids and unknown names. */
  below: (id: string) => readonly string[];
  above: (id: string) => readonly string[];
}

/** The worst of the alerts that fire on a service and that nothing suppresses. */
export interface Firing {
  worst: Severity;
  count: number;
}

export function serviceGraph(rows: Iterable<Service>): ServiceGraph {
  const list = [...rows].toSorted((a, b) => compareNames(a.name, b.name));
  const services = new Map(list.map((service) => [service.id, service]));
  const byKey = new Map<string, Service>();
  for (const service of list) for (const alias of service.aliases) byKey.set(alias.toLowerCase(), service);
  for (const service of list) byKey.set(service.name.toLowerCase(), service);
  const below = new Map<string, string[]>();
  const above = new Map<string, string[]>();
  const unknown = new Set<string>();
  const edges: ServiceEdge[] = [];
  for (const { id, dependsOn } of list) {
    for (const name of dependsOn) {
      const target = byKey.get(name.toLowerCase());
      if (target === undefined) unknown.add(name);
      const to = target?.id ?? name;
      if (to === id) continue;
      edges.push({ from: id, to });
      below.set(id, [...(below.get(id) ?? []), to]);
      above.set(to, [...(above.get(to) ?? []), id]);
    }
  }
  return {
    services,
    edges,
    unknown: [...unknown].toSorted(compareNames),
    find: (name) => byKey.get(name.toLowerCase()),
    below: (id) => below.get(id) ?? [],
    above: (id) => above.get(id) ?? [],
  };
}

/** By id of the service; one on which nothing fires is not in it. */
export function firingByService(alerts: Iterable<Alert>, graph: ServiceGraph): Map<string, Firing> {
  const firing = new Map<string, Firing>();
  for (const { status, suppressed, severity, service, serviceId } of alerts) {
    if (status !== 'firing' || suppressed) continue;
    // One that came before the catalog is bound with its next signal; till then its name says the same.
    const id = serviceId ?? (service === null ? undefined : graph.find(service)?.id);
    if (id === undefined) continue;
    const known = firing.get(id);
    if (known === undefined) firing.set(id, { worst: severity, count: 1 });
    else {
      known.count += 1;
      if (severityRank(severity) < severityRank(known.worst)) known.worst = severity;
    }
  }
  return firing;
}

/** Those whose name, alias, owner or kind holds every word. */
export function searchServices(graph: ServiceGraph, text: string, ownerOf: (service: Service) => string): Service[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const all = [...graph.services.values()];
  if (words.length === 0) return all;
  return all.filter((service) => {
    const said = [service.name, ...service.aliases, service.kind, ownerOf(service)].join(' ').toLowerCase();
    return words.every((word) => said.includes(word));
  });
}

function compareNames(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
