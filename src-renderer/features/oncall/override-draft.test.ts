import { describe, expect, it } from 'vitest';
import { checkOverride, type OverrideForm } from './override-draft.ts';

const schedule = { id: '00000000-0000-7000-8000-000000000001', timeZone: 'UTC' };
const priya = '00000000-0000-7000-8000-0000000000a1';
const diego = '00000000-0000-7000-8000-0000000000a2';
const now = Date.parse('2026-11-21T14:00:00.000Z');
const span = { from: '2026-11-21T15:00', to: '2026-11-21T20:00' };
const form: OverrideForm = {
  mode: 'replace',
  userId: priya,
  replacedUserId: diego,
  span,
  shifts: [],
  reason: ' flies ',
};

describe('an override', () => {
  it('says who stands in for whom, and when', () => {
    expect(checkOverride(schedule, form, now).draft).toEqual({
      mode: 'replace',
      scheduleId: schedule.id,
      userId: priya,
      replacedUserId: diego,
      startsAt: '2026-11-21T15:00:00.000Z',
      endsAt: '2026-11-21T20:00:00.000Z',
      reason: 'flies',
    });
  });

  it('names nobody instead of themselves, and needs somebody', () => {
    expect(checkOverride(schedule, { ...form, replacedUserId: priya }, now).errors.userId).toBeDefined();
    expect(checkOverride(schedule, { ...form, userId: null }, now).draft).toBeNull();
  });

  it('of a temporary kind keeps its shifts within its span', () => {
    const shift = { key: 1, userId: priya, span };
    const temporary = { ...form, mode: 'temporary' as const, shifts: [shift] };
    expect(checkOverride(schedule, temporary, now).draft).toMatchObject({
      mode: 'temporary',
      shifts: [{ userId: priya }],
    });
    const outside = { ...temporary, shifts: [{ ...shift, span: { ...span, to: '2026-11-21T21:00' } }] };
    expect(checkOverride(schedule, outside, now)).toMatchObject({
      draft: null,
      errors: { shifts: 'Shift 1 is not within the span above.' },
    });
    expect(checkOverride(schedule, { ...temporary, shifts: [{ ...shift, userId: null }] }, now).draft).toBeNull();
  });
});
