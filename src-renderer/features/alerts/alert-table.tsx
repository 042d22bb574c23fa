import { type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, memo, useEffect, useRef, useState } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import type { Table } from '../../replica/rows/rows.ts';
import type { AlertSort } from './alert-index.ts';
import { AlertRowLine, rowElementId, type RowChoice } from './alert-row.tsx';
import type { AlertRow, AlertRowList } from './alert-rows.ts';
import { createRowElements } from './row-elements.ts';

interface AlertTableProps {
  rows: AlertRowList;
  cursor: string | null;
  chosen: ReadonlySet<string>;
  incidents: Table<Incident>;
  telling: (alert: Alert) => string | null;
  tree: boolean;
  rowHeight: number;
  sort: AlertSort;
  endSpan: number;
  /** How much of the hour's end is unknown, in per cent. */
  blind: string;
  onSort: (sort: AlertSort) => void;
  onPress: (row: AlertRow) => void;
  onOpen: (row: AlertRow) => void;
  onToggle: (row: AlertRow) => void;
  onSelect: (row: AlertRow, extend: boolean) => void;
}

/** Rows kept beyond each edge: enough for a fast wheel, few enough that no more than 60 rows are ever in the page. */
const overscan = 5;
/** Newest first, a burst pushes rows down before they were seen: a few more stand ready below. */
const burst = 10;

function newestRange(range: Range): number[] {
  const from = Math.max(0, range.startIndex - overscan);
  const to = Math.min(range.count, range.endIndex + 1 + overscan + burst);
  return Array.from({ length: to - from }, (_, i) => from + i);
}

export const AlertTable = memo(function AlertTable(props: AlertTableProps) {
  const { rows, cursor, chosen, incidents, tree, rowHeight } = props;
  const scroller = useRef<HTMLDivElement>(null);
  // Nothing here is compiled or memoised around it.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    ...(props.sort === 'newest' ? { rangeExtractor: newestRange } : {}),
  });

  const [elementsOf] = useState(createRowElements);
  const shown = virtualizer.getVirtualItems().flatMap((item) => {
    const row = rows.at(item.index);
    return row === undefined ? [] : { item, row };
  });
  const elements = elementsOf(shown.map(({ row }) => row.id));

  const cursorIndex = rows.indexOf(cursor);
  const scrolledTo = useRef<string | null>(null);
  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, rowHeight]);
  useEffect(() => {
    // Only a moved cursor scrolls; rows that arrive above it must not.
    if (cursor === scrolledTo.current) return;
    scrolledTo.current = cursor;
    if (cursorIndex < 0) return;
    // Asking the virtualizer to scroll makes the browser lay out the page, so only a row out of sight asks it.
    const top = cursorIndex * rowHeight - (virtualizer.scrollOffset ?? 0);
    const room = virtualizer.scrollRect?.height ?? 0;
    if (top < 0 || top + rowHeight > room) virtualizer.scrollToIndex(cursorIndex, { align: 'auto' });
  }, [cursor, cursorIndex, rowHeight, virtualizer]);

  return (
    <div className="alert-table" style={{ '--blind': props.blind } as CSSProperties}>
      <div className="alert-row head" aria-hidden="true">
        <span />
        <span />
        <span className="cell-title">
          <SortButton label={t`Alert`} own="severity" now={props.sort} onSort={props.onSort} />
        </span>
        <span className="cell-service">{t`Service`}</span>
        <span className="cell-life">{t`60 min`}</span>
        <span className="cell-count">
          <SortButton label={t`Count`} own="count" now={props.sort} onSort={props.onSort} />
        </span>
        <span className="cell-why">{t`Why grouped`}</span>
        <span className="cell-first">{t`First`}</span>
        <span className="cell-seen">
          <SortButton label={t`Last`} own="seen" now={props.sort} onSort={props.onSort} />
        </span>
      </div>
      <div
        ref={scroller}
        className="alert-scroll"
        role={tree ? 'treegrid' : 'grid'}
        aria-label={t`Alerts`}
        aria-rowcount={rows.length}
        aria-colcount={8}
        aria-multiselectable="true"
        tabIndex={0}
        {...(cursorIndex >= 0 ? { 'aria-activedescendant': rowElementId(cursor as string) } : {})}
      >
        <div role="rowgroup" className="alert-canvas" style={{ height: virtualizer.getTotalSize() }}>
          {shown.map(({ item, row }, i) => (
            <AlertRowLine
              key={elements[i]}
              row={row}
              rowIndex={item.index + 1}
              top={item.start}
              height={item.size}
              focused={row.id === cursor}
              choice={choiceOf(row, chosen)}
              incident={row.kind === 'group' ? incidents.rows.get(row.id) : undefined}
              telling={row.kind === 'alert' ? props.telling(row.alert) : null}
              tree={tree}
              endSpan={props.endSpan}
              onPress={props.onPress}
              onOpen={props.onOpen}
              onToggle={props.onToggle}
              onSelect={props.onSelect}
            />
          ))}
        </div>
      </div>
    </div>
  );
});

function SortButton({
  label,
  own,
  now,
  onSort,
}: {
  label: string;
  own: AlertSort;
  now: AlertSort;
  onSort: (sort: AlertSort) => void;
}) {
  return (
    <button type="button" tabIndex={-1} className={own === now ? 'sorted' : undefined} onClick={() => onSort(own)}>
      {label}
    </button>
  );
}

function choiceOf(row: AlertRow, chosen: ReadonlySet<string>): RowChoice {
  if (chosen.size === 0) return 'none';
  if (row.kind === 'alert') return chosen.has(row.id) ? 'all' : 'none';
  const { alerts } = row.group;
  let count = 0;
  for (const alert of alerts) if (chosen.has(alert.id)) count += 1;
  if (count === 0) return 'none';
  return count === alerts.length ? 'all' : 'some';
}
