// What is looked at of a picture of dots: a window on two hidden axes. Pure.

/** In hundredths of an axis. */
export interface Range {
  start: number;
  end: number;
}
export interface Ranges {
  x: Range;
  y: Range;
}

/** The axes reach beyond what is to be seen by half of it on each side: one can step back, and move it aside. */
export const everything: Range = { start: 25, end: 75 };
const span = everything.end - everything.start;
const nearest = 40;
const leastSpan = span / nearest;
/** What is closer to an end of the picture is not in sight: its ring is cut off. In pixels, grown as the ring is. */
const rim = 12;

/** Axes of which this part is what is to be seen. */
export function dotsAxes({ left, top, width, height }: { left: number; top: number; width: number; height: number }) {
  const axis = { type: 'value', show: false } as const;
  const zoom = { type: 'inside', filterMode: 'none', minSpan: leastSpan, throttle: 0 } as const;
  return {
    grid: { left: 0, right: 0, top: 0, bottom: 0, outerBoundsMode: 'none' as const },
    xAxis: { ...axis, min: left - width / 2, max: left + width * 1.5 },
    yAxis: { ...axis, min: top - height / 2, max: top + height * 1.5, inverse: true },
    dataZoom: [
      { id: 'x', xAxisIndex: 0, ...zoom },
      { id: 'y', yAxisIndex: 0, ...zoom },
    ],
  };
}

/** 1 where everything is in sight. */
export function zoomOf({ x }: Ranges): number {
  return span / (x.end - x.start);
}

/** Around its middle, and never past an end. */
export function nearer(range: Range, by: number): Range {
  const half = Math.min(50, Math.max(leastSpan, (range.end - range.start) / by) / 2);
  const middle = Math.min(100 - half, Math.max(half, (range.start + range.end) / 2));
  return { start: middle - half, end: middle + half };
}

/** Moved so that the pixel `at` of `size` comes to its middle, if that is outside or at the very edge; else as it is. */
export function aroundWhat(range: Range, { at, size, zoom }: { at: number; size: number; zoom: number }): Range {
  const least = Math.min(grown(rim, zoom), size / 4);
  if (at >= least && at <= size - least) return range;
  const half = (range.end - range.start) / 2;
  const wanted = range.start + (2 * half * at) / size;
  const middle = Math.min(100 - half, Math.max(half, wanted));
  return { start: middle - half, end: middle + half };
}

/** Dots and letters grow as one comes nearer, but slower than what lies between them. */
export function grown(size: number, zoom: number): number {
  return size * ((zoom - 1) * 0.4 + 1);
}
