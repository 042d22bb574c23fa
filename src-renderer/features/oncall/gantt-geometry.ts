// Where the bars of a Gantt lie, in shares of its width. Pure, so that it can be measured without a screen.
import type { Shift } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { addDays, dayWords, instantOf, localTime, monthName, weekdayNames, weekdayOf } from '../../zone-time.ts';

export type GanttSpan = 'day' | 'two-weeks' | 'month';

export interface GanttWindow {
  span: GanttSpan;
  zone: string;
  /** Local days; the last one is the first that is not shown. */
  firstDay: string;
  endDay: string;
  fromMs: number;
  toMs: number;
}

/** The day, the two weeks from it, or the calendar month around it. */
export function windowOf(span: GanttSpan, day: string, zone: string): GanttWindow {
  const firstDay = span === 'month' ? `${day.slice(0, 8)}01` : day;
  const endDay =
    span === 'day'
      ? addDays(day, 1)
      : span === 'two-weeks'
        ? addDays(day, 14)
        : `${addDays(firstDay, 31).slice(0, 8)}01`;
  return between(span, firstDay, endDay, zone);
}

/** Some whole days around a change, at least three, so that it is seen among its neighbours. */
export function windowAround(firstDay: string, lastDay: string, zone: string): GanttWindow {
  const after = addDays(lastDay, 1);
  const endDay = after < addDays(firstDay, 3) ? addDays(firstDay, 3) : after;
  return between('two-weeks', firstDay, endDay < addDays(firstDay, 62) ? endDay : addDays(firstDay, 62), zone);
}

function between(span: GanttSpan, firstDay: string, endDay: string, zone: string): GanttWindow {
  const fromMs = instantOf(zone, `${firstDay}T00:00`) ?? 0;
  return { span, zone, firstDay, endDay, fromMs, toMs: instantOf(zone, `${endDay}T00:00`) ?? fromMs };
}

/** The first day of the window before (-1) or after (1) this one. */
export function stepDay({ span, firstDay, endDay }: GanttWindow, by: -1 | 1): string {
  if (by === 1) return endDay;
  return span === 'month' ? `${addDays(firstDay, -1).slice(0, 8)}01` : addDays(firstDay, span === 'day' ? -1 : -14);
}

export function windowTitle({ span, firstDay, endDay }: GanttWindow): string {
  if (span === 'day') return `${dayWords(firstDay)} ${firstDay.slice(0, 4)}`;
  if (span === 'month') return `${monthName(firstDay)} ${firstDay.slice(0, 4)}`;
  return t`${dayWords(firstDay)} to ${dayWords(addDays(endDay, -1))}`;
}

export interface Tick {
  left: number;
  label: string;
  /** Said only where there is room: the weekday of a month. */
  small: string;
  /** Drawn behind the bars. */
  weekend: boolean;
  width: number;
}

/** Hours of a day, days of everything longer. */
export function ticksOf(window: GanttWindow): Tick[] {
  const ticks: Tick[] = [];
  const share = shareIn(window);
  if (window.span === 'day') {
    for (let hour = 0; hour < 24; hour += 3) {
      const ms = instantOf(window.zone, `${window.firstDay}T${String(hour).padStart(2, '0')}:00`);
      const next =
        hour === 21
          ? window.toMs
          : instantOf(window.zone, `${window.firstDay}T${String(hour + 3).padStart(2, '0')}:00`);
      if (ms === null || next === null) continue;
      const left = share(ms);
      ticks.push({ left, width: share(next) - left, label: localTime(window.zone, ms), small: '', weekend: false });
    }
    return ticks;
  }
  for (let day = window.firstDay; day < window.endDay; day = addDays(day, 1)) {
    const left = share(instantOf(window.zone, `${day}T00:00`) ?? window.fromMs);
    const right = share(instantOf(window.zone, `${addDays(day, 1)}T00:00`) ?? window.toMs);
    const weekday = weekdayOf(day);
    const number = String(Number(day.slice(8)));
    const name = weekdayNames[weekday - 1] ?? '';
    const label = window.span === 'month' ? number : `${name} ${number}`;
    ticks.push({ left, width: right - left, label, small: name.slice(0, 2), weekend: weekday > 5 });
  }
  return ticks;
}

