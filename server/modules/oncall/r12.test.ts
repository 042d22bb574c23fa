// R12: who is on call, minute by minute, against a reader of compiled zones that shares no code with ours.
import { describe, expect, it } from 'vitest';
import type { Restriction, Rotation, RotationLayer } from '#server/contract/schedule.ts';
import { onCallAt } from '#server/modules/oncall/decide-lookup.ts';
import { shiftsBetween } from '#server/modules/oncall/shifts.ts';
import { oracleVersion, oracleZones, readOracleZone } from '#server/modules/oncall/zone-oracle/tzif.ts';

const minuteMs = 60_000;
const noFacts = { overrides: [], timeOffs: [], swaps: [], calendars: [], disabledUserIds: [] };
const nobody = 255;
const people = ['0', '1', '2', '3', '4'];
/** Every night of Monday to Friday from 22:00 on, and weekend mornings: ends inside hours that zones leave out. */
const nights: Restriction[] = [
  { days: [1, 2, 3, 4, 5], from: '22:00', to: '02:15' },
  { days: [6, 7], from: '00:30', to: '12:00' },
  { days: [5], from: '13:00', to: '14:00' },
];

interface Case {
  rotation: Rotation;
  restrictions: Restriction[];
}
const aCase = (unit: Rotation['unit'], every: number, handoffTime: string, day: string, on = [] as Restriction[]) => ({
  rotation: { unit, every, handoffTime, startsOn: day },
  restrictions: on,
});
/** Handoffs at the hours in which the clocks of these zones jump. */
function casesOf(year: number): Case[] {
  return [
    aCase('hour', 7, '00:30', `${year}-01-01`),
    aCase('day', 1, '02:30', `${year}-01-01`),
    aCase('week', 1, '00:30', `${year}-01-03`),
    aCase('month', 1, '02:15', `${year}-01-31`),
    aCase('day', 1, '00:15', `${year}-01-01`, nights),
  ];
}

describe('R12: on call by the minute', () => {
  it('has the tz version of this Node', () => {
    expect(
      process.versions.tz,
      `the oracle holds tzdata ${oracleVersion}; see zone-oracle/README.md for taking that of this Node`,
    ).toBe(oracleVersion);
  });

  it('includes the zones that R12 names', () => {
    expect(oracleZones).toHaveLength(20);
    expect(oracleZones).toEqual(
      expect.arrayContaining(
        'America/New_York Europe/London Australia/Lord_Howe Africa/Cairo Asia/Beirut America/Havana America/Santiago Africa/Casablanca Europe/Dublin America/Nuuk Asia/Kathmandu Pacific/Apia'.split(
          ' ',
        ),
      ),
    );
  });

  // The second span has Apia's missing day and rules that were changed since.
  const older = ['Pacific/Apia', 'Africa/Cairo', 'Asia/Gaza', 'Africa/Casablanca'];
  it.each([
    { year: 2023, zones: oracleZones },
    { year: 2009, zones: older },
  ])('agrees over the five years from $year', { timeout: 120_000 }, ({ year, zones }) => {
    const faults: string[] = [];
    let minutes = 0;
    // Every rotation has begun by then, the monthly one at the end of January.
    const [from, to] = [Date.UTC(year, 1, 7), Date.UTC(year + 5, 1, 8)];
    for (const zone of zones) {
      const clock = readWallClock(zone, year, from, to);
      for (const [index, one] of casesOf(year).entries()) {
        const found = compare(zone, clock, one);
        minutes += found.minutes;
        if (found.gaps + found.overlaps + found.mismatches > 0)
          faults.push(`${zone}, schedule ${index}: ${JSON.stringify(found)}`);
      }
    }
    expect(faults).toEqual([]);
    expect(minutes).toBeGreaterThanOrEqual(zones.length * 5 * 525_600 * 5);
  });
});

function compare(timeZone: string, clock: WallClock, one: Case) {
  const { rotation, restrictions } = one;
  const { from, to } = clock;
  const layer: RotationLayer = {
    type: 'rotation',
    id: 'layer',
    name: 'layer',
    priority: 0,
    timeZone,
    rotation,
    participants: people.map((id) => [id]),
    restrictions,
    endsOn: null,
  };
  const draft = { name: 's', description: '', teamId: null, timeZone, layers: [layer] };
  const shifts = shiftsBetween({ id: 's', draft }, noFacts, new Date(from).toISOString(), new Date(to).toISOString());
  const who = new Uint8Array((to - from) / minuteMs).fill(nobody);
  let overlaps = 0;
  let reached = 0;
  for (const { startsAt, endsAt, userId } of shifts) {
    const [first, last] = [(Date.parse(startsAt) - from) / minuteMs, (Date.parse(endsAt) - from) / minuteMs];
    if (!Number.isInteger(first) || !Number.isInteger(last)) throw new Error(`${startsAt} is no whole minute`);
    overlaps += Math.max(0, Math.min(last, reached) - first);
    who.fill(Number(userId), first, last);
    reached = Math.max(reached, last);
  }
  const expected = walk(clock, one);
  let gaps = 0;
  let mismatches = 0;
  let first = '';
  const same = Buffer.compare(who, expected) === 0;
  for (let minute = 0; !same && minute < who.length; minute += 1) {
    if (who[minute] === expected[minute]) continue;
    if (who[minute] === nobody) gaps += 1;
    else mismatches += 1;
    if (first === '')
      first = `${new Date(from + minute * minuteMs).toISOString()}: ${who[minute]} for ${expected[minute]}`;
  }
  const middle = new Date((from + to) / 2).toISOString();
  if (Number(onCallAt(shifts, middle)[0]?.userId ?? nobody) !== expected[who.length / 2]) mismatches += 1;
  return { minutes: who.length, gaps, overlaps, mismatches, first };
}

