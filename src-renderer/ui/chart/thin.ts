// Long lines thinned before the drawing library sees them: it makes an object of every point before it thins them itself.
import type { ChartOption } from './option.ts';

/** More than any window has pixels across. */
export const pointsMax = 4_000;

type Point = readonly [number, number];

export function withThinLines(option: ChartOption): ChartOption {
  const series = option.series === undefined ? [] : [option.series].flat();
  if (!series.some((each) => each.type === 'line' && isLong(each.data))) return option;
  return {
    ...option,
    series: series.map((each) =>
      each.type === 'line' && isLong(each.data) ? { ...each, data: thinned(each.data, pointsMax) } : each,
    ),
  };
}

/** Only pairs of figures: a gap, or a place on an axis of names, would be lost. */
function isLong(data: unknown): data is Point[] {
  if (!Array.isArray(data) || data.length <= pointsMax) return false;
  return data.every(
    (point) => Array.isArray(point) && point.length === 2 && Number.isFinite(point[0]) && Number.isFinite(point[1]),
  );
}

/**
 * Largest-Triangle-Three-Buckets (Steinarsson 2013): of each stretch the point that spans the largest triangle with the
 * one chosen before it and the middle of the stretch behind it. So a peak that stands out stays; of two in one stretch,
 * one up and one down, the lesser goes.
 */
export function thinned<P extends Point>(points: readonly P[], most: number): P[] {
  const last = points.length - 1;
  if (points.length <= most || most < 3) return [...points];
  const step = (points.length - 2) / (most - 2);
  const start = (bucket: number): number => Math.min(last, Math.floor(bucket * step) + 1);
  const chosen = [points[0] as P];
  for (let bucket = 0; bucket < most - 2; bucket += 1) {
    const [x, y] = chosen.at(-1) as P;
    const to = start(bucket + 1);
    const [nextX, nextY] = middleOf(points, to, Math.max(to + 1, start(bucket + 2)));
    let best = start(bucket);
    let largest = -1;
    for (let i = best; i < to; i += 1) {
      const [ownX, ownY] = points[i] as P;
      const area = Math.abs((x - nextX) * (ownY - y) - (x - ownX) * (nextY - y));
      if (area <= largest) continue;
      largest = area;
      best = i;
    }
    chosen.push(points[best] as P);
  }
  chosen.push(points[last] as P);
  return chosen;
}

function middleOf(points: readonly Point[], from: number, to: number): [number, number] {
  let x = 0;
  let y = 0;
  for (let i = from; i < to; i += 1) {
    const [ownX, ownY] = points[i] as Point;
    x += ownX;
    y += ownY;
  }
  return [x / (to - from), y / (to - from)];
}
