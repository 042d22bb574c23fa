// When the turns of a rotation begin and end, and when its restrictions let it be on duty. Pure.
import type { Restriction, RotationLayer } from '#server/contract/schedule.ts';
import {
  dayMs,
  dayOf,
  existing,
  hourMs,
  instantOf,
  localDayAt,
  minutesOf,
  weekdayOf,
} from '#server/modules/oncall/local-days.ts';
import { type Zone, zoneOf } from '#server/modules/oncall/zone.ts';

export interface Interval {
  start: number;
  end: number;
}
export interface Turn extends Interval {
  /** Counts from 0, where the rotation begins. */
  index: number;
}

/** The turns that touch [from, to), whole; the last one ends where the layer does. */
export function turnsBetween(layer: RotationLayer, from: number, to: number): Turn[] {
  const zone = zoneOf(layer.timeZone);
  const begin = handoffs(layer, zone);
  const end =
    layer.endsOn === null ? Infinity : instantOf(zone, dayOf(layer.endsOn), minutesOf(layer.rotation.handoffTime));
  const until = Math.min(to, end);
  const turns: Turn[] = [];
  let index = begin.about(from);
  while (index > 0 && begin.of(index) > from) index -= 1;
  while (begin.of(index + 1) <= from) index += 1;
  for (let start = begin.of(index); start < until; index += 1) {
    const next = begin.of(index + 1);
    // A day that the zone left out gives a turn without length.
    if (next > start) turns.push({ index, start, end: Math.min(next, end) });
    start = next;
  }
  return turns;
}

/** Whose turn it is; the list goes round. */
export function participantsOf(layer: RotationLayer, turn: number): readonly string[] {
  return layer.participants[turn % layer.participants.length] ?? [];
}

interface Handoffs {
  of(index: number): number;
  /** Near the turn at this instant, and never below 0. */
  about(instant: number): number;
}

function handoffs({ rotation }: RotationLayer, zone: Zone): Handoffs {
  const { unit, every } = rotation;
  const day = dayOf(rotation.startsOn);
  const minutes = minutesOf(rotation.handoffTime);
  const notBelow0 = (index: number) => Math.max(0, Math.floor(index));
  switch (unit) {
    case 'hour': {
      const origin = instantOf(zone, day, minutes);
      const length = every * hourMs;
      return { of: (index) => origin + index * length, about: (at) => notBelow0((at - origin) / length) };
    }
    case 'day':
    case 'week': {
      const days = every * (unit === 'week' ? 7 : 1);
      return {
        of: (index) => instantOf(zone, day + index * days, minutes),
        about: (at) => notBelow0((localDayAt(zone, at) - day) / days),
      };
    }
    case 'month': {
      const first = new Date(day * dayMs);
      const month = first.getUTCFullYear() * 12 + first.getUTCMonth();
      return {
        of: (index) => instantOf(zone, dayInMonth(month + index * every, first.getUTCDate()), minutes),
        about(at) {
          const now = new Date(localDayAt(zone, at) * dayMs);
          return notBelow0((now.getUTCFullYear() * 12 + now.getUTCMonth() - month) / every);
        },
      };
    }
  }
}

/** In a month that is too short it is the last day. */
function dayInMonth(month: number, dayOfMonth: number): number {
  const [year, index] = [Math.floor(month / 12), month % 12];
  const last = new Date(Date.UTC(year, index + 1, 0)).getUTCDate();
  return Date.UTC(year, index, Math.min(dayOfMonth, last)) / dayMs;
}

/** When a list of restrictions lets its layer be on duty in [from, to): sorted, none touching the next. */
export function dutyBetween(
  restrictions: readonly Restriction[],
  timeZone: string,
  from: number,
  to: number,
): Interval[] {
  if (restrictions.length === 0) return [{ start: from, end: to }];
  const zone = zoneOf(timeZone);
  const found: Interval[] = [];
  const compiled = restrictions.map(({ days, from: begin, to: end }) => {
    const [first, last] = [minutesOf(begin), minutesOf(end)];
    return { days: new Set(days), first, last, span: last <= first ? 1 : 0 };
  });
  for (let day = localDayAt(zone, from) - 2; day <= localDayAt(zone, to); day += 1) {
    if (existing(zone, day) !== day) continue;
    const weekday = weekdayOf(day);
    for (const { days, first, last, span } of compiled) {
      if (!days.has(weekday)) continue;
      const start = Math.max(from, instantOf(zone, day, first));
      const end = Math.min(to, instantOf(zone, day + span, last));
      if (start < end) found.push({ start, end });
    }
  }
  return merged(found);
}

export function merged(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const { start, end } of intervals.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

/** What of `a` lies in `b`; both sorted and without overlaps. */
export function intersection(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  let [i, j] = [0, 0];
  for (let [x, y] = [a[i], b[j]]; x !== undefined && y !== undefined; [x, y] = [a[i], b[j]]) {
    const start = Math.max(x.start, y.start);
    const end = Math.min(x.end, y.end);
    if (start < end) result.push({ start, end });
    if (x.end < y.end) i += 1;
    else j += 1;
  }
  return result;
}
