// The sender: a stream of alerts that each open an incident of their own, and what it was promised for them.
import type { RunningServer } from '../../harness/server.ts';
import type { Center } from './center.ts';
import { pause } from './center.ts';

export interface Stream {
  /** performance.now() of each 2xx, by the alert's number. */
  accepted: Map<number, number>;
  /** Ends the stream; what is on its way is answered first. */
  end(): Promise<void>;
}

const answerWithinMs = 5_000;

/** `only` names the servers that are sent to; all that run by default. */
export function startStream(
  center: Center,
  { perSecond, from = 0, to = center.some }: { perSecond: number; from?: number; to?: () => RunningServer },
): Stream {
  const accepted = new Map<number, number>();
  let running = true;
  const lanes = 4;
  const lane = async (first: number) => {
    for (let n = from + first; running; n += lanes) {
      const began = performance.now();
      if (await sendAlert(center, n, to)) accepted.set(n, performance.now());
      await pause(Math.max(0, (1_000 * lanes) / perSecond - (performance.now() - began)));
    }
  };
  const ended = Promise.all(
    Array.from({ length: lanes }, async (_, index) => {
      await pause((index * 1_000) / perSecond);
      await lane(index);
    }),
  );
  return {
    accepted,
    async end() {
      running = false;
      await ended;
    },
  };
}

/** Whether it got a 2xx. Without an answer the sender may not count on it, and does not send it again. */
export async function sendAlert(center: Center, n: number, to: () => RunningServer = center.some): Promise<boolean> {
  try {
    const answer = await fetch(`${to().url}/webhooks/generic`, {
      method: 'POST',
      headers: { authorization: `Bearer ${center.integrationKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title: `Fault ${n}.`, service: `fault-${n}`, severity: 'sev1', dedupKey: `fault-${n}` }),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Waits until `done`, or until `ms` have passed. */
export async function patiently(ms: number, done: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const until = performance.now() + ms; performance.now() < until; await pause(100)) if (await done()) return true;
  return false;
}
