// What the lanes show and what the list shows, kept in step outside of React: panning draws a canvas and renders nothing.
import { same, type Viewport, within } from './viewport.ts';

export type Mover = 'lanes' | 'list';

export interface Stage {
  view(): Viewport;
  whole(): Viewport;
  /** What the list shows now; null before it said so. */
  listed(): Viewport | null;
  set(view: Viewport, mover: Mover): void;
  setListed(listed: Viewport | null): void;
  /** The ends moved: who looked at everything still does, and who looked at the end follows it. */
  setWhole(whole: Viewport): void;
  subscribe(heard: (mover: Mover | null) => void): () => void;
}

export function createStage(first: Viewport): Stage {
  let whole = first;
  let view = first;
  let listed: Viewport | null = null;
  const hearers = new Set<(mover: Mover | null) => void>();

  function tell(mover: Mover | null): void {
    for (const heard of hearers) heard(mover);
  }

  return {
    view: () => view,
    whole: () => whole,
    listed: () => listed,
    set(next, mover) {
      if (same(next, view)) return;
      view = next;
      tell(mover);
    },
    setListed(next) {
      if (next === listed || (next !== null && listed !== null && same(next, listed))) return;
      listed = next;
      tell(null);
    },
    setWhole(next) {
      if (same(next, whole)) return;
      const everything = same(view, whole);
      const atEnd = view.toMs === whole.toMs;
      const length = view.toMs - view.fromMs;
      whole = next;
      view = everything ? next : within(atEnd ? { fromMs: next.toMs - length, toMs: next.toMs } : view, next);
      tell(null);
    },
    subscribe(heard) {
      hearers.add(heard);
      return () => hearers.delete(heard);
    },
  };
}
