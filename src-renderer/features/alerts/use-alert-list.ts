import type { Alert } from '#server/contract/alert.ts';
import { useEffect } from 'react';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { filterFromQuery, pick, shapeFromQuery, useAlertList } from './alert-list-state.ts';
import { type AlertRow, type AlertRowList, alertIdsOf } from './alert-rows.ts';
import { silenceState } from './silence-draft.ts';

/** Moving and selecting in the list, by pointer or key. */
export function useListMoves(rows: AlertRowList, peekId: string | null) {
  const { chosen, cursor, anchor, toggled, set } = useAlertList();
  const at = (id: string | null): number => rows.indexOf(id);
  const clamp = (index: number): AlertRow | undefined => rows.at(Math.max(0, Math.min(rows.length - 1, index)));

  const peek = (id: string | null): void =>
    navigate(paths.alerts(id === null ? {} : { peek: id }), { replace: peekId !== null && id !== null });
  const moveTo = (row: AlertRow | undefined): void => {
    if (row === undefined) return;
    set({ cursor: row.id, anchor: row.id });
    if (peekId !== null && row.kind === 'alert') peek(row.id);
  };
  const fold = (row: AlertRow, open: boolean): void => {
    if (row.kind !== 'group' || row.expanded === open) return;
    const next = new Set(toggled);
    if (!next.delete(row.id)) next.add(row.id);
    set({ toggled: next, cursor: row.id });
  };

  return {
    peek,
    fold,
    moveBy: (by: number): void => moveTo(at(cursor) < 0 ? rows.at(0) : clamp(at(cursor) + by)),
    movePeek: (by: number): void => moveTo(rows.nextAlert(peekId, by)),
    extendBy(by: number): void {
      const here = rows.at(at(cursor));
      const next = clamp(at(cursor) + by);
      if (next === undefined) return;
      const ids = [...(here === undefined ? [] : alertIdsOf(here)), ...alertIdsOf(next)];
      set({ chosen: pick(chosen, [], ids), cursor: next.id, anchor: anchor ?? cursor });
    },
    select(row: AlertRow, extend: boolean): void {
      const from = at(anchor ?? cursor);
      const to = at(row.id);
      const first = Math.min(from, to);
      const range =
        extend && from >= 0
          ? Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => rows.at(first + i)).flatMap((each) =>
              each === undefined ? [] : alertIdsOf(each),
            )
          : null;
      set({ chosen: pick(chosen, alertIdsOf(row), range), cursor: row.id, anchor: row.id });
    },
    press(row: AlertRow): void {
      set({ cursor: row.id, anchor: row.id });
      if (row.kind === 'group') fold(row, !row.expanded);
      else peek(row.id);
    },
    open(row: AlertRow): void {
      if (row.kind === 'group') navigate(paths.incident(row.id));
      else peek(row.id);
    },
  };
}

/** What an action acts on: the selection, else the row the cursor is on. */
export function subjectOf(
  alerts: ReadonlyMap<string, Alert>,
  chosen: ReadonlySet<string>,
  cursorRow: AlertRow | undefined,
): Alert[] {
  const ids = chosen.size > 0 ? [...chosen] : cursorRow === undefined ? [] : alertIdsOf(cursorRow);
  return ids.flatMap((id) => alerts.get(id) ?? []);
}

/** Takes up what the address says: a filter, how to list, or one alert to look at. */
export function useArrival(id: string | null, query: URLSearchParams): void {
  const set = useAlertList((state) => state.set);
  useEffect(() => {
    const filter = filterFromQuery(query);
    const shape = shapeFromQuery(query);
    if (filter !== null || shape !== null) {
      set({ ...(filter === null ? {} : { filter, chosen: new Set() }), ...shape });
      navigate(paths.alerts(), { replace: true });
    }
    if (id !== null) {
      set({ cursor: id, anchor: id });
      navigate(paths.alerts({ peek: id }), { replace: true });
    }
  }, [id, query, set]);
}

export function useActiveSilenceCount(): number {
  const table = useTable('silence');
  const nowMs = useServerNow();
  let active = 0;
  for (const silence of table.rows.values()) if (silenceState(silence, nowMs) === 'active') active += 1;
  return active;
}
