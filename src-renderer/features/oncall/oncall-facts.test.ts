import { describe, expect, it } from 'vitest';
import type { Roster, Shift } from '#server/contract/schedule.ts';
import { comingStretches, mineFirst, onCallUntil, shiftsOf, standingOf, stretches } from './oncall-facts.ts';

const at = (hour: number): string => new Date(Date.UTC(2026, 10, 21, hour)).toISOString();
const ms = (hour: number): number => Date.UTC(2026, 10, 21, hour);

function shift(userId: string, from: number, to: number): Shift {
  return { userId, startsAt: at(from), endsAt: at(to), source: { type: 'layer', id: userId, name: 'weekly' } };
}

function roster(id: string, shifts: Shift[]): Roster {
  const quality = { score: 100, from: at(0), to: at(48), gaps: [], emptyShifts: [], doubleBookings: [], load: [] };
  return { id, version: 1, from: at(0), to: at(48), shifts, quality };
}

describe('stretches', () => {
  it('cut where somebody comes or goes, join what is the same, and leave gaps empty', () => {
    const found = stretches([shift('a', 0, 8), shift('a', 8, 10), shift('b', 9, 12)], ms(0), ms(14));
    expect(found.map(({ fromMs, toMs, userIds }) => [fromMs, toMs, userIds])).toEqual([
      [ms(0), ms(9), ['a']],
      [ms(9), ms(10), ['a', 'b']],
      [ms(10), ms(12), ['b']],
      [ms(12), ms(14), []],
    ]);
  });

  it('of nothing are one gap', () => {
    expect(stretches([], ms(0), ms(5)).map(({ userIds }) => userIds)).toEqual([[]]);
  });
});

describe('who is on call', () => {
  const one = roster('one', [shift('a', 0, 8), shift('b', 8, 20), shift('b', 20, 30)]);

  it('is now and next', () => {
    const { now, next } = standingOf(one, ms(7));
    expect(now?.userIds).toEqual(['a']);
    expect(next).toMatchObject({ userIds: ['b'], fromMs: ms(8), toMs: ms(30) });
  });

  it('is followed by whoever comes until the roster ends', () => {
    expect(comingStretches(one, ms(2)).map(({ userIds, fromMs }) => [userIds, fromMs])).toEqual([
      [['b'], ms(8)],
      [[], ms(30)],
    ]);
    expect(comingStretches(one, ms(47))).toEqual([]);
  });

  it('changes hands at the very instant of the handoff', () => {
    expect(standingOf(one, ms(8)).now?.userIds).toEqual(['b']);
    expect(standingOf(one, ms(8) - 1).now?.userIds).toEqual(['a']);
  });

  it('is not known outside of the roster, which is something else than nobody', () => {
    expect(standingOf(one, ms(31)).known).toBe(true);
    expect(standingOf(one, ms(31)).now?.userIds).toEqual([]);
    expect(standingOf(one, ms(60)).known).toBe(false);
  });

  it('stays until the last of shifts that follow at once', () => {
    expect(onCallUntil(one.shifts, 'b', ms(9))).toBe(ms(30));
    expect(onCallUntil(one.shifts, 'a', ms(9))).toBeNull();
  });

  it('lists my shifts of all schedules, the soonest first', () => {
    const two = roster('two', [shift('b', 4, 6), shift('a', 6, 9)]);
    expect(shiftsOf([one, two], 'b', ms(1)).map(({ scheduleId, toMs }) => [scheduleId, toMs])).toEqual([
      ['two', ms(6)],
      ['one', ms(30)],
    ]);
  });

  it('puts mine first', () => {
    const rosters = new Map([
      ['later', roster('later', [shift('a', 0, 20), shift('me', 20, 30)])],
      ['mine', roster('mine', [shift('me', 0, 20)])],
      ['others', roster('others', [shift('a', 0, 48)])],
    ]);
    const schedules = [...rosters.keys()].map((id) => ({ id, name: id }));
    const ordered = mineFirst([...schedules, { id: 'unknown', name: 'a' }], rosters, 'me', ms(1));
    expect(ordered.map(({ id }) => id)).toEqual(['mine', 'later', 'unknown', 'others']);
  });
});
