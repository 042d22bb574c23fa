import { describe, expect, it } from 'vitest';
import { checkSpan, nextHours, spanForm } from './span-draft.ts';

const zone = 'Europe/Berlin';
const now = Date.parse('2026-11-21T14:20:00.000Z');

describe('a span as it is typed', () => {
  it('comes back as the instants it stands for', () => {
    const span = { startsAt: '2026-11-21T19:00:00.000Z', endsAt: '2026-11-22T07:00:00.000Z' };
    expect(spanForm(zone, span)).toEqual({ from: '2026-11-21T20:00', to: '2026-11-22T08:00' });
    expect(checkSpan(zone, spanForm(zone, span), now)).toEqual({ span, errors: {} });
  });

  it('begins with the next full hour', () => {
    expect(nextHours(zone, now, 8)).toEqual({ from: '2026-11-21T16:00', to: '2026-11-22T00:00' });
  });

  it('says which end is wrong', () => {
    const check = (from: string, to: string) => Object.keys(checkSpan(zone, { from, to }, now).errors);
    expect(check('', '')).toEqual(['from', 'to']);
    expect(check('2026-11-22T10:00', '2026-11-22T10:00')).toEqual(['to']);
    expect(check('2026-11-20T10:00', '2026-11-20T12:00')).toEqual(['to']);
    // It may have begun already: the part that is over changes nothing.
    expect(check('2026-11-20T10:00', '2026-11-22T12:00')).toEqual([]);
  });
});
