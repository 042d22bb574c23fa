import type { TimelineKind } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { actorOf, isDecision, isStarred, type TimelineEvent, textOf } from './events.ts';

export interface TimelineFilter {
  /** A kind of entry, changes, decisions, or everything. */
  kind: KindChoice;
  /** The name of who did it; empty is everybody. */
  person: string;
  text: string;
  starred: boolean;
}

export type KindChoice = TimelineKind | 'everything' | 'change' | 'decision';

export const noFilter: TimelineFilter = { kind: 'everything', person: '', text: '', starred: false };

export const kindWords: Readonly<Record<KindChoice, string>> = {
  everything: t`Every kind`,
  change: t`Changes`,
  decision: t`Decisions`,
  declared: t`Declared`,
  alert: t`Alerts`,
  status: t`Status`,
  severity: t`Severity`,
  edit: t`Edits`,
  role: t`Roles`,
  task: t`Tasks`,
  ask: t`Asks`,
  poll: t`Polls`,
  responder: t`Responders`,
  note: t`Notes`,
  update: t`Updates`,
  publishing: t`Publishing`,
  link: t`Links`,
  membership: t`Alerts moved`,
  merge: t`Merges`,
  restriction: t`Restriction`,
  conflict: t`Conflicts`,
  page: t`Pages`,
};

export function isFiltering({ kind, person, text, starred }: TimelineFilter): boolean {
  return kind !== 'everything' || person !== '' || text.trim() !== '' || starred;
}

/** Null lets everything pass. */
export function matcherOf(filter: TimelineFilter): ((event: TimelineEvent) => boolean) | null {
  if (!isFiltering(filter)) return null;
  const { kind, person, starred } = filter;
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (event) =>
    (!starred || isStarred(event)) &&
    (person === '' || (event.entry?.source === 'person' && event.entry.actor === person)) &&
    ofKind(event, kind) &&
    (words.length === 0 || holds(event, words));
}

function ofKind(event: TimelineEvent, kind: KindChoice): boolean {
  if (kind === 'everything') return true;
  if (kind === 'change') return event.change !== null;
  if (kind === 'decision') return isDecision(event);
  return event.entry?.kind === kind;
}

/** What was typed is compared with what stands on the row. */
function holds(event: TimelineEvent, words: readonly string[]): boolean {
  const row = `${textOf(event)} ${actorOf(event)} ${event.entry?.detail ?? event.change?.service ?? ''}`.toLowerCase();
  return words.every((word) => row.includes(word));
}

/** Everybody who did something, and what kinds there are, for the choices of the filter. */
export function choicesOf(events: Iterable<TimelineEvent>): { people: string[]; kinds: KindChoice[] } {
  const people = new Set<string>();
  const kinds = new Set<KindChoice>();
  for (const event of events) {
    if (event.entry?.source === 'person') people.add(event.entry.actor);
    kinds.add(event.entry?.kind ?? 'change');
    if (isDecision(event)) kinds.add('decision');
  }
  const order = Object.keys(kindWords) as KindChoice[];
  return { people: [...people].toSorted((a, b) => a.localeCompare(b)), kinds: order.filter((kind) => kinds.has(kind)) };
}
