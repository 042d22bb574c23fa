import { startTransition, useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { Replica } from '../../replica/replica.ts';
import { useSession, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { spanOf } from '../../ui/spark.ts';
import { usePaced } from '../../ui/use-paced.ts';
import { groupAlerts } from './alert-groups.ts';
import { type AlertQuery, histogramBinMs } from './alert-index.ts';
import type { AlertListState, ListMode } from './alert-list-state.ts';
import { type AlertRowList, expandUpTo, flatRows, groupedRows } from './alert-rows.ts';
import { createFollowingIndex, type FollowingIndex } from './following-index.ts';
import { tellingLabels } from './telling-label.ts';

export interface AlertRows extends AlertQuery {
  /** As what `rows` or `heat` list. */
  mode: ListMode;
  rows: AlertRowList;
  /** In place of rows where the list is a heat-map: all that pass but for their status. */
  heat: readonly Alert[];
  groupCount: number;
  /** Everything held, whatever the filter. */
  held: number;
  nowMs: number;
  /** The five minutes that are running, for the rows' lines. */
  endSpan: number;
  /** What tells an alert from those that look the same. */
  telling: (alert: Alert) => string | null;
}

/** One index a replica, so that coming back to the list does not read 50,000 alerts again. */
const indexes = new WeakMap<Replica, FollowingIndex>();
/** Facets, bars and lines beside the rows are drawn anew this often under a steady stream. */
const besideMs = 500;
/** The heat-map reads all alerts, whatever their status. */
const heatMs = 2_000;
const none: readonly Alert[] = [];
const noRows = flatRows(none);

export function useAlertRows(list: Pick<AlertListState, 'filter' | 'sort' | 'mode' | 'toggled'>): AlertRows {
  const { replica } = useSession();
  const { index, catchUp } = indexOf(replica);
  const table = useTable('alert');
  const serverNow = useServerNow();
  // The hour of the histogram moves on by whole bars.
  const nowMs = (Math.floor(serverNow / histogramBinMs) + 1) * histogramBinMs;

  // A new object whenever the index took something in, so that typing in the filter does not read the table again.
  const synced = useMemo(() => {
    catchUp(table.rows);
    return { index };
  }, [catchUp, index, table]);
  // What is typed or pressed is drawn first, what it finds right after.
  const wanted = useDeferredValue(list.filter);
  const sort = useDeferredValue(list.sort);
  const mode = useDeferredValue(list.mode);
  const found = useMemo(() => synced.index.query(wanted, { sort, nowMs }), [synced, wanted, sort, nowMs]);
  const paced = usePaced(found, wanted, besideMs);
  const telling = useMemo(() => tellingLabels(paced.alerts, paced.kinds), [paced]);
  const beside = useAfterwards(paced);
  const blocks = useMemo(() => (mode === 'groups' ? groupAlerts(found.alerts) : null), [mode, found]);
  const heatKey = mode === 'heat' ? wanted : null;
  const heatSource = usePaced(synced, heatKey, heatMs);
  const heat = useMemo(
    () =>
      heatKey === null
        ? none
        : heatSource.index.query({ ...heatKey, statuses: [] }, { sort: 'newest', nowMs: 0 }).alerts,
    [heatSource, heatKey],
  );
  const rows = useMemo(
    () =>
      mode === 'heat'
        ? noRows
        : blocks === null
          ? flatRows(found.alerts)
          : groupedRows(blocks, list.toggled, found.alerts.length <= expandUpTo),
    [blocks, found, mode, list.toggled],
  );
  return {
    alerts: found.alerts,
    kinds: found.kinds,
    facets: beside.facets,
    arrivals: beside.arrivals,
    mode,
    heat,
    rows,
    groupCount: blocks?.length ?? 0,
    held: index.size,
    nowMs,
    endSpan: spanOf(serverNow),
    telling,
  };
}

/** The same value, in a drawing of its own after the one that brought it. */
function useAfterwards<T>(value: T): T {
  const [shown, setShown] = useState(value);
  useEffect(() => startTransition(() => setShown(() => value)), [value]);
  return shown;
}

function indexOf(replica: Replica): FollowingIndex {
  const known = indexes.get(replica);
  if (known !== undefined) return known;
  const following = createFollowingIndex((changed) => replica.view.follow('alert', changed));
  indexes.set(replica, following);
  return following;
}
