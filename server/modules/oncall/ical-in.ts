// Reads somebody else's iCalendar: repetitions, exceptions, zones. Pure, but some rules that never come true make the
// library search for ever: calendar-reader.ts runs it where that can be cut off.
import ICAL from 'ical.js';
import { dayMs, instantText } from '#server/modules/oncall/local-days.ts';
import type { CalendarEvent } from '#server/modules/oncall/state.ts';
import { type Zone, zoneOf } from '#server/modules/oncall/zone.ts';

export type ReadEvent = Omit<CalendarEvent, 'userId'> & { attendees: string[] };
export interface ReadCalendar {
  events: ReadEvent[];
  /** What was left out, in words, or null. */
  leftOut: string | null;
}

const beforeMs = 62 * dayMs;
const afterMs = 400 * dayMs;
const eventsMax = 5_000;
/** Of all repetitions together: old ones have to be stepped through. */
const stepsMax = 20_000;
const tooOften = new Set(['SECONDLY', 'MINUTELY']);

/** Throws with words when the text is no calendar. Events are those from two months ago to a year ahead. */
export function readCalendar(text: string, now: number): ReadCalendar {
  const root = rootOf(text);
  const [from, to] = [now - beforeMs, now + afterMs];
  const zone = zoneNamed(String(root.getFirstPropertyValue('x-wr-timezone') ?? '')) ?? zoneOf('UTC');
  const exceptions = new Map<string, ICAL.Event[]>();
  const masters: ICAL.Event[] = [];
  for (const component of root.getAllSubcomponents('vevent').slice(0, eventsMax)) {
    if (component.getFirstPropertyValue('status') === 'CANCELLED' && !component.hasProperty('recurrence-id')) continue;
    const event = new ICAL.Event(component);
    if (!component.hasProperty('dtstart')) continue;
    if (component.hasProperty('recurrence-id'))
      exceptions.set(event.uid, [...(exceptions.get(event.uid) ?? []), event]);
    else masters.push(event);
  }
  const result: ReadCalendar = { events: [], leftOut: null };
  let steps = 0;
  for (const event of masters) {
    try {
      if (event.isRecurring()) repeat(event);
      else add(event, event.startDate, event.endDate);
    } catch (error) {
      result.leftOut = `“${event.summary}” cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    }
  }
  result.events.sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1));
  return result;

  function repeat(event: ICAL.Event): void {
    const rules = event.component.getAllProperties('rrule').map((property) => property.getFirstValue() as ICAL.Recur);
    if (rules.some((rule) => tooOften.has(rule.freq))) {
      result.leftOut = `“${event.summary}” repeats every minute or second.`;
      return;
    }
    for (const exception of exceptions.get(event.uid) ?? []) event.relateException(exception);
    const iterator = event.iterator();
    for (; steps < stepsMax; steps += 1) {
      const next = iterator.next() as ICAL.Time | null;
      if (next === null || instantIn(next, zoneIdOf(event), zone) > to) return;
      const { item, startDate, endDate } = event.getOccurrenceDetails(next);
      if (item.component.getFirstPropertyValue('status') !== 'CANCELLED') add(item, startDate, endDate);
    }
    result.leftOut = 'It repeats more often than is read; the latest repetitions are left out.';
  }

  function add(event: ICAL.Event, startDate: ICAL.Time, endDate: ICAL.Time | null): void {
    const start = instantIn(startDate, zoneIdOf(event), zone);
    const end = endDate === null ? start : instantIn(endDate, zoneIdOf(event, 'dtend'), zone);
    if (!(start < end) || end <= from || start >= to) return;
    if (result.events.length >= eventsMax) {
      result.leftOut = `It has more than ${eventsMax} events; the rest is left out.`;
      return;
    }
    const attendees = event.attendees.map((property) => String(property.getFirstValue()));
    result.events.push({
      key: `${event.uid}/${startDate.toString()}`.slice(0, 500),
      summary: String(event.summary ?? '').slice(0, 300),
      attendees: attendees.slice(0, 20).map((address) => address.replace(/^mailto:/i, '').toLowerCase()),
      startsAt: instantText(start),
      endsAt: instantText(end),
    });
  }
}

function rootOf(text: string): ICAL.Component {
  try {
    const parsed: unknown = ICAL.parse(text);
    const root = new ICAL.Component(parsed as ConstructorParameters<typeof ICAL.Component>[0]);
    if (root.name === 'vcalendar') return root;
  } catch {
    // Said below.
  }
  throw new Error('what was answered is no iCalendar');
}

/** A zone that this Node knows is read by its own rules; another one by the description in the calendar. */
function instantIn(time: ICAL.Time, zoneId: string, fallback: Zone): number {
  const fields = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
  if (time.isDate) return fallback.instant(fields);
  const described = time.zone?.tzid ?? 'floating';
  if (described === 'UTC') return fields;
  const known = zoneNamed(zoneId);
  if (known !== null) return known.instant(fields);
  return described === 'floating' ? fallback.instant(fields) : time.toUnixTime() * 1_000;
}

/** As it is written: calendars often name a zone and do not describe it. */
function zoneIdOf({ component }: ICAL.Event, property: 'dtstart' | 'dtend' = 'dtstart'): string {
  const found = component.getFirstProperty(property) ?? component.getFirstProperty('dtstart');
  const zoneId: unknown = found?.getParameter('tzid');
  return typeof zoneId === 'string' ? zoneId : '';
}

function zoneNamed(name: string): Zone | null {
  if (name === '' || name.length > 100) return null;
  try {
    return zoneOf(name);
  } catch {
    return null;
  }
}
