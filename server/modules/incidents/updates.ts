// What people write: notes and stars. Status updates: status-updates/rules.ts.
import type { TimelineEntry } from '#server/contract/incident.ts';
import { instantWords } from '#server/contract/instant-words.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import {
  applied,
  type Decision,
  type EntryDraft,
  type Facts,
  invalid,
  noop,
} from '#server/modules/incidents/decision.ts';

const dayMs = 86_400_000;
const backdatedDaysMax = 30;
/** How far a client's clock may run ahead before we call it the future. */
const skewMs = 60_000;

/** A note changes nothing of the incident, so it never conflicts. */
export function decideNote({ entryId, text, at }: ActionOf<'incident.note'>, facts: Facts): Decision<EntryDraft> {
  const happenedMs = at === null ? Date.parse(facts.actedAt) : Date.parse(at);
  const nowMs = Date.parse(facts.at);
  if (happenedMs > nowMs + skewMs) return invalid('A note cannot be about the future: its time is after now.');
  if (happenedMs < nowMs - backdatedDaysMax * dayMs) {
    return invalid(`A note cannot be dated back more than ${backdatedDaysMax} days.`);
  }
  const entry: EntryDraft = {
    id: entryId,
    at: new Date(Math.min(happenedMs, nowMs)).toISOString(),
    kind: 'note',
    text,
    detail: at === null ? null : `Dated by ${facts.actor.name}, written ${instantWords(facts.actedAt)}`,
  };
  return applied(entry, entry);
}

export function decideStar(entry: TimelineEntry, { starred }: ActionOf<'incident.star'>): Decision<TimelineEntry> {
  if (entry.starred === starred) return noop(starred ? 'It is starred already.' : 'It has no star.');
  return applied({ ...entry, starred, version: entry.version + 1 });
}
