import { describe, expect, it } from 'vitest';
import { checkSilence, emptyDraft, orderSilences, parseUtc, utcField } from './silence-draft.ts';

const nowMs = Date.parse('2026-11-21T14:00:00.000Z');
const filled = { ...emptyDraft, matcher: 'alert.service == "db"', reason: 'Disk swap' };

describe('a silence draft', () => {
  it('starts now and lasts its preset', () => {
    expect(checkSilence(filled, nowMs)).toEqual({
      window: { startsAt: '2026-11-21T14:00:00.000Z', endsAt: '2026-11-21T15:00:00.000Z' },
      errors: {},
    });
  });

  it('needs a matcher, a reason and an end that is still to come', () => {
    const { window, errors } = checkSilence({ ...emptyDraft, minutes: null, endsAt: '2026-11-21T13:00' }, nowMs);
    expect(window).toBeNull();
    expect(checkSilence(emptyDraft, nowMs).window).not.toBeNull();
    expect(Object.keys(errors).toSorted()).toEqual(['endsAt', 'matcher', 'reason']);
  });

  it('ends after it starts', () => {
    const draft = { ...filled, startsAt: '2026-11-22T10:00', minutes: null, endsAt: '2026-11-22T09:00' };
    expect(checkSilence(draft, nowMs).errors).toHaveProperty('endsAt');
    expect(checkSilence({ ...draft, endsAt: '2026-11-22T11:00' }, nowMs).window).toEqual({
      startsAt: '2026-11-22T10:00:00.000Z',
      endsAt: '2026-11-22T11:00:00.000Z',
    });
  });

  it('reads what it writes, as UTC', () => {
    expect(parseUtc(utcField(nowMs))).toBe(nowMs);
    expect(parseUtc('tomorrow')).toBeNull();
  });
});

it('orders silences by what a person needs next', () => {
  const silence = (name: string, startsAt: string, endsAt: string, endedAt: string | null = null) => ({
    name,
    startsAt,
    endsAt,
    endedAt,
  });
  const day = (hour: string): string => `2026-11-21T${hour}:00.000Z`;
  const ordered = orderSilences(
    [
      silence('late', day('13:00'), day('20:00')),
      silence('soon', day('13:00'), day('15:00')),
      silence('next', day('16:00'), day('17:00')),
      silence('cut short', day('10:00'), day('20:00'), day('11:00')),
      silence('over', day('10:00'), day('12:00')),
    ],
    nowMs,
  );
  expect(ordered.active.map((one) => one.name)).toEqual(['soon', 'late']);
  expect(ordered.upcoming.map((one) => one.name)).toEqual(['next']);
  expect(ordered.ended.map((one) => one.name)).toEqual(['over', 'cut short']);
});
