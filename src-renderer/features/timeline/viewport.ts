// The stretch of time that the lanes show. Pure.

export interface Viewport {
  fromMs: number;
  toMs: number;
}

/** Nobody needs to tell events apart that are closer than this. */
export const shortestMs = 5_000;
const marginShare = 0.03;

/** Everything, with a little room at both ends. */
export function fit(first: number, last: number): Viewport {
  const length = Math.max(last - first, 60_000);
  const middle = (first + last) / 2;
  const half = length * (0.5 + marginShare);
  return { fromMs: middle - half, toMs: middle + half };
}

/** `by` below 1 shows less; what stands under `aroundMs` stays where it is. */
export function zoomed({ fromMs, toMs }: Viewport, by: number, aroundMs: number, whole: Viewport): Viewport {
  const length = toMs - fromMs;
  const next = Math.min(Math.max(length * by, shortestMs), Math.max(whole.toMs - whole.fromMs, shortestMs));
  const share = (aroundMs - fromMs) / length;
  return within({ fromMs: aroundMs - share * next, toMs: aroundMs + (1 - share) * next }, whole);
}

export function panned({ fromMs, toMs }: Viewport, byMs: number, whole: Viewport): Viewport {
  return within({ fromMs: fromMs + byMs, toMs: toMs + byMs }, whole);
}

/** Moved as little as it takes for `ms` to be in sight, with some room around it. */
export function showing(view: Viewport, ms: number, whole: Viewport): Viewport {
  const room = (view.toMs - view.fromMs) * 0.08;
  if (ms < view.fromMs + room) return panned(view, ms - room - view.fromMs, whole);
  if (ms > view.toMs - room) return panned(view, ms + room - view.toMs, whole);
  return view;
}

/** Between two instants, in any order. */
export function between(a: number, b: number, whole: Viewport): Viewport {
  const [first, last] = a < b ? [a, b] : [b, a];
  const spare = Math.max(shortestMs - (last - first), 0) / 2;
  return within({ fromMs: first - spare, toMs: last + spare }, whole);
}

export function same(a: Viewport, b: Viewport): boolean {
  return a.fromMs === b.fromMs && a.toMs === b.toMs;
}

/** Never past either end. */
export function within({ fromMs, toMs }: Viewport, whole: Viewport): Viewport {
  const length = toMs - fromMs;
  if (length >= whole.toMs - whole.fromMs) return whole;
  if (fromMs < whole.fromMs) return { fromMs: whole.fromMs, toMs: whole.fromMs + length };
  if (toMs > whole.toMs) return { fromMs: whole.toMs - length, toMs: whole.toMs };
  return { fromMs, toMs };
}

const minute = 60_000;
const hour = 60 * minute;
const steps = [
  1_000,
  5_000,
  15_000,
  30_000,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
  7 * 24 * hour,
];

/** Where the axis has its labels: at most so many, at round times. */
export function axisTicks({ fromMs, toMs }: Viewport, most: number): { stepMs: number; ticks: number[] } {
  const length = toMs - fromMs;
  const stepMs = steps.find((step) => length / step <= most) ?? Math.ceil(length / most / (24 * hour)) * 24 * hour;
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at <= toMs; at += stepMs) ticks.push(at);
  return { stepMs, ticks };
}
