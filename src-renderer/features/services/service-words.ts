import type { Service, ServiceKind } from '#server/contract/service.ts';
import type { Firing } from './service-graph.ts';

export const kindWords: Record<ServiceKind, string> = {
  service: 'Service',
  database: 'Database',
  queue: 'Queue',
  cache: 'Cache',
  network: 'Network',
  host: 'Host',
  external: 'External',
};

export const sourceWords: Record<Service['source'], string | null> = {
  hand: null,
  catalog: 'from catalog.yaml',
  backstage: 'from Backstage',
};

export function firingWords(firing: Firing | undefined): string {
  if (firing === undefined) return 'No alert fires on it';
  return firing.count === 1 ? '1 alert fires on it' : `${firing.count.toLocaleString('en')} alerts fire on it`;
}
