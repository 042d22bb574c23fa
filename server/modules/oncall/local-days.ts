// Local dates as counts of days since 1970-01-01, and local times as minutes of the day.
import type { Zone } from '#server/modules/oncall/zone.ts';

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
export const minuteMs = 60_000;

export function dayOf(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / dayMs);
}

export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** ISO: Monday is 1, Sunday 7. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

export function localDayAt(zone: Zone, instant: number): number {
  return Math.floor(zone.local(instant) / dayMs);
}

/**
 * The instant of a local day and time. A day that the zone left out has no time of its own: it is the same time on the
 * next day that there is (docs/decisions/0005-handoffs-and-clocks.md).
 */
export function instantOf(zone: Zone, day: number, minutes: number): number {
  return zone.instant(existing(zone, day) * dayMs + minutes * minuteMs);
}

/** The day itself, or the next one that there is. */
export function existing(zone: Zone, day: number): number {
  let there = day;
  while (zone.dayMissing(there * dayMs)) there += 1;
  return there;
}

const dates = new Map<number, string>();
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** As `toISOString`, which is slow, for the whole minutes that handoffs are. */
export function instantText(ms: number): string {
  const day = Math.floor(ms / dayMs);
  const rest = ms - day * dayMs;
  if (rest % minuteMs !== 0) return new Date(ms).toISOString();
  let date = dates.get(day);
  if (date === undefined) {
    if (dates.size > 5_000) dates.clear();
    date = new Date(ms).toISOString().slice(0, -13);
    dates.set(day, date);
  }
  return `${date}${twoDigits[Math.floor(rest / hourMs)]}:${twoDigits[(rest % hourMs) / minuteMs]}:00.000Z`;
}
