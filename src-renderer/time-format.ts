// Instants and durations as text. Pure: the current time is an argument wherever it matters.
import { durationParts } from '#server/contract/duration-parts.ts';
import { t, timeLocale } from './language/words.ts';

export function clockTime(ms: number, seconds = false): string {
  return new Date(ms).toISOString().slice(11, seconds ? 19 : 16);
}

/** When data is from: the clock time, and on another day than now the day as well. In UTC. */
export function dataTime(ms: number, now: number): string {
  const text = new Date(ms).toISOString();
  const today = new Date(now).toISOString().startsWith(text.slice(0, 10));
  return today ? `${text.slice(11, 19)} UTC` : t`${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

/** 0:42, 23:58, 1:45:02, 3 d 4 h. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(total / 86_400);
  const hours = Math.floor((total % 86_400) / 3_600);
  const minutes = Math.floor((total % 3_600) / 60);
  const seconds = total % 60;
  if (days > 0) return t`${days} d ${hours} h`;
  if (hours > 0) return `${hours}:${pad(minutes)}:${pad(seconds)}`;
  return `${minutes}:${pad(seconds)}`;
}

/** Words for a figure in a sentence: 41 s, 12 min 30 s, 2 h 5 min. */
export function durationWords(ms: number): string {
  const [{ unit, count }, rest] = durationParts(ms);
  switch (unit) {
    case 's':
      return t`${count} s`;
    case 'min':
      return rest === undefined ? t`${count} min` : t`${count} min ${rest.count} s`;
    case 'h':
      return rest === undefined ? t`${count} h` : t`${count} h ${rest.count} min`;
    case 'd':
      return rest === undefined ? t`${count} d` : t`${count} d ${rest.count} h`;
  }
}

const localClock = new Intl.DateTimeFormat(timeLocale(), { hour: '2-digit', minute: '2-digit', second: '2-digit' });
/** Written as ISO does, with hyphens. */
const localDate = new Intl.DateTimeFormat('sv-SE');
const localFull = new Intl.DateTimeFormat(timeLocale(), { dateStyle: 'medium', timeStyle: 'long' });

export function localClockTime(ms: number): string {
  return localClock.format(new Date(ms));
}

/** Date on this machine's calendar: 2026-11-21. */
export function localDay(at: string): string {
  return localDate.format(new Date(Date.parse(at)));
}

/** Short name of this machine's zone: Berlin. */
export function localZoneName(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (zone.split('/').pop() ?? zone).replace(/_/g, ' ');
}

/** Date, local and UTC, for a title. */
export function localTitle(at: string): string {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return at;
  const here = localFull.format(new Date(ms));
  // Where people live by UTC, once is enough.
  return here.endsWith('UTC') ? here : t`${here}, ${new Date(ms).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
