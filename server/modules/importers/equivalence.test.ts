// Who is on call in what was imported, against a plain reading of the other pager's own rules: every minute of two months
// in which the clocks change.
import { expect, test } from 'vitest';
import type { DraftOf } from '#server/contract/config.ts';
import { checkConfigFile } from '#server/modules/config/as-code/parse.ts';
import { type WishWorld, wishOf } from '#server/modules/config/as-code/wish.ts';
import { createPagingConfig } from '#server/modules/config/paging-config.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';
import type { Imported } from '#server/modules/importers/draft.ts';
import { GoAlertExport, importGoAlert } from '#server/modules/importers/sources/goalert.ts';
import { GrafanaOnCallExport, importGrafanaOnCall } from '#server/modules/importers/sources/grafana-oncall.ts';
import { importOpsgenie, OpsgenieExport } from '#server/modules/importers/sources/opsgenie.ts';
import { importPagerDuty, PagerDutyExport } from '#server/modules/importers/sources/pagerduty.ts';
import {
  addDays as daysAfter,
  daysBetween as daysFromTo,
  minutesOf,
  timeOf,
  type WallTime,
  wallTime as wallTimeOf,
  weekdayOf as weekdayOn,
} from '#server/modules/importers/zone-time.ts';
import { planBetween } from '#server/modules/oncall/shifts.ts';

const minuteMs = 60_000;
const zones = { berlin: 'Europe/Berlin', newYork: 'America/New_York' } as const;
const from = Date.parse('2026-10-01T00:00:00.000Z');
const to = Date.parse('2026-12-01T00:00:00.000Z');
const people = ['u1', 'u2', 'u3', 'u4'];
const emailOf = (id: string) => `${id}@example.org`;

const quarterMs = 15 * minuteMs;
const known = new Map<string, WallTime>();
/** Clocks change on quarters of an hour, so one look a quarter says the rest. */
function wallTime(ms: number, zone: string): WallTime {
  const quarter = Math.floor(ms / quarterMs) * quarterMs;
  const key = `${zone}${quarter}`;
  const start = known.get(key) ?? wallTimeOf(quarter, zone);
  known.set(key, start);
  return { ...start, time: timeOf(minutesOf(start.time) + (ms - quarter) / minuteMs) };
}

const addDays = remembered(daysAfter);
const daysBetween = remembered(daysFromTo);
const weekdayOf = remembered(weekdayOn);
function remembered<A extends (string | number)[], R>(compute: (...args: A) => R): (...args: A) => R {
  const answers = new Map<string, R>();
  return (...args) => {
    const key = args.join(' ');
    const known = answers.get(key) ?? compute(...args);
    answers.set(key, known);
    return known;
  };
}

/** Fails at the first minute at which the two differ. */
function minutesAlike(imported: Imported, name: string, expected: (ms: number) => string[]): number {
  const { schedule, overrides } = scheduleOf(imported, name);
  const facts = { overrides, timeOffs: [], swaps: [], calendars: [], disabledUserIds: [] };
  const { shifts } = planBetween(schedule, facts, from, to);
  const spans = shifts.map((shift) => ({
    start: Date.parse(shift.startsAt),
    end: Date.parse(shift.endsAt),
    who: shift.userId,
  }));
  let first = 0;
  let compared = 0;
  for (let ms = from; ms < to; ms += minuteMs) {
    while (first < spans.length && (spans[first]?.end ?? 0) <= ms) first += 1;
    const ours = new Set<string>();
    for (let i = first; i < spans.length && (spans[i]?.start ?? 0) <= ms; i += 1) {
      const span = spans[i];
      if (span !== undefined && span.end > ms) ours.add(span.who);
    }
    const theirs = new Set(expected(ms).map(emailOf));
    const same = ours.size === theirs.size && [...ours].every((who) => theirs.has(who));
    if (!same) throw new Error(`${new Date(ms).toISOString()}: here ${[...ours].join()}, there ${[...theirs].join()}`);
    compared += 1;
  }
  return compared;
}

