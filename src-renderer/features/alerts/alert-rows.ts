// Rows of the alert list, each made when it is looked at: a storm has tens of thousands of them, and forty are drawn.
import type { Alert } from '#server/contract/alert.ts';
import { type AlertEntry, type AlertGroup, isGroup } from './alert-groups.ts';

export type AlertRow =
  | { kind: 'group'; id: string; group: AlertGroup; expanded: boolean }
  | { kind: 'alert'; id: string; alert: Alert; inGroup: boolean };

export interface AlertRowList {
  readonly length: number;
  at(index: number): AlertRow | undefined;
  /** -1 where no row has this id. */
  indexOf(id: string | null): number;
  /** The alert that stands so many alerts further than this one, groups not counted. */
  nextAlert(id: string | null, by: number): AlertRow | undefined;
  /** Of the alerts alone, which one this is, counted from one, and of how many. */
  placeOf(id: string): { at: number; of: number } | null;
}

/** Above this many alerts groups start closed, so that a storm reads as its causes. */
export const expandUpTo = 60;

/** Each alert by itself. */
export function flatRows(alerts: readonly Alert[]): AlertRowList {
  return createRows(alerts, () => false, false);
}

export function groupedRows(
  blocks: readonly AlertEntry[],
  toggled: ReadonlySet<string>,
  expandedByDefault: boolean,
): AlertRowList {
  const expanded = (group: AlertGroup): boolean =>
    toggled.has(group.incidentId) ? !expandedByDefault : expandedByDefault;
  const entries: AlertEntry[] = [];
  for (const block of blocks) {
    entries.push(block);
    if (isGroup(block) && expanded(block)) for (const alert of block.alerts) entries.push(alert);
  }
  return createRows(entries, expanded, true);
}

export function alertIdsOf(row: AlertRow): string[] {
  return row.kind === 'group' ? row.group.alerts.map((alert) => alert.id) : [row.alert.id];
}

function createRows(
  entries: readonly AlertEntry[],
  expanded: (group: AlertGroup) => boolean,
  grouped: boolean,
): AlertRowList {
  /** Where ids stand that were asked for, or whose row was. */
  const known = new Map<string, number>();
  let alerts: Alert[] | null = null;

  function rowOf(entry: AlertEntry): AlertRow {
    return isGroup(entry)
      ? { kind: 'group', id: entry.incidentId, group: entry, expanded: expanded(entry) }
      : { kind: 'alert', id: entry.id, alert: entry, inGroup: grouped && entry.incidentId !== null };
  }

  function find(id: string): number {
    return entries.findIndex((entry) => (isGroup(entry) ? entry.incidentId : entry.id) === id);
  }

  function alertsAlone(): readonly Alert[] {
    return (alerts ??= entries.filter((entry): entry is Alert => !isGroup(entry)));
  }

  return {
    length: entries.length,
    at(index) {
      const entry = entries[index];
      if (entry === undefined) return undefined;
      const row = rowOf(entry);
      known.set(row.id, index);
      return row;
    },
    indexOf(id) {
      if (id === null) return -1;
      let index = known.get(id);
      if (index === undefined) known.set(id, (index = find(id)));
      return index;
    },
    nextAlert(id, by) {
      const alone = alertsAlone();
      const next = alone[alone.findIndex((alert) => alert.id === id) + by];
      return next === undefined ? undefined : rowOf(next);
    },
    placeOf(id) {
      const alone = alertsAlone();
      const at = alone.findIndex((alert) => alert.id === id) + 1;
      return at === 0 ? null : { at, of: alone.length };
    },
  };
}
