import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleAlert } from '../../testkit/sample-rows.ts';
import { sampleService, sampleServices } from '../../testkit/sample-services.ts';
import { healthOfAll } from '../map/health.ts';
import { mapGraph } from '../map/map-graph.ts';
import { nodeGap, wallMap } from './wall-map.ts';

const graph = mapGraph(sampleServices());
const alerts = [
  sampleAlert('1', { service: 'payments-db', severity: 'sev1' }),
  sampleAlert('2', { service: 'search', severity: 'sev2' }),
];
const health = (fresh = true) => healthOfAll(graph, alerts, { fresh, reporting: true });
const room = { width: 36, rows: 2 };
const widthOf = (name: string): number => name.length * 0.56 + 2.3;

describe('the map on the wall', () => {
  it('has the sick ones, those of the incidents, and what is next to them, callers to the left', () => {
    const { nodes, edges, sick, left } = wallMap(
      graph,
      health(),
      new Set([graph.find('checkout') ?? '']),
      room,
      widthOf,
    );
    const at = (name: string) => nodes.find((node) => node.name === name);
    expect(nodes.length).toBeLessThanOrEqual(8);
    expect([at('payments-db')?.mark, at('search')?.mark, at('checkout')?.mark]).toEqual(['sev1', 'sev2', 'ok']);
    expect(at('payments')!.column).toBeLessThan(at('payments-db')!.column);
    expect({ sick, left }).toEqual({ sick: 2, left: 0 });
    expect(edges.every(({ from, to }) => [from, to].every((id) => nodes.some((node) => node.id === id)))).toBe(true);
  });

  it('keeps the severity of old data, and calls nothing well', () => {
    const marks = new Map(
      wallMap(graph, health(false), new Set(), room, widthOf).nodes.map(({ name, mark }) => [name, mark]),
    );
    expect(marks.get('payments-db')).toBe('sev1');
    expect(marks.get('payments')).toBe('unknown');
  });

  it('has something to show while nothing is wrong', () => {
    const calm = wallMap(graph, healthOfAll(graph, [], { fresh: true, reporting: true }), new Set(), room, widthOf);
    expect(calm.sick).toBe(0);
    expect(calm.nodes.map(({ name }) => name)).toContain('payments');
  });

  it('never has more than fits, two in one place, or a sick one left out while a well one stands', () => {
    const some = fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 5 }), { minLength: 1, maxLength: 30 });
    const rooms = fc.record({ width: fc.integer({ min: 5, max: 60 }), rows: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(some, fc.array(fc.integer({ min: 0, max: 29 }), { maxLength: 12 }), rooms, (calls, ill, size) => {
        const any = mapGraph(
          calls.map((to, i) => sampleService(i + 1, `s${i}`, { dependsOn: to.map((each) => `s${each}`) })),
        );
        const firing = ill.map((n) => sampleAlert(`a${n}`, { service: `s${n}`, severity: 'sev2' }));
        const all = healthOfAll(any, firing, { fresh: true, reporting: true });
        const map = wallMap(any, all, new Set(), size, widthOf);
        const width = map.columns.reduce((sum, each) => sum + each + nodeGap, -nodeGap);
        expect(width <= size.width || map.columns.length === 1).toBe(true);
        expect(map.rows).toBeLessThanOrEqual(size.rows);
        expect(new Set(map.nodes.map(({ column, row }) => `${column} ${row}`)).size).toBe(map.nodes.length);
        expect(new Set(map.nodes.map(({ id }) => id)).size).toBe(map.nodes.length);
        expect(map.left === 0 || map.nodes.every(({ mark }) => mark === 'sev2')).toBe(true);
      }),
    );
  });
});
