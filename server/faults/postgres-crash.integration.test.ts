// R1 and R5 at the level of the log: the database dies under load, and a witness outside it keeps count.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPostgresEventLog } from '#server/adapters/postgres/event-log.ts';
import { createWake, type Wake } from '#server/adapters/postgres/wake.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { migrate, programMigrations } from '#server/database/migrate.ts';
import { createDatabase, type Database } from '#server/database/pool.ts';
import type { EventLog } from '#server/ports/event-log.ts';
import { busyness } from '#server/testkit/busy.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { startTestPostgres, type TestPostgres } from '#server/testkit/postgres-server.ts';

const clock = createSystemClock();
const random = createSystemRandom(clock);
const logger = createMemoryLogger();
let server: TestPostgres;
let database: Database;
let wake: Wake;
let log: EventLog;

beforeAll(async () => {
  server = await startTestPostgres({ fsync: true });
  database = createDatabase({ address: server.address, clock, random, logger });
  await migrate(database, await programMigrations(), logger);
  await database.query('CREATE TABLE effect (record_id uuid NOT NULL)');
  wake = createWake({ database, clock, random, logger });
  wake.start();
  log = createPostgresEventLog({ database, clock, random, logger, wake });
});
afterAll(async () => {
  await log.stop();
  await wake.stop();
  await database.close();
  await server.stop();
});

test('every append that was answered is there after each crash, is applied once, and all recovers by itself', async () => {
  const witnessed: string[] = [];
  const refusals: unknown[] = [];
  let sending = true;
  const consumer = log.consumer({
    topic: 'ingest',
    group: 'pipeline',
    batchSize: 200,
    async handle(tx, records) {
      await tx.query('INSERT INTO effect SELECT unnest($1::uuid[])', [records.map((record) => record.id)]);
      return records.map(() => ({ kind: 'ok' }));
    },
  });
  consumer.start();
  const senders = Array.from({ length: 16 }, async (_, sender) => {
    while (sending) {
      const records = Array.from({ length: sender % 4 === 0 ? 20 : 1 }, () => {
        return {
          id: random.uuid(),
          key: `k${random.number()}`,
          type: 'test',
          payload: '{"alert":true}',
          receivedAt: clock.now(),
        };
      });
      const identity = sender % 2 === 0 ? undefined : random.uuid();
      try {
        await log.append('ingest', records, identity);
        witnessed.push(...records.map((record) => record.id));
      } catch (error) {
        refusals.push(error);
        await clock.sleep(20);
      }
    }
  });

  for (const signal of ['SIGQUIT', 'SIGKILL', 'SIGQUIT'] as const) {
    const enough = witnessed.length + 400;
    await clock.sleep(700);
    // In the midst of much work, on a slow machine too.
    await expect.poll(() => witnessed.length).toBeGreaterThan(enough);
    const before = witnessed.length;
    await server.crash(signal);
    await clock.sleep(300);
    await server.restart();
    const back = clock.monotonic();
    while (witnessed.length === before) {
      expect(clock.monotonic() - back).toBeLessThan(10_000 * busyness());
      await clock.sleep(20);
    }
  }
  await clock.sleep(500);
  sending = false;
  await Promise.all(senders);

  expect(witnessed.length).toBeGreaterThan(1_000);
  expect(refusals.length).toBeGreaterThan(0);
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ name: 'AppError', code: 'unavailable', retryAfterSeconds: 5 });

  const [inLog] = await database.query<{ missing: number }>(
    'SELECT count(*) AS missing FROM unnest($1::uuid[]) AS w WHERE NOT EXISTS (SELECT FROM event_log WHERE id = w)',
    [witnessed],
  );
  expect(inLog?.missing).toBe(0);
  await consumer.drained();
  const [effects] = await database.query<{ missing: number; doubled: number }>(
    `SELECT (SELECT count(*) FROM unnest($1::uuid[]) AS w WHERE NOT EXISTS (SELECT FROM effect WHERE record_id = w)) AS missing,
       (SELECT count(*) - count(DISTINCT record_id) FROM effect) AS doubled`,
    [witnessed],
  );
  expect(effects).toEqual({ missing: 0, doubled: 0 });
  expect(await log.deadLetters.count()).toBe(0);
  await consumer.stop();
}, 180_000);
