// How often the screens are given what the replica holds: as often as they can draw it.

export interface Publisher {
  /** Shows with whatever comes until then. */
  soon(): void;
  now(): void;
  /** What was shown last is on the screen; how long that took paces the next ones. */
  drawn(): void;
  /** Once what was shown last is on the screen, or should be. */
  whenDrawn(): Promise<void>;
  stop(): void;
}

/** At most 15 redraws a second, however fast the feed is. */
const publishMs = 66;
const publishMaxMs = 1_000;
/** From one redraw to the next passes at least this many times what the last one took; input interrupts a redraw in any case. */
const publishRest = 1.3;
/** A window that nobody looks at draws nothing. */
const drawnMaxMs = 400;

export function createPublisher({
  show,
  now,
  after,
}: {
  show: () => void;
  now: () => number;
  after: (ms: number, callback: () => void) => () => void;
}): Publisher {
  let shownAt = 0;
  let waitMs = publishMs;
  let cancel: (() => void) | null = null;
  let stopped = false;
  let waiting: (() => void)[] = [];

  function showNow(): void {
    cancel?.();
    cancel = null;
    shownAt = now();
    show();
  }

  function soon(): void {
    if (cancel !== null || stopped) return;
    const passedMs = now() - shownAt;
    // A clock that was set back would have the screens wait for as long.
    if (passedMs >= waitMs || passedMs < 0) return showNow();
    cancel = after(waitMs - passedMs, showNow);
  }

  function goOn(): void {
    const all = waiting;
    waiting = [];
    for (const each of all) each();
  }

  return {
    soon,
    now: showNow,
    drawn() {
      waitMs = Math.min(publishMaxMs, Math.max(publishMs, publishRest * (now() - shownAt)));
      goOn();
    },
    whenDrawn: () =>
      new Promise((resolve) => {
        const give = after(drawnMaxMs, resolve);
        waiting.push(() => {
          give();
          resolve();
        });
      }),
    stop() {
      stopped = true;
      cancel?.();
      goOn();
    },
  };
}
