// The part of the drawing library's options that our charts use. Pure; the library itself is in engine.ts.
import type {
  BarSeriesOption,
  GraphSeriesOption,
  HeatmapSeriesOption,
  LineSeriesOption,
  ScatterSeriesOption,
} from 'echarts/charts';
import type {
  AriaComponentOption,
  DataZoomComponentOption,
  GridComponentOption,
  TooltipComponentOption,
  VisualMapComponentOption,
} from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { ChartLook } from './look.ts';

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | GraphSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | ScatterSeriesOption
  | AriaComponentOption
  | DataZoomComponentOption
  | GridComponentOption
  | TooltipComponentOption
  | VisualMapComponentOption
>;

/** What a chart is drawn from: told the theme's colours, for a canvas knows no CSS. */
export type MakeOption = (look: ChartLook) => ChartOption;

/** Space around the plot, in pixels. */
export interface Insets {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

type Series = Exclude<ChartOption['series'], undefined | readonly unknown[]>;

const dottedUpTo = 200;

export const plainInsets: Insets = { left: 44, right: 12, top: 10, bottom: 22 };

/** What every chart has: no motion, the summary as its name, patterns where colour has to be backed, long lines thinned. */
export function wholeOption(option: ChartOption, look: ChartLook, insets: Insets, summary: string): ChartOption {
  const series = option.series === undefined ? [] : [option.series].flat();
  // A pattern tells areas apart that differ by kind; cells differ by how much, and their scale needs no second mark.
  const patterned = look.patterned && series.every((each) => each.type === 'bar');
  return {
    animation: false,
    textStyle: { fontFamily: look.font, fontSize: 11, color: look.faint },
    grid: { ...insets, outerBoundsMode: 'none' },
    aria: { enabled: true, label: { description: summary }, decal: { show: patterned } },
    ...option,
    series: series.map(thinned),
  };
}

/** As many points as the picture has pixels, chosen so that peaks stay (LTTB); a dot on each only while there are few. */
function thinned(series: Series): Series {
  if (series.type !== 'line') return series;
  const many = Array.isArray(series.data) && series.data.length > dottedUpTo;
  return { sampling: 'lttb', showSymbol: !many, ...series };
}

export function axisLook(look: ChartLook) {
  return {
    axisLine: { show: true, lineStyle: { color: look.line } },
    axisTick: { show: false },
    axisLabel: { color: look.faint, fontSize: 11, hideOverlap: true },
    splitLine: { show: false },
  } as const;
}

export function tooltipLook(look: ChartLook) {
  return {
    // Drawn on the canvas: names that come from outside never become HTML.
    renderMode: 'richText' as const,
    confine: true,
    backgroundColor: look.raised,
    borderColor: look.line,
    borderWidth: 1,
    padding: [6, 8],
    textStyle: { color: look.text, fontSize: 12, fontFamily: look.font },
    transitionDuration: 0,
  };
}
