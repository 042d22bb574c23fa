// Looking for what is due, over the clock's port: due times are rows, and this only says when to look.
import type { Clock } from '#server/ports/clock.ts';

export interface Looks {
  start(): void;
  /** Waits for the look that is under way. */
  stop(): Promise<void>;
}

/** One look at a time: `everyMs` after the end of the one before, and at once when somebody says that there is something. */
export function createLooks(deps: {
  clock: Pick<Clock, 'setTimer'>;
  everyMs: number;
  look(): Promise<unknown>;
  failed(error: unknown): void;
  /** Then the first look is at the start as well. */
  onWake?(listener: () => void): () => void;
}): Looks {
  const { clock, everyMs, onWake } = deps;
  let stopped = true;
  let again = false;
  let running: Promise<void> | null = null;
  let cancel = () => {};
  let endWake = () => {};

  function kick(): void {
    again = true;
    if (stopped || running !== null) return;
    cancel();
    running = run().finally(() => {
      running = null;
      // Asked for again between the end of the last look and now.
      if (again) kick();
      else schedule();
    });
  }

  async function run(): Promise<void> {
    while (again && !stopped) {
      again = false;
      try {
        await deps.look();
      } catch (error) {
        deps.failed(error);
      }
    }
  }

  function schedule(): void {
    if (!stopped) cancel = clock.setTimer(everyMs, kick);
  }

  return {
    start() {
      stopped = false;
      again = false;
      if (onWake === undefined) return schedule();
      endWake = onWake(kick);
      kick();
    },
    async stop() {
      stopped = true;
      endWake();
      cancel();
      await running;
    },
  };
}
