// The only file that knows the drawing library. It is its own chunk: nobody loads it before the first chart is shown.
import { BarChart, GraphChart, HeatmapChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';
import type { ChartOption } from './option.ts';

use([
  BarChart,
  GraphChart,
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
  /** The same picture with other values: where a person moved or zoomed to stays. */
  redraw(option: ChartOption): void;
  fit(): void;
  /** Of a graph: puts a ring around the node of this name and says what it is; around no other. */
  mark(name: string | null): void;
  /** Of a graph: everything again, or nearer and farther around the middle. */
  lookAt(wanted: { zoom: number } | { by: number }): void;
  /** Of a graph: which node was pressed, null beside all of them; `twice` of a double click. */
  onPress(listener: (id: string | null, twice: boolean) => void): void;
  close(): void;
}

export function openDrawing(element: HTMLElement): Drawing {
  const chart = init(element, null, { renderer: 'canvas' });
  let marked: string | null = null;
  // What it pointed at is elsewhere now.
  chart.on('graphRoam', () => chart.dispatchAction({ type: 'hideTip' }));
  return {
    draw: (option) => chart.setOption(option, { notMerge: true }),
    redraw: (option) => chart.setOption(option),
    fit: () => chart.resize(),
    mark(name) {
      if (marked !== null) chart.dispatchAction({ type: 'downplay', seriesIndex: 0, name: marked });
      marked = name;
      if (name === null) chart.dispatchAction({ type: 'hideTip' });
      else {
        chart.dispatchAction({ type: 'highlight', seriesIndex: 0, name });
        chart.dispatchAction({ type: 'showTip', seriesIndex: 0, name });
      }
    },
    lookAt(wanted) {
      if ('zoom' in wanted) chart.setOption({ series: [{ zoom: wanted.zoom, center: null as never }] });
      else {
        const at = { originX: chart.getWidth() / 2, originY: chart.getHeight() / 2 };
        chart.dispatchAction({ type: 'graphRoam', seriesIndex: 0, zoom: wanted.by, ...at });
      }
    },
    onPress(listener) {
      const idIn = (data: unknown): string | null =>
        typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'string' ? data.id : null;
      chart.on('click', ({ dataType, data }) => {
        if (dataType === 'node') listener(idIn(data), false);
      });
      chart.on('dblclick', ({ dataType, data }) => {
        if (dataType === 'node') listener(idIn(data), true);
      });
      chart.getZr().on('click', ({ target }) => {
        if (target === undefined || target === null) listener(null, false);
      });
    },
    close: () => chart.dispose(),
  };
}
