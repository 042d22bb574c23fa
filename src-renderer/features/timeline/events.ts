// What stands on a timeline: its entries, and the changes on its services, in one order.
import type { ChangeEvent, TimelineEntry } from '#server/contract/incident.ts';
import { type Lane, laneOf } from '#server/contract/timeline.ts';

export interface TimelineEvent {
  id: string;
  at: string;
  ms: number;
  lane: Lane;
  /** An entry, or else a change. */
  entry: TimelineEntry | null;
  change: ChangeEvent | null;
}

export function eventOfEntry(entry: TimelineEntry): TimelineEvent {
  return { id: entry.id, at: entry.at, ms: Date.parse(entry.at), lane: laneOf(entry), entry, change: null };
}

export function eventOfChange(change: ChangeEvent): TimelineEvent {
  return { id: change.id, at: change.at, ms: Date.parse(change.at), lane: 'changes', entry: null, change };
}

/** By when it happened, then by when it was written down. Instants and ids compare as they are. */
export function inOrder(a: TimelineEvent, b: TimelineEvent): number {
  return a.ms - b.ms || compare(a.entry?.recordedAt ?? a.at, b.entry?.recordedAt ?? b.at) || compare(a.id, b.id);
}

export function isDecision({ entry }: Pick<TimelineEvent, 'entry'>): boolean {
  return entry?.data?.poll === 'carried';
}

export function isStarred({ entry }: Pick<TimelineEvent, 'entry'>): boolean {
  return entry?.starred === true;
}

export function textOf({ entry, change }: TimelineEvent): string {
  return entry?.text ?? change?.title ?? '';
}

/** Who or what did it. */
export function actorOf({ entry, change }: TimelineEvent): string {
  return entry?.actor ?? change?.source ?? '';
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
