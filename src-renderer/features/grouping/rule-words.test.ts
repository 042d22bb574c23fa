import { describe, expect, it } from 'vitest';
import { describeRule, duration, moved, newRuleDraft, parseDuration } from './rule-words.ts';

describe('a rule in words', () => {
  it('says what joins, what opens and what closes', () => {
    expect(
      describeRule({ ...newRuleDraft, condition: 'true', keys: ['service', 'env'], minimumCount: 3, topology: null }),
    ).toBe(
      'Every alert joins the open incident with the same service and env; 3 of them within 5 min open it. ' +
        'It closes when all its alerts have resolved, and an alert within 15 min after that opens it again.',
    );
    expect(describeRule({ ...newRuleDraft, minimumCount: 3 })).toContain(
      'the same service; so do alerts on services up to 2 steps away in the catalog, within 5 min; 3 of them',
    );
    expect(describeRule({ ...newRuleDraft, keys: [], topology: null, resolvePolicy: 'never', reopenSeconds: 0 })).toBe(
      'An alert that fits the condition joins one incident for all; the first one opens it. ' +
        'It closes only by hand, and a later alert opens a new one.',
    );
  });

  it('reads durations as it writes them', () => {
    for (const seconds of [1, 59, 60, 90, 300, 3_600, 5_400, 86_400])
      expect(parseDuration(duration(seconds))).toBe(seconds);
    expect(parseDuration('2h')).toBe(7_200);
    expect(parseDuration('soon')).toBeNull();
    expect(parseDuration('')).toBeNull();
  });
});

describe('order', () => {
  it('moves one rule and keeps every other in its order', () => {
    expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b', 'c'], 'a', 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
  });
});
