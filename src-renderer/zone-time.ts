// Wall-clock times in any zone, over the runtime's own zone database. The server decides; this reads and draws.
import { t } from './language/words.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

interface LocalParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

export function localDate(zone: string, ms: number): string {
  return localField(zone, ms).slice(0, 10);
}

export function localTime(zone: string, ms: number): string {
  return localField(zone, ms).slice(11);
}

/** `2026-11-21T09:00`: what an `<input type="datetime-local">` takes. */
export function localField(zone: string, ms: number): string {
  const { year, month, day, hour, minute } = parts(zone, ms);
  return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}`;
}

/**
 * The instant of a local date and time; null when the text is none. A time that the clock jumps over is the moment of
 * the jump, one that comes twice is its first: as the server reads handoffs.
 */
export function instantOf(zone: string, field: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(field)) return null;
  const asUtc = Date.parse(`${field}:00Z`);
  if (Number.isNaN(asUtc)) return null;
  const around = [offsetMs(zone, asUtc - dayMs), offsetMs(zone, asUtc + dayMs)];
  const fits = around.map((offset) => asUtc - offset).filter((ms) => localField(zone, ms) === field);
  if (fits.length > 0) return Math.min(...fits);
  let before = asUtc - dayMs;
  let later = asUtc + dayMs;
  while (later - before > minuteMs) {
    const middle = before + Math.floor((later - before) / 2 / minuteMs) * minuteMs;
    if (localField(zone, middle) < field) before = middle;
    else later = middle;
  }
  return later;
}

/** Days on the calendar, whatever their length. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** ISO: Monday is 1, Sunday 7. */
export function weekdayOf(date: string): number {
  return ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

export const weekdayNames: readonly string[] = [t`Mon`, t`Tue`, t`Wed`, t`Thu`, t`Fri`, t`Sat`, t`Sun`];
const monthNames = [t`Jan`, t`Feb`, t`Mar`, t`Apr`, t`May`, t`Jun`, t`Jul`, t`Aug`, t`Sep`, t`Oct`, t`Nov`, t`Dec`];

export function monthName(date: string): string {
  return monthNames[Number(date.slice(5, 7)) - 1] ?? '';
}

/** `Sat 21 Nov`. */
export function dayWords(date: string): string {
  return `${weekdayNames[weekdayOf(date) - 1]} ${Number(date.slice(8))} ${monthName(date)}`;
}

/** `20:00` today, `Fri 08:00` within six days, `Fri 12 Dec 08:00` further off. */
export function whenWords(zone: string, ms: number, nowMs: number): string {
  const date = localDate(zone, ms);
  const time = localTime(zone, ms);
  const today = localDate(zone, nowMs);
  if (date === today) return time;
  if (date > today && date < addDays(today, 7)) return `${weekdayNames[weekdayOf(date) - 1]} ${time}`;
  return `${dayWords(date)} ${time}`;
}

/** The end of what begins at `fromMs`: the time alone on the same day. */
export function endWords(zone: string, fromMs: number, toMs: number, nowMs: number): string {
  return localDate(zone, fromMs) === localDate(zone, toMs) ? localTime(zone, toMs) : whenWords(zone, toMs, nowMs);
}

/** `Berlin` of `Europe/Berlin`. */
export function placeOf(zone: string): string {
  return (zone.split('/').pop() ?? zone).replaceAll('_', ' ');
}

export function deviceZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function knownZones(): string[] {
  const zones = Intl.supportedValuesOf('timeZone');
  return zones.includes('UTC') ? zones : ['UTC', ...zones];
}

function offsetMs(zone: string, ms: number): number {
  const { year, month, day, hour, minute, second } = parts(zone, ms);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(zone: string, ms: number): LocalParts {
  let format = formats.get(zone);
  if (format === undefined) {
    const two = '2-digit' as const;
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
    formats.set(zone, format);
  }
  const found: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(ms)) found[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return { year, month, day, hour, minute, second };
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
