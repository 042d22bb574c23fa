// Where things stand in the picture of the lanes. Pure.
import { type Lane, lanes } from '#server/contract/timeline.ts';
import type { Viewport } from './viewport.ts';

export interface LaneLayout {
  width: number;
  height: number;
  /** Where the time axis begins and ends. */
  left: number;
  right: number;
  laneHeight: number;
  axisTop: number;
}

export interface LaneSize {
  label: number;
  lane: number;
  axis: number;
  /** The text's height in px. */
  font: number;
}

export const fullSize: LaneSize = { label: 84, lane: 32, axis: 26, font: 12 };
export const stripSize: LaneSize = { label: 62, lane: 17, axis: 20, font: 11 };

export function layoutOf(width: number, size: LaneSize): LaneLayout {
  const axisTop = lanes.length * size.lane;
  return { width, height: axisTop + size.axis, left: size.label, right: width - 14, laneHeight: size.lane, axisTop };
}

export function xOf({ left, right }: LaneLayout, { fromMs, toMs }: Viewport, ms: number): number {
  return left + ((ms - fromMs) / (toMs - fromMs)) * (right - left);
}

export function msOf({ left, right }: LaneLayout, { fromMs, toMs }: Viewport, x: number): number {
  return fromMs + ((x - left) / (right - left)) * (toMs - fromMs);
}

export function msPerPixel({ left, right }: LaneLayout, { fromMs, toMs }: Viewport): number {
  return (toMs - fromMs) / Math.max(1, right - left);
}

export function middleOf(layout: LaneLayout, lane: Lane): number {
  return (lanes.indexOf(lane) + 0.5) * layout.laneHeight;
}

/** The lane at a height; null below them. */
export function laneAt(layout: LaneLayout, y: number): Lane | null {
  return lanes[Math.floor(y / layout.laneHeight)] ?? null;
}

/** Marks of a lane never stand closer than this. */
export const binPixels: Readonly<Record<Lane, number>> = { impact: 6, system: 3, changes: 9, people: 8, comms: 9 };
