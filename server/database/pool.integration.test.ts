import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { defineTypedColumns } from '#server/database/columns.ts';
import { isStandstill } from '#server/database/database-error.ts';
import { createDatabase, type Database } from '#server/database/pool.ts';
import { wakeAfterCommit } from '#server/database/transaction.ts';
import { testId } from '#server/testkit/incidents.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { makeDatabase, testDatabase } from '#server/testkit/postgres.ts';

const setting = 'idle_in_transaction_session_timeout';

interface Kept {
  id: string;
  text: string | null;
  count: number | null;
  open: boolean | null;
  at: string | null;
  teamIds: string[] | null;
  seen: object | null;
}

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
  await database.query('CREATE TABLE counter (id int PRIMARY KEY, value int NOT NULL)');
});
beforeEach(() => database.query('TRUNCATE counter'));

describe('values', () => {
  test('instants arrive as RFC 3339 in UTC with milliseconds, 64-bit integers as numbers, xid8 as text', async () => {
    const rows =
      await database.query(`SELECT '2026-11-21 18:00:00.1239+02'::timestamptz AS at, '2026-01-02 03:04:05Z'::timestamptz AS whole,
      9007199254740991::bigint AS big, '12'::xid8 AS xid, ARRAY['2026-11-21 16:00:00.5Z'::timestamptz] AS times,
      '{}'::timestamptz[] AS none, ARRAY[1, 2]::bigint[] AS list, null::timestamptz AS missing`);
    expect(rows).toEqual([
      {
        at: '2026-11-21T16:00:00.123Z',
        whole: '2026-01-02T03:04:05.000Z',
        big: 9007199254740991,
        xid: '12',
        times: ['2026-11-21T16:00:00.500Z'],
        none: [],
        list: [1, 2],
        missing: null,
      },
    ]);
  });

  test('rows that travel as an array a column come back as they were', async () => {
    const columns = defineTypedColumns<Kept>({
      id: 'id uuid',
      text: 'text text',
      count: 'count bigint',
      open: 'open boolean',
      at: 'at timestamptz',
      teamIds: 'team_ids uuid[]',
      seen: 'seen jsonb',
    });
    await database.query(
      'CREATE TABLE kept (id uuid, text text, count bigint, open boolean, at timestamptz, team_ids uuid[], seen jsonb)',
    );
    const odd = ['', 'NULL', ' a, "b" {c}\\ \n', '\\"', '𝄞 é', "'"];
    const kept = odd.map((text, n): Kept => {
      const teamIds = Array.from({ length: n % 3 }, (_, team) => testId(team));
      const seen = { [text]: [text, n] };
      return { id: testId(n), text, count: n, open: n % 2 === 0, at: '2026-11-21T16:00:00.123Z', teamIds, seen };
    });
    kept.push({ id: testId(9), text: null, count: null, open: null, at: null, teamIds: null, seen: null });
    await database.query(
      `INSERT INTO kept (${columns.names}) SELECT ${columns.of('r')} FROM ${columns.rows} AS r`,
      columns.toArrays(kept),
    );
    expect(await database.query(`SELECT ${columns.select('k')} FROM kept k ORDER BY id`)).toEqual(kept);
  });
});

