import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '#server/testkit/postgres.ts';
import { prepareSimulation, simulateSql } from '#server/testkit/sim/simulate-sql.ts';

const seeds = 50;
const database = await testDatabase();

describe('the simulation through the SQL stores on a real PostgreSQL', () => {
  beforeAll(() => prepareSimulation(database));

  it(`keeps every promise over ${seeds} seeds`, { timeout: 600_000 }, async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= seeds; seed += 1) {
      const promises = await simulateSql(database, seed);
      if (promises.length > 0) broken.push(`seed ${seed}: ${promises.join('; ')}`);
    }
    expect(broken).toEqual([]);
  });

  // The guards in the SQL itself: with one of them gone, the same scenarios break a promise.
  it('notices when the inbox no longer refuses a record', { timeout: 300_000 }, async () => {
    await database.query('ALTER TABLE inbox DROP CONSTRAINT inbox_pkey');
    try {
      expect(await firstBroken()).toMatch(/had its effect \d times/);
    } finally {
      await database.query('TRUNCATE inbox');
      await database.query('ALTER TABLE inbox ADD PRIMARY KEY (consumer_group, record_id)');
    }
  });
});

async function firstBroken(): Promise<string> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const broken = await simulateSql(database, seed);
    if (broken.length > 0) return broken.join('; ');
  }
  return 'nothing broke';
}
