// The event log on PostgreSQL tables: partitions by key, group commit, offsets in the effect's transaction.
import { AppError } from '#server/api/app-error.ts';
import { type ConsumerLimits, createConsumer } from '#server/adapters/postgres/consumer.ts';
import { createDeadLetters } from '#server/adapters/postgres/dead-letters.ts';
import { type Lag, readLag } from '#server/adapters/postgres/lag.ts';
import { createLogWriter, type LogWriterLimits } from '#server/adapters/postgres/log-writer.ts';
import { partitionOf } from '#server/adapters/postgres/partitions.ts';
import type { Wake } from '#server/adapters/postgres/wake.ts';
import type { Database } from '#server/database/pool.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { EventLog, NewRecord } from '#server/ports/event-log.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

const lagKeptMs = 500;

export function createPostgresEventLog(deps: {
  database: Database;
  clock: Clock;
  random: Random;
  logger: Logger;
  wake: Wake;
  writerLimits?: Partial<LogWriterLimits>;
  consumerLimits?: Partial<ConsumerLimits>;
}): EventLog & { waiting(): number } {
  const { database, clock, wake } = deps;
  const rate = createRate(clock);
  const lags = new Map<string, { until: number; value: Promise<Lag> }>();
  const topics = new Set<string>();

  const appended = (topic: string) => wake.signal(`log:${topic}`);
  const writer = createLogWriter({
    connect: () => database.connect(),
    clock,
    logger: deps.logger,
    ...(deps.writerLimits === undefined ? {} : { limits: deps.writerLimits }),
    appended(count) {
      rate.add(count);
      for (const topic of topics) appended(topic);
    },
  });

  return {
    append(topic, records, deliveryId) {
      const refusal = records.map(unfit).find((reason) => reason !== null);
      if (refusal !== undefined && refusal !== null) return Promise.reject(new AppError('invalid', refusal));
      if (records.length === 0 && deliveryId === undefined) return Promise.resolve({ duplicate: false });
      topics.add(topic);
      return writer.append(
        records.map((record) => ({ topic, partition: partitionOf(record.key), record })),
        deliveryId,
      );
    },
    consumer: (options) =>
      createConsumer({
        database,
        clock,
        random: deps.random,
        logger: deps.logger,
        wake,
        options,
        appendRate: rate.perSecond,
        ...(deps.consumerLimits === undefined ? {} : { limits: deps.consumerLimits }),
      }),
    lag(topic, group) {
      const key = `${topic}/${group}`;
      const kept = lags.get(key);
      if (kept !== undefined && kept.until > clock.monotonic()) return kept.value;
      const value = readLag(database, clock, { topic, group });
      lags.set(key, { until: clock.monotonic() + lagKeptMs, value });
      value.catch(() => lags.delete(key));
      return value;
    },
    deadLetters: createDeadLetters({ database, clock, appended }),
    waiting: writer.waiting,
    stop: () => writer.stop(),
  };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Many callers share a transaction; what PostgreSQL would refuse must not fail it for the others. */
function unfit(record: NewRecord): string | null {
  if (!uuid.test(record.id)) return `The record id ${JSON.stringify(record.id.slice(0, 60))} is not a UUID.`;
  if (!Number.isSafeInteger(record.receivedAt)) return 'The time of receipt is not a whole number of milliseconds.';
  if (record.payload.includes('\0') || record.key.includes('\0') || record.type.includes('\0')) {
    return 'The text holds a NUL character, which cannot be stored. Remove it and send again.';
  }
  return null;
}

/** How many a second over about the last second. */
function createRate(clock: Clock): { add(count: number): void; perSecond(): number } {
  let windowStart = clock.monotonic();
  let inWindow = 0;
  let last = 0;
  const roll = () => {
    const passed = clock.monotonic() - windowStart;
    if (passed < 500) return;
    last = (inWindow / passed) * 1_000;
    inWindow = 0;
    windowStart = clock.monotonic();
  };
  return {
    add(count) {
      roll();
      inWindow += count;
    },
    perSecond() {
      roll();
      return last;
    },
  };
}
