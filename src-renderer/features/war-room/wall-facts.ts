// What the wall says of each incident, as values.
import type { Ask } from '#server/contract/console.ts';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import { severityRank } from '#server/contract/severity.ts';
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
    return { kind: 'none', label: 'no update due', value: '' };
  const clock = clockTime(Date.parse(incident.nextUpdateDueAt));
  if (due.kind === 'overdue') {
    return known
      ? { kind: 'overdue', label: 'update', value: `OVERDUE +${minutes(due.byMs)}` }
      : { kind: 'overdue', label: '', value: `update was due ${clock}` };
  }
  return known
    ? { kind: 'due', label: 'update in', value: minutes(due.leftMs) }
    : { kind: 'due', label: 'update due', value: clock };
}

/** 05:50, 1:05:50. */
function minutes(ms: number): string {
  const text = duration(ms);
  return /^\d:\d\d$/.test(text) ? `0${text}` : text;
}

export function wallElapsed(incident: Incident, now: number, known: boolean): string {
  if (!known) return `since ${clockTime(Date.parse(incident.startedAt))}`;
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
  if (commander === null) return { who: 'No commander', since: null };
  const since = commander.since === null ? null : clockTime(Date.parse(commander.since));
  return { who: namesAllowed ? shortName(nameOf(commander.userId)) : 'Commander', since };
}

export function shortName(name: string): string {
  const words = name.trim().split(/\s+/);
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return last === undefined ? name : `${words[0]} ${last.charAt(0)}.`;
}

/** Asks that nobody answered in time. */
export function wallAsks(asks: Iterable<Ask>, now: number, known: boolean): { overdue: boolean; text: string } {
  const { overdue, longestMs } = asksSummary(asks, now);
  if (overdue === 0) return { overdue: false, text: known ? 'no ask overdue' : 'no ask was overdue' };
  const late = minutes(longestMs);
  if (overdue === 1) return { overdue: true, text: known ? `1 ask overdue ${late}` : '1 ask was overdue' };
  return { overdue: true, text: known ? `${overdue} asks overdue ${late}` : `${overdue} asks were overdue` };
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
  return entry.kind === 'role' ? 'A role changed hands' : redact(entry.text);
}

/** Takes the names of these people out of a text, each word of them. */
export function withoutNames(names: Iterable<string>): (text: string) => string {
  const words = new Set<string>();
  for (const name of names) for (const word of name.split(/\s+/)) if (word.length > 1) words.add(word);
  return (text) =>
    text
      .replaceAll(/[\p{L}\p{M}'’-]+/gu, (word) => (words.has(word) ? 'Somebody' : word))
      .replaceAll(/Somebody(?: Somebody)+/g, 'Somebody');
}
