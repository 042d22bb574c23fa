import { describe, expect, it } from 'vitest';
import { aroundWhat, dotsAxes, everything, nearer, zoomOf } from './dots-window.ts';

describe('the window on a picture of dots', () => {
  it('shows the wanted part of both axes when everything is in sight', () => {
    const { xAxis, yAxis } = dotsAxes({ left: 100, top: -50, width: 400, height: 200 });
    const shown = ({ min, max }: { min: number; max: number }) =>
      [everything.start, everything.end].map((share) => min + ((max - min) * share) / 100);
    expect([shown(xAxis), shown(yAxis)]).toEqual([
      [100, 500],
      [-50, 150],
    ]);
  });

  it('comes nearer and steps back around its middle, within the ends of the axis', () => {
    expect(nearer({ start: 20, end: 40 }, 2)).toEqual({ start: 25, end: 35 });
    expect(nearer({ start: 0, end: 40 }, 0.5)).toEqual({ start: 0, end: 80 });
    expect(nearer(everything, 0.1)).toEqual({ start: 0, end: 100 });
    const { start, end } = nearer(everything, 1_000);
    expect(zoomOf({ x: { start, end }, y: everything })).toBeCloseTo(40);
    expect((start + end) / 2).toBe(50);
  });

  it('moves to what is out of sight, and stays for what is in sight', () => {
    const near = { start: 40, end: 50 };
    const of = (at: number, zoom = 5) => ({ at, size: 1_000, zoom });
    expect(aroundWhat(near, of(500))).toBe(near);
    expect(aroundWhat(near, of(950))).toBe(near);
    expect(aroundWhat(near, of(1_500))).toEqual({ start: 50, end: 60 });
    expect(aroundWhat(near, of(-500))).toEqual({ start: 30, end: 40 });
    // At the very edge the ring would be cut off, which is larger near than far.
    expect(aroundWhat(near, of(990))).not.toBe(near);
    expect(aroundWhat(near, of(950, 40))).not.toBe(near);
    expect(aroundWhat({ start: 85, end: 95 }, of(3_000))).toEqual({ start: 90, end: 100 });
  });
});
