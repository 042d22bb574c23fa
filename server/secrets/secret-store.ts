import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { SecretPlace } from '#server/secrets/envelope.ts';

export interface SealedSecret extends SecretPlace {
  keyId: string;
  sealed: Buffer;
}

const columns = 'owner_kind AS "ownerKind", owner_id AS "ownerId", name, key_id AS "keyId", sealed';

export const secretStore = {
  async put(tx: Tx, secret: SealedSecret): Promise<void> {
    await tx.query({
      name: 'secret-put',
      text: `INSERT INTO secret (owner_kind, owner_id, name, key_id, sealed) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (owner_kind, owner_id, name) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed`,
      values: [secret.ownerKind, secret.ownerId, secret.name, secret.keyId, secret.sealed],
    });
  },

  async remove(tx: Tx, place: SecretPlace): Promise<void> {
    await tx.query({
      name: 'secret-remove',
      text: 'DELETE FROM secret WHERE owner_kind = $1 AND owner_id = $2 AND name = $3',
      values: [place.ownerKind, place.ownerId, place.name],
    });
  },

  async removeOwner(tx: Tx, ownerKind: string, ownerId: string): Promise<void> {
    await tx.query({
      name: 'secret-remove-owner',
      text: 'DELETE FROM secret WHERE owner_kind = $1 AND owner_id = $2',
      values: [ownerKind, ownerId],
    });
  },

  async of(sql: SqlReader | Tx, ownerKind: string, ownerId: string): Promise<SealedSecret[]> {
    return rows(
      await (sql as Asked).query({
        name: 'secret-of',
        text: `SELECT ${columns} FROM secret WHERE owner_kind = $1 AND owner_id = $2 ORDER BY name`,
        values: [ownerKind, ownerId],
      }),
    );
  },

  /** How many secrets each master key seals. */
  async keysInUse(sql: SqlReader | Tx): Promise<{ keyId: string; count: number }[]> {
    return rows(
      await (sql as Asked).query({
        name: 'secret-keys',
        text: 'SELECT key_id AS "keyId", count(*)::int AS count FROM secret GROUP BY key_id ORDER BY key_id',
        values: [],
      }),
    );
  },

  /** Locked, so that a secret that is saved meanwhile is not overwritten with the old one. */
  async notSealedWith(tx: Tx, keyId: string, limit: number): Promise<SealedSecret[]> {
    return rows(
      await tx.query({
        name: 'secret-not-sealed-with',
        text: `SELECT ${columns} FROM secret WHERE key_id <> $1 ORDER BY owner_kind, owner_id, name LIMIT $2 FOR UPDATE`,
        values: [keyId, limit],
      }),
    );
  },
};

/** A pool or a transaction: the one answers rows, the other a result that holds them. */
type Asked = { query(query: { name: string; text: string; values: unknown[] }): Promise<unknown> };

function rows<T>(answer: unknown): T[] {
  return (Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows) as T[];
}
