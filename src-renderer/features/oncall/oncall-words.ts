// Schedules in words: what a layer does, where a shift comes from, what lowers the quality. Pure.
import type { Layer, Override, Restriction, Rotation, ScheduleQuality, Shift } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { durationWords } from '../../time-format.ts';
import { dayWords, localDate, localTime, placeOf, weekdayNames, weekdayOf } from '../../zone-time.ts';

type NameOf = (userId: string | null) => string;

export function sourceWords({ type, name }: Shift['source']): string {
  switch (type) {
    case 'layer':
      return t`layer ${name}`;
    case 'calendar':
      return t`calendar ${name}`;
    case 'override':
      return name === '' ? t`override` : t`override: ${name}`;
    case 'temporary':
      return name === '' ? t`temporary schedule` : t`temporary schedule: ${name}`;
    case 'swap':
      return name === '' ? t`swap` : t`swap: ${name}`;
    case 'stand-in':
      return t`stands in, layer ${name}`;
  }
}

/** `Sat 21 Nov 09:00 to 17:00`, the second day named only when it is another. */
export function spanWords({ startsAt, endsAt }: { startsAt: string; endsAt: string }, zone: string): string {
  const from = Date.parse(startsAt);
  const to = Date.parse(endsAt);
  const first = localDate(zone, from);
  const last = localDate(zone, to);
  const end = first === last ? localTime(zone, to) : `${dayWords(last)} ${localTime(zone, to)}`;
  return t`${dayWords(first)} ${localTime(zone, from)} to ${end}`;
}

export function lengthWords({ startsAt, endsAt }: { startsAt: string; endsAt: string }): string {
  const ms = Date.parse(endsAt) - Date.parse(startsAt);
  const days = ms / 86_400_000;
  return days >= 2 && Number.isInteger(days) ? t`${days} days` : durationWords(ms);
}

export function rotationWords({ unit, every, handoffTime, startsOn }: Rotation, zone: string): string {
  const at = `${handoffTime} ${placeOf(zone)}`;
  const each = everyWords(unit, every);
  switch (unit) {
    case 'hour':
      return t`${each}, from ${startsOn} ${at} on`;
    case 'day':
      return t`${each}, handed over at ${at}`;
    case 'week':
      return t`${each}, handed over ${weekdayNames[weekdayOf(startsOn) - 1] ?? ''} ${at}`;
    case 'month':
      return t`${each}, handed over on day ${Number(startsOn.slice(8))} at ${at}`;
  }
}

function everyWords(unit: Rotation['unit'], every: number): string {
  switch (unit) {
    case 'hour':
      return every === 1 ? t`Every hour` : t`Every ${every} hours`;
    case 'day':
      return every === 1 ? t`Daily` : t`Every ${every} days`;
    case 'week':
      return every === 1 ? t`Weekly` : t`Every ${every} weeks`;
    case 'month':
      return every === 1 ? t`Monthly` : t`Every ${every} months`;
  }
}

export function restrictionWords({ days, from, to }: Restriction): string {
  const on = daysWords(days);
  if (from === to) return t`${on} all day`;
  return to < from ? t`${on} ${from} to ${to} next day` : t`${on} ${from} to ${to}`;
}

/** `Mon to Fri`, `Sat, Sun`, `every day`. */
export function daysWords(days: readonly number[]): string {
  const sorted = [...new Set(days)].toSorted((a, b) => a - b);
  if (sorted.length === 7) return t`every day`;
  const name = (day: number): string => weekdayNames[day - 1] ?? '';
  const first = sorted[0] ?? 1;
  const last = sorted.at(-1) ?? first;
  if (sorted.length > 2 && last - first === sorted.length - 1) return t`${name(first)} to ${name(last)}`;
  return sorted.map(name).join(', ');
}

export function layerWords(layer: Layer, nameOf: NameOf): string {
  if (layer.type === 'calendar') return t`Shifts from a calendar at ${hostOf(layer.url)}`;
  const turns = layer.participants.map((slot) => (slot.length === 0 ? t`nobody` : turnWords(slot, nameOf)));
  const parts = [
    turns.reduce((before, next) => t`${before}, then ${next}`),
    ...(layer.restrictions.length === 0 ? [] : [t`only ${layer.restrictions.map(restrictionWords).join('; ')}`]),
    ...(layer.endsOn === null ? [] : [t`until ${layer.endsOn}`]),
  ];
  return `${rotationWords(layer.rotation, layer.timeZone)}: ${parts.join(', ')}`;
}

/** One turn of a layer: `Ann with Bob`. */
export function turnWords(slot: readonly string[], nameOf: NameOf): string {
  return slot.length === 0 ? t`nobody` : slot.map(nameOf).reduce((before, next) => t`${before} with ${next}`);
}

export function overrideWords(override: Override, nameOf: NameOf): string {
  switch (override.mode) {
    case 'add':
      return t`${nameOf(override.userId)} too`;
    case 'remove':
      return t`not ${nameOf(override.userId)}`;
    case 'replace':
      return override.replacedUserId === null
        ? t`${nameOf(override.userId)} instead of whoever is on call`
        : t`${nameOf(override.userId)} instead of ${nameOf(override.replacedUserId)}`;
    case 'temporary': {
      const people = [...new Set(override.shifts.map(({ userId }) => userId))].map(nameOf);
      return people.length === 0 ? t`temporary schedule: nobody` : t`temporary schedule: ${people.join(', ')}`;
    }
  }
}

/** What lowers the score, each in one sentence, the worst first. */
export function qualitySentences(
  quality: ScheduleQuality,
  { nameOf, scheduleNameOf, zone }: { nameOf: NameOf; scheduleNameOf: (id: string) => string; zone: string },
): string[] {
  const found: string[] = [];
  for (const gap of quality.gaps) found.push(t`Nobody is on call ${spanWords(gap, zone)} (${lengthWords(gap)}).`);
  for (const shift of quality.emptyShifts)
    found.push(t`Layer ${shift.layer} has an empty shift ${spanWords(shift, zone)}: ${shift.why}`);
  for (const both of quality.doubleBookings)
    found.push(
      t`${nameOf(both.userId)} is also on call in ${scheduleNameOf(both.otherScheduleId)} ${spanWords(both, zone)}.`,
    );
  const most = quality.load.toSorted((a, b) => timesShare(b) - timesShare(a))[0];
  if (most !== undefined && timesShare(most) >= 1.3 && quality.load.length > 1)
    found.push(
      t`${nameOf(most.userId)} has ${timesShare(most).toFixed(1)} times the even share: ${Math.round(most.hours)} hours.`,
    );
  return found.map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`));
}

/** How often somebody has the hours that an even sharing would give them. */
export function timesShare({ hours, share }: ScheduleQuality['load'][number]): number {
  return share === 0 ? 0 : hours / share;
}

/** The score as one word, because a number alone says nothing. */
export function scoreWord(score: number): string {
  return score >= 90 ? t`good` : score >= 75 ? t`fair` : score >= 50 ? t`weak` : t`bad`;
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return t`an address that cannot be read`;
  }
}
