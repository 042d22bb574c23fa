import { describe, expect, it } from 'vitest';
import { createPostgresEventLog } from '#server/adapters/postgres/event-log.ts';
import { readLag } from '#server/adapters/postgres/lag.ts';
import { createWake } from '#server/adapters/postgres/wake.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { defaultIngestLimits } from '#server/modules/ingest/limits.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';

const clock = createSystemClock();
const random = createSystemRandom(clock);
const place = { topic: 'ingest', group: 'pipeline' };

describe('a long backlog', () => {
  it('is known far beyond what is counted, so that ingest can refuse at its limit', async () => {
    const { database, drop } = await makeDatabase();
    const logger = createMemoryLogger();
    const wake = createWake({ database, clock, random, logger });
    const log = createPostgresEventLog({ database, clock, random, logger, wake });
    try {
      const records = Array.from({ length: 4_000 }, (_, i) => {
        return { id: random.uuid(), key: `key ${i}`, type: 'test', payload: '{}', receivedAt: clock.now() - 7_000 };
      });
      await log.append('ingest', records);
      expect((await readLag(database, clock, place)).records).toBe(4_000);

      const estimated = await readLag(database, clock, place, 100);
      expect(estimated.records).toBeGreaterThan(3_600);
      expect(estimated.records).toBeLessThan(4_400);
      expect(estimated.oldestAgeMs).toBeGreaterThanOrEqual(7_000);

      // As many numbers given out as a backlog at the limit takes.
      await database.query(
        `ALTER TABLE event_log ALTER COLUMN seq RESTART WITH ${defaultIngestLimits.backlog + 5_000}`,
      );
      await log.append(
        'ingest',
        records.slice(0, 1).map((record) => ({ ...record, id: random.uuid() })),
      );
      expect((await readLag(database, clock, place, 100)).records).toBeGreaterThanOrEqual(defaultIngestLimits.backlog);
    } finally {
      await log.stop();
      await drop();
    }
  });
});
