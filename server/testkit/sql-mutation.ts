// One named statement of the SQL taken away or changed, to show that the check which watches its guard notices.
import { expect, test } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import { takeWaking, type Tx, wakeAfterCommit } from '#server/database/transaction.ts';

/** What a named statement becomes; null takes it out; `late` runs it only when the test says so. */
export type Mutation = { statement: string; becomes: string | null; late?: true } | null;

/** What a check found wrong, and how often the changed statement was to be run. */
export interface Watched {
  violations: string[];
  hits: number;
}

/** The same database with one statement changed inside of transactions. */
export function mutateSql(
  database: Database,
  mutation: Mutation,
): { database: Database; hits(): number; runLate(): Promise<void> } {
  let hits = 0;
  const late: { text: string; values: unknown[] }[] = [];
  const change = (tx: Tx): Tx => {
    const run = tx.query.bind(tx) as (...args: unknown[]) => unknown;
    const query = (...args: unknown[]) => {
      const [config] = args as [{ name?: string; text: string; values: unknown[] }];
      if (mutation === null || typeof config !== 'object' || config.name !== mutation.statement) return run(...args);
      hits += 1;
      if (mutation.late === true) late.push({ text: config.text, values: config.values });
      if (mutation.becomes === null) return Promise.resolve({ rows: [], rowCount: 0 });
      return run({ ...config, name: `${mutation.statement}-mutant`, text: mutation.becomes });
    };
    return { query: query as Tx['query'] };
  };
  return {
    database: {
      ...database,
      withTransaction: (fn, options) =>
        database.withTransaction(async (tx) => {
          const changed = change(tx);
          const result = await fn(changed);
          for (const channel of takeWaking(changed)) wakeAfterCommit(tx, channel);
          return result;
        }, options),
    },
    hits: () => hits,
    async runLate() {
      for (const { text, values } of late.splice(0)) await database.query(text, values);
    },
  };
}

/** The two tests of a guard: its check is content with it, and not without it. */
export function testsOfGuard(watch: (mutation: Mutation) => Promise<Watched>, mutation: Mutation): void {
  test('with it, nothing is wrong', async () => {
    expect((await watch(null)).violations).toEqual([]);
  });

  test('without it, the check fails', async () => {
    const { violations, hits } = await watch(mutation);
    // The statement still has this name, or the mutation proves nothing.
    expect(hits).toBeGreaterThan(0);
    expect(violations).not.toEqual([]);
  });
}
