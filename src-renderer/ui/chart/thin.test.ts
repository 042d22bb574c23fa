import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointsMax, thinned, withThinLines } from './thin.ts';

const wave = (count: number): [number, number][] => Array.from({ length: count }, (_, i) => [i, Math.sin(i / 90)]);
const dataOf = (option: ReturnType<typeof withThinLines>) =>
  [option.series].flat().map((series) => (series as { data: unknown[] }).data);

describe('a long line', () => {
  it('keeps its ends, its order and its peaks', () => {
    const points = wave(50_000);
    points[31_234] = [31_234, 40];
    points[777] = [777, -40];
    const thin = thinned(points, 500);
    expect(thin.length).toBe(500);
    expect(thin).toContainEqual([31_234, 40]);
    expect(thin).toContainEqual([777, -40]);
  });

  it('is made of its own points, each once, the ends too', () => {
    const some = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 200 });
    fc.assert(
      fc.property(some, fc.integer({ min: 3, max: 60 }), (ys, most) => {
        const points = ys.map((y, i): [number, number] => [i, y]);
        const thin = thinned(points, most);
        expect(thin.length).toBe(Math.min(most, points.length));
        expect([thin[0], thin.at(-1)]).toEqual([points[0], points.at(-1)]);
        const places = thin.map(([x]) => x);
        expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b));
        for (const point of thin) expect(points[point[0]]).toBe(point);
      }),
      { numRuns: 200 },
    );
  });

  it('is thinned before it is drawn; one with a gap, one of names and bars are left as they are', () => {
    const gap: [number, number | null][] = [...wave(pointsMax + 5), [9_999, null]];
    const names = Array.from({ length: pointsMax + 5 }, (_, i) => i);
    const option = {
      series: [
        { type: 'line' as const, data: wave(100_000) },
        { type: 'line' as const, data: gap },
        { type: 'line' as const, data: names },
        { type: 'bar' as const, data: wave(pointsMax + 5) },
      ],
    };
    const [long, ...others] = dataOf(withThinLines(option));
    expect(long?.length).toBe(pointsMax);
    expect(others).toEqual([gap, names, wave(pointsMax + 5)]);
    const short = { series: [{ type: 'line' as const, data: wave(100) }] };
    expect(withThinLines(short)).toBe(short);
  });
});
