// The copy on this machine never takes more room than it may: what is least missed in an incident goes first (UX.md 5).
import { type EntityName, type EntityOf, replicaLimits } from '#server/contract/replica.ts';
import type { Held } from './bounds.ts';
import { rowKey, type RowKey } from './rows.ts';

export interface Sizes {
  /** Of all rows stored. */
  total: number;
  of: (entity: EntityName, id: string) => number;
}

/** Freed beyond the bound, so that the next change does not begin it again. */
const spare = 0.9;

/**
 * Rows to forget so that the rest fits: of closed incidents the timelines and messages, then resolved alerts, then what
 * changed, then closed incidents whole, each oldest first. What is open, who is on call, and what a queued action needs
 * stays whatever it takes.
 */
export function overBytes(
  held: Held,
  sizes: Sizes,
  keep: ReadonlySet<RowKey>,
  max: number = replicaLimits.bytes,
): { entity: EntityName; id: string }[] {
  const gone: { entity: EntityName; id: string }[] = [];
  let left = sizes.total;
  if (left <= max) return gone;

  const closed = [...held.incident.values()].filter(({ status }) => status === 'resolved').toSorted(byClosing);
  const placeOf = new Map(closed.map(({ id }, index) => [id, index]));
  const ofClosed = <R extends { id: string; incidentId: string }>(rows: Iterable<R>): R[] =>
    [...rows]
      .filter(({ incidentId }) => placeOf.has(incidentId))
      .toSorted((a, b) => (placeOf.get(a.incidentId) ?? 0) - (placeOf.get(b.incidentId) ?? 0));

  const groups: (() => [EntityName, readonly { id: string }[]])[] = [
    () => ['timeline', ofClosed(held.timeline.values())],
    () => ['chat', ofClosed(held.chat.values())],
    () => ['alert', resolvedAlerts(held)],
    () => ['change', [...held.change.values()].toSorted((a, b) => compare(a.at, b.at))],
    () => ['page', ofClosed(held.page.values())],
    () => ['statusUpdate', ofClosed(held.statusUpdate.values())],
    () => ['task', ofClosed(held.task.values())],
    () => ['postmortem', ofClosed(held.postmortem.values())],
    () => ['incident', closed],
  ];
  for (const group of groups) {
    const [entity, rows] = group();
    for (const { id } of rows) {
      if (left <= max * spare) return gone;
      if (keep.has(rowKey(entity, id))) continue;
      gone.push({ entity, id });
      left -= sizes.of(entity, id);
    }
  }
  return gone;
}

function resolvedAlerts(held: Held): EntityOf<'alert'>[] {
  return [...held.alert.values()]
    .filter(({ status }) => status === 'resolved')
    .toSorted((a, b) => compare(a.resolvedAt ?? a.lastSeenAt, b.resolvedAt ?? b.lastSeenAt));
}

function byClosing(a: EntityOf<'incident'>, b: EntityOf<'incident'>): number {
  return compare(a.resolvedAt ?? a.startedAt, b.resolvedAt ?? b.startedAt);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
