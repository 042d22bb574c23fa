import { expect, it } from 'vitest';
import { isQuietAt } from './quiet-hours.ts';

const at = (time: string): number => Date.parse(`2026-11-22T${time}:00.000Z`);
const profile = (from: string, to: string, timeZone = 'UTC') => ({ quietHours: { from, to }, timeZone });

it('are those of the person, in the person’s zone, also over midnight', () => {
  const night = profile('22:00', '07:00');
  expect(['21:59', '22:00', '03:00', '06:59', '07:00'].map((time) => isQuietAt(night, at(time)))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
  expect(isQuietAt(profile('22:00', '07:00', 'Europe/Berlin'), at('21:30'))).toBe(true);
  expect(isQuietAt(profile('12:00', '13:00'), at('12:30'))).toBe(true);
  expect(isQuietAt(profile('12:00', '12:00'), at('03:00'))).toBe(true);
});

it('are nobody’s without a profile, or without a wish', () => {
  expect(isQuietAt(undefined, at('03:00'))).toBe(false);
  expect(isQuietAt({ quietHours: null, timeZone: 'UTC' }, at('03:00'))).toBe(false);
});
