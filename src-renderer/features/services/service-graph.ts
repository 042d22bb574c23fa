// The catalog as the services screen lists it: one graph with the map's, in the order of names as people count. Pure.
import type { Alert } from '#server/contract/alert.ts';
import type { Service } from '#server/contract/service.ts';
import { type Severity, severityRank } from '#server/contract/severity.ts';
import { nodeOf } from '../map/health.ts';
import { type MapGraph, mapGraph } from '../map/map-graph.ts';

export interface ServiceGraph extends MapGraph {
  /** By id, in the order of their names. */
  services: ReadonlyMap<string, Service>;
}

/** The worst of the alerts that fire on a service and that nothing suppresses. */
export interface Firing {
  worst: Severity;
  count: number;
}

export function serviceGraph(rows: Iterable<Service>): ServiceGraph {
  const list = [...rows].toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  return { ...mapGraph(list), services: new Map(list.map((service) => [service.id, service])) };
}

/** By id of the service; one on which nothing fires is not in it. */
export function firingByService(alerts: Iterable<Alert>, graph: ServiceGraph): Map<string, Firing> {
  const firing = new Map<string, Firing>();
  for (const alert of alerts) {
    if (alert.status !== 'firing' || alert.suppressed) continue;
    const id = nodeOf(graph, alert);
    if (id === undefined) continue;
    const known = firing.get(id);
    if (known === undefined) firing.set(id, { worst: alert.severity, count: 1 });
    else {
      known.count += 1;
      if (severityRank(alert.severity) < severityRank(known.worst)) known.worst = alert.severity;
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
