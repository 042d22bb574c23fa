import { expect, it } from 'vitest';
import { createAlertTimers, expiryGraceMs } from '#server/modules/alerts/timers.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

it.each([
  ['the machine slept', (clock: FakeClock) => clock.suspend(3_600_000)],
  ['its clock was set', (clock: FakeClock) => clock.step(86_400_000)],
])('after %s, sources get the time of a start to be heard again before anything expires', async (_how, leap) => {
  const clock = createFakeClock(Date.UTC(2026, 10, 22));
  let asked = 0;
  const timers = createAlertTimers<null>({
    transact: (body) => body(null),
    alerts: {
      lockExpired() {
        asked += 1;
        return Promise.resolve([]);
      },
      lockSettled: () => Promise.resolve([]),
    },
    silences: { runDue: () => Promise.resolve(0) },
    apply: () => Promise.resolve([]),
    lag: () => Promise.resolve({ oldestAgeMs: 0 }),
    clock,
    random: createSeededRandom(1, clock),
    logger: createMemoryLogger(),
  });
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds; i += 1) {
      clock.advance(1_000);
      await new Promise((resolve) => void setImmediate(resolve));
    }
  };
  timers.start();
  const grace = expiryGraceMs / 1_000;
  await pass(grace - 1);
  expect(asked).toBe(0);
  await pass(5);
  expect(asked).toBe(5);
  leap(clock);
  await pass(grace);
  expect(asked).toBe(5);
  await pass(1);
  expect(asked).toBe(6);
  await timers.stop();
});

it('what runs out while the machine sleeps in the midst of a look does not expire in that look', async () => {
  const clock = createFakeClock(Date.UTC(2026, 10, 22));
  const asked: string[] = [];
  let sleeps = false;
  const timers = createAlertTimers<null>({
    transact: (body) => body(null),
    alerts: {
      lockExpired(_tx, now) {
        asked.push(now);
        return Promise.resolve([]);
      },
      lockSettled: () => Promise.resolve([]),
    },
    silences: { runDue: () => Promise.resolve(0) },
    apply: () => Promise.resolve([]),
    lag() {
      if (sleeps) clock.suspend(8 * 3_600_000);
      sleeps = false;
      return Promise.resolve({ oldestAgeMs: 0 });
    },
    clock,
    random: createSeededRandom(1, clock),
    logger: createMemoryLogger(),
  });
  timers.start();
  for (let i = 0; i < expiryGraceMs / 1_000 + 3; i += 1) {
    sleeps = asked.length === 1;
    clock.advance(1_000);
    await new Promise((resolve) => void setImmediate(resolve));
  }
  expect(asked).toEqual(['2026-11-22T00:02:00.000Z', '2026-11-22T00:02:01.000Z']);
  await timers.stop();
});
