import { useDeferredValue, useMemo } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { Replica } from '../../replica/replica.ts';
import { useSession, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { spanOf } from '../../ui/spark.ts';
import { usePaced } from '../../ui/use-paced.ts';
import { type AlertBlock, type AlertRow, expandUpTo, flatRows, flattenBlocks, groupAlerts } from './alert-groups.ts';
import { type AlertQuery, histogramBinMs } from './alert-index.ts';
import type { AlertListState } from './alert-list-state.ts';
import { createFollowingIndex, type FollowingIndex } from './following-index.ts';
import { tellingLabels } from './telling-label.ts';

export interface AlertRows extends AlertQuery {
  rows: AlertRow[];
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

export function useAlertRows({
  filter,
  sort,
  mode,
  toggled,
}: Pick<AlertListState, 'filter' | 'sort' | 'mode' | 'toggled'>): AlertRows {
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
  // What is typed is drawn first, what it finds right after.
  const wanted = useDeferredValue(filter);
  const found = useMemo(() => synced.index.query(wanted, { sort, nowMs }), [synced, wanted, sort, nowMs]);
  const beside = usePaced(found, wanted, besideMs);
  const telling = useMemo(() => tellingLabels(beside.alerts), [beside]);
  const blocks = useMemo<AlertBlock[] | null>(
    () => (mode === 'groups' ? groupAlerts(found.alerts) : null),
    [mode, found],
  );
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
        ? []
        : blocks === null
          ? flatRows(found.alerts)
          : flattenBlocks(blocks, toggled, found.alerts.length <= expandUpTo),
    [blocks, found, mode, toggled],
  );
  return {
    alerts: found.alerts,
    facets: beside.facets,
    arrivals: beside.arrivals,
    sparks: beside.sparks,
    heat,
    rows,
    groupCount: blocks?.length ?? 0,
    held: index.size,
    nowMs,
    endSpan: spanOf(serverNow),
    telling,
  };
}

function indexOf(replica: Replica): FollowingIndex {
  const known = indexes.get(replica);
  if (known !== undefined) return known;
  const following = createFollowingIndex((changed) => replica.view.follow('alert', changed));
  indexes.set(replica, following);
  return following;
}
