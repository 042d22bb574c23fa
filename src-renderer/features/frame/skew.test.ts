import { expect, it } from 'vitest';
import { dataTime } from '../../time-format.ts';
import { skewShown } from './skew.ts';

it('an hour is shown either way, a few seconds are not', () => {
  expect(skewShown(3_600_400)).toEqual({ minutes: 60, way: 'behind' });
  expect(skewShown(-3_599_000)).toEqual({ minutes: 60, way: 'ahead' });
  expect(skewShown(-59_999)).toBeNull();
  expect(skewShown(0)).toBeNull();
});

it('data of another day says which day', () => {
  const now = Date.UTC(2026, 10, 21, 0, 10);
  expect(dataTime(now - 60_000, now)).toBe('00:09:00 UTC');
  expect(dataTime(now - 900_000, now)).toBe('2026-11-20 23:55:00 UTC');
});
