// Runs tasks one at a time; at each pause the seed decides who goes on. Same seed, same order of everything.
import { AsyncLocalStorage } from 'node:async_hooks';
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

interface Task {
  name: string;
  state: 'runs' | 'frozen' | 'killed';
}

interface Ready {
  task: Task;
  resume(): void;
}

export function createSchedule(random: Pick<Random, 'number'>, note: (line: string) => void): Schedule {
  /** Two things that a task waits for together may both go on after another task's turn has begun. */
  const running = new AsyncLocalStorage<Task>();
  const tasks = new Set<Task>();
  let ready: Ready[] = [];
  let frozen: Ready[] = [];
  let parked: () => void = () => {};
  let failure: unknown = null;

  return {
    pause() {
      return new Promise((resume) => {
        const task = running.getStore();
        if (task === undefined) throw new Error('a pause outside any task');
        if (task.state !== 'killed') (task.state === 'frozen' ? frozen : ready).push({ task, resume });
        parked();
      });
    },
    spawn(name, body) {
      const task: Task = { name, state: 'runs' };
      tasks.add(task);
      const ended = () => {
        tasks.delete(task);
        parked();
      };
      const failed = (error: unknown) => {
        if (task.state !== 'killed') failure ??= error;
        ended();
      };
      ready.push({ task, resume: () => running.run(task, () => void body().then(ended, failed)) });
    },
    kill(matches) {
      for (const task of tasks) {
        if (!matches(task.name)) continue;
        task.state = 'killed';
        tasks.delete(task);
      }
      ready = ready.filter(({ task }) => task.state !== 'killed');
      frozen = frozen.filter(({ task }) => task.state !== 'killed');
    },
    freeze(matches) {
      for (const task of tasks) if (matches(task.name)) task.state = 'frozen';
      frozen.push(...ready.filter(({ task }) => task.state === 'frozen'));
      ready = ready.filter(({ task }) => task.state !== 'frozen');
    },
    thaw() {
      for (const task of tasks) task.state = 'runs';
      ready.push(...frozen);
      frozen = [];
    },
    async run() {
      while (ready.length > 0 && failure === null) {
        const [next] = ready.splice(Math.floor(random.number() * ready.length), 1);
        if (next === undefined) break;
        note(next.task.name);
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
