// The one place that knows elk. A chunk of its own: the map fetches it when it has something to lay out.
import ELK from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { Elk } from './layout.ts';

export function openElk(failed: (reason: Error) => void): Elk {
  return new ELK({
    algorithms: ['layered'],
    workerFactory: () => {
      const worker = new Worker(workerUrl);
      worker.addEventListener('error', () => failed(new Error('The layout program could not be started.')));
      return worker;
    },
  });
}

/** Fetched early, so that a map opened for the first time without a network can be laid out. */
export async function fetchElk(): Promise<void> {
  await fetch(workerUrl);
}
