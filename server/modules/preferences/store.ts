import type { Preference } from '#server/contract/preference.ts';
import { appendToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';

export interface PreferenceStore {
  /** Creates the row where there is none yet, so that two devices of a person wait for one another. */
  lock(tx: Tx, userId: string): Promise<Preference | null>;
  save(tx: Tx, at: string, preference: Preference): Promise<void>;
}

const columns = 'p.user_id AS id, p.version, p.chosen AS "values"';

export const preferenceStore: PreferenceStore = {
  async lock(tx, userId) {
    await tx.query({
      name: 'preference-claim',
      text: 'INSERT INTO preference (user_id, version) VALUES ($1, 0) ON CONFLICT (user_id) DO NOTHING',
      values: [userId],
    });
    const { rows } = await tx.query<Preference>({
      name: 'preference-lock',
      text: `SELECT ${columns} FROM preference p WHERE p.user_id = $1 FOR UPDATE`,
      values: [userId],
    });
    const row = rows[0];
    return row === undefined || row.version === 0 ? null : row;
  },

  async save(tx, at, preference) {
    const { id, version, values } = preference;
    await tx.query({
      name: 'preference-save',
      text: 'UPDATE preference SET version = $2, chosen = $3 WHERE user_id = $1',
      values: [id, version, JSON.stringify(values)],
    });
    await appendToFeed(tx, at, [
      { entity: 'preference', op: 'put', id, version, body: preference, audience: null, userId: id },
    ]);
  },
};

/** The actor's own. */
export async function readPreferencesForReplica(
  sql: SqlReader,
  actor: { userId: string },
  after: string | null,
): Promise<{ id: string; version: number; body: Preference }[]> {
  if (after !== null) return [];
  const rows = await sql.query<Preference>({
    name: 'preference-replica',
    text: `SELECT ${columns} FROM preference p WHERE p.user_id = $1 AND p.version > 0`,
    values: [actor.userId],
  });
  return rows.map((row) => ({ id: row.id, version: row.version, body: row }));
}
