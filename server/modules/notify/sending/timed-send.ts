import type { SendContext, SendResult } from '#server/modules/notify/channel-type.ts';
import type { Clock } from '#server/ports/clock.ts';

const timeoutMs = 10_000;
/** For what comes after the message itself was taken. */
const afterwardsMs = 5_000;

type Taken = NonNullable<SendContext<unknown>['taken']>;

/**
 * One call of a provider: ended after 10 s, and a throw is a failure like any other. Once the provider has taken the
 * message that is its result, whatever becomes of the rest.
 */
export async function timedSend(
  clock: Pick<Clock, 'setTimer'>,
  start: (signal: AbortSignal, taken: Taken) => Promise<SendResult>,
  ended?: AbortSignal,
): Promise<SendResult> {
  const timeout = new AbortController();
  let cancel = () => {};
  let safe = null as SendResult | null;
  let give: (result: SendResult) => void = () => {};
  const timedOut = new Promise<SendResult>((resolve) => (give = resolve));
  const within = (ms: number) => {
    cancel();
    cancel = clock.setTimer(ms, () => {
      timeout.abort();
      give(safe ?? failed(`no answer within ${timeoutMs / 1_000} s`));
    });
  };
  within(timeoutMs);
  try {
    const signal = ended === undefined ? timeout.signal : AbortSignal.any([timeout.signal, ended]);
    const result = await Promise.race([
      start(signal, (taken) => {
        if (timeout.signal.aborted) return;
        safe = taken;
        within(afterwardsMs);
      }),
      timedOut,
    ]);
    return result.outcome === 'failed' ? (safe ?? result) : result;
  } catch (error) {
    return safe ?? failed(error instanceof Error ? error.message : String(error));
  } finally {
    cancel();
  }
}

/** A failure that may pass. */
export function failed(reason: string): Extract<SendResult, { outcome: 'failed' }> {
  return { outcome: 'failed', permanent: false, retryAfterMs: null, reason, response: '' };
}
