import { useMemo, useState } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import { t } from '../../language/words.ts';
import { useServerNow } from '../../time.ts';
import { useBlind } from '../../ui/chart/blind.ts';
import { Chart } from '../../ui/chart/chart.tsx';
import type { ChartTable } from '../../ui/chart/chart-table.tsx';
import { type ChartOption, axisLook, tooltipLook } from '../../ui/chart/option.ts';
import type { ChartLook } from '../../ui/chart/look.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { type ClockText, useClock } from '../../ui/use-clock.ts';
import { heatSpan, heatWords, stormHeat, type StormHeat } from './storm-heat.ts';

const insets = { left: 132, right: 16, top: 4, bottom: 52 };
/** So that all lines, the axis and its legend fit a window of 800 px. */
const lineHeight = 19;
const hoursOptions = [
  { value: '1', label: t`1 h` },
  { value: '6', label: t`6 h` },
  { value: '24', label: t`24 h` },
] as const;
/** Every fifth cell of the table twin would hide peaks, so each of its columns is the most of these many cells. */
const cellsAColumn = 5;

/** Service × time over what the filter lets pass, whatever its status. */
export function StormHeatMap({ alerts }: { alerts: readonly Alert[] }) {
  const clock = useClock();
  const [hours, setHours] = useState<'1' | '6' | '24'>('1');
  const { fromMs, binMs } = heatSpan(Number(hours) as 1 | 6 | 24, useServerNow());
  const heat = useMemo(() => stormHeat(alerts, { fromMs, binMs }), [alerts, fromMs, binMs]);
  const summary = heatWords(heat, clock.time);
  const option = useMemo(() => (look: ChartLook) => heatOption(heat, clock, look), [heat, clock]);
  const blind = useBlind(fromMs, fromMs + 60 * binMs);
  return (
    <div className="storm">
      <Chart
        option={option}
        table={() => heatTable(heat, clock)}
        summary={summary}
        title={t`Firing, by service`}
        height={insets.top + insets.bottom + Math.max(4, heat.rows.length) * lineHeight}
        insets={insets}
        blind={blind}
        actions={<Segmented label={t`Time shown`} options={hoursOptions} value={hours} onChange={setHours} />}
      />
    </div>
  );
}

function heatOption(heat: StormHeat, clock: ClockText, look: ChartLook): ChartOption {
  const axis = axisLook(look);
  const names = heat.rows.map((row) => row.label);
  const times = heat.rows[0]?.counts.map((_, i) => clock.time(heat.fromMs + i * heat.binMs)) ?? [];
  return {
    tooltip: {
      ...tooltipLook(look),
      formatter: (cell) => {
        const [x = 0, y = 0, count = 0] = 'value' in cell ? (cell.value as number[]) : [];
        return t`${names[y]}\n${times[x]} ${clock.zone}: ${count} firing`;
      },
    },
    xAxis: { type: 'category', data: times, ...axis, axisLabel: { ...axis.axisLabel, interval: 9 } },
    yAxis: {
      type: 'category',
      data: names,
      inverse: true,
      ...axis,
      axisLine: { show: false },
      axisLabel: { color: look.muted, fontSize: 12, width: 120, overflow: 'truncate', interval: 0 },
    },
    visualMap: {
      show: heat.most > 0,
      type: 'continuous',
      min: 1,
      max: Math.max(2, heat.most),
      calculable: false,
      orient: 'horizontal',
      left: insets.left,
      bottom: 0,
      itemWidth: 10,
      itemHeight: 120,
      text: [t`${heat.most} at once`, '1'],
      textStyle: { color: look.faint, fontSize: 11 },
      inRange: { color: look.heat },
    },
    series: [
      {
        type: 'heatmap',
        data: heat.rows.flatMap((row, y) => row.counts.flatMap((count, x) => (count === 0 ? [] : [[x, y, count]]))),
        itemStyle: { borderColor: look.canvas, borderWidth: 1 },
        emphasis: { itemStyle: { borderColor: look.text } },
      },
    ],
  };
}

function heatTable(heat: StormHeat, clock: ClockText): ChartTable {
  const columns = Array.from({ length: 60 / cellsAColumn }, (_, i) => i * cellsAColumn);
  return {
    columns: [t`Service`, t`Most`, ...columns.map((i) => t`from ${clock.time(heat.fromMs + i * heat.binMs)}`)],
    rows: heat.rows.map((row) => [
      row.label,
      row.most,
      ...columns.map((i) => Math.max(...row.counts.slice(i, i + cellsAColumn))),
    ]),
  };
}
