// Events that stand closer than a few pixels are drawn as one mark. A bin is a whole multiple of its width since the epoch,
// so that panning moves marks and never regroups them.
import type { LaneTimes } from './timeline-index.ts';

export type VisitBin = (bin: number, count: number, marks: number, first: number) => void;

/** First place whose time is not before `ms`. */
export function firstFrom(times: Float64Array, ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Tells each bin that holds something between the two instants, whole bins at both ends: its number, how many events it
 * holds, their marks together, and the first of them in the lane.
 */
export function eachBin({ ms, marks }: LaneTimes, fromMs: number, toMs: number, binMs: number, visit: VisitBin): void {
  const from = Math.floor(fromMs / binMs);
  const to = Math.floor(toMs / binMs);
  let place = firstFrom(ms, from * binMs);
  while (place < ms.length) {
    const bin = Math.floor((ms[place] as number) / binMs);
    if (bin > to) return;
    const first = place;
    let together = 0;
    while (place < ms.length && Math.floor((ms[place] as number) / binMs) === bin) {
      together |= marks[place] as number;
      place += 1;
    }
    visit(bin, place - first, together, first);
  }
}
