import type { TimelineEntry } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { clockTime } from '../../time-format.ts';

const lateAfterMs = 60_000;

/** The second line of an entry: who, what belongs to it, and when it was entered, each said once; empty if all was said. */
export function entryDetail(entry: TimelineEntry): string {
  const { text, detail, actor } = entry;
  const named = text.startsWith(`${actor} `) || (detail?.startsWith(`Dated by ${actor},`) ?? false);
  const late = Date.parse(entry.recordedAt) - Date.parse(entry.at) > lateAfterMs && entry.source === 'person';
  // The detail of a note that was dated back says when it was written.
  const told = entry.kind === 'note' && detail !== null;
  const entered = late && !told ? t`entered ${clockTime(Date.parse(entry.recordedAt))} UTC` : null;
  return [named ? null : actor, detail, entered].filter((part) => part !== null && part !== '').join(' · ');
}
