// Writes shifts as an iCalendar (RFC 5545). Times are UTC, so that it needs no description of zones. Pure.
import { hash } from 'node:crypto';

export interface FeedShift {
  scheduleId: string;
  scheduleName: string;
  userId: string;
  userName: string;
  /** Of the turn: see `OnCallShift`. */
  source: { type: string; id: string; name: string };
  turn: string;
  startsAt: string;
  endsAt: string;
}

const sourceWords: Record<string, string> = {
  layer: 'By the rotation',
  calendar: 'By the calendar',
  override: 'By an override:',
  temporary: 'By a temporary schedule:',
  swap: 'By a swap:',
  'stand-in': 'Standing in, in the rotation',
};

export function writeCalendar(name: string, shifts: readonly FeedShift[], at: string): string {
  const seen = new Map<string, number>();
  const events = shifts.flatMap((shift) => {
    const key = [shift.scheduleId, shift.userId, shift.source.type, shift.source.id, shift.turn].join(' ');
    const part = seen.get(key) ?? 0;
    seen.set(key, part + 1);
    return event(shift, `${key} ${part}`, at);
  });
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Tocsin//On call//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escaped(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
    ...events,
    'END:VCALENDAR',
  ];
  return lines.map(folded).join('');
}

function event(shift: FeedShift, key: string, at: string): string[] {
  const { scheduleName, userName, source, startsAt, endsAt } = shift;
  // The turn, not its times: a shift that is cut short stays the same event.
  const uid = `${hash('sha256', key, 'hex').slice(0, 40)}@tocsin`;
  return [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    `DTSTAMP:${stamp(at)}`,
    `DTSTART:${stamp(startsAt)}`,
    `DTEND:${stamp(endsAt)}`,
    `SUMMARY:${escaped(`On call: ${scheduleName} (${userName})`)}`,
    `DESCRIPTION:${escaped(`${sourceWords[source.type] ?? ''} ${source.name}`.trim())}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

function stamp(instant: string): string {
  return `${instant.slice(0, 19).replace(/[-:]/g, '')}Z`;
}

function escaped(text: string): string {
  return text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/\p{Cc}/gu, ' ');
}

/** Lines of at most 75 octets, the rest on lines that begin with a space; no character is cut in two. */
function folded(line: string): string {
  let result = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > 75) {
      result += '\r\n ';
      octets = 1;
    }
    result += character;
    octets += size;
  }
  return `${result}\r\n`;
}
