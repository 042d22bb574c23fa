import { useDeferredValue, useMemo } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { Replica } from '../../replica/replica.ts';
import { useSession, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { usePaced } from '../../ui/use-paced.ts';
import { type AlertBlock, type AlertRow, expandUpTo, flatRows, flattenBlocks, groupAlerts } from './alert-groups.ts';
import { type AlertIndex, type AlertQuery, createAlertIndex, histogramBinMs } from './alert-index.ts';
import type { AlertListState } from './alert-list-state.ts';
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

interface FollowingIndex {
  index: AlertIndex;
  /** Takes in what changed since it was called last. */
  catchUp(alerts: ReadonlyMap<string, Alert>): void;
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
  const index = createAlertIndex();
  /** Rows that changed since the index last looked; null when it has to read all of them. */
  let changed: Set<string> | null = null;
  // The replica shows its first rows in another map than the empty one that it starts with.
  let lookedAt: ReadonlyMap<string, Alert> | null = null;
  const following: FollowingIndex = {
    index,
    catchUp(alerts) {
      if (changed === null || lookedAt !== alerts) index.sync(alerts);
      else index.update(changed, alerts);
      changed = new Set();
      lookedAt = alerts;
    },
  };
  replica.view.follow('alert', (id) => {
    if (id === null) changed = null;
    else changed?.add(id);
  });
  indexes.set(replica, following);
  return following;
}
