import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import { t } from '../../language/words.ts';
import { after } from '../../time.ts';
import { useClock } from '../../ui/use-clock.ts';
import { useSteady } from '../../ui/use-steady.ts';
import { rowFrom, type TimelineRow } from './rows.ts';
import type { Stage } from './stage.ts';
import { rowElementId, TimelineRowLine } from './timeline-row.tsx';
import { panned } from './viewport.ts';

interface ListProps {
  rows: readonly TimelineRow[];
  cursor: string | null;
  at: number;
  rowHeight: number;
  stage: Stage;
  onPress: (id: string) => void;
}

const overscan = 4;
/** While the lanes are panned every line changes; nobody reads them faster than this. */
const followMs = 60;

/** In step with the lanes: panning them scrolls it, scrolling it brings them along. */
export const TimelineList = memo(function TimelineList({ rows, cursor, at, rowHeight, stage, onPress }: ListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const press = useSteady(onPress);
  /** Where this put it: anything else is a person's scrolling. */
  const put = useRef(-1);
  const shownLength = useRef(0);
  /** The newest stays in sight for who looks at the end. */
  const atEnd = useRef(true);
  // Nothing here is compiled or memoised around it.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
  });

  const items = virtualizer.getVirtualItems();
  const slots = 2 ** Math.ceil(Math.log2(items.length + 1));
  const clock = useClock();

  const scrollTo = useSteady((top: number) => {
    const element = scroller.current;
    if (element === null) return;
    const wanted = Math.max(0, Math.min(top, rows.length * rowHeight - element.clientHeight));
    put.current = wanted;
    element.scrollTop = wanted;
  });
  const tellListed = useSteady(() => {
    const element = scroller.current;
    if (element === null) return;
    const first = rows[Math.floor(element.scrollTop / rowHeight)];
    const last = rows[Math.min(rows.length, Math.ceil((element.scrollTop + element.clientHeight) / rowHeight)) - 1];
    stage.setListed(first === undefined || last === undefined ? null : { fromMs: first.ms, toMs: last.ms });
  });
  const followLanes = useSteady(() => {
    const view = stage.view();
    const length = view.toMs - view.fromMs;
    const zoomedOnly = length !== shownLength.current;
    shownLength.current = length;
    const listed = stage.listed();
    const inSight = listed !== null && listed.fromMs <= view.toMs && listed.toMs >= view.fromMs;
    // Zooming moves nobody from what he reads, as long as the lanes show it.
    if (zoomedOnly && inSight) return;
    scrollTo(rowFrom(rows, view.fromMs) * rowHeight);
  });

  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, rowHeight]);
  useEffect(() => {
    if (atEnd.current) scrollTo(rows.length * rowHeight);
    tellListed();
  }, [rows, rowHeight, scrollTo, tellListed]);
  useEffect(() => {
    let cancel: (() => void) | null = null;
    const follow = (): void => {
      cancel = null;
      followLanes();
    };
    const stop = stage.subscribe((mover) => {
      if (mover === 'lanes') cancel ??= after(followMs, follow);
    });
    return () => {
      cancel?.();
      stop();
    };
  }, [stage, followLanes]);
  const shown = useRef(cursor);
  useEffect(() => {
    if (shown.current === cursor) return;
    shown.current = cursor;
    const element = scroller.current;
    if (element === null || cursor === null) return;
    const top = at * rowHeight;
    if (top < element.scrollTop) scrollTo(top);
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      scrollTo(top + rowHeight - element.clientHeight);
  }, [cursor, at, rowHeight, scrollTo]);

  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < rowHeight;
    tellListed();
    if (Math.abs(element.scrollTop - put.current) < 1) return;
    put.current = -1;
    const listed = stage.listed();
    const view = stage.view();
    if (listed === null) return;
    if (listed.fromMs < view.fromMs) stage.set(panned(view, listed.fromMs - view.fromMs, stage.whole()), 'list');
    else if (listed.toMs > view.toMs) stage.set(panned(view, listed.toMs - view.toMs, stage.whole()), 'list');
  };

  return (
    <div
      ref={scroller}
      className="timeline-scroll"
      role="grid"
      aria-label={t`Events of the timeline`}
      aria-rowcount={rows.length}
      aria-colcount={4}
      tabIndex={0}
      onScroll={onScroll}
      {...(cursor === null ? {} : { 'aria-activedescendant': rowElementId(cursor) })}
    >
      <div role="rowgroup" className="timeline-canvas" style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <TimelineRowLine
              // A line is used again for another row: while the lanes are panned all of them change at every frame.
              key={item.index % slots}
              row={row}
              rowIndex={item.index + 1}
              top={item.start}
              height={item.size}
              focused={row.id === cursor}
              clock={clock}
              onPress={press}
            />
          );
        })}
      </div>
    </div>
  );
});
