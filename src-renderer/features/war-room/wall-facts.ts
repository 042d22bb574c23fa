// What the wall says, as values: which incidents get a strip, and the three fixed lines of each.
import type { Incident, Task, TimelineEntry } from '#server/contract/incident.ts';
import { severityRank } from '#server/contract/severity.ts';
import { commanderOf, openIncidents, updateDue } from '../incidents/incident-facts.ts';
import { clockTime, duration } from '../../time-format.ts';

export const stripsMax = 3;

export interface WallStrips {
  shown: Incident[];
  /** Further severity 1 and 2 incidents that have no strip. */
  more: number;
  /** Open, but of a lower severity. */
  lesser: number;
}

/** Severity 1 and 2 get a strip each, worst first, as many as fit and at most three; the rest is counted, never dropped. */
export function wallStrips(incidents: Iterable<Incident>, room: number): WallStrips {
  const open = openIncidents(incidents);
  const severe = open.filter((incident) => severityRank(incident.severity) <= 1);
  const shown = severe.slice(0, Math.max(1, Math.min(stripsMax, room)));
  return { shown, more: severe.length - shown.length, lesser: open.length - severe.length };
}

/** Strips that fit at these sizes, all in shares of the screen's height. */
export function stripsThatFit(bodyVh: number, floorVh: number): number {
  const strip = bodyVh * 1.28 + floorVh * 2.62 + 4.2;
  const left = 100 - bodyVh * 1.6 - 5;
  return Math.max(1, Math.min(stripsMax, Math.floor(left / strip)));
}

export interface WallUpdate {
  overdue: boolean;
  text: string;
}

/** With old data a countdown would look alive, so times become clock times. */
export function wallUpdate(incident: Incident, now: number, known: boolean): WallUpdate {
  const due = updateDue(incident, now);
  if (due.kind === 'none' || incident.nextUpdateDueAt === null) return { overdue: false, text: 'no update due' };
  const clock = clockTime(Date.parse(incident.nextUpdateDueAt));
  if (due.kind === 'overdue')
    return { overdue: true, text: known ? `OVERDUE +${minutes(due.byMs)}` : `was due ${clock}` };
  return { overdue: false, text: known ? minutes(due.leftMs) : `due ${clock}` };
}

/** 05:50, 1:05:50. */
export function minutes(ms: number): string {
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

export interface OverdueTasks {
  count: number;
  longestMs: number;
}

export function overdueTasks(tasks: readonly Task[], now: number): OverdueTasks {
  const late = tasks.filter((task) => task.doneAt === null && task.dueAt !== null && Date.parse(task.dueAt) < now);
  return {
    count: late.length,
    longestMs: late.reduce((most, task) => Math.max(most, now - Date.parse(task.dueAt ?? '')), 0),
  };
}

/** What people wrote is theirs to show: without leave only what the system knows, and status updates. */
export function wallEntry(entry: TimelineEntry, namesAllowed: boolean): string | null {
  if (namesAllowed) return entry.text;
  if (entry.kind === 'note' || entry.kind === 'task') return null;
  if (entry.source !== 'person') return entry.text;
  return entry.kind === 'role' ? 'A role changed hands' : entry.text.split(entry.actor).join('Somebody');
}
