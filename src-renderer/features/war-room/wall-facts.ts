// What the wall says of each incident, as values.
import { durationParts } from '#server/contract/duration-parts.ts';
import type { Ask } from '#server/contract/console.ts';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import { severityRank } from '#server/contract/severity.ts';
import { t } from '../../language/words.ts';
import { clockTime, duration } from '../../time-format.ts';
import { asksSummary } from '../console/console-facts.ts';
import { commanderOf, openIncidents, updateDue } from '../incidents/incident-facts.ts';

/** Severity 1 and 2, worst first; how many others are open. */
export function severeOf(incidents: Iterable<Incident>): { severe: Incident[]; lesser: number } {
  const open = openIncidents(incidents);
  const severe = open.filter((incident) => severityRank(incident.severity) <= 1);
  return { severe, lesser: open.length - severe.length };
}

export interface WallUpdate {
  kind: 'none' | 'due' | 'overdue';
  label: string;
  value: string;
}

/** With old data a countdown would look alive, so times become clock times. */
export function wallUpdate(incident: Incident, now: number, known: boolean): WallUpdate {
  const due = updateDue(incident, now);
  if (due.kind === 'none' || incident.nextUpdateDueAt === null)
    return { kind: 'none', label: t`no update due`, value: '' };
  const clock = clockTime(Date.parse(incident.nextUpdateDueAt));
  if (due.kind === 'overdue') {
    return known
      ? { kind: 'overdue', label: t`update`, value: t`OVERDUE +${lateness(due.byMs)}` }
      : { kind: 'overdue', label: '', value: t`update was due ${clock}` };
  }
  return known
    ? { kind: 'due', label: t`update in`, value: minutes(due.leftMs) }
    : { kind: 'due', label: t`update due`, value: clock };
}

/** 05:50, 1:05:50. */
function minutes(ms: number): string {
  const text = duration(ms);
  return /^\d:\d\d$/.test(text) ? `0${text}` : text;
}

/** 59:02, 99:02, 2 h, 3 d: the seconds of a day that is over tell nobody anything, and take the room of the name. */
function lateness(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 100 * 60)
    return [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, '0')).join(':');
  const [{ unit, count }] = durationParts(ms);
  return unit === 'd' ? t`${count} d` : t`${count} h`;
}

export function wallElapsed(incident: Incident, now: number, known: boolean): string {
  if (!known) return t`since ${clockTime(Date.parse(incident.startedAt))}`;
  const text = duration(now - Date.parse(incident.startedAt));
  return /^\d+:\d\d$/.test(text) ? `0:${text.padStart(5, '0')}` : text;
}

/** A short name as a wall can show it; without leave only the role. */
export function wallCommander(
  incident: Incident,
  nameOf: (id: string | null) => string,
  namesAllowed: boolean,
): { who: string; since: string | null } {
  const commander = commanderOf(incident);
  if (commander === null) return { who: t`No commander`, since: null };
  const since = commander.since === null ? null : clockTime(Date.parse(commander.since));
  return { who: namesAllowed ? shortName(nameOf(commander.userId)) : t`Commander`, since };
}

export function shortName(name: string): string {
  const words = name.trim().split(/\s+/);
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return last === undefined ? name : `${words[0]} ${last.charAt(0)}.`;
}

/** Asks that nobody answered in time. */
export function wallAsks(asks: Iterable<Ask>, now: number, known: boolean): { overdue: boolean; text: string } {
  const { overdue, longestMs } = asksSummary(asks, now);
  if (overdue === 0) return { overdue: false, text: known ? t`no ask overdue` : t`no ask was overdue` };
  const late = lateness(longestMs);
  if (overdue === 1) return { overdue: true, text: known ? t`1 ask overdue ${late}` : t`1 ask was overdue` };
  return { overdue: true, text: known ? t`${overdue} asks overdue ${late}` : t`${overdue} asks were overdue` };
}

/** What people said to each other. */
const said = new Set<TimelineEntry['kind']>(['note', 'task', 'ask', 'poll', 'responder', 'conflict']);

/** Without leave only what the system knows, and status updates, and no person's name in them. */
export function wallEntry(
  entry: TimelineEntry,
  namesAllowed: boolean,
  redact: (text: string) => string,
): string | null {
  if (namesAllowed) return entry.text;
  if (said.has(entry.kind)) return null;
  return entry.kind === 'role' ? t`A role changed hands` : redact(entry.text);
}

const takenOut = '\uE000';

/** Takes the names of these people out of a text, each word of them. */
export function withoutNames(names: Iterable<string>): (text: string) => string {
  const words = new Set<string>();
  for (const name of names) for (const word of name.split(/\s+/)) if (word.length > 1) words.add(word);
  // What was taken out is marked first: its word is another in another language.
  return (text) =>
    text
      .replaceAll(/[\p{L}\p{M}'’-]+/gu, (word) => (words.has(word) ? takenOut : word))
      .replaceAll(new RegExp(`${takenOut}(?: ${takenOut})*`, 'g'), t`Somebody`);
}
