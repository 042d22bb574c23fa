import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createMatcher } from '#server/modules/oncall/calendar-people.ts';
import { createCalendarReader } from '#server/modules/oncall/calendar-reader.ts';
import { readCalendar } from '#server/modules/oncall/ical-in.ts';
import { type FeedShift, writeCalendar } from '#server/modules/oncall/ical-out.ts';
import { shiftsBetween } from '#server/modules/oncall/shifts.ts';
import { aSchedule, someFacts } from '#server/testkit/oncall.ts';

const now = Date.UTC(2026, 10, 21);

function feedOf(from: string, to: string): FeedShift[] {
  return shiftsBetween(aSchedule(), someFacts(), from, to).map((shift) => {
    const names = {
      scheduleId: 'one',
      scheduleName: 'Zahlungen; nachts, „prüfen“ \\ und\nmehr',
      userName: 'Ångström 🚒 '.repeat(6),
    };
    return { ...shift, ...names };
  });
}

describe('the calendar we write', () => {
  const text = writeCalendar(
    'On call: Ada',
    feedOf('2026-03-27T00:00:00.000Z', '2026-04-02T00:00:00.000Z'),
    '2026-03-27T12:00:00.000Z',
  );
  const events = new ICAL.Component(ICAL.parse(text) as ConstructorParameters<typeof ICAL.Component>[0])
    .getAllSubcomponents('vevent')
    .map((component) => new ICAL.Event(component));

  it('is read by another program with every word and instant', () => {
    expect(events).toHaveLength(7);
    const [first, second] = events;
    expect(first?.summary).toBe('On call: Zahlungen; nachts, „prüfen“ \\ und\nmehr (' + 'Ångström 🚒 '.repeat(6) + ')');
    expect(second?.startDate.toJSDate().toISOString()).toBe('2026-03-27T08:00:00.000Z');
    expect(events[3]?.startDate.toJSDate().toISOString()).toBe('2026-03-29T07:00:00.000Z');
    for (const event of events) {
      for (const name of ['uid', 'dtstamp', 'dtstart', 'dtend', 'summary'])
        expect(event.component.hasProperty(name)).toBe(true);
    }
  });

  it('keeps the form of RFC 5545: CRLF, lines of at most 75 octets, one id an event', () => {
    const lines = text.split('\r\n');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(new Set(events.map(({ uid }) => uid)).size).toBe(events.length);
  });

  it('gives a shift the same id whenever it is asked for', () => {
    const later = writeCalendar(
      'x',
      feedOf('2026-03-28T08:00:00.000Z', '2026-04-05T00:00:00.000Z'),
      '2026-03-29T12:00:00.000Z',
    );
    for (const { uid } of events.slice(2)) expect(later.replaceAll('\r\n ', '')).toContain(uid);
  });
});

const ics = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const anEvent = (...lines: string[]) => [
  'BEGIN:VEVENT',
  'DTSTAMP:20260101T000000Z',
  'SUMMARY:Ada',
  ...lines,
  'END:VEVENT',
];
const starts = (text: string) => readCalendar(text, now).events.map((event) => event.startsAt);