function scheduleOf(imported: Imported, name: string) {
  const checked = checkConfigFile(imported.file);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  let ids = 0;
  const world: WishWorld = {
    config: createPagingConfig(1, []),
    people: { users: new Map(), teams: new Map() },
    at: new Date(from).toISOString(),
    newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
    prune: false,
    secret: () => null,
    isSecret: () => false,
  };
  const wish = wishOf(checked.file, world);
  expect(wish.errors).toEqual([]);
  const logins = new Map(wish.users.map((user) => [user.id, user.login]));
  /** Logins in place of ids: what is compared is who. */
  const named = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (_key, field: unknown) =>
      typeof field === 'string' ? (logins.get(field) ?? field) : field,
    ) as T;
  const found = wish.changes.find(
    (change) => change.kind === 'schedule' && (change.draft as { name: string }).name === name,
  );
  if (found?.draft === null || found?.draft === undefined) throw new Error(`no schedule ${name}`);
  const overrides = wish.changes
    .filter((change) => change.kind === 'override')
    .map(({ id, draft }) => ({ id, version: 1, updatedAt: '2026-01-01T00:00:00.000Z', draft: named(draft) }));
  return {
    schedule: { id: found.id, draft: named(found.draft) as DraftOf<'schedule'> },
    overrides: overrides as unknown as StoredDocument<'override'>[],
  };
}

/** Days since a date on the wall at which a turn began, counted at a time of day. */
function localTurn(ms: number, zone: string, startDate: string, time: string, days: number): number {
  const now = wallTime(ms, zone);
  const passed = daysBetween(startDate, now.date) - (minutesOf(now.time) < minutesOf(time) ? 1 : 0);
  return Math.floor(passed / days);
}
const pick = (turn: number, list: readonly string[]) => list[((turn % list.length) + list.length) % list.length] ?? '';
function within(ms: number, zone: string, days: readonly number[], start: string, minutes: number): boolean {
  const now = wallTime(ms, zone);
  const minute = minutesOf(now.time);
  const yesterday = weekdayOf(addDays(now.date, -1));
  const begin = minutesOf(start);
  return (
    (days.includes(now.weekday) && minute >= begin && minute < begin + minutes) ||
    (days.includes(yesterday) && minute + 1_440 >= begin && minute + 1_440 < begin + minutes)
  );
}

test('PagerDuty: the top layer that covers an instant is on call, and an override instead of all', () => {
  const users = people.map((id) => ({
    id,
    name: id,
    email: emailOf(id),
    time_zone: 'UTC',
    contact_methods: [],
    notification_rules: [],
  }));
  const ref = (ids: string[]) => ids.map((id) => ({ user: { id, type: 'user_reference' } }));
  const data = PagerDutyExport.parse({
    users,
    schedules: [
      {
        id: 'S1',
        name: 'primary',
        time_zone: zones.newYork,
        schedule_layers: [
          {
            name: 'nights',
            start: '2026-03-01T00:00:00-05:00',
            end: null,
            rotation_virtual_start: '2026-02-02T20:00:00-05:00',
            rotation_turn_length_seconds: 86_400 * 3,
            users: ref(['u3', 'u4', 'u1']),
            restrictions: [{ type: 'daily_restriction', start_time_of_day: '20:00:00', duration_seconds: 43_200 }],
          },
          {
            name: 'weekends',
            start: '2026-03-01T00:00:00-05:00',
            end: null,
            rotation_virtual_start: '2026-02-06T17:00:00-05:00',
            rotation_turn_length_seconds: 604_800,
            users: ref(['u4', 'u2']),
            restrictions: [
              {
                type: 'weekly_restriction',
                start_day_of_week: 5,
                start_time_of_day: '17:00:00',
                duration_seconds: 60 * 3_600,
              },
            ],
          },
          {
            name: 'weeks',
            start: '2026-06-15T09:00:00-04:00',
            end: null,
            rotation_virtual_start: '2026-01-05T09:00:00-05:00',
            rotation_turn_length_seconds: 604_800,
            users: ref(['u1', 'u2', 'u3']),
            restrictions: [],
          },
        ],
        overrides: [{ start: '2026-10-31T12:00:00-04:00', end: '2026-11-01T12:00:00-05:00', user: { id: 'u2' } }],
      },
    ],
  });
  const imported = importPagerDuty(data, { logins: new Set(), at: from });
  expect(imported.unmapped).toEqual([]);
  const zone = zones.newYork;
  const all = [1, 2, 3, 4, 5, 6, 7];
  const alike = minutesAlike(imported, 'primary', (ms) => {
    if (ms >= Date.parse('2026-10-31T16:00:00Z') && ms < Date.parse('2026-11-01T17:00:00Z')) return ['u2'];
    if (within(ms, zone, all, '20:00', 720))
      return [pick(localTurn(ms, zone, '2026-02-02', '20:00', 3), ['u3', 'u4', 'u1'])];
    const now = wallTime(ms, zone);
    const minute = (now.weekday - 1) * 1_440 + minutesOf(now.time);
    const friday = 4 * 1_440 + 17 * 60;
    if ((minute - friday + 10_080) % 10_080 < 60 * 60)
      return [pick(localTurn(ms, zone, '2026-02-06', '17:00', 7), ['u4', 'u2'])];
    return [pick(localTurn(ms, zone, '2026-01-05', '09:00', 7), ['u1', 'u2', 'u3'])];
  });
  expect(alike).toBe((to - from) / minuteMs);
}, 30_000);

