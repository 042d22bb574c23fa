// The only file that knows the drawing library. It is its own chunk: nobody loads it before the first chart is shown.
import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';
import type { ChartOption } from './option.ts';

use([
  BarChart,
  HeatmapChart,
  LineChart,
  AriaComponent,
  GridComponent,
  TooltipComponent,
  VisualMapComponent,
  LabelLayout,
  CanvasRenderer,
]);

export interface Drawing {
  draw(option: ChartOption): void;
  fit(): void;
  close(): void;
}

export function openDrawing(element: HTMLElement): Drawing {
  const chart = init(element, null, { renderer: 'canvas' });
  return {
    draw: (option) => chart.setOption(option, { notMerge: true }),
    fit: () => chart.resize(),
    close: () => chart.dispose(),
  };
}