describe('withTransaction', () => {
  test('bodies that deadlock run again until both are through', async () => {
    await database.query('INSERT INTO counter VALUES (1, 0), (2, 0)');
    let bothHold: () => void = () => {};
    const meeting = new Promise<void>((resolve) => (bothHold = resolve));
    let arrived = 0;
    let runs = 0;
    const move = (from: number, to: number) =>
      database.withTransaction(async (tx) => {
        runs += 1;
        await tx.query('UPDATE counter SET value = value - 1 WHERE id = $1', [from]);
        arrived += 1;
        if (arrived === 2) bothHold();
        await meeting;
        await tx.query('UPDATE counter SET value = value + 1 WHERE id = $1', [to]);
      });
    await Promise.all([move(1, 2), move(2, 1)]);
    expect(runs).toBe(3);
    expect(await database.query('SELECT value FROM counter WHERE id IN (1, 2)')).toEqual([{ value: 0 }, { value: 0 }]);
  });

  test('two that make the same key at once both end, the second seeing the first', async () => {
    const add = () =>
      database.withTransaction(async (tx) => {
        const found = await tx.query('SELECT 1 FROM counter WHERE id = 10 FOR UPDATE');
        await tx.query('SELECT pg_sleep(0.05)');
        if (found.rowCount === 0) await tx.query('INSERT INTO counter VALUES (10, 1)');
        else await tx.query('UPDATE counter SET value = value + 1 WHERE id = 10');
      });
    await Promise.all([add(), add()]);
    expect(await database.query('SELECT value FROM counter WHERE id = 10')).toEqual([{ value: 2 }]);
  });

  test('gives up after some tries and says what the database said', async () => {
    let runs = 0;
    const work = database.withTransaction(async (tx) => {
      runs += 1;
      await tx.query('INSERT INTO counter VALUES (20, 0), (20, 0)');
    });
    await expect(work).rejects.toThrow('duplicate key');
    expect(runs).toBeGreaterThan(1);
    expect(runs).toBeLessThan(10);
  });

  test('a body that swallows a failed statement does not pass for committed', async () => {
    const work = database.withTransaction(async (tx) => {
      await tx.query('INSERT INTO counter VALUES (30, 0)');
      await tx.query('SELECT 1 / 0').catch(() => {});
    });
    await expect(work).rejects.toThrow('nothing of it was committed');
    expect(await database.query('SELECT 1 FROM counter WHERE id = 30')).toEqual([]);
  });

  test('a lost connection is `unavailable`, and the next transaction works', async () => {
    const work = database.withTransaction(async (tx) => {
      const [row] = (await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
      await database.query('SELECT pg_terminate_backend($1)', [row?.pid]);
      await tx.query('SELECT 1');
    });
    await expect(work).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' });
    expect(await database.withTransaction(async (tx) => (await tx.query('SELECT 1 AS one')).rows)).toEqual([
      { one: 1 },
    ]);
  });

  test('who stands still inside a transaction loses it, and the locks, so that another server goes on (R11)', async () => {
    const { address, drop } = await makeDatabase();
    const clock = createSystemClock();
    const parts = { address, clock, random: createSystemRandom(clock), logger: createMemoryLogger() };
    const frozen = createDatabase({ ...parts, standstillMs: 300 });
    const other = createDatabase(parts);
    await other.query('CREATE TABLE held (id int PRIMARY KEY)');
    await other.query('INSERT INTO held VALUES (1)');
    let wake = () => {};
    let locked = () => {};
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    const holds = new Promise<void>((resolve) => (locked = resolve));
    const work = frozen.withTransaction(async (tx) => {
      await tx.query('SELECT FROM held FOR UPDATE');
      locked();
      await asleep;
      await tx.query('DELETE FROM held');
    });
    const end = work.catch((error: unknown) => error);
    await holds;
    await other.withTransaction((tx) => tx.query('SELECT FROM held FOR UPDATE'));
    wake();
    expect(isStandstill(await end)).toBe(true);
    expect(await other.query('SELECT id FROM held')).toEqual([{ id: 1 }]);

    const limit = async (options?: { readOnly: boolean }) =>
      (
        await other.withTransaction(
          (tx) => tx.query<{ ms: number }>(`SELECT setting::int AS ms FROM pg_settings WHERE name = '${setting}'`),
          options,
        )
      ).rows[0]?.ms;
    expect(await limit()).toBeLessThan(10_000);
    // Who only reads holds nobody up, and may compute for long.
    expect(await limit({ readOnly: true })).toBe(70_000);
    await frozen.close();
    await other.close();
    await drop();
  });

  test('whom a transaction wakes is told once it has committed, and only then', async () => {
    const heard: string[][] = [];
    const end = database.onCommit((channels) => heard.push([...channels]));
    const lost = database.withTransaction(async (tx) => {
      wakeAfterCommit(tx, 'feed');
      await tx.query('SELECT 1');
      throw new Error('given up');
    });
    await expect(lost).rejects.toThrow('given up');
    await database.withTransaction((tx) => tx.query('SELECT 1'));
    expect(heard).toEqual([]);
    await database.withTransaction(async (tx) => {
      for (const channel of ['paging', 'feed', 'paging']) wakeAfterCommit(tx, channel);
      await tx.query('SELECT 1');
      expect(heard).toEqual([]);
    });
    expect(heard).toEqual([['paging', 'feed']]);
    end();
  });

  test('a listener that throws does not make what has committed look failed, and the others still hear of it', async () => {
    const heard: string[] = [];
    const ends = [
      database.onCommit(() => {
        throw new Error('a listener of no use');
      }),
      database.onCommit((channels) => heard.push(...channels)),
    ];
    const answer = database.withTransaction(async (tx) => {
      wakeAfterCommit(tx, 'feed');
      await tx.query('INSERT INTO counter VALUES (44, 0)');
      return 'done';
    });
    await expect(answer).resolves.toBe('done');
    for (const end of ends) end();
    expect(heard).toEqual(['feed']);
    expect(await database.query('SELECT id FROM counter WHERE id = 44')).toHaveLength(1);
  });

  test('of statements sent together, one that fails undoes them all', async () => {
    await expect(
      database.withTransaction((tx) =>
        Promise.all([
          tx.query('INSERT INTO counter VALUES (50, 0)'),
          tx.query('INSERT INTO counter VALUES (50, 0)'),
          tx.query('INSERT INTO counter VALUES (51, 0)'),
        ]),
      ),
    ).rejects.toMatchObject({ message: expect.stringContaining('duplicate key') });
    expect(await database.query('SELECT id FROM counter WHERE id >= 50')).toEqual([]);
    await database.withTransaction((tx) => tx.query('INSERT INTO counter VALUES (52, 0)'));
    expect(await database.query('SELECT id FROM counter WHERE id >= 50')).toEqual([{ id: 52 }]);
  });

  test('once one branch has failed, another that goes on writes nothing, not even outside the transaction', async () => {
    let goOn: Promise<unknown> = Promise.resolve();
    const work = database.withTransaction((tx) => {
      const failing = tx.query('SELECT 1').then(() => Promise.reject(new Error('a stale copy')));
      // After it also where both answers come in one piece.
      goOn = Promise.allSettled([failing, tx.query('SELECT pg_sleep(0.05)')])
        .then(() => new Promise((resolve) => setImmediate(resolve)))
        .then(() => tx.query('INSERT INTO counter VALUES (60, 0)'));
      return Promise.all([failing, goOn]);
    });
    await expect(work).rejects.toThrow('a stale copy');
    await expect(goOn).rejects.toThrow('this transaction has ended');
    expect(await database.query('SELECT id FROM counter WHERE id >= 60')).toEqual([]);
  });

  test('what a statement failed of is told, and tried again for, whoever hears of it first', async () => {
    let runs = 0;
    const work = database.withTransaction(async (tx) => {
      runs += 1;
      const deep = async (depth: number): Promise<unknown> =>
        depth === 0 ? tx.query('INSERT INTO counter VALUES (70, 0), (70, 0)') : await deep(depth - 1);
      await Promise.all([deep(20), ...Array.from({ length: 20 }, () => tx.query('SELECT 1'))]);
    });
    await expect(work).rejects.toThrow('duplicate key');
    expect(runs).toBeGreaterThan(1);
  });

  test('a transaction that reads cannot write', async () => {
    await expect(
      database.withTransaction((tx) => tx.query('INSERT INTO counter VALUES (40, 0)'), { readOnly: true }),
    ).rejects.toThrow('read-only');
    await database.withTransaction((tx) => tx.query('INSERT INTO counter VALUES (40, 0)'));
  });
});