export interface Bar {
  shift: Shift;
  left: number;
  width: number;
  /** Two on call at once stand under each other. */
  lane: number;
  /** It began before, or goes on after, what is shown. */
  cutLeft: boolean;
  cutRight: boolean;
}

export interface BarRow {
  bars: Bar[];
  lanes: number;
}

/** The shifts of one row that touch the window; those that follow each other with the same person and source are one. */
export function barsOf(shifts: readonly Shift[], window: GanttWindow): BarRow {
  const share = shareIn(window);
  const laneEnds: number[] = [];
  const bars: Bar[] = [];
  for (const shift of joined(shifts)) {
    const from = Date.parse(shift.startsAt);
    const to = Date.parse(shift.endsAt);
    if (to <= window.fromMs || from >= window.toMs) continue;
    const free = laneEnds.findIndex((end) => end <= from);
    const lane = free < 0 ? laneEnds.length : free;
    laneEnds[lane] = to;
    const left = share(Math.max(from, window.fromMs));
    const width = share(Math.min(to, window.toMs)) - left;
    bars.push({ shift, left, width, lane, cutLeft: from < window.fromMs, cutRight: to > window.toMs });
  }
  return { bars, lanes: Math.max(1, laneEnds.length) };
}

export interface Stripe {
  left: number;
  width: number;
}

export function stripesOf(spans: readonly { startsAt: string; endsAt: string }[], window: GanttWindow): Stripe[] {
  const share = shareIn(window);
  return spans.flatMap(({ startsAt, endsAt }) => {
    const from = Math.max(Date.parse(startsAt), window.fromMs);
    const to = Math.min(Date.parse(endsAt), window.toMs);
    return to <= from ? [] : [{ left: share(from), width: share(to) - share(from) }];
  });
}

/** What nobody covers, of the part of the window that is known. */
export function gapsIn(
  shifts: readonly Shift[],
  known: { fromMs: number; toMs: number },
): { startsAt: string; endsAt: string }[] {
  const gaps: { startsAt: string; endsAt: string }[] = [];
  let covered = known.fromMs;
  const note = (until: number): void => {
    if (until > covered)
      gaps.push({ startsAt: new Date(covered).toISOString(), endsAt: new Date(until).toISOString() });
  };
  for (const { startsAt, endsAt } of shifts.toSorted((a, b) => (a.startsAt < b.startsAt ? -1 : 1))) {
    const from = Date.parse(startsAt);
    if (from >= known.toMs) break;
    note(from);
    covered = Math.max(covered, Date.parse(endsAt));
  }
  note(known.toMs);
  return gaps;
}

/** Place of an instant in the window; null outside of it. */
export function placeIn(window: GanttWindow, ms: number): number | null {
  return ms < window.fromMs || ms >= window.toMs ? null : shareIn(window)(ms);
}

/** Line styles stand for people, because colour does not: the first eight differ, and everybody has a label. */
export const patternCount = 8;

/** Each person's style, in the order of their ids, so that it is the same on every row and after every edit. */
export function patternsOf(userIds: Iterable<string>): Map<string, number> {
  return new Map([...new Set(userIds)].toSorted().map((id, index) => [id, index % patternCount]));
}

function joined(shifts: readonly Shift[]): Shift[] {
  const open = new Map<string, Shift>();
  const all: Shift[] = [];
  for (const shift of shifts.toSorted((a, b) => (a.startsAt < b.startsAt ? -1 : a.startsAt > b.startsAt ? 1 : 0))) {
    const key = `${shift.userId} ${shift.source.type} ${shift.source.id}`;
    const before = open.get(key);
    if (before !== undefined && before.endsAt === shift.startsAt) before.endsAt = shift.endsAt;
    else {
      const copy = { ...shift };
      open.set(key, copy);
      all.push(copy);
    }
  }
  return all;
}

function shareIn({ fromMs, toMs }: GanttWindow): (ms: number) => number {
  const length = Math.max(1, toMs - fromMs);
  return (ms) => (ms - fromMs) / length;
}
