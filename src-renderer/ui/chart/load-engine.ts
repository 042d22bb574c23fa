import type { Drawing } from './engine.ts';

let engine: Promise<(element: HTMLElement) => Drawing> | null = null;

/** Fetched once; a chart that was never opened has to open without a network too, so the screens fetch it early. */
export function loadEngine(): Promise<(element: HTMLElement) => Drawing> {
  engine ??= import('./engine.ts').then(
    (module) => module.openDrawing,
    (error: unknown) => {
      engine = null;
      throw error;
    },
  );
  return engine;
}
