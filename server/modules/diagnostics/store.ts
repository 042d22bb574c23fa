// Reads PostgreSQL's own views, never a module's tables.
import type { SqlReader } from '#server/database/transaction.ts';

export async function readDatabaseFacts(
  sql: SqlReader,
): Promise<{ version: string; schemaVersion: number; sizeBytes: number; now: string }> {
  const [row] = await sql.query<{ version: string; schema: number | null; size: number; now: string }>(
    `SELECT current_setting('server_version') AS version, (SELECT max(version) FROM schema_migration) AS schema,
       pg_database_size(current_database()) AS size, clock_timestamp() AS now`,
  );
  if (row === undefined) throw new Error('the database answered nothing about itself');
  return {
    version: row.version.split(' ')[0] ?? row.version,
    schemaVersion: row.schema ?? 0,
    sizeBytes: row.size,
    now: row.now,
  };
}

export function readTables(sql: SqlReader): Promise<{ name: string; rows: number; sizeBytes: number }[]> {
  return sql.query(
    `SELECT relname AS name, n_live_tup AS rows, pg_total_relation_size(relid) AS "sizeBytes"
     FROM pg_stat_user_tables WHERE schemaname = current_schema() ORDER BY 3 DESC, 1`,
  );
}
