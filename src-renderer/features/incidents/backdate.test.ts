import { describe, expect, it } from 'vitest';
import { backdated, upcoming } from './backdate.ts';

const now = Date.parse('2026-11-21T14:32:10.000Z');

describe('a clock time', () => {
  it('means the last time the clock showed it, for what happened', () => {
    expect(backdated('14:05', now)).toBe('2026-11-21T14:05:00.000Z');
    expect(backdated('15:05', now)).toBe('2026-11-20T15:05:00.000Z');
  });

  it('means the next time, for what is due', () => {
    expect(upcoming('15:05', now)).toBe('2026-11-21T15:05:00.000Z');
    expect(upcoming('14:05', now)).toBe('2026-11-22T14:05:00.000Z');
  });

  it('is nothing when it is no clock time', () => {
    for (const text of ['', 'now', '24:00', '14:60', '1405']) expect(backdated(text, now)).toBeNull();
  });
});
