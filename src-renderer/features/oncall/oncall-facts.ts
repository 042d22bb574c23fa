// Who is on call, read from a roster. Pure: the time is an argument, so that it is right offline and in a test.
import type { Roster, Shift } from '#server/contract/schedule.ts';
import { byName } from '../../by-name.ts';

/** A stretch in which the same people are on call; with nobody in it, it is a gap. */
export interface Stretch {
  fromMs: number;
  toMs: number;
  userIds: readonly string[];
  shifts: readonly Shift[];
}

/** The span cut wherever somebody comes or goes; neighbours with the same people are one. */
export function stretches(shifts: readonly Shift[], fromMs: number, toMs: number): Stretch[] {
  const spans = shifts
    .map((shift) => ({ shift, from: Date.parse(shift.startsAt), to: Date.parse(shift.endsAt) }))
    .filter(({ from, to }) => from < toMs && to > fromMs && from < to);
  const cuts = [...new Set([fromMs, toMs, ...spans.flatMap(({ from, to }) => [from, to])])]
    .filter((cut) => cut >= fromMs && cut <= toMs)
    .toSorted((a, b) => a - b);
  const found: Stretch[] = [];
  for (const [index, cut] of cuts.slice(0, -1).entries()) {
    const next = cuts[index + 1] ?? toMs;
    const on = spans.filter(({ from, to }) => from <= cut && to >= next).map(({ shift }) => shift);
    const userIds = [...new Set(on.map(({ userId }) => userId))].toSorted();
    const last = found.at(-1);
    if (last !== undefined && sameIds(last.userIds, userIds)) {
      last.toMs = next;
      last.shifts = [...new Set([...last.shifts, ...on])];
    } else found.push({ fromMs: cut, toMs: next, userIds, shifts: on });
  }
  return found;
}

export interface Standing {
  now: Stretch | null;
  next: Stretch | null;
  /** False when the time is outside of what the roster covers: then nothing is known. */
  known: boolean;
}

export function standingOf(roster: Roster, atMs: number): Standing {
  const from = Date.parse(roster.from);
  const to = Date.parse(roster.to);
  if (atMs < from || atMs >= to) return { now: null, next: null, known: false };
  const all = stretches(roster.shifts, from, to);
  const place = all.findIndex((stretch) => stretch.fromMs <= atMs && atMs < stretch.toMs);
  return { now: all[place] ?? null, next: all[place + 1] ?? null, known: true };
}

/** Who comes after whoever is on call, as far as the roster goes. */
export function comingStretches(roster: Roster, atMs: number): Stretch[] {
  return stretches(roster.shifts, atMs, Date.parse(roster.to)).filter(({ fromMs }) => fromMs > atMs);
}

/** Until when somebody who is on call at an instant stays so without a break; null when they are not on call then. */
export function onCallUntil(shifts: readonly Shift[], userId: string, atMs: number): number | null {
  let until: number | null = null;
  const own = shifts
    .filter((shift) => shift.userId === userId)
    .map(({ startsAt, endsAt }) => ({ from: Date.parse(startsAt), to: Date.parse(endsAt) }))
    .toSorted((a, b) => a.from - b.from);
  for (const { from, to } of own) {
    if (until === null ? from <= atMs && atMs < to : from <= until) until = Math.max(until ?? to, to);
  }
  return until;
}

export interface MyShift {
  scheduleId: string;
  fromMs: number;
  toMs: number;
  source: Shift['source'];
}

/** A person's shifts from now on, across all schedules, the soonest first; one that goes on at once is one. */
export function shiftsOf(rosters: Iterable<Roster>, userId: string, fromMs: number): MyShift[] {
  const found: MyShift[] = [];
  for (const roster of rosters) {
    const own = roster.shifts
      .filter((shift) => shift.userId === userId && Date.parse(shift.endsAt) > fromMs)
      .toSorted((a, b) => (a.startsAt < b.startsAt ? -1 : 1));
    let last: MyShift | null = null;
    for (const { startsAt, endsAt, source } of own) {
      const shift = { scheduleId: roster.id, fromMs: Date.parse(startsAt), toMs: Date.parse(endsAt), source };
      if (last !== null && shift.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, shift.toMs);
      else found.push((last = shift));
    }
  }
  return found.toSorted((a, b) => a.fromMs - b.fromMs);
}

/** Schedules in which I am on call first, then those in which I am next, then by name. */
export function mineFirst<S extends { id: string; name: string }>(
  schedules: Iterable<S>,
  rosters: ReadonlyMap<string, Roster>,
  me: string,
  atMs: number,
): S[] {
  const rank = ({ id }: S): number => {
    const roster = rosters.get(id);
    if (roster === undefined) return 3;
    const { now, next } = standingOf(roster, atMs);
    if (now?.userIds.includes(me) === true) return 0;
    if (next?.userIds.includes(me) === true) return 1;
    return roster.shifts.some((shift) => shift.userId === me) ? 2 : 3;
  };
  return [...schedules]
    .map((schedule) => ({ schedule, rank: rank(schedule) }))
    .toSorted((a, b) => a.rank - b.rank || byName(a.schedule.name, b.schedule.name))
    .map(({ schedule }) => schedule);
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
