import { expect, it } from 'vitest';
import type { Roster } from '#server/contract/schedule.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { peopleToCall } from './call-facts.ts';

const at = (hour: number): string => new Date(Date.UTC(2026, 10, 22, hour)).toISOString();

function roster(id: string, userId: string): Roster {
  const quality = { score: 100, from: at(0), to: at(12), gaps: [], emptyShifts: [], doubleBookings: [], load: [] };
  const source = { type: 'layer', id, name: 'weekly' } as const;
  return {
    id,
    version: 1,
    from: at(0),
    to: at(12),
    shifts: [{ userId, startsAt: at(0), endsAt: at(12), source }],
    quality,
  };
}

it('without a server names who commands and who is on call, never oneself, and never out of a copy that ended', () => {
  const commanded = (id: string, userId: string) =>
    sampleIncident(id, {
      number: 3,
      title: 'Checkout',
      roles: [{ role: 'commander', userId, since: null, offer: null }],
    });
  const world = {
    meId: 'me',
    incidents: [
      commanded('i1', 'mara'),
      commanded('i2', 'me'),
      { ...commanded('i3', 'jo'), status: 'resolved' as const },
    ],
    schedules: [
      { id: 's2', name: 'Search' },
      { id: 's1', name: 'Payments' },
      { id: 's3', name: 'Unheard of' },
    ],
    rosters: new Map([
      ['s1', roster('s1', 'diego')],
      ['s2', roster('s2', 'me')],
    ]),
  };
  expect(peopleToCall({ ...world, atMs: Date.parse(at(6)) })).toEqual({
    groups: [
      { key: 'i1', label: 'Commands INC-3 Checkout', userIds: ['mara'] },
      { key: 's1', label: 'On call now: Payments', userIds: ['diego'] },
    ],
    unknown: ['Unheard of'],
  });
  expect(peopleToCall({ ...world, atMs: Date.parse(at(13)) }).unknown).toEqual(['Payments', 'Search', 'Unheard of']);
});
