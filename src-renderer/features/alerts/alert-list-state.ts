// What a person has set up in the list. It outlives a visit to another screen, and never holds alerts themselves.
import { create } from 'zustand';
import { AlertStatus } from '#server/contract/alert.ts';
import { Severity } from '#server/contract/severity.ts';
import type { AlertFilter } from '#server/contract/view.ts';
import { defaultFilter, emptyFilter } from './alert-filter.ts';
import { type AlertSort, alertSorts } from './alert-index.ts';

const listModes = ['groups', 'flat', 'heat'] as const;
export type ListMode = (typeof listModes)[number];

export interface AlertListState {
  filter: AlertFilter;
  sort: AlertSort;
  mode: ListMode;
  /** Groups that stand the other way than the default. */
  toggled: ReadonlySet<string>;
  /** Alert ids. */
  chosen: ReadonlySet<string>;
  /** Row the keyboard is on, by id. */
  cursor: string | null;
  /** Row a shift-selection extends from. */
  anchor: string | null;
  set: (change: Partial<Omit<AlertListState, 'set'>>) => void;
}

export const useAlertList = create<AlertListState>((set) => ({
  filter: defaultFilter,
  sort: 'severity',
  mode: 'groups',
  toggled: new Set(),
  chosen: new Set(),
  cursor: null,
  anchor: null,
  set: (change) => set(change),
}));

/** A filter from an address such as `#/alerts?service=checkout&state=firing`; null when it names none. */
export function filterFromQuery(query: URLSearchParams): AlertFilter | null {
  const all = (name: string): string[] => query.getAll(name).filter((value) => value !== '');
  const states = all('state');
  const severities = all('severity').flatMap((value) => {
    const parsed = Severity.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
  const statuses = states.flatMap((value) => {
    const parsed = AlertStatus.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
  const marks = (['acknowledged', 'suppressed', 'flapping'] as const).filter((mark) => states.includes(mark));
  const filter: AlertFilter = {
    ...emptyFilter,
    text: query.get('text') ?? '',
    severities,
    statuses,
    marks,
    services: all('service'),
    sources: all('source'),
    incidentId: query.get('incident'),
  };
  const named = ['text', 'severity', 'state', 'service', 'source', 'incident'].some((name) => query.has(name));
  return named ? filter : null;
}

/** How to list from an address such as `#/alerts?view=flat&sort=newest`; null when it says nothing of it. */
export function shapeFromQuery(query: URLSearchParams): { mode?: ListMode; sort?: AlertSort } | null {
  const mode = listModes.find((each) => each === query.get('view'));
  const sort = alertSorts.find((each) => each === query.get('sort'));
  if (mode === undefined && sort === undefined) return null;
  return { ...(mode === undefined ? {} : { mode }), ...(sort === undefined ? {} : { sort }) };
}

/** The next selection after a row was picked: toggled alone, or extended from the anchor in the order of the rows. */
export function pick(
  chosen: ReadonlySet<string>,
  picked: readonly string[],
  range: readonly string[] | null,
): ReadonlySet<string> {
  const next = new Set(chosen);
  if (range !== null) {
    for (const id of range) next.add(id);
    return next;
  }
  const all = picked.every((id) => chosen.has(id));
  for (const id of picked) {
    if (all) next.delete(id);
    else next.add(id);
  }
  return next;
}
