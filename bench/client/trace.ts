// What the page's threads did, from the browser's own trace. Processor time, not wall time, wherever work is measured:
// another program on the same core is no fault of the page.
import type { Browser, Page } from 'playwright-core';

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

export interface Task {
  /** Microseconds, in the trace's own time. */
  at: number;
  wallMs: number;
  workMs: number;
}

export interface Trace {
  /** Of the page's main thread. */
  tasks: Task[];
  /** Work between one frame and the next, of frames in which anything was done. */
  frames: number[];
  /** All work of each worker. */
  workers: number[];
}

const categories = [
  '__metadata',
  'toplevel',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
];

export async function traced(browser: Browser, page: Page, work: () => Promise<void>): Promise<Trace> {
  await browser.startTracing(page, { categories, screenshots: false });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] };
  return read(traceEvents);
}

function read(events: readonly TraceEvent[]): Trace {
  const names = new Map<string, string>();
  const tasks = new Map<string, Task[]>();
  for (const event of events) {
    const thread = `${event.pid} ${event.tid}`;
    if (event.ph === 'M' && event.name === 'thread_name') names.set(thread, event.args?.name ?? '');
    // One event a task, with what the task took of the processor.
    if (event.ph !== 'X' || event.name !== 'RunTask' || event.dur === undefined) continue;
    const task = { at: event.ts, wallMs: event.dur / 1_000, workMs: (event.tdur ?? event.dur) / 1_000 };
    const held = tasks.get(thread);
    if (held === undefined) tasks.set(thread, [task]);
    else held.push(task);
  }
  const sum = (list: readonly Task[]) => list.reduce((total, { workMs }) => total + workMs, 0);
  const named = (wanted: string) =>
    [...tasks]
      .filter(([thread]) => names.get(thread)?.startsWith(wanted) === true)
      .toSorted(([, a], [, b]) => sum(b) - sum(a));
  const [main] = named('CrRendererMain');
  if (main === undefined) throw new Error('The trace has no tasks of a page.');
  const [thread, own] = main;
  own.sort((a, b) => a.at - b.at);
  const begun = events
    .filter(({ name, pid, tid }) => name === 'BeginMainThreadFrame' && `${pid} ${tid}` === thread)
    .map(({ ts }) => ts)
    .toSorted((a, b) => a - b);
  return { tasks: own, frames: byFrame(own, begun), workers: named('DedicatedWorker').map(([, list]) => sum(list)) };
}

/** A task belongs to the frame that it began in; the first frame's beginning is not known. */
function byFrame(tasks: readonly Task[], begun: readonly number[]): number[] {
  const frames: number[] = [];
  let next = 0;
  for (const [i, from] of begun.entries()) {
    const to = begun[i + 1];
    if (to === undefined) break;
    let work = 0;
    while (next < tasks.length && (tasks[next]?.at ?? 0) < to) {
      const task = tasks[next];
      // The task that begins the frame starts a moment before it says so.
      if (task !== undefined && task.at + task.wallMs * 1_000 >= from) work += task.workMs;
      next += 1;
    }
    if (work > 0) frames.push(work);
  }
  return frames;
}
