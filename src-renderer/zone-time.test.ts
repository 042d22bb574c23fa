import { describe, expect, it } from 'vitest';
import { addDays, endWords, instantOf, localField, weekdayOf, whenWords } from './zone-time.ts';

const utc = (ms: number | null): string => new Date(ms ?? Number.NaN).toISOString();

describe('local times', () => {
  it('come back as they went in, in every zone and season', () => {
    for (const zone of ['Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'])
      for (const field of ['2026-01-15T09:30', '2026-07-15T00:00', '2026-11-21T23:59'])
        expect([zone, localField(zone, instantOf(zone, field) ?? 0)]).toEqual([zone, field]);
  });

  it('that the clock jumps over are the moment of the jump', () => {
    expect(utc(instantOf('Europe/Berlin', '2026-03-29T02:30'))).toBe('2026-03-29T01:00:00.000Z');
    expect(utc(instantOf('Australia/Lord_Howe', '2026-10-04T02:10'))).toBe('2026-10-03T15:30:00.000Z');
  });

  it('that come twice are their first', () => {
    expect(utc(instantOf('Europe/Berlin', '2026-10-25T02:30'))).toBe('2026-10-25T00:30:00.000Z');
  });

  it('are no times when the text is none', () => {
    expect(instantOf('UTC', 'soon')).toBeNull();
    expect(instantOf('UTC', '2026-13-01T00:00')).toBeNull();
  });
});

describe('calendar words', () => {
  it('name the day only where it is not today', () => {
    const now = Date.parse('2026-11-21T14:00:00Z');
    expect(whenWords('UTC', now + 3_600_000, now)).toBe('15:00');
    expect(whenWords('UTC', now + 3 * 86_400_000, now)).toBe('Tue 14:00');
    expect(whenWords('UTC', now + 30 * 86_400_000, now)).toBe('Mon 21 Dec 14:00');
    expect(whenWords('Asia/Tokyo', now + 2 * 3_600_000, now)).toBe('Sun 01:00');
    const from = now + 3 * 86_400_000;
    expect(endWords('UTC', from, from + 3_600_000, now)).toBe('15:00');
    expect(endWords('UTC', from, from + 12 * 3_600_000, now)).toBe('Wed 02:00');
  });

  it('count days on the calendar', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(weekdayOf('2026-11-21')).toBe(6);
    expect(weekdayOf('2026-11-22')).toBe(7);
  });
});