test('Opsgenie: rotations that overlap are on call together; nobody is in the slot "none"', () => {
  const users = people.map((id) => ({ id, username: emailOf(id), fullName: id, userContacts: [] }));
  const user = (id: string) => ({ type: 'user', username: emailOf(id) });
  const data = OpsgenieExport.parse({
    users,
    schedules: [
      {
        id: 'S',
        name: 'ops',
        timezone: zones.berlin,
        rotations: [
          {
            name: 'weekly',
            startDate: '2026-01-05T08:00:00Z',
            type: 'weekly',
            length: 2,
            participants: [user('u1'), user('u2'), { type: 'none' }],
          },
          {
            name: 'office',
            startDate: '2026-01-01T05:30:00Z',
            type: 'daily',
            length: 1,
            participants: [user('u3'), user('u4')],
            timeRestriction: {
              type: 'weekday-and-time-of-day',
              restrictions: [
                { startDay: 'monday', startHour: 8, startMin: 0, endDay: 'monday', endHour: 18, endMin: 30 },
                { startDay: 'saturday', startHour: 22, startMin: 0, endDay: 'sunday', endHour: 6, endMin: 0 },
              ],
            },
          },
          {
            name: 'hours',
            startDate: '2026-09-30T22:00:00Z',
            type: 'hourly',
            length: 5,
            participants: [user('u4'), { type: 'none' }],
            timeRestriction: {
              type: 'time-of-day',
              restriction: { startHour: 22, startMin: 0, endHour: 7, endMin: 0 },
            },
          },
        ],
        overrides: [{ user: user('u3'), startDate: '2026-10-24T22:00:00Z', endDate: '2026-10-25T12:00:00Z' }],
      },
    ],
  });
  const imported = importOpsgenie(data, { logins: new Set(), at: from });
  const zone = zones.berlin;
  const alike = minutesAlike(imported, 'ops', (ms) => {
    if (ms >= Date.parse('2026-10-24T22:00:00Z') && ms < Date.parse('2026-10-25T12:00:00Z')) return ['u3'];
    const week = pick(localTurn(ms, zone, '2026-01-05', '09:00', 14), ['u1', 'u2', '']);
    const office = within(ms, zone, [1], '08:00', 630) || within(ms, zone, [6], '22:00', 480);
    const daily = office ? pick(localTurn(ms, zone, '2026-01-01', '06:30', 1), ['u3', 'u4']) : '';
    const hour = Math.floor((ms - Date.parse('2026-09-30T22:00:00Z')) / (5 * 3_600_000));
    const night = within(ms, zone, [1, 2, 3, 4, 5, 6, 7], '22:00', 540) ? pick(hour, ['u4', '']) : '';
    return [week, daily, night].filter((who) => who !== '');
  });
  expect(alike).toBe((to - from) / minuteMs);
}, 30_000);

