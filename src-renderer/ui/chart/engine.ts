// The only file that knows the drawing library. It is its own chunk: nobody loads it before the first chart is shown.
import { BarChart, GraphChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent,
  DataZoomInsideComponent,
  GridComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { graphic, init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';
import { type Dots, dotsOf, ringLook } from './dots.ts';
import type { ChartOption } from './option.ts';
import { withThinLines } from './thin.ts';

use([
  BarChart,
  GraphChart,
  HeatmapChart,
  LineChart,
  ScatterChart,
  AriaComponent,
  DataZoomInsideComponent,
  GridComponent,
  TooltipComponent,
  VisualMapComponent,
  LabelLayout,
  CanvasRenderer,
]);

export interface Drawing {
  draw(option: ChartOption): void;
  /** The same picture with other values: where a person moved or zoomed to stays. */
  redraw(option: ChartOption): void;
  /** What is named of each series is another; the rest stays. */
  resize(option: ChartOption): void;
  fit(): void;
  /** Makes it a picture of dots to pan and zoom; asked for once. */
  dots(): Dots;
  close(): void;
}

export function openDrawing(element: HTMLElement): Drawing {
  const chart = init(element, null, { renderer: 'canvas' });
  return {
    draw: (option) => chart.setOption(withThinLines(option), { notMerge: true }),
    redraw: (option) => chart.setOption(withThinLines(option), { replaceMerge: 'series' }),
    resize: (option) => chart.setOption(option),
    fit: () => chart.resize(),
    dots: () => dotsOf(chart, new graphic.Circle(ringLook)),
    close: () => chart.dispose(),
  };
}
