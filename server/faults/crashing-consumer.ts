// Run as a process of its own by process-crash.integration.test.ts: a server that dies in the middle of a record.
import { createPostgresEventLog } from '#server/adapters/postgres/event-log.ts';
import { createWake } from '#server/adapters/postgres/wake.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createStderrLogger } from '#server/adapters/system/logger.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { createDatabase, type DatabaseAddress } from '#server/database/pool.ts';

const address = JSON.parse(process.argv[2] ?? '{}') as DatabaseAddress;
const clock = createSystemClock();
const random = createSystemRandom(clock);
const logger = createStderrLogger('error', clock);
const database = createDatabase({ address, clock, random, logger });
const wake = createWake({ database, clock, random, logger });
const log = createPostgresEventLog({ database, clock, random, logger, wake });
const consumer = log.consumer({
  topic: 'ingest',
  group: 'pipeline',
  batchSize: 100,
  async handle(tx, records) {
    await tx.query('INSERT INTO effect SELECT unnest($1::uuid[]), unnest($2::text[])', [
      records.map((record) => record.id),
      records.map((record) => record.payload),
    ]);
    if (records.some((record) => record.payload === 'kill')) process.kill(process.pid, 'SIGKILL');
    return records.map(() => ({ kind: 'ok' }));
  },
});
consumer.start();
await consumer.drained();
process.exit(0);
