import { expect, it } from 'vitest';
import { createLooks } from '#server/database/looks.ts';
import { createFakeClock } from '#server/testkit/clock.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function createScene(wakes: boolean) {
  const clock = createFakeClock(0);
  const begun: number[] = [];
  const failures: unknown[] = [];
  const listeners = new Set<() => void>();
  const ends: ((error?: Error) => void)[] = [];
  const looks = createLooks({
    clock,
    everyMs: 1_000,
    look() {
      begun.push(clock.now());
      return new Promise((resolve, reject) =>
        ends.push((error) => (error === undefined ? resolve(null) : reject(error))),
      );
    },
    failed: (error) => failures.push(error),
    ...(wakes ? { onWake: (listener) => (listeners.add(listener), () => listeners.delete(listener)) } : {}),
  });
  async function end(error?: Error) {
    ends.shift()!(error);
    await turn();
  }
  return { clock, looks, begun, failures, listeners, end, wake: () => listeners.forEach((listener) => listener()) };
}

it('looks a while after the last look has ended, however long that took and however it ended', async () => {
  const { clock, looks, begun, failures, end } = createScene(false);
  looks.start();
  expect(begun).toEqual([]);
  clock.advance(1_000);
  clock.advance(5_000);
  expect(begun).toEqual([1_000]);
  await end(new Error('no database'));
  clock.advance(999);
  expect(begun).toEqual([1_000]);
  clock.advance(1);
  expect([begun, failures]).toEqual([[1_000, 7_000], [new Error('no database')]]);
  const stopped = looks.stop();
  await end();
  await stopped;
  clock.advance(10_000);
  expect(begun).toHaveLength(2);
});

it('looks at once when it is woken, once more after a look that was under way, and never twice at a time', async () => {
  const { clock, looks, begun, listeners, end, wake } = createScene(true);
  looks.start();
  expect(begun).toEqual([0]);
  wake();
  wake();
  expect(begun).toEqual([0]);
  await end();
  expect(begun).toEqual([0, 0]);
  await end();
  clock.advance(400);
  wake();
  await end();
  expect(begun).toEqual([0, 0, 400]);
  clock.advance(1_000);
  expect(begun).toEqual([0, 0, 400, 1_400]);
  wake();
  const stopped = looks.stop();
  await end();
  await stopped;
  clock.advance(10_000);
  expect([begun.length, listeners.size]).toEqual([4, 0]);
});
