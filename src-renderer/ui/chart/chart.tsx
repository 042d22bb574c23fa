import { type ReactNode, useEffect, useRef, useState } from 'react';
import { t } from '../../language/words.ts';
import { after } from '../../time.ts';
import { Button } from '../button.tsx';
import { usePaced } from '../use-paced.ts';
import type { Blind } from './blind.ts';
import { type ChartTable, ChartTableView } from './chart-table.tsx';
import './chart.css';
import type { Drawing } from './engine.ts';
import { loadEngine } from './load-engine.ts';
import { useChartLook } from './use-chart-look.ts';
import { type Insets, type MakeOption, plainInsets, wholeOption } from './option.ts';

interface ChartProps {
  /** Steady between redraws: a new function is a new picture. */
  option: MakeOption;
  /** The same in figures; made when somebody asks for it. */
  table: () => ChartTable;
  /** In a sentence what is to be seen; also the picture's name. */
  summary: string;
  height: number;
  title?: ReactNode;
  actions?: ReactNode;
  insets?: Insets;
  blind?: readonly Blind[];
}

/** A stream never draws more often than this (UX.md 9). */
const redrawMs = 250;
const skeletonAfterMs = 150;

/** Every picture of figures: drawn with the theme's colours, named by its summary, and with a table as its twin. */
export function Chart({
  option,
  table,
  summary,
  height,
  title,
  actions,
  insets = plainInsets,
  blind = [],
}: ChartProps) {
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <span className="row">
          {title === undefined ? null : <h2 className="clip">{title}</h2>}
          <span className="grow" />
          {actions}
          <Button look="ghost" compact onPress={() => setAsTable(!asTable)}>
            {asTable ? t`Picture` : t`Table`}
          </Button>
        </span>
        <span className="small-text muted">{summary}</span>
      </figcaption>
      {asTable ? (
        <ChartTableView table={table()} label={summary} />
      ) : (
        <Plot {...{ option, summary, height, insets, blind }} />
      )}
    </figure>
  );
}

function Plot({ option, summary, height, insets, blind }: Required<Omit<ChartProps, 'table' | 'title' | 'actions'>>) {
  const look = useChartLook();
  const host = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [waits, setWaits] = useState<'briefly' | 'long' | 'failed'>('briefly');
  const paced = usePaced(option, look, redrawMs);

  useEffect(() => {
    let opened: Drawing | null = null;
    let gone = false;
    const cancel = after(skeletonAfterMs, () => setWaits((now) => (now === 'failed' ? now : 'long')));
    loadEngine().then(
      (open) => {
        if (gone || host.current === null) return;
        opened = open(host.current);
        setDrawing(opened);
      },
      () => setWaits('failed'),
    );
    return () => {
      gone = true;
      cancel();
      opened?.close();
    };
  }, []);

  useEffect(() => {
    if (drawing === null || host.current === null) return undefined;
    const observer = new ResizeObserver(() => drawing.fit());
    observer.observe(host.current);
    return () => observer.disconnect();
  }, [drawing]);

  useEffect(() => {
    drawing?.draw(wholeOption(paced(look), look, insets, summary));
  }, [drawing, paced, look, insets, summary]);

  return (
    <div className="chart-plot" style={{ height }}>
      <div ref={host} className="chart-canvas" role="img" aria-label={summary} />
      {blind.map(({ from, to }) => (
        <span
          key={from}
          className="chart-blind"
          title={t`Nothing is known of this time: the server was not heard.`}
          style={{
            top: insets.top,
            bottom: insets.bottom,
            left: `calc(${insets.left}px + ${from} * (100% - ${insets.left + insets.right}px))`,
            width: `calc(${to - from} * (100% - ${insets.left + insets.right}px))`,
          }}
        />
      ))}
      {drawing !== null || waits === 'briefly' ? null : waits === 'long' ? (
        <span className="chart-skeleton" />
      ) : (
        <p className="chart-failed small-text muted">
          {t`The picture could not be drawn, because its program was not fetched. The table has the same figures.`}
        </p>
      )}
    </div>
  );
}
