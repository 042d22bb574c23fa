import { useDeferredValue, useMemo } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { Replica } from '../../replica/replica.ts';
import { useSession, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { usePaced } from '../../ui/use-paced.ts';
import { type AlertBlock, type AlertRow, expandUpTo, flatRows, flattenBlocks, groupAlerts } from './alert-groups.ts';
import { type AlertQuery, histogramBinMs } from './alert-index.ts';
import type { AlertListState } from './alert-list-state.ts';
import { createFollowingIndex, type FollowingIndex } from './following-index.ts';
import { tellingLabels } from './telling-label.ts';

export interface AlertRows extends AlertQuery {
  rows: AlertRow[];
  groupCount: number;
  /** Everything held, whatever the filter. */
  held: number;
  nowMs: number;
  /** What tells an alert from those that look the same. */
  telling: (alert: Alert) => string | null;
}

/** One index a replica, so that coming back to the list does not read 50,000 alerts again. */
const indexes = new WeakMap<Replica, FollowingIndex>();
/** Facets, bars and lines beside the rows are drawn anew this often under a steady stream. */
const besideMs = 500;

export function useAlertRows({
  filter,
  sort,
  mode,
  toggled,
}: Pick<AlertListState, 'filter' | 'sort' | 'mode' | 'toggled'>): AlertRows {
  const { replica } = useSession();
  const { index, catchUp } = indexOf(replica);
  const table = useTable('alert');
  // The hour of the histogram moves on by whole bars.
  const nowMs = (Math.floor(useServerNow() / histogramBinMs) + 1) * histogramBinMs;

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
  const rows = useMemo(
    () =>
      blocks === null ? flatRows(found.alerts) : flattenBlocks(blocks, toggled, found.alerts.length <= expandUpTo),
    [blocks, found, toggled],
  );
  return {
    alerts: found.alerts,
    facets: beside.facets,
    arrivals: beside.arrivals,
    lifelines: beside.lifelines,
    rows,
    groupCount: blocks?.length ?? 0,
    held: index.size,
    nowMs,
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
