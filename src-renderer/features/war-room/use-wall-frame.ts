// The window, its display, and how wide a text is: what the wall's sizes are computed from.
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { type WallSetting, wallSizes } from '../settings/wall-size.ts';
import type { Measure, WallFrame } from './wall-layout.ts';

export interface WallWindow {
  width: number;
  height: number;
  frame: WallFrame;
  /** Sizes of type in pixels. */
  bodyPx: number;
  floorPx: number;
  measure: Measure;
}

/** `framed`: by the amber frame of old data, which takes its room (war-room.css). */
export function useWallWindow(setting: WallSetting, framed: boolean): WallWindow {
  const key = useSyncExternalStore(onResize, sizesNow);
  const measure = useMeasure();
  const { diagonalInches, distanceMetres } = setting;
  return useMemo(() => {
    const [width = 1, height = 1, screenWidth = 1, screenHeight = 1] = key.split(' ').map(Number);
    // The letters on the glass are as large whether the window fills the display or not.
    const { body, floor } = wallSizes({ diagonalInches, distanceMetres }, screenWidth / screenHeight);
    const share = screenHeight / height;
    return {
      width,
      height,
      frame: {
        body: body * share,
        floor: floor * share,
        width: (100 * width) / height,
        edge: framed ? 2.3 + 3_600 / height : 4.1,
      },
      bodyPx: (body * screenHeight) / 100,
      floorPx: (floor * screenHeight) / 100,
      measure,
    };
  }, [key, measure, diagonalInches, distanceMetres, framed]);
}

function onResize(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}

function sizesNow(): string {
  const { innerWidth, innerHeight, screen } = window;
  return [innerWidth, innerHeight, screen.width, screen.height].map((one) => Math.max(1, one)).join(' ');
}

/** Measured anew when the fonts have come. */
function useMeasure(): Measure {
  const [measure, setMeasure] = useState<Measure>(() => createMeasure());
  useEffect(() => {
    let gone = false;
    void document.fonts.ready.then(() => (gone ? undefined : setMeasure(() => createMeasure())));
    return () => {
      gone = true;
    };
  }, []);
  return measure;
}

function createMeasure(): Measure {
  const context = document.createElement('canvas').getContext('2d');
  // Half an em is about what a letter takes.
  if (context === null) return (text) => text.length * 0.56;
  context.font = '650 100px Inter';
  const known = new Map<string, number>();
  return (text) => {
    const held = known.get(text);
    if (held !== undefined) return held;
    const width = context.measureText(text).width / 100;
    if (known.size > 500) known.clear();
    known.set(text, width);
    return width;
  };
}
