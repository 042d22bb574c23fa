import { describe, expect, it } from 'vitest';
import { sampleAlert } from '../../testkit/sample-rows.ts';
import { manyServices } from '../../testkit/sample-services.ts';
import { lookOf } from '../../ui/chart/look.ts';
import { healthOfAll } from './health.ts';
import { mapGraph } from './map-graph.ts';
import { pathOf, stepBack, viewOf } from './map-view.ts';
import { drawnOrder, hurtEdges, linesMax, overviewOption, overviewWords } from './overview-option.ts';
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

interface Dot {
  id: string;
  symbol: string;
  itemStyle?: { opacity?: number };
}
function drawn(search: string): { dots: Dot[]; lines: number } {
  const { series } = overviewOption({ graph, health, search, ...spread }, look);
  const [one] = [series].flat() as { data: Dot[]; links: unknown[] }[];
  return { dots: (one?.data ?? []).filter(({ id }) => graph.nodes.has(id)), lines: one?.links.length ?? 0 };
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
    const { dots } = drawn('');
    expect(new Set(dots.map(({ id }) => id)).size).toBe(2_000);
    expect(dots.length).toBe(2_000);
    expect(dots.slice(-2)).toMatchObject([
      { id: second, symbol: 'diamond' },
      { id: worst, symbol: 'circle' },
    ]);
    expect(drawnOrder(graph, health).at(-1)).toBe(worst);
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
    const { dots, lines } = drawn('SVC-00042');
    expect(dots.filter(({ itemStyle }) => itemStyle?.opacity !== 0.5).map(({ id }) => id)).toEqual([second]);
    expect(lines).toBe(0);
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
