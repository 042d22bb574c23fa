import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { Replica } from '../../replica/replica.ts';
import type { Table } from '../../replica/rows.ts';
import { useSession, useTable } from '../../session.tsx';
import { after, deviceNow, useServerNow } from '../../time.ts';
import { type AlertBlock, type AlertRow, expandUpTo, flatRows, flattenBlocks, groupAlerts } from './alert-groups.ts';
import { type AlertIndex, type AlertQuery, createAlertIndex, histogramBinMs } from './alert-index.ts';
import type { AlertListState } from './alert-list-state.ts';

export interface AlertRows extends AlertQuery {
  rows: AlertRow[];
  groupCount: number;
  /** Everything held, whatever the filter. */
  held: number;
  nowMs: number;
}

/** One index a replica, so that coming back to the list does not read 50,000 alerts again. */
const indexes = new WeakMap<Replica, AlertIndex>();
/** A list this long is drawn at most ten times a second, however fast the feed is. */
const longList = 5_000;
const longListMs = 100;

export function useAlertRows({
  filter,
  sort,
  mode,
  toggled,
}: Pick<AlertListState, 'filter' | 'sort' | 'mode' | 'toggled'>): AlertRows {
  const { replica } = useSession();
  const index = indexOf(replica);
  const table = useSettled(useTable('alert'));
  // The hour of the histogram moves on by whole bars.
  const nowMs = (Math.floor(useServerNow() / histogramBinMs) + 1) * histogramBinMs;

  // A new object whenever the index took something in, so that typing in the filter does not read the table again.
  const synced = useMemo(() => {
    index.sync(table.rows);
    return { index };
  }, [index, table]);
  // What is typed is drawn first, what it finds right after.
  const wanted = useDeferredValue(filter);
  const found = useMemo(() => synced.index.query(wanted, { sort, nowMs }), [synced, wanted, sort, nowMs]);
  const blocks = useMemo<AlertBlock[] | null>(
    () => (mode === 'groups' ? groupAlerts(found.alerts) : null),
    [mode, found],
  );
  const rows = useMemo(
    () =>
      blocks === null ? flatRows(found.alerts) : flattenBlocks(blocks, toggled, found.alerts.length <= expandUpTo),
    [blocks, found, toggled],
  );
  return { ...found, rows, groupCount: blocks?.length ?? 0, held: index.size, nowMs };
}

function indexOf(replica: Replica): AlertIndex {
  let index = indexes.get(replica);
  if (index === undefined) {
    index = createAlertIndex();
    indexes.set(replica, index);
  }
  return index;
}

/** The newest table, but a long one not more often than every `longListMs`. */
function useSettled(table: Table<Alert>): Table<Alert> {
  const [settled, setSettled] = useState(table);
  const shownAt = useRef(0);
  const short = table.rows.size < longList;
  useEffect(() => {
    if (short || settled === table) return undefined;
    const waitMs = Math.max(0, shownAt.current + longListMs - deviceNow());
    return after(waitMs, () => {
      shownAt.current = deviceNow();
      setSettled(table);
    });
  }, [short, settled, table]);
  return short ? table : settled;
}
