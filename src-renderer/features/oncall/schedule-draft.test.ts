import { describe, expect, it } from 'vitest';
import type { Schedule } from '#server/contract/schedule.ts';
import { apart, checkSchedule, formOf, movedAt, newCalendar, newLayer, together } from './schedule-draft.ts';

const id = (place: number): string => `00000000-0000-7000-8000-00000000000${place}`;
const schedule: Schedule = {
  id: id(1),
  version: 4,
  findings: [],
  updatedAt: '2026-11-20T00:00:00.000Z',
  updatedBy: null,
  origin: 'ui',
  name: 'Payments primary',
  description: '',
  teamId: null,
  timeZone: 'Europe/Berlin',
  layers: [
    {
      type: 'rotation',
      id: id(2),
      name: 'Weekly',
      priority: 0,
      timeZone: 'Europe/Berlin',
      rotation: { unit: 'week', every: 1, handoffTime: '09:00', startsOn: '2026-11-16' },
      participants: [[id(3)], [id(4), id(5)]],
      restrictions: [{ days: [1, 2], from: '09:00', to: '17:00' }],
      endsOn: null,
    },
    { type: 'calendar', id: id(6), name: 'Holidays', priority: 1, url: 'https://calendar.example.com/a.ics' },
  ],
};

describe('a schedule in its form', () => {
  it('comes back as it went in', () => {
    const { name, description, teamId, timeZone, layers } = schedule;
    expect(checkSchedule(formOf(schedule, 'UTC'))).toEqual({
      draft: { name, description, teamId, timeZone, layers },
      errors: {},
    });
  });

  it('says beside each field what is wrong with it', () => {
    const form = formOf(null, 'Mars/Olympus');
    const layer = {
      ...newLayer(id(2), 0, 'UTC', '2026-11-16'),
      every: 'often',
      priority: '-1',
      handoffTime: '',
      endsOn: 'soon',
    };
    const { draft, errors } = checkSchedule({ ...form, layers: [layer, { ...newCalendar(id(3), 1), url: 'team' }] });
    expect(draft).toBeNull();
    expect(Object.keys(errors).toSorted()).toEqual([
      'layers.0.endsOn',
      'layers.0.every',
      'layers.0.handoffTime',
      'layers.0.participants',
      'layers.0.priority',
      'layers.1.url',
      'name',
      'timeZone',
    ]);
  });
});

describe('participants', () => {
  it('move by places and never fall off', () => {
    expect(movedAt(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(movedAt(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
    expect(movedAt(['a', 'b', 'c'], 0, 9)).toEqual(['b', 'c', 'a']);
  });

  it('share a shift and part again', () => {
    const shared = together([['a'], ['b'], ['c']], 0);
    expect(shared).toEqual([['a', 'b'], ['c']]);
    expect(apart(shared, 0)).toEqual([['a'], ['b'], ['c']]);
    expect(together([['a']], 0)).toEqual([['a']]);
  });
});
