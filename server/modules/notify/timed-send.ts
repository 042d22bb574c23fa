import type { SendResult } from '#server/modules/notify/channel-type.ts';
import type { Clock } from '#server/ports/clock.ts';

const timeoutMs = 10_000;

/** One call of a provider: ended after 10 s, and a throw is a failure like any other. */
export async function timedSend(
  clock: Pick<Clock, 'setTimer'>,
  start: (signal: AbortSignal) => Promise<SendResult>,
  ended?: AbortSignal,
): Promise<SendResult> {
  const timeout = new AbortController();
  let cancel = () => {};
  const timedOut = new Promise<SendResult>((resolve) => {
    cancel = clock.setTimer(timeoutMs, () => {
      timeout.abort();
      resolve(failed(`no answer within ${timeoutMs / 1_000} s`));
    });
  });
  try {
    const signal = ended === undefined ? timeout.signal : AbortSignal.any([timeout.signal, ended]);
    return await Promise.race([start(signal), timedOut]);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  } finally {
    cancel();
  }
}

/** A failure that may pass. */
export function failed(reason: string): Extract<SendResult, { outcome: 'failed' }> {
  return { outcome: 'failed', permanent: false, retryAfterMs: null, reason, response: '' };
}
