// Small catalogs for tests: services by name, their ids made from the name.
import { createHash } from 'node:crypto';
import type { ServiceDraft } from '#server/contract/service.ts';
import { createCatalogIndex } from '#server/modules/services/catalog-index.ts';
import type { CatalogIndex } from '#server/modules/services/state.ts';

export function serviceId(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-7${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

export function aDraft(name: string, change: Partial<ServiceDraft> = {}): ServiceDraft {
  return {
    name,
    kind: 'service',
    teamId: null,
    ownerText: '',
    tier: null,
    description: '',
    links: [],
    runbook: null,
    journeys: [],
    aliases: [],
    bindings: [],
    dependsOn: [],
    ...change,
  };
}

/** `{ checkout: ['payments'] }`: what each depends on. */
export function aCatalog(dependsOn: Record<string, string[]>, revision = 1): CatalogIndex {
  return createCatalogIndex(
    revision,
    Object.entries(dependsOn).map(([name, names]) => ({
      id: serviceId(name),
      draft: aDraft(name, { dependsOn: names }),
    })),
  );
}

/** A router and so many hosts behind it. */
export function aRouter(hosts: number): Record<string, string[]> {
  const names = Array.from({ length: hosts }, (_, i) => `host-${i + 1}`);
  return { router: [], ...Object.fromEntries(names.map((name) => [name, ['router']])) };
}
