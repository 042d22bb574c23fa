import { describe, expect, it } from 'vitest';
import { arrivalSpanMs, arrivalSpans } from '#server/contract/arrivals.ts';
import { addToSpark, arrivalsOf, emptySpark, firesNow, sparkPath, sparkWords, spanOf } from './spark.ts';

const nowMs = Date.parse('2026-11-21T14:32:10.000Z');
const end = spanOf(nowMs);
const spanAgo = (spans: number) => (end - spans) * arrivalSpanMs + 1;

describe('the line of a row', () => {
  it('places counts by their clock time, leaves out what is older than the hour, and adds alerts up', () => {
    const spark = emptySpark();
    addToSpark(spark, end, spanAgo(13), Infinity, { fromMs: spanAgo(13), counts: [9, 9, 1, 2] });
    addToSpark(spark, end, spanAgo(10), spanAgo(9), { fromMs: spanAgo(10), counts: [5] });
    expect(spark.counts).toEqual([1, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(spark.firing).toBe(2 ** arrivalSpans - 1);
  });

  it('shows when it fired and when it did not', () => {
    const spark = emptySpark();
    addToSpark(spark, end, spanAgo(8), spanAgo(6), null);
    expect(firesNow(spark)).toBe(false);
    addToSpark(spark, end, spanAgo(1), Infinity, null);
    expect(firesNow(spark)).toBe(true);
    expect(spark.firing.toString(2)).toBe('110000111000');
    expect(sparkPath(spark).match(/M/g)).toHaveLength(2);
  });

  it('shows nothing of an alert that was over before the hour', () => {
    const spark = emptySpark();
    addToSpark(spark, end, spanAgo(40), spanAgo(20), { fromMs: spanAgo(40), counts: [3, 3] });
    expect(sparkPath(spark)).toBe('');
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
    const lastSeenAt = new Date(spanAgo(2)).toISOString();
    expect(arrivalsOf({ recent: null, count: 7, lastSeenAt })).toBeNull();
    expect(arrivalsOf({ recent: null, count: 1, lastSeenAt })?.counts).toEqual([1]);
  });

  it('says its figures in words', () => {
    expect(sparkWords({ counts: [0, 1_200, 3], firing: 0 })).toBe(
      '1,203 came in the last hour, at most 1,200 in five minutes',
    );
  });
});
