import { afterEach, expect, test } from 'vitest';
import { createWake, type Wake } from '#server/adapters/postgres/wake.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

const clock = createSystemClock();
const random = createSystemRandom(clock);
const database = await testDatabase();
const open: Wake[] = [];
afterEach(async () => {
  for (const wake of open.splice(0)) await wake.stop();
});

function server(): { wake: Wake; heard: string[] } {
  const wake = createWake({ database, clock, random, logger: createMemoryLogger() });
  const heard: string[] = [];
  for (const channel of ['feed', 'log:ingest']) wake.on(channel, () => heard.push(channel));
  wake.start();
  open.push(wake);
  return { wake, heard };
}

/** Both listen: connecting counts as a hint, because one may have been missed. */
async function pair() {
  const [one, two] = [server(), server()];
  await expect.poll(() => [one.heard.length, two.heard.length]).toEqual([2, 2]);
  one.heard.splice(0);
  two.heard.splice(0);
  return { one, two };
}

test('a hint is heard at once here, and soon on the other server; once there for many', async () => {
  const { one, two } = await pair();
  for (let i = 0; i < 100; i += 1) one.wake.signal('feed');
  expect(one.heard).toHaveLength(100);
  await expect.poll(() => two.heard).toEqual(['feed']);
  one.wake.signal('log:ingest');
  await expect.poll(() => two.heard).toEqual(['feed', 'log:ingest']);
  // Its own notification does not come back to it.
  expect(one.heard).toHaveLength(101);
});

test('after its connection was lost it listens again by itself', async () => {
  const { one, two } = await pair();
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'`,
  );
  await expect.poll(() => two.heard.length).toBe(2);
  await expect.poll(() => one.heard.length).toBe(2);
  two.heard.splice(0);
  one.wake.signal('feed');
  await expect.poll(() => two.heard).toEqual(['feed']);
});
