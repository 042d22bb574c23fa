import { createPostgresEventLog } from '#server/adapters/postgres/event-log.ts';
import { createWake } from '#server/adapters/postgres/wake.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { eventLogContract } from '#server/ports/event-log.contract.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';

const clock = createSystemClock();
const random = createSystemRandom(clock);

eventLogContract('PostgreSQL', async ({ attemptTimeoutMs, queueRecords }) => {
  const { database, drop } = await makeDatabase();
  const servers = [1, 2].map(() => {
    const logger = createMemoryLogger();
    const wake = createWake({ database, clock, random, logger });
    wake.start();
    const log = createPostgresEventLog({
      database,
      clock,
      random,
      logger,
      wake,
      consumerLimits: { attemptTimeoutMs },
      writerLimits: { queueRecords },
    });
    return { wake, log };
  });
  const [first, second] = servers;
  if (first === undefined || second === undefined) throw new Error('two servers were made');
  return {
    log: first.log,
    other: second.log,
    database,
    async end() {
      for (const server of servers) {
        await server.log.stop();
        await server.wake.stop();
      }
      await drop();
    },
  };
});
