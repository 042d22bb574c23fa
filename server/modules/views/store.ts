import type { SavedView } from '#server/contract/view.ts';
import { appendToFeed, firstVersion } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';

export interface ViewStore {
  lockById(tx: Tx, id: string): Promise<SavedView | null>;
  countOf(tx: Tx, ownerId: string): Promise<number>;
  firstVersion(tx: Tx, id: string): Promise<number>;
  /** Inserts a new one, else updates; shows it to its owner, or to everyone. */
  save(tx: Tx, at: string, view: SavedView, wasShared: boolean): Promise<void>;
  remove(tx: Tx, at: string, view: SavedView): Promise<void>;
}

const columns = 'v.id, v.version, v.name, v.filter, v.owner_id AS "ownerId", v.shared';

export const viewStore: ViewStore = {
  async lockById(tx, id) {
    const { rows } = await tx.query<SavedView>(`SELECT ${columns} FROM saved_view v WHERE v.id = $1 FOR UPDATE`, [id]);
    return rows[0] ?? null;
  },

  async countOf(tx, ownerId) {
    const { rows } = await tx.query<{ count: number }>('SELECT count(*) AS count FROM saved_view WHERE owner_id = $1', [
      ownerId,
    ]);
    return rows[0]?.count ?? 0;
  },

  firstVersion: (tx, id) => firstVersion(tx, 'view', id),

  async save(tx, at, view, wasShared) {
    const { id, version, name, filter, ownerId, shared } = view;
    await tx.query(
      `INSERT INTO saved_view AS v (id, version, name, filter, owner_id, shared) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name, filter = excluded.filter, shared = excluded.shared`,
      [id, version, name, JSON.stringify(filter), ownerId, shared],
    );
    if (wasShared && !shared) await appendToFeed(tx, at, [gone(view, version - 1, null)]);
    await appendToFeed(tx, at, [
      { entity: 'view', op: 'put', id, version, body: view, audience: null, userId: shared ? null : ownerId },
    ]);
  },

  async remove(tx, at, view) {
    await tx.query('DELETE FROM saved_view WHERE id = $1', [view.id]);
    await appendToFeed(tx, at, [gone(view, view.version + 1, view.shared ? null : view.ownerId)]);
  },
};

/** The actor's own, and those that are shared. */
export async function readViewsForReplica(
  sql: SqlReader,
  actor: { userId: string },
  after: string | null,
  limit: number,
): Promise<{ id: string; version: number; body: SavedView }[]> {
  const rows = await sql.query<SavedView>({
    name: 'view-replica',
    text: `SELECT ${columns} FROM saved_view v
           WHERE ($1::uuid IS NULL OR v.id > $1) AND (v.shared OR v.owner_id = $2) ORDER BY v.id LIMIT $3`,
    values: [after, actor.userId, limit],
  });
  return rows.map((view) => ({ id: view.id, version: view.version, body: view }));
}

function gone(view: SavedView, version: number, userId: string | null) {
  return { entity: 'view', op: 'delete', id: view.id, version, body: null, audience: null, userId } as const;
}
