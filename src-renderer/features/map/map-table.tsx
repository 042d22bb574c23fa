import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import { t } from '../../language/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { healthWords, markLabel } from './map-words.ts';
import type { TableRow } from './table-rows.ts';

interface MapTableProps {
  rows: readonly TableRow[];
  cursor: string | null;
  rowHeight: number;
  /** Old data. */
  old: boolean;
  onPress: (row: TableRow) => void;
  onOpen: (row: TableRow) => void;
}

/** The same as the picture, in rows: for the keyboard, for who cannot see the picture, and where it has no room. */
export const MapTable = memo(function MapTable({ rows, cursor, rowHeight, old, onPress, onOpen }: MapTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  // Nothing here is compiled or memoised around it.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const at = rows.findIndex(({ id }) => id === cursor);
  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, rowHeight]);
  const scrolledTo = useRef<string | null>(null);
  useEffect(() => {
    if (cursor === scrolledTo.current) return;
    scrolledTo.current = cursor;
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' });
  }, [cursor, at, virtualizer]);
  return (
    <div
      ref={scroller}
      className={old ? 'map-table hatch' : 'map-table'}
      role="treegrid"
      aria-label={t`Services`}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      tabIndex={0}
      {...(at >= 0 && cursor !== null ? { 'aria-activedescendant': rowId(cursor) } : {})}
    >
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className="map-row head">
          {columns.map(({ name, className }) => (
            <span key={className} role="columnheader" className={className}>
              {name}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="map-canvas" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const team = row.kind === 'team';
          return (
            <div
              key={row.id}
              id={rowId(row.id)}
              role="row"
              aria-rowindex={item.index + 2}
              aria-level={team ? 1 : 2}
              aria-selected={row.id === cursor}
              {...(team ? { 'aria-expanded': row.open } : {})}
              className={`map-row${team ? ' team' : ''}${row.id === cursor ? ' focused' : ''}`}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              onClick={() => onPress(row)}
              onDoubleClick={() => onOpen(row)}
            >
              {team ? <TeamCells row={row} /> : <ServiceCells row={row} />}
            </div>
          );
        })}
      </div>
    </div>
  );
});

function TeamCells({ row }: { row: Extract<TableRow, { kind: 'team' }> }) {
  return (
    <>
      <span role="gridcell" className="cell-name row">
        <Icon name={row.open ? 'chevron-down' : 'chevron-right'} small />
        <span className="clip strong">{row.name}</span>
      </span>
      <span role="gridcell" className="cell-health row">
        <Mark kind={row.mark} label={row.label} size="small" />
        <span className="clip muted">{row.line}</span>
      </span>
    </>
  );
}

function ServiceCells({ row }: { row: Extract<TableRow, { kind: 'service' }> }) {
  const { node, health, calls, calledBy } = row;
  return (
    <>
      <span role="gridcell" className="cell-name inner clip" title={node.name}>
        {node.name}
      </span>
      <span role="gridcell" className="cell-health row">
        <Mark kind={health.mark} label={markLabel(health)} size="small" />
        <span className="clip" title={health.worst ?? undefined}>
          {healthWords(health)}
        </span>
      </span>
      <span role="gridcell" className="cell-kind muted clip">
        {node.service?.kind ?? t`not in the catalog`}
      </span>
      <span role="gridcell" className="cell-tier end">
        {node.service?.tier ?? '–'}
      </span>
      <span role="gridcell" className="cell-by end">
        {calledBy}
      </span>
      <span role="gridcell" className="cell-calls end">
        {calls}
      </span>
    </>
  );
}

const columns = [
  { name: t`Service`, className: 'cell-name' },
  { name: t`Health`, className: 'cell-health' },
  { name: t`Kind`, className: 'cell-kind' },
  { name: t`Tier`, className: 'cell-tier end' },
  { name: t`Called by`, className: 'cell-by end' },
  { name: t`Calls`, className: 'cell-calls end' },
] as const;

function rowId(id: string): string {
  return `map-row-${id.replaceAll(/[^a-zA-Z0-9-]/gu, (each) => `_${each.codePointAt(0) ?? 0}`)}`;
}
