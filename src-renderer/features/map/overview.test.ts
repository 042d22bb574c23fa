import { describe, expect, it } from 'vitest';
import { sampleAlert } from '../../testkit/sample-rows.ts';
import { manyServices } from '../../testkit/sample-services.ts';
import { aroundWhat, everything } from '../../ui/chart/dots-window.ts';
import { lookOf } from '../../ui/chart/look.ts';
import { healthOfAll } from './health.ts';
import { mapGraph } from './map-graph.ts';
import { pathOf, stepBack, viewOf } from './map-view.ts';
import { dotGroups, hurtEdges, linesMax, overviewOption, overviewWords, serviceAt } from './overview-option.ts';
import { overviewPlaces } from './overview-places.ts';

const graph = mapGraph(manyServices(2_000));
const spread = overviewPlaces(graph, () => null);
const worst = graph.find('svc-00333') ?? '';
const second = graph.find('svc-00042') ?? '';
const alerts = [
  sampleAlert('a', { serviceId: worst, severity: 'sev1', title: 'Down' }),
  sampleAlert('b', { serviceId: second, severity: 'sev3', title: 'Slow' }),
];
const health = healthOfAll(graph, alerts, { fresh: true, reporting: true });
const look = lookOf('dark', (name) => name);

interface Axis {
  min: number;
  max: number;
}

interface DrawnSeries {
  id: string;
  type: string;
  symbol: string;
  symbolSize: number;
  data: ArrayLike<number>;
  links?: unknown[];
}

function drawn(search: string, zoom = 1): { series: DrawnSeries[]; services: Map<string, readonly string[]> } {
  const groups = dotGroups(graph, health, search);
  const size = { width: 1_600, height: 900 };
  const question = { graph, health, groups, calm: search === '', zoom, ...size, ...spread };
  const { series } = overviewOption(question, look);
  return {
    series: [series].flat() as unknown as DrawnSeries[],
    services: new Map(groups.map(({ id, services }) => [id, services])),
  };
}

describe('the overview of two thousand services', () => {
  it('has a place of its own for each, inside the patch of its team, and no patch over another', () => {
    expect(spread.places.size).toBe(2_000);
    expect(new Set([...spread.places.values()].map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`)).size).toBe(
      2_000,
    );
    expect(spread.patches.reduce((sum, { count }) => sum + count, 0)).toBe(2_000);
    for (const a of spread.patches)
      for (const b of spread.patches) {
        if (a === b) continue;
        expect(Math.hypot(a.at.x - b.at.x, a.at.y - b.at.y)).toBeGreaterThan(a.radius + b.radius);
      }
  });

  it('moves nothing when alerts come and go', () => {
    expect(overviewPlaces(mapGraph(manyServices(2_000).toReversed()), () => null)).toEqual(spread);
  });

  it('draws every service once, the worst over all others, each severity in a form of its own', () => {
    const { series, services } = drawn('');
    const all = [...services.values()].flat();
    expect([all.length, new Set(all).size]).toEqual([2_000, 2_000]);
    const dots = series.filter(({ id }) => services.has(id));
    expect(dots.map(({ id, symbol }) => [id, symbol])).toEqual([
      ['ok', 'circle'],
      ['sev3', 'diamond'],
      ['sev1', 'circle'],
    ]);
    expect([services.get('sev1'), services.get('sev3')]).toEqual([[worst], [second]]);
  });

  it('draws each service at its place, where the pointer finds it again', () => {
    const { series, services } = drawn('');
    for (const { id, data } of series) {
      for (const [index, service] of (services.get(id) ?? []).entries()) {
        const [x = 0, y = 0] = [data[2 * index], data[2 * index + 1]];
        expect(serviceAt(spread.places, { x: x + 0.5, y, reach: 2 })).toBe(service);
      }
    }
    expect(serviceAt(spread.places, { x: -100_000, y: 0, reach: 2 })).toBeNull();
  });

  it('stays as it is for the outermost dots while everything is in sight', () => {
    const many = mapGraph(manyServices(5_000));
    const { places, patches } = overviewPlaces(many, () => null);
    for (const [width, height] of [
      [1_000, 700],
      [2_400, 1_300],
    ] as const) {
      const question = { graph: many, health, groups: [], calm: true, zoom: 1, width, height, places, patches };
      const { xAxis, yAxis } = overviewOption(question, look) as unknown as Record<'xAxis' | 'yAxis', Axis>;
      const stays = (value: number, { min, max }: Axis, size: number): boolean => {
        const percent = ((value - min) / (max - min)) * 100;
        const at = ((percent - everything.start) / (everything.end - everything.start)) * size;
        return aroundWhat(everything, { at, size, zoom: 1 }) === everything;
      };
      expect([...places.values()].filter(({ x, y }) => !stays(x, xAxis, width) || !stays(y, yAxis, height))).toEqual(
        [],
      );
    }
  });

  it('draws dots larger as one comes nearer, but by less than what lies between them', () => {
    const sizeAt = (zoom: number) => drawn('', zoom).series.find(({ id }) => id === 'ok')?.symbolSize;
    expect([sizeAt(1), sizeAt(2), sizeAt(11)]).toEqual([6, 6 * 1.4, 6 * 5]);
  });

  it('draws a line where what hurts calls what hurts, and never more lines than can be seen', () => {
    expect(hurtEdges(graph, health)).toEqual([]);
    const [called = ''] = graph.calls.get(second) ?? [];
    const both = healthOfAll(graph, [...alerts, sampleAlert('c', { serviceId: called })], {
      fresh: true,
      reporting: true,
    });
    expect(hurtEdges(graph, both)).toEqual([{ from: second, to: called }]);
    const all = [...graph.nodes.keys()].map((id) => sampleAlert(id, { serviceId: id }));
    const storm = healthOfAll(graph, all, { fresh: true, reporting: true });
    expect(hurtEdges(graph, storm).length).toBe(linesMax);
  });

  it('fades what is not looked for', () => {
    const { services, series } = drawn('SVC-00042');
    const plain = [...services].filter(([id]) => !id.endsWith('faded')).flatMap(([, ids]) => ids);
    expect(plain).toEqual([second]);
    expect(series.find(({ id }) => id === 'lines')?.links).toEqual([]);
  });

  it('says in words what it shows', () => {
    expect(overviewWords(graph, health, spread.patches)).toBe(
      'Overview of 24 teams: 2,000 services, 2 with alerts. The table says the same.',
    );
  });

  it('is an address, and a step back leaves what is known of a service first', () => {
    const view = viewOf({}, new URLSearchParams('view=overview&peek=x'));
    expect(pathOf(view)).toBe('#/map?view=overview&peek=x');
    expect(stepBack(view)).toMatchObject({ form: 'overview', peek: null });
  });
});
