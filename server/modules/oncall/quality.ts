// How good a schedule is in the weeks ahead, as a number and in words. The formula is written out in docs/schedules.md.
import type { ScheduleQuality } from '#server/contract/schedule.ts';
import { dayMs, hourMs, instantText } from '#server/modules/oncall/local-days.ts';
import { dutyBetween, intersection, type Interval, merged } from '#server/modules/oncall/rotation.ts';
import type { Plan } from '#server/modules/oncall/shifts.ts';
import type { EmptyTurn, OnCallShift, PlannedSchedule } from '#server/modules/oncall/state.ts';

const leastDays = 28;
const mostDays = 182;
const turnsMax = 20_000;
const daysOf = { hour: 1 / 24, day: 1, week: 7, month: 30.44 };
/** The list of each kind of fault is cut here; the score counts all of them. */
const listedMax = 100;
const everyNight = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '07:00' }];

/** A shift elsewhere. */
export interface OtherShift {
  scheduleId: string;
  userId: string;
  startsAt: string;
  endsAt: string;
}

/**
 * The days that are judged, from an instant on: four weeks, or so many more that the longest rotation goes round a whole
 * number of times, so that a fair rotation counts as fair; half a year at most, less where there are very many turns.
 */
export function judgedSpan({ draft }: PlannedSchedule, from: number): { from: number; to: number } {
  const turns = draft.layers
    .filter((layer) => layer.type === 'rotation')
    .map(({ rotation, participants }) => ({
      days: daysOf[rotation.unit] * rotation.every,
      people: participants.length,
    }));
  const longest = Math.max(1, ...turns.map(({ days, people }) => days * people));
  const turnsADay = turns.reduce((sum, { days }) => sum + 1 / days, 0);
  const most = Math.min(mostDays, Math.max(leastDays, Math.floor(turnsMax / Math.max(turnsADay, 0.01))));
  const span = Math.min(most, Math.ceil(Math.ceil(leastDays / longest) * longest));
  return { from, to: from + span * dayMs };
}

export function scheduleQuality(given: {
  schedule: PlannedSchedule;
  plan: Plan;
  from: number;
  to: number;
  others: readonly OtherShift[];
  disabled: ReadonlySet<string>;
  nameOf(userId: string): string;
}): ScheduleQuality {
  const { schedule, plan, from, to, others, nameOf } = given;
  const load = loadOf(given);
  const doubleBookings = doublesOf(plan.shifts, others);
  const empty = plan.layers.flatMap((row) => row.empty);
  const span = to - from;
  const covered = 1 - lengthOf(plan.gaps) / span;
  const uneven = imbalance(load.map((one) => ({ has: one.hours, share: one.share })));
  const night = load.reduce((sum, one) => sum + one.nightHours, 0);
  const sharing = load.filter((one) => one.share > 0).length;
  const unevenNights = imbalance(
    load.map((one) => ({ has: one.nightHours, share: one.share > 0 ? night / sharing : 0 })),
  );
  const faulty = lengthOf(merged([...empty, ...doubleBookings].map(intervalOf)));
  const score = 100 * covered * (1 - uneven / 4 - unevenNights / 4) * (1 - Math.min(1, faulty / span) / 4);
  return {
    // Rounded down: only a schedule without any fault has 100. The grain keeps rounding errors out.
    score: schedule.draft.layers.length === 0 ? 0 : Math.max(0, Math.floor(score + 1e-9)),
    from: instantText(from),
    to: instantText(to),
    gaps: plan.gaps.slice(0, listedMax).map(({ start, end }) => spanOf(start, end)),
    emptyShifts: empty.slice(0, listedMax).map((turn) => {
      const { startsAt, endsAt, layer } = turn;
      return { startsAt, endsAt, layer, why: wordsOf(turn, nameOf).slice(0, 1_000) };
    }),
    doubleBookings: doubleBookings.slice(0, listedMax),
    load: load.map(({ userId, hours, share, nightHours }) => {
      return { userId, hours: hundredth(hours), share: hundredth(share), nightHours: hundredth(nightHours) };
    }),
  };
}

/** The part of all hours that would have to change hands for everybody to have their share: 0 is even. */
export function imbalance(load: readonly { has: number; share: number }[]): number {
  const total = load.reduce((sum, one) => sum + one.has, 0);
  if (total === 0) return 0;
  return load.reduce((sum, one) => sum + Math.abs(one.has - one.share), 0) / (2 * total);
}

export function intervalOf({ startsAt, endsAt }: { startsAt: string; endsAt: string }): Interval {
  return { start: Date.parse(startsAt), end: Date.parse(endsAt) };
}

export function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Who is in a rotation shares evenly; who only fills in has no share; without rotations all who have shifts do. */
function loadOf(given: Parameters<typeof scheduleQuality>[0]) {
  const { schedule, plan, from, to, disabled } = given;
  const nights = dutyBetween(everyNight, schedule.draft.timeZone, from, to);
  const shifts = Map.groupBy(plan.shifts, ({ userId }) => userId);
  const rotating = new Set(
    schedule.draft.layers.flatMap((layer) => (layer.type === 'rotation' ? layer.participants.flat() : [])),
  );
  const sharing = (rotating.size > 0 ? [...rotating] : [...shifts.keys()]).filter((userId) => !disabled.has(userId));
  const hours = (intervals: readonly Interval[]) => lengthOf(intervals) / hourMs;
  const load = [...new Set([...sharing, ...shifts.keys()])].sort().map((userId) => {
    const own = merged((shifts.get(userId) ?? []).map(intervalOf));
    return { userId, hours: hours(own), nightHours: hours(intersection(own, nights)) };
  });
  const total = load.reduce((sum, one) => sum + one.hours, 0);
  return load.map((one) => ({ ...one, share: sharing.includes(one.userId) ? total / sharing.length : 0 }));
}

function doublesOf(shifts: readonly OnCallShift[], others: readonly OtherShift[]) {
  const elsewhere = Map.groupBy(others, ({ userId }) => userId);
  return shifts.flatMap((shift) =>
    (elsewhere.get(shift.userId) ?? []).flatMap((other) => {
      const startsAt = shift.startsAt > other.startsAt ? shift.startsAt : other.startsAt;
      const endsAt = shift.endsAt < other.endsAt ? shift.endsAt : other.endsAt;
      if (startsAt >= endsAt) return [];
      return [{ startsAt, endsAt, userId: shift.userId, otherScheduleId: other.scheduleId }];
    }),
  );
}

function wordsOf(turn: EmptyTurn, nameOf: (userId: string) => string): string {
  const names = turn.userIds.map(nameOf).join(', ');
  switch (turn.why) {
    case 'nobody':
      return 'Nobody has this turn.';
    case 'disabled':
      return `It is the turn of ${names}, who cannot be on call any more.`;
    case 'away':
      return `${names} is away, and nobody in the rotation is there to stand in.`;
    case 'unmatched':
      return `The event “${turn.summary ?? ''}” names nobody who is known here by login, name or e-mail address.`;
  }
}

function spanOf(start: number, end: number) {
  return { startsAt: instantText(start), endsAt: instantText(end) };
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
