import { describe, expect, it } from 'vitest';
import { blindOf } from './blind.ts';
import { cividis, dashes, heatOf, lookOf } from './look.ts';
import { plainInsets, wholeOption } from './option.ts';

const look = lookOf('dark', (name) => name);
const nowMs = Date.parse('2026-11-21T14:32:10.000Z');

describe('every chart', () => {
  it('is named, without motion, and thins long lines by LTTB but no bars', () => {
    const data = Array.from({ length: 100_000 }, (_, i) => i);
    const option = wholeOption(
      {
        series: [
          { type: 'line', data },
          { type: 'bar', data },
        ],
      },
      look,
      plainInsets,
      'It rises.',
    );
    expect(option).toMatchObject({
      animation: false,
      aria: { enabled: true, label: { description: 'It rises.' }, decal: { show: false } },
      series: [{ type: 'line', sampling: 'lttb', showSymbol: false }, { type: 'bar' }],
    });
    expect(JSON.stringify(option.series).match(/lttb/g)).toHaveLength(1);
  });

  it('backs colour with patterns in high contrast', () => {
    const option = wholeOption(
      {},
      lookOf('contrast', (name) => name),
      plainInsets,
      '',
    );
    expect(option.aria).toMatchObject({ decal: { show: true } });
  });
});

describe('the scale of heat', () => {
  it('rises in lightness on dark and falls on light, with no stop twice', () => {
    const lightness = (colour: string) =>
      0.2126 * Number.parseInt(colour.slice(1, 3), 16) +
      0.7152 * Number.parseInt(colour.slice(3, 5), 16) +
      0.0722 * Number.parseInt(colour.slice(5, 7), 16);
    for (const [theme, sign] of [
      ['dark', 1],
      ['contrast', 1],
      ['light', -1],
    ] as const) {
      const steps = heatOf(theme).map(lightness);
      expect(steps.length).toBeGreaterThan(5);
      for (let i = 1; i < steps.length; i += 1)
        expect(sign * ((steps[i] as number) - (steps[i - 1] as number))).toBeGreaterThan(0);
    }
    expect(new Set(cividis).size).toBe(cividis.length);
  });

  it('has a different dash for each line of a picture', () => {
    expect(new Set(dashes.map((dash) => JSON.stringify(dash))).size).toBe(dashes.length);
  });
});

describe('what is not known', () => {
  const at = (state: 'live' | 'lagging' | 'stale' | 'offline' | 'connecting', dataAt: number | null) =>
    blindOf({ state, dataAt, ageMs: null }, nowMs - 3_600_000, nowMs);

  it('is hatched from where the server was last heard, and nothing is while it is heard', () => {
    expect(at('live', nowMs - 1_000)).toEqual([]);
    expect(at('lagging', nowMs - 20_000)).toEqual([]);
    expect(at('stale', nowMs - 900_000)).toEqual([{ from: 0.75, to: 1 }]);
    expect(at('offline', nowMs - 7_200_000)).toEqual([{ from: 0, to: 1 }]);
    expect(at('connecting', null)).toEqual([{ from: 0, to: 1 }]);
  });

  it('leaves a picture of an older time whole', () => {
    expect(at('offline', nowMs + 1)).toEqual([]);
  });
});
