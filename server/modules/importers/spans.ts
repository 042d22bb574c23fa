// Hours of duty as other pagers write them, as ours: on each of these days from … to …, at most a day long.
import { weekdays } from '#server/modules/importers/weekdays.ts';
import { timeOf } from '#server/modules/importers/zone-time.ts';

export interface Hours {
  days: (typeof weekdays)[number][];
  from: string;
  to: string;
}

const day = 1_440;

/** From a minute of a weekday (Monday 1) for so many minutes; null when that is the whole week. */
export function weeklySpan(weekday: number, from: number, minutes: number): Hours[] | null {
  if (minutes >= 7 * day) return null;
  const hours: Hours[] = [];
  const whole = Math.floor(minutes / day);
  for (let i = 0; i < whole; i += 1)
    hours.push({ days: [dayNamed(weekday + i)], from: timeOf(from), to: timeOf(from) });
  const rest = minutes - whole * day;
  if (rest > 0) hours.push({ days: [dayNamed(weekday + whole)], from: timeOf(from), to: timeOf(from + rest) });
  return merged(hours);
}

/** Every one of these weekdays, from a minute for so many minutes, at most a day; null when that is always. */
export function dailySpan(days: readonly number[], from: number, minutes: number): Hours[] | null {
  if (minutes >= day && days.length === 7) return null;
  return [{ days: days.map(dayNamed), from: timeOf(from), to: timeOf(from + Math.min(minutes, day)) }];
}

/** The same hours of several days are one line. */
export function merged(hours: readonly Hours[]): Hours[] {
  const byTime = new Map<string, Hours>();
  for (const each of hours) {
    const key = `${each.from} ${each.to}`;
    const known = byTime.get(key);
    if (known === undefined) byTime.set(key, { ...each, days: [...each.days] });
    else known.days = weekdays.filter((name) => known.days.includes(name) || each.days.includes(name));
  }
  return [...byTime.values()];
}

function dayNamed(weekday: number): (typeof weekdays)[number] {
  return weekdays[(((weekday - 1) % 7) + 7) % 7] ?? 'mon';
}
