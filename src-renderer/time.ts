// The renderer's only clock. Server time is this machine's clock plus the offset that the stream measures.
import { useSyncExternalStore } from 'react';
import { create } from 'zustand';

export const useServerOffset = create<{ offsetMs: number }>(() => ({ offsetMs: 0 }));

export function deviceNow(): number {
  return Date.now();
}

export function serverNow(): number {
  return Date.now() + useServerOffset.getState().offsetMs;
}

/** The server's time, redrawn once a second. All users share one timer, so countdowns tick together. */
export function useServerNow(): number {
  const second = useSyncExternalStore(onTick, currentSecond);
  const offsetMs = useServerOffset((state) => state.offsetMs);
  return second * 1000 + offsetMs;
}

/** The server's time at the beginning of the step it is in, redrawn only when another step begins. */
export function useServerStep(stepMs: number): number {
  return useSyncExternalStore(
    onServerTime,
    () => Math.floor((currentSecond() * 1000 + useServerOffset.getState().offsetMs) / stepMs) * stepMs,
  );
}

export function useDeviceNow(): number {
  return useSyncExternalStore(onTick, currentSecond) * 1000;
}

function onServerTime(listener: () => void): () => void {
  const stops = [onTick(listener), useServerOffset.subscribe(listener)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Calls back after `ms`; the returned function cancels. */
export function after(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

const listeners = new Set<() => void>();
let cancelTick: (() => void) | null = null;

function currentSecond(): number {
  return Math.floor(Date.now() / 1000);
}

function scheduleTick(): void {
  cancelTick = after(1000 - (Date.now() % 1000) + 5, () => {
    for (const listener of listeners) listener();
    scheduleTick();
  });
}

function onTick(listener: () => void): () => void {
  listeners.add(listener);
  if (cancelTick === null) scheduleTick();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      cancelTick?.();
      cancelTick = null;
    }
  };
}
