import { describe, expect, it } from 'vitest';
import type { Layer, Override, ScheduleQuality } from '#server/contract/schedule.ts';
import {
  daysWords,
  layerWords,
  lengthWords,
  overrideWords,
  qualitySentences,
  scoreWord,
  spanWords,
} from './oncall-words.ts';

const names: Record<string, string> = { a: 'Ann', b: 'Bob' };
const nameOf = (id: string | null): string => (id === null ? 'Nobody' : (names[id] ?? 'Somebody'));
const span = (from: string, to: string) => ({ startsAt: `${from}:00.000Z`, endsAt: `${to}:00.000Z` });

describe('a layer in words', () => {
  const layer: Layer = {
    type: 'rotation',
    id: 'layer',
    name: 'Weekly',
    priority: 0,
    timeZone: 'Europe/Berlin',
    rotation: { unit: 'week', every: 1, handoffTime: '09:00', startsOn: '2026-11-16' },
    participants: [['a'], ['a', 'b'], []],
    restrictions: [{ days: [1, 2, 3, 4, 5], from: '18:00', to: '08:00' }],
    endsOn: null,
  };

  it('says the rotation, the turns and the hours', () => {
    expect(layerWords(layer, nameOf)).toBe(
      'Weekly, handed over Mon 09:00 Berlin: Ann, then Ann with Bob, then nobody, only Mon to Fri 18:00 to 08:00 next day',
    );
    const monthly: Layer = { ...layer, rotation: { ...layer.rotation, unit: 'month', every: 2 }, restrictions: [] };
    expect(layerWords(monthly, nameOf)).toContain('Every 2 months, handed over on day 16 at 09:00 Berlin');
    expect(
      layerWords({ type: 'calendar', id: 'c', name: 'x', priority: 0, url: 'https://cal.example.com/a' }, nameOf),
    ).toBe('Shifts from a calendar at cal.example.com');
  });

  it('reads days as people say them', () => {
    expect(daysWords([7, 6])).toBe('Sat, Sun');
    expect(daysWords([1, 2, 3, 4, 5, 6, 7])).toBe('every day');
    expect(daysWords([1, 3, 5])).toBe('Mon, Wed, Fri');
  });
});

describe('spans and overrides', () => {
  it('name the second day only when it is another, in the zone that is asked for', () => {
    expect(spanWords(span('2026-11-21T09:00', '2026-11-21T17:00'), 'UTC')).toBe('Sat 21 Nov 09:00 to 17:00');
    expect(spanWords(span('2026-11-21T20:00', '2026-11-21T23:30'), 'Europe/Berlin')).toBe(
      'Sat 21 Nov 21:00 to Sun 22 Nov 00:30',
    );
    expect(lengthWords(span('2026-11-21T09:00', '2026-11-28T09:00'))).toBe('7 days');
    expect(lengthWords(span('2026-11-21T09:00', '2026-11-21T17:30'))).toBe('8 h 30 min');
  });

  it('say who stands in for whom', () => {
    const override = { mode: 'replace', userId: 'a', replacedUserId: null } as Override;
    expect(overrideWords(override, nameOf)).toBe('Ann instead of whoever is on call');
    expect(overrideWords({ mode: 'remove', userId: 'b' } as Override, nameOf)).toBe('not Bob');
    expect(overrideWords({ mode: 'temporary', shifts: [] } as unknown as Override, nameOf)).toBe(
      'temporary schedule: nobody',
    );
  });
});

describe('quality', () => {
  it('has a sentence for everything that lowers it', () => {
    const quality: ScheduleQuality = {
      score: 60,
      from: '2026-11-21T00:00:00.000Z',
      to: '2026-12-05T00:00:00.000Z',
      gaps: [span('2026-11-22T18:00', '2026-11-23T09:00')],
      emptyShifts: [{ ...span('2026-11-24T09:00', '2026-11-25T09:00'), layer: 'Weekly', why: 'Cat is disabled' }],
      doubleBookings: [{ ...span('2026-11-26T09:00', '2026-11-26T10:00'), userId: 'b', otherScheduleId: 'web' }],
      load: [
        { userId: 'a', hours: 200, share: 110, nightHours: 60 },
        { userId: 'b', hours: 20, share: 110, nightHours: 0 },
      ],
    };
    expect(qualitySentences(quality, { nameOf, scheduleNameOf: () => 'Web', zone: 'UTC' })).toEqual([
      'Nobody is on call Sun 22 Nov 18:00 to Mon 23 Nov 09:00 (15 h).',
      'Layer Weekly has an empty shift Tue 24 Nov 09:00 to Wed 25 Nov 09:00: Cat is disabled.',
      'Bob is also on call in Web Thu 26 Nov 09:00 to 10:00.',
      'Ann has 1.8 times the even share: 200 hours.',
    ]);
    expect([100, 80, 60, 10].map(scoreWord)).toEqual(['good', 'fair', 'weak', 'bad']);
  });
});
