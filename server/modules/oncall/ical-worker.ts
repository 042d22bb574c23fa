import { parentPort, workerData } from 'node:worker_threads';
import { readCalendar } from '#server/modules/oncall/ical-in.ts';

const { text, now } = workerData as { text: string; now: number };
try {
  parentPort?.postMessage({ read: readCalendar(text, now) });
} catch (error) {
  parentPort?.postMessage({ fault: error instanceof Error ? error.message : String(error) });
}