describe('a calendar we read', () => {
  it('repeats by the wall clock of its zone, described or not, without its exceptions', () => {
    const text = ics(
      ...anEvent(
        'UID:a',
        'DTSTART;TZID=Europe/Berlin:20261020T090000',
        'DTEND;TZID=Europe/Berlin:20261020T170000',
        'RRULE:FREQ=WEEKLY;COUNT=4',
        'EXDATE;TZID=Europe/Berlin:20261103T090000',
      ),
      ...anEvent(
        'UID:a',
        'RECURRENCE-ID;TZID=Europe/Berlin:20261110T090000',
        'DTSTART;TZID=Europe/Berlin:20261110T110000',
        'DTEND;TZID=Europe/Berlin:20261110T120000',
      ),
    );
    expect(starts(text)).toEqual(['2026-10-20T07:00:00.000Z', '2026-10-27T08:00:00.000Z', '2026-11-10T10:00:00.000Z']);
  });

  it('takes a zone that only the calendar describes', () => {
    const zone = [
      'BEGIN:VTIMEZONE',
      'TZID:Office',
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+0330',
      'TZOFFSETTO:+0330',
      'END:STANDARD',
      'END:VTIMEZONE',
    ];
    expect(starts(ics(...zone, ...anEvent('UID:b', 'DTSTART;TZID=Office:20261120T033000', 'DURATION:PT1H')))).toEqual([
      '2026-11-20T00:00:00.000Z',
    ]);
  });

  it('takes whole days in the zone of the calendar, and leaves out what is cancelled, empty or long past', () => {
    const text = ics(
      'X-WR-TIMEZONE:America/New_York',
      ...anEvent('UID:c', 'DTSTART;VALUE=DATE:20261120', 'DTEND;VALUE=DATE:20261121'),
      ...anEvent('UID:d', 'DTSTART:20261120T000000Z', 'DTEND:20261120T010000Z', 'STATUS:CANCELLED'),
      ...anEvent('UID:e', 'DTSTART:20261120T000000Z', 'DTEND:20261120T000000Z'),
      ...anEvent('UID:f', 'DTSTART:20200101T000000Z', 'DTEND:20200101T010000Z'),
    );
    expect(starts(text)).toEqual(['2026-11-20T05:00:00.000Z']);
  });

  it('says what it leaves out and keeps the rest', () => {
    const text = ics(
      ...anEvent('UID:g', 'DTSTART:20261120T000000Z', 'DURATION:PT1M', 'RRULE:FREQ=SECONDLY'),
      ...anEvent('UID:h', 'DTSTART:20261120T000000Z', 'DTEND:20261120T010000Z'),
    );
    const { events, leftOut } = readCalendar(text, now);
    expect(events).toHaveLength(1);
    expect(leftOut).toContain('repeats every minute or second');
    expect(() => readCalendar('<html>', now)).toThrow('no iCalendar');
  });

  it('costs a thread, not the pager, when it makes the reader search for ever', async () => {
    const clock = createSystemClock();
    const hasty = { setTimer: (ms: number, callback: () => void) => clock.setTimer(ms / 10, callback) };
    const endless = ics(
      ...anEvent('UID:i', 'DTSTART:20260101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'),
    );
    await expect(createCalendarReader({ clock: hasty })(endless, now)).rejects.toThrow('to read');
    const read = createCalendarReader({ clock });
    const fine = ics(...anEvent('UID:j', 'DTSTART:20261120T000000Z', 'DURATION:PT1H'));
    expect((await read(fine, now)).events).toHaveLength(1);
    await expect(read('nonsense', now)).rejects.toThrow('no iCalendar');
  });
});

describe('whom an event means', () => {
  const match = createMatcher([
    { id: '1', login: 'ada', name: 'Ada Lovelace', emails: ['ada@example.org'] },
    { id: '2', login: 'bob', name: 'Bob Stone', emails: [] },
    { id: '3', login: 'bob2', name: 'bob  stone', emails: [] },
  ]);
  const of = (summary: string, ...attendees: string[]) => match({ summary, attendees });

  it('is found by login, name or e-mail address, alone or between separators', () => {
    expect(
      [
        'ada',
        ' ADA  lovelace ',
        'On call: @ada',
        'Primary - Ada Lovelace',
        'Ada Lovelace <ada@example.org>',
        'Night (bob)',
      ].map((s) => of(s)),
    ).toEqual(['1', '1', '1', '1', '1', '2']);
    expect(of('Shift', 'ada@example.org', 'else@example.org')).toBe('1');
  });

  it('is nobody when it could be two, or none', () => {
    expect([of('Bob Stone'), of('ada / bob'), of('Adam'), of('')]).toEqual([null, null, null, null]);
  });
});
