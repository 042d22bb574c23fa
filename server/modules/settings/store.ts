import type { SqlReader, Tx } from '#server/database/transaction.ts';

export const settingStore = {
  async all(sql: SqlReader): Promise<Record<string, unknown>> {
    const rows = await sql.query<{ name: string; value: unknown }>('SELECT name, value FROM setting');
    return Object.fromEntries(rows.map((row) => [row.name, row.value]));
  },

  /** As they are for this transaction. */
  async allIn(tx: Tx): Promise<Record<string, unknown>> {
    const { rows } = await tx.query<{ name: string; value: unknown }>({
      name: 'setting-all',
      text: 'SELECT name, value FROM setting',
    });
    return Object.fromEntries(rows.map((row) => [row.name, row.value]));
  },

  /** As they are now, and nobody else's until the end of this transaction. */
  async lock(tx: Tx, at: string): Promise<Record<string, unknown>> {
    // Each change writes this row. One that is not there cannot be locked.
    await tx.query({
      name: 'setting-first',
      text: `INSERT INTO setting (name, value, updated_at) VALUES ('version', '0', $1) ON CONFLICT (name) DO NOTHING`,
      values: [at],
    });
    await tx.query({ name: 'setting-lock', text: `SELECT FROM setting WHERE name = 'version' FOR UPDATE` });
    return this.allIn(tx);
  },

  async put(tx: Tx, name: string, value: unknown, at: string, userId: string): Promise<void> {
    await tx.query(
      `INSERT INTO setting (name, value, updated_at, updated_by) VALUES ($1, $2, $3, $4)
       ON CONFLICT (name) DO UPDATE SET value = $2, updated_at = $3, updated_by = $4`,
      [name, JSON.stringify(value), at, userId],
    );
  },
};
