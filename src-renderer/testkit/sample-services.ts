// The catalog of the sample's shop, and larger ones made up by number.
import type { Service } from '#server/contract/service.ts';
import { sampleId } from './sample-ids.ts';

export function sampleService(number: number, name: string, change: Partial<Service> = {}): Service {
  return {
    id: sampleId('service', number),
    version: 1,
    name,
    kind: 'service',
    teamId: null,
    ownerText: '',
    tier: null,
    description: '',
    links: [],
    journeys: [],
    aliases: [],
    bindings: [],
    dependsOn: [],
    hasRunbook: false,
    source: 'catalog',
    pin: null,
    updatedBy: null,
    updatedAt: '2026-11-20T09:00:00.000Z',
    ...change,
  };
}

/** Nobody described `acquirer`. */
export function sampleServices(): Service[] {
  const rows: [name: string, team: string, tier: 1 | 2 | 3, dependsOn: string[], change?: Partial<Service>][] = [
    ['gateway', 'Edge', 1, ['checkout', 'subscriptions', 'search']],
    ['mobile-bff', 'Edge', 2, ['checkout']],
    ['back-office', 'Back office', 3, ['refunds-worker']],
    ['checkout', 'Shop', 1, ['payments', 'inventory'], { journeys: ['Card orders', 'Gift cards'] }],
    ['subscriptions', 'Shop', 2, ['payments'], { journeys: ['Subscription renewals'] }],
    ['refunds-worker', 'Payments', 2, ['payments'], { kind: 'queue', journeys: ['Refunds'] }],
    [
      'payments',
      'Payments',
      1,
      ['payments-db', 'redis', 'fraud-score', 'acquirer'],
      { description: 'Takes money, once.', journeys: ['Paying by card'], aliases: ['pay'] },
    ],
    ['payments-db', 'Data', 1, ['payments-db-r1'], { kind: 'database' }],
    ['payments-db-r1', 'Data', 2, [], { kind: 'database' }],
    ['redis', 'Data', 2, [], { kind: 'cache' }],
    ['fraud-score', 'Risk', 2, ['feature-store']],
    ['feature-store', 'Risk', 3, [], { kind: 'database' }],
    ['search', 'Shop', 2, ['inventory']],
    ['inventory', 'Shop', 1, []],
    ['mail', 'Back office', 3, []],
  ];
  return rows.map(([name, ownerText, tier, dependsOn, change], index) =>
    sampleService(index + 1, name, { ownerText, tier, dependsOn, ...change }),
  );
}

/** So many services in six layers, each calling up to `calls` of the next two; the same for the same numbers. */
export function manyServices(count: number, calls = 3): Service[] {
  const name = (index: number) => `svc-${String(index).padStart(5, '0')}`;
  const layer = Math.max(1, Math.ceil(count / layers));
  return Array.from({ length: count }, (_, index) => {
    const next = (Math.floor(index / layer) + 1) * layer;
    const reach = Math.max(0, Math.min(count - next, 2 * layer));
    const near = ((index % layer) * reach) / layer;
    const dependsOn = Array.from({ length: reach === 0 ? 0 : calls }, (_each, call) =>
      name(next + ((Math.floor(near) + call * 3 + ((index * call) % 5)) % reach)),
    );
    return sampleService(index + 1, name(index), {
      ownerText: `Team ${(index % 24) + 1}`,
      tier: 3,
      dependsOn: [...new Set(dependsOn)],
      kind: index % 9 === 0 ? 'database' : index % 11 === 0 ? 'queue' : 'service',
    });
  });
}

const layers = 6;
