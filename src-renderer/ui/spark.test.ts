import { describe, expect, it } from 'vitest';
import { arrivalSpanMs, arrivalSpans } from '#server/contract/arrivals.ts';
import { firesNow, sparkOf, sparkPath, sparkWords, spanOf } from './spark.ts';

const nowMs = Date.parse('2026-11-21T14:32:10.000Z');
const end = spanOf(nowMs);
const spanAgo = (spans: number) => new Date((end - spans) * arrivalSpanMs + 1).toISOString();
/** An alert that began and ended so many spans ago, counted since it began. */
const alert = (began: number, ended: number | null, counts: number[] | null) => ({
  firstSeenAt: spanAgo(began),
  lastSeenAt: spanAgo(2),
  resolvedAt: ended === null ? null : spanAgo(ended),
  count: 7,
  recent: counts === null ? null : { from: spanAgo(began), counts },
});

describe('the line of a row', () => {
  it('places counts by their clock time, leaves out what is older than the hour, and adds alerts up', () => {
    const spark = sparkOf([alert(13, null, [9, 9, 1, 2]), alert(10, 9, [5])], end);
    expect(spark.counts).toEqual([1, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(spark.firing).toBe(2 ** arrivalSpans - 1);
  });

  it('shows when it fired and when it did not', () => {
    expect(firesNow(sparkOf([alert(8, 6, null)], end))).toBe(false);
    const spark = sparkOf([alert(8, 6, null), alert(1, null, null)], end);
    expect(firesNow(spark)).toBe(true);
    expect(spark.firing.toString(2)).toBe('110000111000');
    expect(sparkPath(spark).match(/M/g)).toHaveLength(2);
  });

  it('shows nothing of an alert that was over before the hour', () => {
    expect(sparkPath(sparkOf([alert(40, 20, [3, 3])], end))).toBe('');
  });

  it('draws one arrival low and stays inside its box however many came', () => {
    const heights = (counts: number[]) =>
      [
        ...sparkPath({ counts: [...counts, ...Array(arrivalSpans - counts.length).fill(0)], firing: 0 }).matchAll(
          /v-(\d+)/g,
        ),
      ].map((match) => Number(match[1]));
    expect(heights([1])[0]).toBeLessThan(5);
    expect(heights([1, 40_000])).toEqual([2, 14]);
  });

  it('guesses nothing for an alert whose arrivals nobody counted', () => {
    const sum = (spark: { counts: number[] }) => spark.counts.reduce((a, b) => a + b, 0);
    expect(sum(sparkOf([alert(3, null, null)], end))).toBe(0);
    expect(sparkOf([{ ...alert(3, null, null), count: 1 }], end).counts.at(-3)).toBe(1);
  });

  it('says its figures in words', () => {
    expect(sparkWords({ counts: [0, 1_200, 3], firing: 0 })).toBe(
      '1,203 came in the last hour, at most 1,200 in five minutes',
    );
  });
});
