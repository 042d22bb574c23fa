// What people write: status updates, notes, stars.
import type { TimelineEntry } from '#server/contract/incident.ts';
import { instantWords } from '#server/contract/instant-words.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import {
  applied,
  changed,
  type Decision,
  type EntryDraft,
  type Facts,
  invalid,
  noop,
} from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { nextUpdateDue } from '#server/modules/incidents/update-cadence.ts';

const dayMs = 86_400_000;
const backdatedDaysMax = 30;
/** How far a client's clock may run ahead before we call it the future. */
const skewMs = 60_000;

export function decideUpdate(
  incident: IncidentState,
  { entryId, text, nextInMinutes }: ActionOf<'incident.post-update'>,
  facts: Facts,
): Decision<IncidentState> {
  const minutes = nextInMinutes ?? incident.updateCadenceMinutes;
  const nextUpdateDueAt = incident.status === 'resolved' ? null : nextUpdateDue(minutes, facts.at);
  const lastUpdate = { at: facts.at, by: facts.actor.userId, text };
  return applied(changed(incident, { lastUpdate, nextUpdateDueAt }), {
    id: entryId,
    at: facts.at,
    kind: 'update',
    text,
    detail: nextUpdateDueAt === null ? null : `Next update due ${instantWords(nextUpdateDueAt)}`,
  });
}

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
