import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arrivalSpanMs, arrivalSpans, RecentArrivals } from '#server/contract/arrivals.ts';
import { withArrival } from '#server/modules/alerts/recent.ts';

const start = Date.parse('2026-11-21T14:00:00.000Z');
const instant = (ms: number) => new Date(start + ms).toISOString();
const fold = (times: readonly number[]) =>
  times.reduce<RecentArrivals | null>((recent, ms) => withArrival(recent, instant(ms)), null);

it('counts what came within the same five minutes together', () => {
  expect(fold([0, 299_999, 300_000, 900_001])).toEqual({ from: instant(0), counts: [2, 1, 0, 1] });
});

it('takes an arrival that was received before the newest into its own span', () => {
  expect(fold([600_000, 10])).toEqual({ from: instant(0), counts: [1, 0, 1] });
});

it('leaves out what is older than the hour before the newest', () => {
  expect(fold([0, 12 * arrivalSpanMs])).toEqual({
    from: instant(arrivalSpanMs),
    counts: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  });
  expect(fold([12 * arrivalSpanMs, 0])?.counts.at(-1)).toBe(1);
});

it('holds exactly the arrivals of the hour that ends with the newest, in whatever order they came, bounded', () => {
  const times = fc.array(fc.integer({ min: 0, max: 3 * 3_600_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(times, (made) => {
      const sorted = made.toSorted((a, b) => a - b);
      const recent = RecentArrivals.parse(fold(sorted));
      const newest = Math.floor((sorted.at(-1) as number) / arrivalSpanMs);
      const kept = sorted.filter((ms) => Math.floor(ms / arrivalSpanMs) > newest - arrivalSpans);
      expect(recent.counts.reduce((a, b) => a + b, 0)).toBe(kept.length);
      expect(recent.counts.length).toBeLessThanOrEqual(arrivalSpans);
    }),
  );
});
