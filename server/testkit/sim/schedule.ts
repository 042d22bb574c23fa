// Runs tasks one at a time; at each pause the seed decides who goes on. Same seed, same order of everything.
import type { Random } from '#server/ports/random.ts';

export interface Schedule {
  /** Where a task lets others run: before every access to a store. */
  pause(): Promise<void>;
  spawn(name: string, body: () => Promise<void>): void;
  /** A crash: no task that matches ever runs again; whatever it had in memory is gone. */
  kill(matches: (name: string) => boolean): void;
  /** SIGSTOP: tasks that match stay where they are until they are let go on. */
  freeze(matches: (name: string) => boolean): void;
  thaw(): void;
  /** Runs until no task is left. */
  run(): Promise<void>;
}

interface Ready {
  name: string;
  resume(): void;
}

export function createSchedule(random: Pick<Random, 'number'>, note: (line: string) => void): Schedule {
  let ready: Ready[] = [];
  let frozen: Ready[] = [];
  let current = '';
  let parked: () => void = () => {};
  let failure: unknown = null;

  return {
    pause() {
      return new Promise((resume) => {
        ready.push({ name: current, resume });
        parked();
      });
    },
    spawn(name, body) {
      ready.push({
        name,
        resume() {
          body().then(
            () => parked(),
            (error: unknown) => {
              failure ??= error;
              parked();
            },
          );
        },
      });
    },
    kill(matches) {
      ready = ready.filter((task) => !matches(task.name));
      frozen = frozen.filter((task) => !matches(task.name));
    },
    freeze(matches) {
      frozen.push(...ready.filter((task) => matches(task.name)));
      ready = ready.filter((task) => !matches(task.name));
    },
    thaw() {
      ready.push(...frozen);
      frozen = [];
    },
    async run() {
      while (ready.length > 0 && failure === null) {
        const [next] = ready.splice(Math.floor(random.number() * ready.length), 1);
        if (next === undefined) break;
        current = next.name;
        note(current);
        let idle: NodeJS.Immediate | undefined;
        await new Promise<void>((resolve) => {
          parked = resolve;
          // One of several things that a task waits for together may end without a pause: then nothing else says so.
          idle = setImmediate(resolve);
          next.resume();
        });
        clearImmediate(idle);
      }
      if (failure !== null) throw failure;
    },
  };
}
