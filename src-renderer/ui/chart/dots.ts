// A picture of many thousand dots to pan and zoom: each kind of them is one large series on two hidden axes, and the
// window on the axes is what is looked at.
import type { EChartsType, graphic } from 'echarts/core';
import { aroundWhat, dotsAxes, everything, grown, nearer, type Ranges, zoomOf } from './dots-window.ts';

/** Where somebody points: a place of the axes, and how far around it a dot is meant. */
export interface Aim {
  x: number;
  y: number;
  reach: number;
}

export interface Dots {
  /** Puts a ring around this place of the axes, and around no other, and says what stands there. */
  mark(at: { x: number; y: number; radius: number; colour: string; words: string } | null): void;
  /** Everything again, nearer and farther around the middle, or where this place of the axes is in sight. */
  lookAt(wanted: 'all' | { by: number } | { x: number; y: number }): void;
  /** 1 where everything is in sight; told when it changed. */
  onZoom(listener: (zoom: number) => void): void;
  /** `twice` of a double click, whose first half was told before. */
  onPress(listener: (aim: Aim, twice: boolean) => void): void;
  /** Where the pointer is, null when it left. */
  onPoint(listener: (aim: Aim | null) => void): void;
}

/** In pixels: as far beside the middle of a dot one may press. */
const reach = 6;
/** Whoever moves farther while the button is down moves the picture. */
const slip = 4;

/** What a dot is marked with. On a canvas of its own: whoever points about does not have all dots drawn anew. */
export const ringLook = { zlevel: 1, silent: true, invisible: true, style: { fill: 'none', lineWidth: 2 } } as const;

export function dotsOf(chart: EChartsType, ring: InstanceType<typeof graphic.Circle>): Dots {
  const zr = chart.getZr();
  let ranges: Ranges = { x: everything, y: everything };
  const zoomed: ((zoom: number) => void)[] = [];
  let ringed: { x: number; y: number; radius: number } | null = null;

  function place(): void {
    ring.attr({ invisible: ringed === null });
    if (ringed === null) return;
    const [cx = 0, cy = 0] = chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [ringed.x, ringed.y]);
    ring.setShape({ cx, cy, r: grown(ringed.radius, zoomOf(ranges)) });
  }
  function look(next: Ranges): void {
    const batch = Object.entries(next).map(([dataZoomId, range]) => ({ dataZoomId, ...range }));
    chart.dispatchAction({ type: 'dataZoom', batch });
  }
  // The library's own events know no dot from when its series was drawn anew until the pointer has moved.
  function aimAt({ offsetX, offsetY }: { offsetX: number; offsetY: number }): Aim {
    const axes = { xAxisIndex: 0, yAxisIndex: 0 };
    const [x = 0, y = 0] = chart.convertFromPixel(axes, [offsetX, offsetY]);
    const [edge = 0] = chart.convertFromPixel(axes, [offsetX + grown(reach, zoomOf(ranges)), offsetY]);
    return { x, y, reach: edge - x };
  }

  const { dataZoom, ...axes } = dotsAxes({ left: 0, top: 0, width: 1, height: 1 });
  chart.setOption({ ...axes, dataZoom: dataZoom.map((each) => ({ ...each, ...everything })) });
  // Its own types differ in what may be undefined.
  zr.add(ring as unknown as Parameters<ReturnType<EChartsType['getZr']>['add']>[0]);
  chart.on('datazoom', (event) => {
    const { batch = [] } = event as { batch?: { dataZoomId: string; start: number; end: number }[] };
    const before = zoomOf(ranges);
    const moved = batch.map(({ dataZoomId, ...range }) => [dataZoomId, { start: range.start, end: range.end }]);
    ranges = { ...ranges, ...Object.fromEntries(moved) };
    const zoom = zoomOf(ranges);
    if (zoom !== before) for (const listener of zoomed) listener(zoom);
    // What it pointed at is elsewhere now.
    chart.dispatchAction({ type: 'hideTip' });
    place();
  });
  return {
    mark(at) {
      ringed = at;
      if (at !== null) ring.setStyle({ stroke: at.colour });
      place();
      if (at === null) chart.dispatchAction({ type: 'hideTip' });
      else {
        const { words } = at;
        const { cx: x, cy: y } = ring.shape;
        chart.dispatchAction({ type: 'showTip', x, y, tooltip: { formatter: () => words } });
      }
    },
    lookAt(wanted) {
      if (wanted === 'all') look({ x: everything, y: everything });
      else if ('by' in wanted) look({ x: nearer(ranges.x, wanted.by), y: nearer(ranges.y, wanted.by) });
      else {
        const [x = 0, y = 0] = chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [wanted.x, wanted.y]);
        const zoom = zoomOf(ranges);
        const next = {
          x: aroundWhat(ranges.x, { at: x, size: chart.getWidth(), zoom }),
          y: aroundWhat(ranges.y, { at: y, size: chart.getHeight(), zoom }),
        };
        if (next.x !== ranges.x || next.y !== ranges.y) look(next);
      }
    },
    onZoom: (listener) => void zoomed.push(listener),
    onPress(listener) {
      let down: { offsetX: number; offsetY: number } | null = null;
      zr.on('mousedown', (event) => {
        down = event;
      });
      zr.on('mouseup', (event) => {
        const { button, detail } = event.event as MouseEvent;
        const from = down;
        down = null;
        if (from === null || button > 0) return;
        if (Math.hypot(event.offsetX - from.offsetX, event.offsetY - from.offsetY) > slip) return;
        listener(aimAt(event), detail > 1);
      });
    },
    onPoint(listener) {
      zr.on('mousemove', (event) => listener(aimAt(event)));
      zr.on('globalout', () => listener(null));
    },
  };
}
