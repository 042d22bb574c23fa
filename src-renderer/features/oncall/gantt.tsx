import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { Shift } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { useServerStep } from '../../time.ts';
import { localTime, placeOf } from '../../zone-time.ts';
import {
  type Bar,
  barsOf,
  type GanttWindow,
  patternsOf,
  placeIn,
  stripesOf,
  type Tick,
  ticksOf,
} from './gantt-geometry.ts';
import './gantt.css';
import { sourceWords, spanWords } from './oncall-words.ts';

export interface GanttRow {
  id: string;
  label: string;
  /** Under the label. */
  note?: string;
  kind: 'layer' | 'override' | 'result';
  shifts: readonly Shift[];
  /** Hatched lightly: the layer does not cover it. */
  offDuty?: readonly { startsAt: string; endsAt: string }[];
  /** Hatched strongly: nobody covers it. */
  gaps?: readonly { startsAt: string; endsAt: string }[];
}

interface GanttProps {
  window: GanttWindow;
  rows: readonly GanttRow[];
  me: string;
  nameOf: (userId: string | null) => string;
  /** Pointer shortcut; the table has the same for the keyboard. */
  onShift?: (shift: Shift) => void;
}

/** People are told apart by labels and line styles: colour means severity. */
export function Gantt({ window, rows, me, nameOf, onShift }: GanttProps) {
  const ticks = useMemo(() => ticksOf(window), [window]);
  const patterns = useMemo(() => patternsOf(rows.flatMap(({ shifts }) => shifts.map(({ userId }) => userId))), [rows]);
  const { ref, width } = useWidth();
  return (
    <div className="gantt" role="img" aria-label={t`Shifts as bars; the table says the same`}>
      <div className="gantt-row gantt-head">
        <span className="gantt-label faint">{placeOf(window.zone)}</span>
        <div className="gantt-track" ref={ref}>
          {ticks.map((tick) => (
            <TickLabel key={tick.left} tick={tick} month={window.span === 'month'} px={tick.width * width} />
          ))}
        </div>
      </div>
      <div className="gantt-body">
        <div className="gantt-grid">
          {ticks.map((tick) => (
            <i
              key={tick.left}
              className={tick.weekend ? 'gantt-line weekend' : 'gantt-line'}
              style={{ left: percent(tick.left), width: percent(tick.width) }}
            />
          ))}
        </div>
        {rows.map((row) => (
          <Row
            key={row.id}
            row={row}
            window={window}
            patterns={patterns}
            width={width}
            me={me}
            nameOf={nameOf}
            onShift={onShift}
          />
        ))}
        <NowLine window={window} />
      </div>
    </div>
  );
}

function TickLabel({ tick, month, px }: { tick: Tick; month: boolean; px: number }) {
  const label = px < 44 ? (tick.label.split(' ').at(-1) ?? '') : tick.label;
  return (
    <span
      className={tick.weekend ? 'gantt-tick weekend' : 'gantt-tick'}
      style={{ left: percent(tick.left), width: percent(tick.width) }}
    >
      {month && px > 32 ? <span className="gantt-tick-small">{tick.small}</span> : null}
      {label}
    </span>
  );
}

interface RowProps extends Omit<GanttProps, 'rows' | 'onShift'> {
  row: GanttRow;
  patterns: ReadonlyMap<string, number>;
  width: number;
  onShift: ((shift: Shift) => void) | undefined;
}

const laneHeight = 24;

const Row = memo(function Row({ row, window, patterns, width, me, nameOf, onShift }: RowProps) {
  const { bars, lanes } = useMemo(() => barsOf(row.shifts, window), [row.shifts, window]);
  return (
    <div className={`gantt-row of-${row.kind}`}>
      <span className="gantt-label two-line">
        <span className="clip block" title={row.label}>
          {row.label}
        </span>
        {row.note === undefined ? null : <span className="clip block faint">{row.note}</span>}
      </span>
      <div className="gantt-track" style={{ height: lanes * laneHeight + 8 }}>
        {stripesOf(row.offDuty ?? [], window).map((stripe) => (
          <i
            key={stripe.left}
            className="gantt-off"
            style={{ left: percent(stripe.left), width: percent(stripe.width) }}
          />
        ))}
        {stripesOf(row.gaps ?? [], window).map((stripe) => (
          <i
            key={stripe.left}
            className="gantt-gap"
            style={{ left: percent(stripe.left), width: percent(stripe.width) }}
          >
            {stripe.width * width > 54 ? t`nobody` : ''}
          </i>
        ))}
        {bars.map((bar) => (
          <BarBox
            key={`${bar.shift.userId} ${bar.shift.startsAt} ${bar.lane}`}
            bar={bar}
            width={width}
            zone={window.zone}
            pattern={patterns.get(bar.shift.userId) ?? 0}
            mine={bar.shift.userId === me}
            name={nameOf(bar.shift.userId)}
            onShift={onShift}
          />
        ))}
      </div>
    </div>
  );
});

interface BarBoxProps {
  bar: Bar;
  width: number;
  zone: string;
  pattern: number;
  mine: boolean;
  name: string;
  onShift: ((shift: Shift) => void) | undefined;
}

function BarBox({ bar, width, zone, pattern, mine, name, onShift }: BarBoxProps) {
  const { shift, left, lane, cutLeft, cutRight } = bar;
  const px = bar.width * width;
  const classes = ['gantt-bar', `p${pattern}`];
  if (mine) classes.push('mine');
  if (cutLeft) classes.push('cut-left');
  if (cutRight) classes.push('cut-right');
  if (shift.source.type === 'stand-in') classes.push('stand-in');
  if (px < 60) classes.push('small');
  return (
    <span
      className={classes.join(' ')}
      style={{ left: percent(left), width: percent(bar.width), top: 4 + lane * laneHeight }}
      // Made when somebody points at it: there are hundreds.
      onMouseEnter={(event) =>
        event.currentTarget.setAttribute('title', `${name}, ${spanWords(shift, zone)}, ${sourceWords(shift.source)}`)
      }
      {...(onShift === undefined ? {} : { onClick: () => onShift(shift) })}
    >
      {labelOf(name, px)}
    </span>
  );
}

function NowLine({ window }: { window: GanttWindow }) {
  const now = useServerStep(60_000);
  const place = placeIn(window, now);
  if (place === null) return null;
  return (
    <div className="gantt-now-track">
      <i className="gantt-now" style={{ left: percent(place) }}>
        <b className={place > 0.94 ? 'flip' : undefined}>{localTime(window.zone, now)}</b>
      </i>
    </div>
  );
}

function useWidth(): { ref: React.RefObject<HTMLDivElement | null>; width: number } {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 800)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

/** As much of a name as fits: all of it, the first word, initials, nothing. */
function labelOf(name: string, px: number): string {
  if (px > name.length * 6.6 + 14) return name;
  const first = name.split(' ')[0] ?? name;
  if (px > first.length * 6.8 + 14) return first;
  return px >= 23 ? initials(name) : '';
}

function initials(name: string): string {
  const words = name.split(' ').filter((word) => word !== '');
  return (words.length > 1 ? `${words[0]?.[0] ?? ''}${words.at(-1)?.[0] ?? ''}` : name.slice(0, 2)).toUpperCase();
}

function percent(share: number): string {
  return `${Math.round(share * 1e5) / 1e3}%`;
}
