import { describe, expect, it } from 'vitest';
import { columns } from './columns.ts';
import type { Place, Places } from './places.ts';

const size = { width: 168, height: 56 };

function overlap(a: Place, b: Place): boolean {
  return Math.abs(a.x - b.x) < size.width && Math.abs(a.y - b.y) < size.height;
}

function anyOverlap(places: Places): boolean {
  const all = [...places.values()];
  return all.some((a, i) => all.some((b, j) => i < j && overlap(a, b)));
}

function many(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}${i}`);
}

describe('columns', () => {
  it('stand what is called to the right of what calls it, and end on a circle', () => {
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'a', to: 'c' },
      { from: 'x', to: 'y' },
      { from: 'y', to: 'x' },
      { from: 'a', to: 'elsewhere' },
    ];
    const places = columns(['c', 'b', 'a', 'x', 'y'], edges, size);
    const x = (id: string): number => places.get(id)?.x ?? Number.NaN;
    expect(x('a')).toBeLessThan(x('b'));
    expect(x('b')).toBeLessThan(x('c'));
    expect(places.size).toBe(5);
    expect(anyOverlap(places)).toBe(false);
  });

  it('untangle lines: whoever calls from above finds what it calls above', () => {
    const callers = many('caller', 9);
    const called = many('called', 9).toReversed();
    const edges = callers.map((from, i) => ({ from, to: `called${i}` }));
    const places = columns([...callers, ...called], edges, size);
    for (const { from, to } of edges) expect(places.get(to)?.y).toBe(places.get(from)?.y);
  });

  it('that are too tall stand side by side, left of the next, and those that are given are kept', () => {
    const tall = many('tall', 60);
    const given = new Map([...tall.map((id): [string, number] => [id, 1]), ['after', 3]]);
    const places = columns(['after', ...tall], [{ from: 'after', to: 'tall0' }], size, given);
    expect(Math.max(...[...places.values()].map(({ y }) => y))).toBeLessThan(12 * 80);
    expect(places.get('after')?.x).toBe(Math.max(...[...places.values()].map(({ x }) => x)));
    expect(anyOverlap(places)).toBe(false);
    expect(places.size).toBe(61);
  });

  it('that were divided leave each line about level', () => {
    const callers = many('caller', 100);
    const called = many('called', 100);
    const edges = callers.map((from, i) => ({ from, to: `called${i}` }));
    const places = columns([...callers, ...called], edges, size);
    expect(new Set([...places.values()].map(({ x }) => x)).size).toBeGreaterThan(2);
    for (const { from, to } of edges) expect(places.get(to)?.y).toBe(places.get(from)?.y);
  });

  it('of a long chain become a square', () => {
    const chain = many('link', 100);
    const places = columns(
      chain,
      chain.slice(1).map((to, i) => ({ from: chain[i] ?? '', to })),
      size,
    );
    expect(new Set([...places.values()].map(({ x }) => x)).size).toBe(10);
    expect(anyOverlap(places)).toBe(false);
  });
});
