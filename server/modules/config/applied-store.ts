import type { SqlReader, Tx } from '#server/database/transaction.ts';

/** What was last applied from YAML. */
export const appliedStore = {
  async read(sql: SqlReader): Promise<{ yaml: string; at: string; by: string | null } | null> {
    const [row] = await sql.query<{ yaml: string; at: string; by: string | null }>({
      name: 'config-applied',
      text: 'SELECT yaml, at, by FROM config_applied',
    });
    return row ?? null;
  },
  async write(tx: Tx, applied: { yaml: string; at: string; by: string }): Promise<void> {
    await tx.query({
      name: 'config-applied-save',
      text: `INSERT INTO config_applied (yaml, at, by) VALUES ($1, $2, $3)
             ON CONFLICT (only_row) DO UPDATE SET yaml = excluded.yaml, at = excluded.at, by = excluded.by`,
      values: [applied.yaml, applied.at, applied.by],
    });
  },
};