/** What the wall clock of a zone has shown by each minute from `begun` to `to`. */
interface WallClock {
  begun: number;
  from: number;
  to: number;
  /** Days since 1970 and minutes of the day. */
  day: Int32Array;
  time: Int16Array;
  /** The day that was shown before this one: not yesterday, where yesterday never was. */
  dayBefore: Int32Array;
}

/**
 * A wall clock that never runs backwards, minute by minute: a handoff has happened once it showed the handoff's time or a
 * later one. Days that it never showed have none.
 */
function readWallClock(zone: string, year: number, from: number, to: number): WallClock {
  const { offsets } = readOracleZone(zone, year + 6);
  const begun = Date.UTC(year, 0, 1) - 2 * 86_400_000;
  const count = (to - begun) / minuteMs;
  const day = new Int32Array(count);
  const time = new Int16Array(count);
  const dayBefore = new Int32Array(count);
  let place = 0;
  let [wall, today, before] = [-Infinity, -Infinity, -Infinity];
  for (let minute = 0; minute < count; minute += 1) {
    const instant = begun + minute * minuteMs;
    while (place + 1 < offsets.length && offsets[place + 1]!.from * 1_000 <= instant) place += 1;
    wall = Math.max(wall, instant / minuteMs + offsets[place]!.offset / 60);
    // Not a division each minute: the day is over, or it is not.
    if (!(wall < (today + 1) * 1_440)) {
      before = today;
      today = Math.floor(wall / 1_440);
      if (minute === 0) before = today - 1;
    }
    day[minute] = today;
    time[minute] = wall - today * 1_440;
    dayBefore[minute] = before;
  }
  return { begun, from, to, day, time, dayBefore };
}

/** Whose turn each minute is, or nobody's, by counting days (or minutes) on the wall clock. */
function walk(clock: WallClock, { rotation, restrictions }: Case): Uint8Array {
  const { begun, from, day, time, dayBefore } = clock;
  const startDay = Date.parse(`${rotation.startsOn}T00:00:00Z`) / 86_400_000;
  const handoff = timeOf(rotation.handoffTime);
  const days = rotation.every * (rotation.unit === 'week' ? 7 : 1);
  const skipped = (from - begun) / minuteMs;
  const result = new Uint8Array(day.length - skipped);
  if (rotation.unit === 'hour') {
    let minute = 0;
    while (day[minute]! < startDay || (day[minute] === startDay && time[minute]! < handoff)) minute += 1;
    const length = 60 * rotation.every;
    for (let [elapsed, turn] = [0, 0]; minute < day.length; minute += 1, elapsed += 1) {
      if (elapsed === length) [elapsed, turn] = [0, (turn + 1) % people.length];
      if (minute >= skipped) result[minute - skipped] = turn;
    }
  } else {
    let person = 0;
    let countedTo = -Infinity;
    for (let minute = skipped; minute < day.length; minute += 1) {
      const dutyDay = time[minute]! >= handoff ? day[minute]! : dayBefore[minute]!;
      if (dutyDay !== countedTo) {
        const turn = rotation.unit === 'month' ? monthsTo(dutyDay, startDay) : Math.floor((dutyDay - startDay) / days);
        person = turn % people.length;
        countedTo = dutyDay;
      }
      result[minute - skipped] = person;
    }
  }
  if (restrictions.length > 0) closeOutside(result, clock, restrictions, skipped);
  return result;
}

function closeOutside(result: Uint8Array, { day, time, dayBefore }: WallClock, given: Restriction[], skipped: number) {
  const windows = given.map(({ days, from, to }) => {
    const [open, close] = [timeOf(from), timeOf(to)];
    return { on: new Set(days), open, close, overnight: open >= close, today: false, before: false };
  });
  let shown = -Infinity;
  for (let minute = skipped; minute < day.length; minute += 1) {
    if (day[minute] !== shown) {
      shown = day[minute]!;
      for (const window of windows) {
        window.today = window.on.has(((shown + 3) % 7) + 1);
        window.before = window.on.has(((dayBefore[minute]! + 3) % 7) + 1);
      }
    }
    const now = time[minute]!;
    let isOpen = false;
    for (const { open, close, overnight, today, before } of windows) {
      if (now >= open && (overnight || now < close)) isOpen ||= today;
      else if (overnight && now < close) isOpen ||= before;
    }
    if (!isOpen) result[minute - skipped] = nobody;
  }
}

function monthsTo(dutyDay: number, startDay: number): number {
  const [date, start] = [new Date(dutyDay * 86_400_000), new Date(startDay * 86_400_000)];
  const months = (date.getUTCFullYear() - start.getUTCFullYear()) * 12 + date.getUTCMonth() - start.getUTCMonth();
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.getUTCDate() >= Math.min(length, start.getUTCDate()) ? months : months - 1;
}

function timeOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}
