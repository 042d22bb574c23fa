// Reads a calendar in a thread of its own: a hostile one costs that thread, not the pager.
import { Worker } from 'node:worker_threads';
import type { ReadCalendar } from '#server/modules/oncall/ical-in.ts';
import type { Clock } from '#server/ports/clock.ts';

const limitMs = 10_000;

export type ReadCalendarText = (text: string, now: number) => Promise<ReadCalendar>;

/** Rejects with words when the text is no calendar, or takes more than 10 s or 128 MB to read. */
export function createCalendarReader({ clock }: { clock: Pick<Clock, 'setTimer'> }): ReadCalendarText {
  return (text, now) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('ical-worker.ts', import.meta.url), {
        workerData: { text, now },
        resourceLimits: { maxOldGenerationSizeMb: 128 },
      });
      const end = (settle: () => void) => {
        cancel();
        void worker.terminate();
        settle();
      };
      const cancel = clock.setTimer(limitMs, () =>
        end(() => reject(new Error(`it takes more than ${limitMs / 1_000} s to read`))),
      );
      worker.once('message', (answer: { read: ReadCalendar } | { fault: string }) =>
        end(() => ('read' in answer ? resolve(answer.read) : reject(new Error(answer.fault)))),
      );
      worker.once('error', (error) => end(() => reject(error)));
    });
}
