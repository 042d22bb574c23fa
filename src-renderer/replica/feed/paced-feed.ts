// The feed, a message a task: what was missed comes as many at once, and the page draws and answers keys between them.
import type { FeedTransport } from './stream.ts';

export function createPacedFeed(network: FeedTransport, nextTask: (run: () => void) => void): FeedTransport {
  return {
    snapshotPage: network.snapshotPage,
    open(position, handlers, heardAt) {
      const waiting: (() => void)[] = [];
      let busy = false;
      let closed = false;

      function goOn(): void {
        const run = closed ? undefined : waiting.shift();
        busy = run !== undefined;
        if (run === undefined) return;
        nextTask(goOn);
        run();
      }

      function take(run: () => void): void {
        waiting.push(run);
        if (!busy) goOn();
      }

      const paced = {
        message: (message: unknown) => take(() => handlers.message(message)),
        // After what came before it: each message is a step that need not be asked for again.
        failed: (error: unknown) => take(() => handlers.failed(error)),
      };
      const close = network.open(position, paced, heardAt);
      return () => {
        closed = true;
        close();
      };
    },
  };
}

/** Once the browser has drawn or taken keys, where something waits for that. A timer would wait in a hidden window. */
export function inNextTask(run: () => void): void {
  const { scheduler } = globalThis as { scheduler?: { yield?: () => Promise<void> } };
  if (scheduler?.yield !== undefined) {
    void scheduler.yield().then(run);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', run, { once: true });
  port1.start();
  port2.postMessage(null);
}
