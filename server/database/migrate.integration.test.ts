import { afterEach, describe, expect, test } from 'vitest';
import { migrate, type Migration, programMigrations, SchemaError } from '#server/database/migrate.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';

const logger = createMemoryLogger();
const drops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const drop of drops.splice(0)) await drop();
});

async function emptyDatabase() {
  const made = await makeDatabase({ empty: true });
  drops.push(made.drop);
  return made.database;
}

const first: Migration = {
  version: 1,
  name: 'one',
  sql: 'CREATE TABLE thing (id int PRIMARY KEY, name text);',
  checksum: 'a',
};
const second: Migration = {
  version: 2,
  name: 'two',
  sql: `ALTER TABLE thing ADD COLUMN length int; UPDATE thing SET length = length(name); ALTER TABLE thing ALTER COLUMN length SET NOT NULL;`,
  checksum: 'b',
};

describe('migrate', () => {
  test("applies the program's own migrations once", async () => {
    const database = await emptyDatabase();
    const migrations = await programMigrations();
    expect(await migrate(database, migrations, logger)).toEqual({
      applied: migrations.length,
      version: migrations.length,
    });
    expect(await migrate(database, migrations, logger)).toEqual({ applied: 0, version: migrations.length });
  });

  test('keeps the data of a populated database', async () => {
    const database = await emptyDatabase();
    await migrate(database, [first], logger);
    await database.query(`INSERT INTO thing VALUES (1, 'abc'), (2, 'de')`);
    expect(await migrate(database, [first, second], logger)).toEqual({ applied: 1, version: 2 });
    expect(await database.query('SELECT id, name, length FROM thing ORDER BY id')).toEqual([
      { id: 1, name: 'abc', length: 3 },
      { id: 2, name: 'de', length: 2 },
    ]);
  });

  test('a run that is killed in the middle leaves whole versions only, and the next one finishes', async () => {
    const database = await emptyDatabase();
    await migrate(database, [first], logger);
    await database.query(`INSERT INTO thing VALUES (1, 'abc')`);
    const slow = { ...second, sql: `${second.sql} SELECT pg_sleep(30);` };
    const running = migrate(database, [first, slow], logger).then(
      () => 'finished',
      () => 'killed',
    );
    await expect
      .poll(() =>
        database.query(
          `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
        ),
      )
      .toHaveLength(1);
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
    );
    expect(await running).toBe('killed');
    expect(await database.query('SELECT version FROM schema_migration')).toEqual([{ version: 1 }]);
    expect(await migrate(database, [first, second], logger)).toEqual({ applied: 1, version: 2 });
    expect(await database.query('SELECT length FROM thing')).toEqual([{ length: 3 }]);
  });

  test('two servers that start together apply each version once', async () => {
    const database = await emptyDatabase();
    const results = await Promise.all([1, 2, 3].map(() => migrate(database, [first, second], logger)));
    expect(results.map((result) => result.applied).sort()).toEqual([0, 0, 2]);
  });

  test('a statement that fails takes its whole version back', async () => {
    const database = await emptyDatabase();
    const broken = { ...first, sql: `${first.sql} SELECT 1 / 0;` };
    await expect(migrate(database, [broken], logger)).rejects.toThrow('division by zero');
    expect(await database.query(`SELECT to_regclass('thing')::text AS name`)).toEqual([{ name: null }]);
  });

  test('a table that stays locked fails the migration instead of blocking everyone behind it', async () => {
    const database = await emptyDatabase();
    await migrate(database, [first], logger);
    const holder = await database.connect();
    await holder.query('SET idle_in_transaction_session_timeout = 0; BEGIN; LOCK TABLE thing IN ACCESS SHARE MODE');
    await expect(migrate(database, [first, second], logger)).rejects.toThrow('lock timeout');
    await holder.end();
    expect(await migrate(database, [first, second], logger)).toEqual({ applied: 1, version: 2 });
  }, 15_000);

  test('a database newer than the program is refused by name of both versions', async () => {
    const database = await emptyDatabase();
    await migrate(database, [first, second], logger);
    const refused = await migrate(database, [first], logger).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SchemaError);
    expect(String(refused)).toMatch(/schema version 2 \(two\).*versions up to 1/);
  });

  test('an applied migration that was edited since is refused', async () => {
    const database = await emptyDatabase();
    await migrate(database, [first], logger);
    await expect(migrate(database, [{ ...first, checksum: 'other' }], logger)).rejects.toThrow(
      /version 1 \(one\) .* another form/,
    );
  });
});
