import { afterAll, inject } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { createDatabase, type Database, type DatabaseAddress } from '#server/database/pool.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { templateName } from '#server/testkit/postgres-global.ts';
import type { TestPostgres } from '#server/testkit/postgres-server.ts';

/**
 * A fresh, migrated database on the run's real PostgreSQL, dropped when the test file ends. Call it at the top of a
 * describe or a hook. Servers in a test that need a second pool take `testDatabaseAddress`.
 */
export async function testDatabase(options: { max?: number; empty?: boolean } = {}): Promise<Database> {
  const { database, drop } = await makeDatabase(options);
  afterAll(drop);
  return database;
}

/**
 * The same, for a test that drops it by itself (inside a running test, where hooks cannot be added). On another `server`,
 * which has no template, it is `empty`.
 */
export async function makeDatabase(
  options: { max?: number; empty?: boolean; server?: TestPostgres['address'] } = {},
): Promise<{ database: Database; address: DatabaseAddress; drop(): Promise<void> }> {
  const server = options.server ?? inject('postgres');
  const clock = createSystemClock();
  const random = createSystemRandom(clock);
  const parts = { logger: createMemoryLogger(), clock, random };
  const name = `test_${random.uuid().replaceAll('-', '')}`;
  const root = createDatabase({ ...parts, address: server, max: 1 });
  await root.query(`CREATE DATABASE ${name}${options.empty === true ? '' : ` TEMPLATE ${templateName}`}`);
  const address = { ...server, database: name };
  const database = createDatabase({ ...parts, address, max: options.max ?? 10 });
  return {
    database,
    address,
    async drop() {
      await database.close();
      await root.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await root.close();
    },
  };
}