test('Grafana OnCall: the highest level that has a shift; turns by day, by weekday and by week', () => {
  const users = people.map((id) => ({ id, email: emailOf(id), username: id }));
  const shift = (id: string, more: object) => ({ id, name: id, type: 'rolling_users', level: 0, ...more });
  const data = GrafanaOnCallExport.parse({
    users: { results: users },
    schedules: [
      { id: 'SC', name: 'web', type: 'calendar', time_zone: zones.berlin, shifts: ['base', 'week', 'days', 'fixed'] },
    ],
    on_call_shifts: [
      shift('base', {
        start: '2026-01-05T09:00:00',
        duration: 7 * 86_400,
        frequency: 'weekly',
        interval: 1,
        rolling_users: [['u1'], ['u2', 'u3']],
        start_rotation_from_user_index: 1,
      }),
      shift('week', {
        level: 1,
        start: '2026-01-07T20:00:00',
        duration: 43_200,
        frequency: 'weekly',
        interval: 1,
        by_day: ['WE', 'SU'],
        week_start: 'MO',
        rolling_users: [['u3'], ['u4']],
      }),
      shift('days', {
        level: 2,
        start: '2026-09-28T12:00:00',
        duration: 7_200,
        frequency: 'daily',
        interval: 1,
        by_day: ['MO', 'TU', 'FR'],
        rolling_users: [['u1'], ['u2'], ['u3'], ['u4']],
      }),
      {
        id: 'fixed',
        name: 'fixed',
        type: 'recurrent_event',
        level: 3,
        start: '2026-01-01T13:00:00',
        duration: 1_800,
        frequency: 'daily',
        interval: 3,
        users: ['u2', 'u4'],
      },
    ],
  });
  const imported = importGrafanaOnCall(data, { logins: new Set(), at: from });
  const zone = zones.berlin;
  const alike = minutesAlike(imported, 'web', (ms) => {
    if (within(ms, zone, [1, 2, 3, 4, 5, 6, 7], '13:00', 30) && localTurn(ms, zone, '2026-01-01', '13:00', 1) % 3 === 0)
      return ['u2', 'u4'];
    if (within(ms, zone, [1, 2, 5], '12:00', 120)) {
      const today = wallTime(ms, zone).date;
      let turn = -1;
      for (let date = '2026-09-28'; date <= today; date = addDays(date, 1))
        if ([1, 2, 5].includes(weekdayOf(date))) turn += 1;
      return [pick(turn, ['u1', 'u2', 'u3', 'u4'])];
    }
    if (within(ms, zone, [3, 7], '20:00', 720))
      return [pick(localTurn(ms, zone, '2026-01-05', '20:00', 7), ['u3', 'u4'])];
    return localTurn(ms, zone, '2026-01-05', '09:00', 7) % 2 === 0 ? ['u2', 'u3'] : ['u1'];
  });
  expect(alike).toBe((to - from) / minuteMs);
}, 30_000);

test('GoAlert: every assignment on duty counts; a rotation goes on from who is active now', () => {
  const users = people.map((id) => ({ id, name: id, email: emailOf(id) }));
  const every = [true, true, true, true, true, true, true];
  const data = GoAlertExport.parse({
    users: { nodes: users },
    rotations: [
      {
        id: 'R1',
        name: 'weekly',
        type: 'weekly',
        start: '2026-01-05T08:00:00Z',
        shiftLength: 1,
        timeZone: zones.berlin,
        userIDs: ['u1', 'u2', 'u3'],
        activeUserIndex: 2,
        nextHandoffTimes: ['2026-10-05T07:00:00Z'],
      },
      {
        id: 'R2',
        name: 'daily',
        type: 'daily',
        start: '2026-01-05T21:00:00Z',
        shiftLength: 2,
        timeZone: zones.berlin,
        userIDs: ['u4', 'u1'],
        activeUserIndex: 1,
        nextHandoffTimes: ['2026-10-02T20:00:00Z'],
      },
    ],
    schedules: [
      {
        id: 'SC',
        name: 'both',
        timeZone: zones.berlin,
        targets: [
          {
            target: { id: 'R1', type: 'rotation', name: 'weekly' },
            rules: [{ start: '00:00', end: '00:00', weekdayFilter: every }],
          },
          {
            target: { id: 'R2', type: 'rotation', name: 'daily' },
            rules: [{ start: '22:00', end: '06:00', weekdayFilter: [true, false, false, false, false, true, true] }],
          },
          {
            target: { id: 'u4', type: 'user', name: 'u4' },
            rules: [{ start: '09:00', end: '17:00', weekdayFilter: [false, true, true, false, false, false, false] }],
          },
        ],
      },
    ],
    userOverrides: {
      nodes: [
        {
          start: '2026-10-25T00:00:00Z',
          end: '2026-10-26T00:00:00Z',
          addUserID: 'u2',
          removeUserID: 'u1',
          target: { id: 'SC', type: 'schedule' },
        },
      ],
    },
  });
  const imported = importGoAlert(data, { logins: new Set(), at: from });
  expect(imported.unmapped).toEqual([]);
  const zone = zones.berlin;
  const alike = minutesAlike(imported, 'both', (ms) => {
    const onCall = new Set([pick(2 + localTurn(ms, zone, '2026-09-28', '09:00', 7), ['u1', 'u2', 'u3'])]);
    if (within(ms, zone, [5, 6, 7], '22:00', 480))
      onCall.add(pick(1 + localTurn(ms, zone, '2026-09-30', '22:00', 2), ['u4', 'u1']));
    if (within(ms, zone, [1, 2], '09:00', 480)) onCall.add('u4');
    const overridden = ms >= Date.parse('2026-10-25T00:00:00Z') && ms < Date.parse('2026-10-26T00:00:00Z');
    if (overridden && onCall.delete('u1')) onCall.add('u2');
    return [...onCall];
  });
  expect(alike).toBe((to - from) / minuteMs);
}, 30_000);
