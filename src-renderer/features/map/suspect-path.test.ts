import { describe, expect, it } from 'vitest';
import type { Alert } from '#server/contract/alert.ts';
import type { ChangeEvent } from '#server/contract/incident.ts';
import { sampleAlert } from '../../testkit/sample-rows.ts';
import { sampleService } from '../../testkit/sample-services.ts';
import { healthOfAll } from './health.ts';
import { mapGraph } from './map-graph.ts';
import { suspectPath } from './suspect-path.ts';

const minute = (n: number): string => new Date(Date.UTC(2026, 10, 22, 14, n)).toISOString();

/** Services by what they depend on, the minute since which each hurts, and that of its last change. */
function facts(
  calls: Record<string, string[]>,
  hurt: Record<string, number>,
  changed: Record<string, number> = {},
  fresh = true,
) {
  const graph = mapGraph(Object.entries(calls).map(([name, dependsOn], n) => sampleService(n, name, { dependsOn })));
  const alerts: Alert[] = Object.entries(hurt).map(([service, n]) =>
    sampleAlert(`${service}-alert`, {
      service,
      serviceId: null,
      status: 'firing',
      suppressed: false,
      firstSeenAt: minute(n),
    }),
  );
  const changes = new Map(
    Object.entries(changed).map(([name, n]) => [graph.find(name) ?? '', [{ id: name, at: minute(n) } as ChangeEvent]]),
  );
  const names = (start: string): string[] =>
    suspectPath(
      { graph, health: healthOfAll(graph, alerts, { fresh, reporting: true }), changes },
      graph.find(start) ?? '',
    ).map(({ id, change }) => `${graph.nodes.get(id)?.name}${change === null ? '' : ` after a change`}`);
  return { names };
}

const shop = { checkout: ['payments', 'orders'], payments: ['db', 'cache'], orders: ['db'], db: [], cache: [] };

describe('the suspect path', () => {
  it('leads from the deepest that hurts to the service, through what hurts only', () => {
    expect(facts(shop, { checkout: 8, payments: 7, db: 6 }).names('checkout')).toEqual(['db', 'payments', 'checkout']);
    // The database hurts, too, but nothing between it and the checkout does.
    expect(facts(shop, { checkout: 8, db: 6 }).names('checkout')).toEqual(['checkout']);
  });

  it('suspects what was changed before it hurt, then what hurt first', () => {
    const hurt = { checkout: 8, payments: 7, db: 6, cache: 5 };
    expect(facts(shop, hurt).names('checkout')[0]).toBe('cache');
    expect(facts(shop, hurt, { db: 3 }).names('checkout')).toEqual(['db after a change', 'payments', 'checkout']);
    // A change that came after is no cause.
    expect(facts(shop, hurt, { db: 7 }).names('checkout')[0]).toBe('cache');
  });

  it('ends on a circle, and is empty where nothing hurts or nothing is known now', () => {
    const circle = { a: ['b'], b: ['a'] };
    expect(facts(circle, { a: 1, b: 2 }).names('a')).toEqual(['b', 'a']);
    expect(facts(shop, { db: 6 }).names('checkout')).toEqual([]);
    expect(facts(shop, { checkout: 8, payments: 7 }, {}, false).names('checkout')).toEqual([]);
  });
});
