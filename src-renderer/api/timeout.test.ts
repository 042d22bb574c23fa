import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withTimeout } from './timeout.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A body of which a part comes after each of the pauses; then nothing, or its end. */
async function read(pausesMs: readonly number[], ends = true): Promise<string> {
  const answer = withTimeout({}, async ({ signal }) => {
    const parts = pausesMs[Symbol.iterator]();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        signal?.addEventListener('abort', () => controller.error(signal.reason));
      },
      pull(controller) {
        const { value: pauseMs, done } = parts.next();
        if (done === true) return ends ? controller.close() : new Promise(() => undefined);
        return new Promise((resolve) => {
          setTimeout(() => {
            if (signal?.aborted !== true) controller.enqueue(new TextEncoder().encode('x'));
            resolve();
          }, pauseMs);
        });
      },
    });
    return new Response(body, { status: 200 });
  }).then(
    (response) => response.text(),
    () => 'given up',
  );
  await vi.advanceTimersByTimeAsync(300_000);
  return answer;
}

test('an answer that keeps coming is waited for, however slow the line', async () => {
  expect(await read(Array.from({ length: 10 }, () => 9_000))).toBe('xxxxxxxxxx');
});

test('one of which nothing comes any more is given up, and one that never ends', async () => {
  expect(await read([9_000], false)).toBe('given up');
  expect(await read([16_000])).toBe('given up');
  expect(await read(Array.from({ length: 30 }, () => 9_000))).toBe('given up');
});

test('an answer without a body is one', async () => {
  const response = await withTimeout({}, async () => new Response(null, { status: 204 }));
  expect([response.status, await response.text()]).toEqual([204, '']);
});
