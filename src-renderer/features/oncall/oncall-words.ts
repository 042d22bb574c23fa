// Schedules in words: what a layer does, where a shift comes from, what lowers the quality. Pure.
import type { Layer, Override, Restriction, Rotation, ScheduleQuality, Shift } from '#server/contract/schedule.ts';
import { durationWords } from '../../time-format.ts';
import { dayWords, localDate, localTime, placeOf, weekdayNames, weekdayOf } from '../../zone-time.ts';

type NameOf = (userId: string | null) => string;

export function sourceWords({ type, name }: Shift['source']): string {
  switch (type) {
    case 'layer':
      return `layer ${name}`;
    case 'calendar':
      return `calendar ${name}`;
    case 'override':
      return name === '' ? 'override' : `override: ${name}`;
    case 'temporary':
      return name === '' ? 'temporary schedule' : `temporary schedule: ${name}`;
    case 'swap':
      return name === '' ? 'swap' : `swap: ${name}`;
    case 'stand-in':
      return `stands in, layer ${name}`;
  }
}

/** `Sat 21 Nov 09:00 to 17:00`, the second day named only when it is another. */
export function spanWords({ startsAt, endsAt }: { startsAt: string; endsAt: string }, zone: string): string {
  const from = Date.parse(startsAt);
  const to = Date.parse(endsAt);
  const first = localDate(zone, from);
  const last = localDate(zone, to);
  const end = first === last ? localTime(zone, to) : `${dayWords(last)} ${localTime(zone, to)}`;
  return `${dayWords(first)} ${localTime(zone, from)} to ${end}`;
}

export function lengthWords({ startsAt, endsAt }: { startsAt: string; endsAt: string }): string {
  const ms = Date.parse(endsAt) - Date.parse(startsAt);
  const days = ms / 86_400_000;
  return days >= 2 && Number.isInteger(days) ? `${days} days` : durationWords(ms);
}

export function rotationWords({ unit, every, handoffTime, startsOn }: Rotation, zone: string): string {
  const each =
    every === 1
      ? { hour: 'Every hour', day: 'Daily', week: 'Weekly', month: 'Monthly' }[unit]
      : `Every ${every} ${unit}s`;
  if (unit === 'hour') return `${each}, from ${startsOn} ${handoffTime} ${placeOf(zone)} on`;
  const when =
    unit === 'week'
      ? `${weekdayNames[weekdayOf(startsOn) - 1]} ${handoffTime}`
      : unit === 'month'
        ? `on day ${Number(startsOn.slice(8))} at ${handoffTime}`
        : `at ${handoffTime}`;
  return `${each}, handed over ${when} ${placeOf(zone)}`;
}

export function restrictionWords({ days, from, to }: Restriction): string {
  const hours = from === to ? 'all day' : `${from} to ${to}${to < from ? ' next day' : ''}`;
  return `${daysWords(days)} ${hours}`;
}

/** `Mon to Fri`, `Sat, Sun`, `every day`. */
export function daysWords(days: readonly number[]): string {
  const sorted = [...new Set(days)].toSorted((a, b) => a - b);
  if (sorted.length === 7) return 'every day';
  const name = (day: number): string => weekdayNames[day - 1] ?? '';
  const first = sorted[0] ?? 1;
  const last = sorted.at(-1) ?? first;
  if (sorted.length > 2 && last - first === sorted.length - 1) return `${name(first)} to ${name(last)}`;
  return sorted.map(name).join(', ');
}

export function layerWords(layer: Layer, nameOf: NameOf): string {
  if (layer.type === 'calendar') return `Shifts from a calendar at ${hostOf(layer.url)}`;
  const turns = layer.participants.map((slot) => (slot.length === 0 ? 'nobody' : slot.map(nameOf).join(' with ')));
  const only = layer.restrictions.length === 0 ? '' : `, only ${layer.restrictions.map(restrictionWords).join('; ')}`;
  const ends = layer.endsOn === null ? '' : `, until ${layer.endsOn}`;
  return `${rotationWords(layer.rotation, layer.timeZone)}: ${turns.join(', then ')}${only}${ends}`;
}

export function overrideWords(override: Override, nameOf: NameOf): string {
  switch (override.mode) {
    case 'add':
      return `${nameOf(override.userId)} too`;
    case 'remove':
      return `not ${nameOf(override.userId)}`;
    case 'replace':
      return `${nameOf(override.userId)} instead of ${override.replacedUserId === null ? 'whoever is on call' : nameOf(override.replacedUserId)}`;
    case 'temporary': {
      const people = [...new Set(override.shifts.map(({ userId }) => userId))].map(nameOf);
      return people.length === 0 ? 'temporary schedule: nobody' : `temporary schedule: ${people.join(', ')}`;
    }
  }
}

/** What lowers the score, each in one sentence, the worst first. */
export function qualitySentences(
  quality: ScheduleQuality,
  { nameOf, scheduleNameOf, zone }: { nameOf: NameOf; scheduleNameOf: (id: string) => string; zone: string },
): string[] {
  const found: string[] = [];
  for (const gap of quality.gaps) found.push(`Nobody is on call ${spanWords(gap, zone)} (${lengthWords(gap)}).`);
  for (const shift of quality.emptyShifts)
    found.push(`Layer ${shift.layer} has an empty shift ${spanWords(shift, zone)}: ${shift.why}`);
  for (const both of quality.doubleBookings)
    found.push(
      `${nameOf(both.userId)} is also on call in ${scheduleNameOf(both.otherScheduleId)} ${spanWords(both, zone)}.`,
    );
  const most = quality.load.toSorted((a, b) => timesShare(b) - timesShare(a))[0];
  if (most !== undefined && timesShare(most) >= 1.3 && quality.load.length > 1)
    found.push(
      `${nameOf(most.userId)} has ${timesShare(most).toFixed(1)} times the even share: ${Math.round(most.hours)} hours.`,
    );
  return found.map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`));
}

/** How often somebody has the hours that an even sharing would give them. */
export function timesShare({ hours, share }: ScheduleQuality['load'][number]): number {
  return share === 0 ? 0 : hours / share;
}

/** The score as one word, because a number alone says nothing. */
export function scoreWord(score: number): string {
  return score >= 90 ? 'good' : score >= 75 ? 'fair' : score >= 50 ? 'weak' : 'bad';
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return 'an address that cannot be read';
  }
}
