// What every adapter of the event log must keep. An adapter's integration test hands in how to make one.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import type { Database } from '#server/database/pool.ts';
import type { Tx } from '#server/database/transaction.ts';
import type {
  Consumer,
  ConsumerOptions,
  Disposition,
  EventLog,
  LogRecord,
  NewRecord,
} from '#server/ports/event-log.ts';
import { busyness } from '#server/testkit/busy.ts';

export interface LogUnderTest {
  log: EventLog;
  /** A second server on the same log. */
  other: EventLog;
  /** Where handlers write their effects. */
  database: Database;
  end(): Promise<void>;
}

export interface LogTestLimits {
  attemptTimeoutMs: number;
  queueRecords: number;
}

const clock = createSystemClock();
const random = createSystemRandom(clock);
const ok: Disposition = { kind: 'ok' };

export function eventLogContract(name: string, make: (limits: LogTestLimits) => Promise<LogUnderTest>): void {
  describe(`event log: ${name}`, () => {
    let under: LogUnderTest;
    let consumers: Consumer[];

    beforeEach(async () => {
      consumers = [];
      under = await make({ attemptTimeoutMs: 500, queueRecords: 5_000 });
      await under.database.query(
        'CREATE TABLE effect (place bigserial PRIMARY KEY, record_id uuid NOT NULL, payload text NOT NULL)',
      );
    });
    afterEach(async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await under.end();
    });

    function consume(handle: ConsumerOptions['handle'], log = under.log): Consumer {
      const consumer = log.consumer({ topic: 'ingest', group: 'pipeline', batchSize: 500, handle });
      consumers.push(consumer);
      consumer.start();
      return consumer;
    }
    const effects = () =>
      under.database.query<{ record_id: string; payload: string }>(
        'SELECT record_id, payload FROM effect ORDER BY place',
      );

    test('what was appended is handled, for each key in the order it was appended', async () => {
      const keys = ['a', 'b', 'c', 'd', 'e'];
      for (let i = 0; i < 60; i += 1)
        await under.log.append(
          'ingest',
          keys.map((key) => newRecord(key, `${key}${i}`)),
        );
      await consume(store).drained();
      const seen = (await effects()).map((row) => row.payload);
      expect(seen).toHaveLength(300);
      for (const key of keys)
        expect(seen.filter((payload) => payload.startsWith(key))).toEqual(
          Array.from({ length: 60 }, (_, i) => `${key}${i}`),
        );
    });

    test('a record keeps its id, key, type, payload and time', async () => {
      const record = {
        ...newRecord('schlüssel 🔑', JSON.stringify({ text: 'a "quoted" \\ line\n', none: null })),
        type: 'generic',
      };
      const seen: LogRecord[] = [];
      const consumer = consume(async (_tx, records) => {
        seen.push(...records);
        return records.map(() => ok);
      });
      await under.log.append('ingest', [record]);
      await consumer.drained();
      expect(seen).toEqual([expect.objectContaining({ ...record, topic: 'ingest' })]);
    });

    test('an appended record is handled at once, not at the next tick', async () => {
      const consumer = consume(store);
      await under.log.append('ingest', [newRecord('a', 'warm')]);
      await consumer.drained();
      const waits: number[] = [];
      for (let i = 0; i < 20; i += 1) {
        const begun = clock.monotonic();
        await under.log.append('ingest', [newRecord('a', `n${i}`)]);
        while ((await effects()).length < i + 2) await clock.sleep(2);
        waits.push(clock.monotonic() - begun);
      }
      expect(waits.sort((a, b) => a - b)[10]).toBeLessThan(500 * busyness());
    }, 180_000);

    test('the same delivery twice is appended once, however concurrently', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (i % 2 === 0 ? under.log : under.other).append('ingest', [newRecord('a', `try ${i}`)], 'delivery-1'),
        ),
      );
      expect(answers.filter((answer) => !answer.duplicate)).toHaveLength(1);
      expect(await under.log.append('ingest', [newRecord('a', 'later')], 'delivery-1')).toEqual({ duplicate: true });
      expect(await under.log.append('ingest', [newRecord('a', 'another')], 'delivery-2')).toEqual({ duplicate: false });
      await consume(store).drained();
      expect(await effects()).toHaveLength(2);
    });

    test('an effect whose handler fails afterwards is undone, and applied once when it works', async () => {
      let failures = 2;
      const consumer = consume(async (tx, records) => {
        const answer = await store(tx, records);
        if (failures > 0) {
          failures -= 1;
          throw new Error('after the effect');
        }
        return answer;
      });
      await under.log.append('ingest', [newRecord('a', 'once')]);
      await consumer.drained();
      expect((await effects()).map((row) => row.payload)).toEqual(['once']);
      expect(await under.log.deadLetters.count()).toBe(0);
    });

    test('poison never blocks: 1,000 good and 50 poison on one partition, 50 parked within 10 s', async () => {
      const records = Array.from({ length: 1_050 }, (_, i) =>
        newRecord('one-key', i % 21 === 20 ? `poison ${i}` : `good ${i}`),
      );
      await under.log.append('ingest', records);
      const begun = clock.monotonic();
      await consume(failOnPoison).drained();
      expect(clock.monotonic() - begun).toBeLessThan(10_000 * busyness());
      const done = (await effects()).map((row) => row.payload);
      expect(done).toEqual(records.map((record) => record.payload).filter((payload) => payload.startsWith('good')));
      const letters = await under.log.deadLetters.list({ limit: 100, includeResolved: false });
      expect(letters).toHaveLength(50);
      expect(letters.every((letter) => letter.reason.includes('cannot digest') && letter.attempts === 3)).toBe(true);
    }, 180_000);

    test('a replayed dead letter is handled again once, even if replayed twice', async () => {
      let fixed = false;
      const consumer = consume(async (tx, records) => (fixed ? store(tx, records) : failOnPoison(tx, records)));
      const record = newRecord('a', 'poison');
      await under.log.append('ingest', [record]);
      await consumer.drained();
      const [letter] = await under.log.deadLetters.list({ limit: 10, includeResolved: false });
      expect(letter).toMatchObject({
        recordId: record.id,
        key: 'a',
        payload: 'poison',
        resolution: null,
        group: 'pipeline',
      });
      fixed = true;
      const id = letter?.id ?? '';
      await Promise.all([under.log.deadLetters.replay(id), under.other.deadLetters.replay(id)]);
      await under.log.deadLetters.replay(id);
      await consumer.drained();
      expect(await effects()).toEqual([{ record_id: record.id, payload: 'poison' }]);
      expect(await under.log.deadLetters.count()).toBe(0);
      expect(await under.log.deadLetters.list({ limit: 10, includeResolved: true })).toMatchObject([
        { resolution: 'replayed' },
      ]);
      await expect(under.log.deadLetters.discard(id)).rejects.toMatchObject({ code: 'conflict' });
      await expect(under.log.deadLetters.replay(random.uuid())).rejects.toMatchObject({ code: 'not-found' });
    });

    test('what the handler gives up on is parked with its reason, and can be discarded', async () => {
      const consumer = consume(async (tx, records) => {
        const good = records.filter((record) => record.payload !== 'bad');
        await store(tx, good);
        return records.map((record): Disposition =>
          record.payload === 'bad' ? { kind: 'dlq', reason: 'no such source' } : ok,
        );
      });
      await under.log.append(
        'ingest',
        ['x', 'bad', 'y'].map((payload) => newRecord('a', payload)),
      );
      await consumer.drained();
      expect((await effects()).map((row) => row.payload)).toEqual(['x', 'y']);
      const [letter] = await under.log.deadLetters.list({ limit: 10, includeResolved: false });
      expect(letter).toMatchObject({ payload: 'bad', reason: 'no such source' });
      await under.log.deadLetters.discard(letter?.id ?? '');
      await under.log.deadLetters.discard(letter?.id ?? '');
      expect(await under.log.deadLetters.count()).toBe(0);
    });

    test('a record that asks for a later attempt holds back what follows it in its partition, and nothing else', async () => {
      let open = false;
      let asked = 0;
      const consumer = consume(async (tx, records) => {
        const stop = open ? -1 : records.findIndex((record) => record.payload === 'wait');
        if (stop >= 0) asked += 1;
        // Writes everything, also past the one that waits: the log must undo that.
        await store(tx, records);
        return records.map((_, i): Disposition => (i === stop ? { kind: 'retry', reason: 'not yet' } : ok));
      });
      const [sameKey, otherKey] = ['a', 'h'];
      await under.log.append(
        'ingest',
        ['before', 'wait', 'after'].map((payload) => newRecord(sameKey, payload)),
      );
      await under.log.append('ingest', [newRecord(otherKey, 'elsewhere')]);
      await expect
        .poll(async () => (await effects()).map((row) => row.payload).sort())
        .toEqual(['before', 'elsewhere']);
      await expect.poll(() => asked).toBeGreaterThan(5);
      open = true;
      await consumer.drained();
      const done = (await effects()).map((row) => row.payload).filter((payload) => payload !== 'elsewhere');
      expect(done).toEqual(['before', 'wait', 'after']);
      expect(await under.log.deadLetters.count()).toBe(0);
    }, 30_000);

    test.each(['in the database', 'in the program'])(
      'a record that hangs %s is cut, counted and parked',
      async (where) => {
        const consumer = consume(async (tx, records) => {
          await store(tx, records);
          if (records.some((record) => record.payload === 'hang')) {
            if (where === 'in the database') await tx.query('SELECT pg_sleep(60)');
            else await new Promise(() => {});
          }
          return records.map(() => ok);
        });
        await under.log.append(
          'ingest',
          ['x', 'hang', 'y'].map((payload) => newRecord('a', payload)),
        );
        await consumer.drained();
        expect((await effects()).map((row) => row.payload)).toEqual(['x', 'y']);
        expect(await under.log.deadLetters.list({ limit: 10, includeResolved: false })).toMatchObject([
          { payload: 'hang', attempts: 3, reason: 'ran longer than 0.5 s and was cut' },
        ]);
      },
    );

    test('a handler that goes on after its time writes nothing', async () => {
      let late: Promise<unknown> | null = null;
      const consumer = consume(async (tx, records) => {
        late ??= clock
          .sleep(900)
          .then(() => store(tx, records))
          .catch((error: unknown) => error);
        const running: Promise<unknown> = late;
        await running;
        return records.map(() => ok);
      });
      await under.log.append('ingest', [newRecord('a', 'slow')]);
      await consumer.drained();
      expect(await Promise.resolve(late)).toBeInstanceOf(Error);
      expect(await effects()).toEqual([]);
    });

    test('two servers of one group handle every record once', async () => {
      const both = [consume(store), consume(store, under.other)];
      for (let i = 0; i < 40; i += 1) {
        const log = i % 2 === 0 ? under.log : under.other;
        await log.append(
          'ingest',
          Array.from({ length: 10 }, (_, k) => newRecord(`key ${k}`, `${i}`)),
        );
      }
      await both[0]?.drained();
      const seen = await effects();
      expect(seen).toHaveLength(400);
      expect(new Set(seen.map((row) => row.record_id)).size).toBe(400);
      expect(await under.log.deadLetters.count()).toBe(0);
    });

    test('lag counts what is not handled yet, and its age', async () => {
      expect(await under.log.lag('ingest', 'pipeline')).toEqual({ records: 0, oldestAgeMs: 0 });
      await under.log.append('ingest', [
        { ...newRecord('a', '1'), receivedAt: clock.now() - 5_000 },
        newRecord('b', '2'),
      ]);
      await expect.poll(async () => (await under.log.lag('ingest', 'pipeline')).records).toBe(2);
      expect((await under.log.lag('ingest', 'pipeline')).oldestAgeMs).toBeGreaterThanOrEqual(5_000);
      await consume(store).drained();
      await expect.poll(async () => (await under.log.lag('ingest', 'pipeline')).records).toBe(0);
    });

    test('the queue in memory is bounded: beyond it an append is refused at once, and what was taken is stored', async () => {
      const answers = await Promise.allSettled(
        Array.from({ length: 200 }, (_, i) =>
          under.log.append(
            'ingest',
            Array.from({ length: 100 }, (_unused, k) => newRecord(`${i}`, `${i}.${k}`)),
          ),
        ),
      );
      const refused = answers.filter((answer) => answer.status === 'rejected');
      expect(refused.length).toBeGreaterThan(0);
      expect(
        refused.every((answer) => answer.reason.code === 'overloaded' && answer.reason.retryAfterSeconds > 0),
      ).toBe(true);
      await consume(store).drained();
      expect(await effects()).toHaveLength((200 - refused.length) * 100);
    });

    test('a record that cannot be stored is refused, and those beside it are not', async () => {
      const answers = await Promise.allSettled([
        under.log.append('ingest', [newRecord('a', 'fine')]),
        under.log.append('ingest', [newRecord('a', 'nul \0')]),
        under.log.append('ingest', [{ ...newRecord('a', 'x'), id: 'not a uuid' }]),
        under.log.append('ingest', [newRecord('lone \ud800 surrogate', 'half \udc00')]),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
      await consume(store).drained();
      expect((await effects()).map((row) => row.payload).sort()).toEqual(['fine', 'half \ufffd']);
    });
  });
}

function newRecord(key: string, payload: string): NewRecord {
  return { id: random.uuid(), key, type: 'test', payload, receivedAt: clock.now() };
}

async function store(tx: Tx, records: LogRecord[]): Promise<Disposition[]> {
  await tx.query('INSERT INTO effect (record_id, payload) SELECT * FROM unnest($1::uuid[], $2::text[])', [
    records.map((record) => record.id),
    records.map((record) => record.payload),
  ]);
  return records.map(() => ok);
}

async function failOnPoison(tx: Tx, records: LogRecord[]): Promise<Disposition[]> {
  const answer = await store(tx, records);
  if (records.some((record) => record.payload.startsWith('poison'))) throw new Error('cannot digest this');
  return answer;
}
