// What pg_dump and pg_restore do, which come with no npm package: every row of one moment, and the sequences.
import { migrate, programMigrations } from '#server/database/migrate.ts';
import type { Database } from '#server/database/pool.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

interface Dump {
  tables: { name: string; rows: string }[];
  sequences: { name: string; last: string }[];
}

export function dump(database: Database): Promise<Dump> {
  return database.withTransaction(
    async (tx) => {
      const { rows: names } = await tx.query<{ name: string }>(
        `SELECT quote_ident(relname) AS name FROM pg_class
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname`,
      );
      const tables: Dump['tables'] = [];
      for (const { name } of names) {
        const { rows } = await tx.query<{ rows: string }>(
          `SELECT coalesce(json_agg(t), '[]')::text AS rows FROM ${name} t`,
        );
        tables.push({ name, rows: rows[0]?.rows ?? '[]' });
      }
      const { rows: sequences } = await tx.query<{ name: string; last: string }>(
        `SELECT quote_ident(sequencename) AS name, last_value::text AS last FROM pg_sequences
         WHERE schemaname = 'public' AND last_value IS NOT NULL`,
      );
      return { tables, sequences };
    },
    { readOnly: true },
  );
}

/** Into an empty database. */
export async function restore(database: Database, { tables, sequences }: Dump): Promise<void> {
  await migrate(database, await programMigrations(), createMemoryLogger());
  await database.withTransaction(async (tx) => {
    // No trigger and no foreign key, whatever the order of the tables.
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')}`);
    for (const { name, rows } of tables) {
      await tx.query(
        `INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::${name}, $1::json)`,
        [rows],
      );
    }
    for (const { name, last } of sequences) await tx.query('SELECT setval($1::regclass, $2::bigint)', [name, last]);
  });
}
