import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';
import type { Database } from '#server/database/pool.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface Migration {
  version: number;
  name: string;
  sql: string;
  checksum: string;
}

/** The program cannot work with this database, and no retry will change that. */
export class SchemaError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SchemaError';
  }
}

// Any fixed number: servers that start together wait here for one another.
const lockKey = 7_300_001;

/**
 * Brings the schema up to the program's version. Each file commits together with its row in schema_migration, so a
 * kill at any moment leaves whole versions only, and the next start goes on from there.
 */
export async function migrate(
  database: Pick<Database, 'connect'>,
  migrations: readonly Migration[],
  logger: Logger,
): Promise<{ applied: number; version: number }> {
  const client = await database.connect();
  try {
    await client.query('SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0');
    // Released with the connection, also when this process is killed.
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migration (
      version    int PRIMARY KEY,
      name       text NOT NULL,
      checksum   text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )`);
    const done = await client.query<AppliedRow>(
      'SELECT version, name, checksum FROM schema_migration ORDER BY version',
    );
    const pending = planMigrations(migrations, done.rows);
    for (const migration of pending) {
      await apply(client, migration);
      logger.info('database schema migrated', { version: migration.version, name: migration.name });
    }
    return { applied: pending.length, version: migrations.at(-1)?.version ?? 0 };
  } finally {
    await client.end().catch(() => {});
  }
}

interface AppliedRow {
  version: number;
  name: string;
  checksum: string;
}

/** What is still to run, or why the program must not touch this database. */
export function planMigrations(known: readonly Migration[], applied: readonly AppliedRow[]): Migration[] {
  const newest = known.at(-1)?.version ?? 0;
  const ahead = applied.at(-1);
  if (ahead !== undefined && ahead.version > newest) {
    throw new SchemaError(
      `The database has schema version ${ahead.version} (${ahead.name}), and this program knows versions up to ${newest}. ` +
        'A newer Tocsin has used this database. Start that version again, or give this one a database of its own.',
    );
  }
  for (const row of applied) {
    const migration = known.find((candidate) => candidate.version === row.version);
    if (migration === undefined || migration.checksum !== row.checksum) {
      throw new SchemaError(
        `Schema version ${row.version} (${row.name}) was applied to this database in another form than this program carries. ` +
          'The database was made by a different build. Start that build again, or give this one a database of its own.',
      );
    }
  }
  const have = new Set(applied.map((row) => row.version));
  return known.filter((migration) => !have.has(migration.version));
}

/** Reads `0001_name.sql`, `0002_name.sql`, … */
export async function readMigrations(folder: URL): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file, place) => {
      const match = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file);
      const version = Number(match?.[1]);
      if (match === null || version !== place + 1) {
        throw new SchemaError(
          `${file} breaks the numbering of the migrations: expected ${String(place + 1).padStart(4, '0')}_name.sql.`,
        );
      }
      // Line ends differ between checkouts; the schema does not.
      const sql = (await readFile(new URL(file, folder), 'utf8')).replaceAll('\r\n', '\n');
      return { version, name: match[2] ?? '', sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** The migrations this program carries. */
export function programMigrations(): Promise<Migration[]> {
  return readMigrations(new URL('../migrations/', import.meta.url));
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL lock_timeout = '5s'`);
    await client.query(migration.sql);
    await client.query('INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.checksum,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
