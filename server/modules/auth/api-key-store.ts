import type { ApiKey, PermissionRole } from '#server/contract/people.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { Holder } from '#server/modules/auth/session-store.ts';

export interface KeyHolder extends Holder {
  keyId: string;
  keyRole: PermissionRole;
  lastUsedAt: string | null;
}

export const apiKeyStore = {
  async insert(
    tx: Tx,
    key: {
      id: string;
      name: string;
      hash: Buffer;
      hint: string;
      userId: string;
      role: PermissionRole;
      at: string;
      expiresAt: string | null;
    },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO api_key (id, name, key_hash, hint, user_id, role, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [key.id, key.name, key.hash, key.hint, key.userId, key.role, key.at, key.expiresAt],
    );
  },

  async list(sql: SqlReader, userId: string): Promise<ApiKey[]> {
    return sql.query<ApiKey>(
      `SELECT id, name, role, hint, created_at AS "createdAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt",
         revoked_at AS "revokedAt"
       FROM api_key WHERE user_id = $1 ORDER BY revoked_at IS NOT NULL, created_at DESC LIMIT 200`,
      [userId],
    );
  },

  async revoke(tx: Tx, id: string, userId: string, at: string): Promise<boolean> {
    const { rowCount } = await tx.query(
      'UPDATE api_key SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL',
      [id, userId, at],
    );
    return rowCount === 1;
  },

  async holder(sql: SqlReader, hash: Buffer, at: string): Promise<KeyHolder | null> {
    const rows = await sql.query<KeyHolder & Record<string, unknown>>({
      name: 'api-key-holder',
      text: `SELECT k.id AS "keyId", k.role AS "keyRole", k.last_used_at AS "lastUsedAt", u.id AS "userId", u.name, u.role,
               coalesce((SELECT array_agg(m.team_id::text ORDER BY m.team_id) FROM team_member m WHERE m.user_id = u.id), '{}') AS "teamIds"
             FROM api_key k JOIN user_account u ON u.id = k.user_id
             WHERE k.key_hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2) AND NOT u.disabled`,
      values: [hash, at],
    });
    return rows[0] ?? null;
  },

  async touch(tx: Tx, id: string, at: string): Promise<void> {
    await tx.query('UPDATE api_key SET last_used_at = $2 WHERE id = $1', [id, at]);
  },
};
