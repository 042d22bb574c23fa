import { expect, test } from 'vitest';
import { createLogWriter } from '#server/adapters/postgres/log-writer.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

const record = (id: string) => {
  return { topic: 'ingest', partition: 0, record: { id, key: 'k', type: 't', payload: '{}', receivedAt: 0 } };
};

test('while nothing can be stored, senders are refused within the time of a group, and the log says so once', async () => {
  const clock = createFakeClock(0);
  const logger = createMemoryLogger();
  const refusals: ((error: Error) => void)[] = [];
  const writer = createLogWriter({
    connect: () => new Promise((_, reject) => refusals.push(reject)),
    clock,
    logger,
    limits: { groupRecords: 1, timeoutMs: 10_000 },
    appended() {},
  });
  const settled: string[] = [];
  const append = (id: string) =>
    writer
      .append([record(id)], undefined)
      .catch((error: Error & { code: string }) => settled.push(`${id} ${error.code}`));
  const refuseConnection = async () => {
    await expect.poll(() => refusals.length).toBe(1);
    refusals.shift()?.(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
  };

  const old = [append('first'), append('second'), append('third')];
  await expect.poll(() => refusals.length).toBe(1);
  clock.advance(10_000);
  const fresh = append('fresh');
  await refuseConnection();
  await Promise.all(old);
  expect(settled).toEqual(['first unavailable', 'second unavailable', 'third unavailable']);
  expect(writer.waiting()).toBe(0);

  await refuseConnection();
  await fresh;
  expect(settled).toHaveLength(4);
  expect(logger.entries.map((entry) => entry.message)).toEqual(['records cannot be appended to the log']);
  await writer.stop();
});
