import { expect, test } from 'vitest';
import { applyAll, applyEach } from '#server/adapters/postgres/apply.ts';
import { takeWaking, type Tx, wakeAfterCommit } from '#server/database/transaction.ts';
import type { LogRecord } from '#server/ports/event-log.ts';
import { createFakeClock } from '#server/testkit/clock.ts';

const records = Array.from({ length: 5 }, (_, i): LogRecord => {
  const id = `00000000-0000-7000-8000-00000000000${i}`;
  const place = { topic: 'ingest', partition: 0, offset: `1.${i}`, key: 'k', type: 't' };
  return { ...place, id, payload: '{}', receivedAt: 0 };
});

/** Each statement takes `queryMs`; answers which records were handled and which are said to be done with. */
async function applyOn(queryMs: number) {
  const clock = createFakeClock(0);
  const handled: string[] = [];
  const tx = {
    query: () => {
      clock.advance(queryMs);
      return Promise.resolve({ rows: [] });
    },
  } as unknown as Tx;
  const run = {
    handle: (_tx: Tx, given: LogRecord[]) => {
      handled.push(...given.map((record) => record.offset));
      return Promise.resolve(given.map(() => ({ kind: 'ok' as const })));
    },
    tx,
    pid: 1,
    clock,
    control: () => Promise.reject(new Error('nothing hangs here')),
    attemptTimeoutMs: 30_000,
    onHang() {},
  };
  const applied = await applyEach(run, records, 3);
  return { handled, done: applied.records.map((record) => record.offset) };
}

// Where a turn ends is told by its last record, so one that ran out of time before its first would skip them all.
test('on a database so slow that the time is over before the first record, the first one is done all the same', async () => {
  expect(await applyOn(10_000)).toEqual({ handled: ['1.0'], done: ['1.0'] });
});

test('what was not handled is not said to be done with', async () => {
  expect(await applyOn(30)).toEqual({ handled: ['1.0', '1.1'], done: ['1.0', '1.1'] });
  expect(await applyOn(0)).toMatchObject({ done: records.map((record) => record.offset) });
});

test('whom a record wakes is woken by the commit of the transaction it ran in', async () => {
  const tx = { query: () => Promise.resolve({ rows: [] }) } as unknown as Tx;
  const run = {
    handle: (given: Tx, some: LogRecord[]) => {
      wakeAfterCommit(given, 'paging');
      return Promise.resolve(some.map(() => ({ kind: 'ok' as const })));
    },
    tx,
    pid: 1,
    clock: createFakeClock(0),
    control: () => Promise.reject(new Error('nothing hangs here')),
    attemptTimeoutMs: 30_000,
    onHang() {},
  };
  await applyAll(run, records);
  expect([...takeWaking(tx)]).toEqual(['paging']);
});

test('what failed of statements that travelled together is named, not what came after it', async () => {
  const failing = [new Error('the first one'), Object.assign(new Error('aborted'), { code: '25P02' })];
  const tx = { query: () => Promise.reject(failing.shift() ?? new Error('asked too often')) } as unknown as Tx;
  const run = {
    handle: (given: Tx) => {
      const deep = async (depth: number): Promise<unknown> =>
        depth === 0 ? given.query('SELECT') : await deep(depth - 1);
      return Promise.all([deep(9), given.query('SELECT')]).then(() => []);
    },
    tx,
    pid: 1,
    clock: createFakeClock(0),
    control: () => Promise.reject(new Error('nothing hangs here')),
    attemptTimeoutMs: 30_000,
    onHang() {},
  };
  await expect(applyAll(run, records)).rejects.toThrow('the first one');
});
