import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { settleIntoThisPostgres } from '#server/database/other-postgres.ts';
import { createDatabase } from '#server/database/pool.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';

let made: Awaited<ReturnType<typeof makeDatabase>>;

// All of a dump was written and read where transactions had far larger numbers.
beforeEach(async () => {
  made = await makeDatabase();
  await made.database.query(`INSERT INTO consumer_offset (consumer_group, topic, partition, xid, seq)
    VALUES ('pipeline', 'ingest', 0, '9000000000000', 10)`);
  await addRecord('9000000000000', 10, 'read');
  await addRecord('9000000000001', 11, 'accepted');
});
afterEach(() => made.drop());

function addRecord(xid: string, seq: number, payload: string) {
  return made.database.query(
    `INSERT INTO event_log (topic, partition, xid, seq, id, key, type, payload, received_at)
     OVERRIDING SYSTEM VALUE VALUES ('ingest', 0, $1, $2, gen_random_uuid(), 'key', 'type', $3, now())`,
    [xid, seq, payload],
  );
}

const left = () => made.database.query('SELECT xid, seq, payload FROM event_log ORDER BY seq');

test('what was accepted after the dump was put back under a running server is kept too', async () => {
  await addRecord('5', 12, 'accepted since');
  await settleIntoThisPostgres(made.database, createMemoryLogger());
  expect(await left()).toEqual([
    { xid: '1', seq: 11, payload: 'accepted' },
    { xid: '1', seq: 12, payload: 'accepted since' },
  ]);
});

test('it takes as long as it takes', async () => {
  const clock = createSystemClock();
  const parts = { clock, random: createSystemRandom(clock), logger: createMemoryLogger() };
  const impatient = createDatabase({ address: made.address, ...parts, statementTimeoutMs: 200 });
  const other = await made.database.connect();
  try {
    await other.query(
      'SET idle_in_transaction_session_timeout = 0; BEGIN; LOCK TABLE consumer_offset IN EXCLUSIVE MODE',
    );
    const settled = settleIntoThisPostgres(impatient, parts.logger);
    await Promise.all([settled, clock.sleep(600).then(() => other.query('ROLLBACK'))]);
    expect(await left()).toEqual([{ xid: '1', seq: 11, payload: 'accepted' }]);
  } finally {
    await other.end();
    await impatient.close();
  }
});
