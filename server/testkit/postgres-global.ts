// vitest globalSetup: one PostgreSQL for the whole run, with a migrated database that the tests' databases are copied from.
import type { TestProject } from 'vitest/node';
import { createStderrLogger } from '#server/adapters/system/logger.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { migrate, programMigrations } from '#server/database/migrate.ts';
import { createDatabase, type DatabaseAddress } from '#server/database/pool.ts';
import { startTestPostgres } from '#server/testkit/postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: Extract<DatabaseAddress, { host: string }>;
  }
}

export const templateName = 'tocsin_template';

export default async function setup(project: Pick<TestProject, 'provide'>): Promise<() => Promise<void>> {
  const server = await startTestPostgres({ fsync: false });
  const clock = createSystemClock();
  const parts = { logger: createStderrLogger('warn', clock), clock, random: createSystemRandom(clock) };
  try {
    const root = createDatabase({ ...parts, address: server.address, max: 1 });
    await root.query(`CREATE DATABASE ${templateName}`);
    await root.close();
    const template = createDatabase({ ...parts, address: { ...server.address, database: templateName }, max: 1 });
    await migrate(template, await programMigrations(), parts.logger);
    await template.close();
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('postgres', server.address);
  return () => server.stop();
}
