import { expect, it } from 'vitest';
import { createKept } from '#server/database/kept.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

function createScene() {
  const clock = createFakeClock(0);
  const reads: ((value: string | null) => void)[] = [];
  const told: string[] = [];
  const listeners = new Set<() => void>();
  const kept = createKept<string>({
    initial: 'none',
    load: () => new Promise((resolve) => reads.push(resolve)),
    changed: (value) => told.push(value),
    channel: 'x',
    wake: {
      on(_channel, listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    clock,
    logger: createMemoryLogger(),
  });
  async function answer(read: number, value: string | null) {
    reads[read]!(value);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { clock, kept, reads, told, answer, wake: () => listeners.forEach((listener) => listener()) };
}

it('is read at the start, when somebody says that it changed, and every few seconds', async () => {
  const { clock, kept, reads, told, answer, wake } = createScene();
  void kept.start();
  await answer(0, 'first');
  wake();
  await answer(1, 'second');
  expect(kept.current()).toBe('second');
  clock.advance(3_000);
  await answer(2, 'second');
  clock.advance(3_000);
  await answer(3, null);
  expect([kept.current(), told, reads.length]).toEqual(['second', ['first', 'second'], 4]);
  kept.stop();
  wake();
  clock.advance(10_000);
  expect(reads).toHaveLength(4);
});

it('does not go back to what a slow read saw before a change', async () => {
  const { clock, kept, told, answer } = createScene();
  void kept.start();
  await answer(0, 'live');
  clock.advance(3_000);
  // Somebody changes it here, and reads what stands now.
  const changed = kept.read();
  await answer(2, 'paused');
  expect(await changed).toBe('paused');
  await answer(1, 'live');
  expect([kept.current(), told]).toEqual(['paused', ['live', 'paused']]);
  kept.stop();
});
