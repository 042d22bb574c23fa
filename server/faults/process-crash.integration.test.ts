import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createPostgresEventLog } from '#server/adapters/postgres/event-log.ts';
import { createWake } from '#server/adapters/postgres/wake.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';

test('a record that kills the process is counted, and parked after three attempts; its neighbours are applied once (R6)', async () => {
  const clock = createSystemClock();
  const random = createSystemRandom(clock);
  const logger = createMemoryLogger();
  const { database, address, drop } = await makeDatabase();
  const wake = createWake({ database, clock, random, logger });
  const log = createPostgresEventLog({ database, clock, random, logger, wake });
  await database.query('CREATE TABLE effect (record_id uuid NOT NULL, payload text NOT NULL)');
  const payloads = ['a', 'b', 'kill', 'c', 'd'];
  await log.append(
    'ingest',
    payloads.map((payload) => ({ id: random.uuid(), key: 'k', type: 'test', payload, receivedAt: clock.now() })),
  );

  const ends: string[] = [];
  while (ends.at(-1) !== 'exit 0' && ends.length < 10) {
    const server = spawn(
      process.execPath,
      [fileURLToPath(new URL('crashing-consumer.ts', import.meta.url)), JSON.stringify(address)],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    ends.push(await new Promise((resolve) => server.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`))));
  }
  // Once in the batch, then by itself until the count is full.
  expect(ends).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGKILL', 'exit 0']);
  expect(await database.query('SELECT payload FROM effect ORDER BY payload')).toEqual(
    ['a', 'b', 'c', 'd'].map((payload) => ({ payload })),
  );
  expect(await log.deadLetters.list({ limit: 10, includeResolved: false })).toMatchObject([
    { payload: 'kill', attempts: 3, reason: 'the server ended or was stopped while this ran' },
  ]);
  await log.stop();
  await drop();
}, 60_000);
