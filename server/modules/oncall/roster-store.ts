import type { Roster } from '#server/contract/schedule.ts';
import { appendToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';

export type RosterBody = Omit<Roster, 'version'>;

interface Row {
  id: string;
  version: number;
  body: RosterBody;
}

/** With its schedule it may come back after it was deleted, above the version of that (firstVersion of database/feed.ts). */
const versionOfNew = `(SELECT coalesce(max(f.version), 0) + 1 FROM feed f WHERE f.id = n.id AND f.entity = 'roster')`;

export const rosterStore = {
  /** Writes those that differ from what is stored, with their feed rows; answers how many. */
  async save(tx: Tx, at: string, bodies: readonly RosterBody[]): Promise<number> {
    if (bodies.length === 0) return 0;
    const sorted = bodies.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const { rows } = await tx.query<Row>({
      name: 'roster-save',
      text: `INSERT INTO roster AS r (id, version, body, worked_out_at)
             SELECT n.id, CASE WHEN EXISTS (SELECT FROM roster o WHERE o.id = n.id) THEN 1 ELSE ${versionOfNew} END, n.body, $3
             FROM unnest($1::uuid[], $2::jsonb[]) WITH ORDINALITY AS n (id, body, place)
             ORDER BY n.place
             ON CONFLICT (id) DO UPDATE SET version = r.version + 1, body = excluded.body, worked_out_at = $3
             WHERE r.body IS DISTINCT FROM excluded.body
             RETURNING r.id, r.version, r.body`,
      values: [sorted.map(({ id }) => id), sorted.map((body) => JSON.stringify(body)), at],
    });
    await appendToFeed(
      tx,
      at,
      rows.map((row) => ({
        entity: 'roster',
        op: 'put',
        id: row.id,
        version: row.version,
        body: publicRoster(row),
        audience: null,
      })),
    );
    return rows.length;
  },

  /** Of schedules that are gone. */
  async remove(tx: Tx, at: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { rows } = await tx.query<{ id: string; version: number }>({
      name: 'roster-remove',
      text: 'DELETE FROM roster WHERE id = ANY($1::uuid[]) RETURNING id, version',
      values: [[...ids].sort()],
    });
    await appendToFeed(
      tx,
      at,
      rows.map(({ id, version }) => {
        return { entity: 'roster', op: 'delete', id, version: version + 1, body: null, audience: null };
      }),
    );
  },

  async ids(sql: SqlReader): Promise<string[]> {
    const rows = await sql.query<{ id: string }>({ name: 'roster-ids', text: 'SELECT id FROM roster ORDER BY id' });
    return rows.map(({ id }) => id);
  },
};

/** Everyone who is signed in sees who is on call. */
export async function readRostersForReplica(
  sql: SqlReader,
  _actor: unknown,
  after: string | null,
  limit: number,
): Promise<{ id: string; version: number; body: Roster }[]> {
  const rows = await sql.query<Row>({
    name: 'roster-replica',
    text: 'SELECT id, version, body FROM roster WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2',
    values: [after, limit],
  });
  return rows.map((row) => ({ id: row.id, version: row.version, body: publicRoster(row) }));
}

function publicRoster({ version, body }: Row): Roster {
  return { ...body, version };
}
