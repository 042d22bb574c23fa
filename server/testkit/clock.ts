import type { Clock } from '#server/ports/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time on and runs the timers that come due, in order of their time. */
  advance(ms: number): void;
  /** Sets the wall clock, also backwards; timers stay where they are, as on a real machine. */
  set(ms: number): void;
  /** Sets the wall clock forward or back by so much, as an administrator or NTP would. */
  step(ms: number): void;
  /** The machine sleeps: wall clock and elapsed time go on, timers and the monotonic clock do not. */
  suspend(ms: number): void;
}

export function createFakeClock(startMs: number): FakeClock {
  let wall = startMs;
  let steady = 0;
  let slept = 0;
  let next = 0;
  const timers = new Map<number, { due: number; callback: () => void }>();

  const setTimer = (ms: number, callback: () => void) => {
    const id = next;
    next += 1;
    timers.set(id, { due: steady + Math.max(0, ms), callback });
    return () => {
      timers.delete(id);
    };
  };

  return {
    now: () => wall,
    monotonic: () => steady,
    elapsed: () => steady + slept,
    setTimer,
    sleep(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        const cancel = setTimer(ms, resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          resolve();
        });
      });
    },
    advance(ms) {
      const end = steady + ms;
      for (;;) {
        const due = [...timers.entries()]
          .filter(([, timer]) => timer.due <= end)
          .sort((a, b) => a[1].due - b[1].due || a[0] - b[0])[0];
        if (due === undefined) break;
        timers.delete(due[0]);
        wall += due[1].due - steady;
        steady = due[1].due;
        due[1].callback();
      }
      wall += end - steady;
      steady = end;
    },
    set(ms) {
      wall = ms;
    },
    step(ms) {
      wall += ms;
    },
    suspend(ms) {
      wall += ms;
      slept += ms;
    },
  };
}
