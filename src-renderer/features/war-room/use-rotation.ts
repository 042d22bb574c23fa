import { useState } from 'react';
import { useDeviceNow, useServerNow } from '../../time.ts';
import { heldOrNot, newRotation, progressOf, stepped, turned, type WallEvent } from './rotation.ts';
import type { Lead } from './wall-link.ts';
import type { PictureId } from './wall-plan.ts';

export interface TurningPicture {
  current: PictureId | null;
  held: boolean;
  /** Share of its time that has passed. */
  progress: number;
  hold: () => void;
  step: (by: number) => void;
}

/** What a presenter wants goes before what this wall would do. */
export function useRotation(
  ids: readonly PictureId[],
  events: readonly WallEvent[],
  lead: Lead | null,
): TurningPicture {
  const clocks = { now: useDeviceNow(), serverNow: useServerNow() };
  const [rotation, setRotation] = useState(() => newRotation(clocks.now));
  const wanted = lead?.picture ?? null;
  const led = wanted !== null && ids.includes(wanted);
  const stands = led || (lead?.held === true && rotation.current !== null && ids.includes(rotation.current));
  const next = stands ? rotation : turned(rotation, ids, events, clocks);
  if (next !== rotation) setRotation(next);
  return {
    current: led ? wanted : next.current,
    held: stands || next.held,
    progress: stands ? 1 : progressOf(next, clocks.now),
    hold: () => setRotation(heldOrNot(next, clocks.now)),
    step: (by) => setRotation(stepped(next, ids, by, clocks)),
  };
}
