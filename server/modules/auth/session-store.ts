import type { PermissionRole } from '#server/contract/people.ts';
import type { SessionClient } from '#server/contract/session.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { SessionState } from '#server/modules/auth/refresh-token.ts';

export interface SessionRow {
  id: string;
  client: SessionClient;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
}

/** A person as a credential sees them. */
export interface Holder {
  userId: string;
  name: string;
  role: PermissionRole;
  teamIds: string[];
}

const holderColumns = `u.id AS "userId", u.name, u.role,
  coalesce((SELECT array_agg(m.team_id::text ORDER BY m.team_id) FROM team_member m WHERE m.user_id = u.id), '{}') AS "teamIds"`;

export const sessionStore = {
  async insert(
    tx: Tx,
    session: { id: string; userId: string; client: SessionClient; byLink: boolean; at: string; expiresAt: string },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO session (id, user_id, client, by_link, rotated_at, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $5, $6)`,
      [session.id, session.userId, session.client, session.byLink, session.at, session.expiresAt],
    );
  },

  async lock(tx: Tx, id: string): Promise<(SessionState & { userId: string; client: SessionClient }) | null> {
    const { rows } = await tx.query(
      `SELECT s.user_id AS "userId", s.client, s.place, s.revoked_at AS "revokedAt", s.expires_at AS "expiresAt",
         s.rotated_at AS "rotatedAt", u.disabled AS "userDisabled"
       FROM session s JOIN user_account u ON u.id = s.user_id WHERE s.id = $1 FOR UPDATE OF s`,
      [id],
    );
    return rows[0] ?? null;
  },

  async rotate(tx: Tx, id: string, place: number, at: string, expiresAt: string): Promise<void> {
    await tx.query('UPDATE session SET place = $2, rotated_at = $3, expires_at = $4 WHERE id = $1', [
      id,
      place,
      at,
      expiresAt,
    ]);
  },

  async revoke(tx: Tx, id: string, at: string, reason: string): Promise<void> {
    await tx.query('UPDATE session SET revoked_at = $2, revoked_reason = $3 WHERE id = $1 AND revoked_at IS NULL', [
      id,
      at,
      reason,
    ]);
  },

  /** Only one's own; answers whether there was one. */
  async revokeOwn(tx: Tx, id: string, userId: string, at: string): Promise<boolean> {
    const { rowCount } = await tx.query(
      `UPDATE session SET revoked_at = $3, revoked_reason = 'signed out from another place'
       WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL`,
      [id, userId, at],
    );
    return rowCount === 1;
  },

  async revokeAll(tx: Tx, userId: string, at: string, reason: string, except: string | null): Promise<void> {
    await tx.query(
      `UPDATE session SET revoked_at = $2, revoked_reason = $3
       WHERE user_id = $1 AND revoked_at IS NULL AND ($4::uuid IS NULL OR id <> $4)`,
      [userId, at, reason, except],
    );
  },

  async list(sql: SqlReader, userId: string, at: string): Promise<SessionRow[]> {
    return sql.query<SessionRow>(
      `SELECT id, client, created_at AS "createdAt", rotated_at AS "lastUsedAt", expires_at AS "expiresAt" FROM session
       WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY rotated_at DESC LIMIT 100`,
      [userId, at],
    );
  },

  async holder(sql: SqlReader, sessionId: string, userId: string, at: string): Promise<Holder | null> {
    const rows = await sql.query<Holder & Record<string, unknown>>({
      name: 'session-holder',
      text: `SELECT ${holderColumns} FROM session s JOIN user_account u ON u.id = s.user_id
             WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > $3 AND NOT u.disabled`,
      values: [sessionId, userId, at],
    });
    return rows[0] ?? null;
  },

  /** Whether a session was opened by a link not longer ago than `since`. */
  async openedByLink(sql: SqlReader, id: string, since: string): Promise<boolean> {
    const rows = await sql.query('SELECT 1 FROM session WHERE id = $1 AND by_link AND created_at > $2', [id, since]);
    return rows.length > 0;
  },

  async insertLink(tx: Tx, link: { hash: Buffer; userId: string; expiresAt: string }): Promise<void> {
    await tx.query('INSERT INTO login_link (token_hash, user_id, expires_at) VALUES ($1, $2, $3)', [
      link.hash,
      link.userId,
      link.expiresAt,
    ]);
  },

  /** Marks it used and answers whose it was; of many at once one gets it. */
  async useLink(tx: Tx, hash: Buffer, at: string): Promise<string | null> {
    const { rows } = await tx.query<{ userId: string }>(
      `UPDATE login_link l SET used_at = $2 FROM user_account u
       WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND u.id = l.user_id AND NOT u.disabled
       RETURNING l.user_id AS "userId"`,
      [hash, at],
    );
    return rows[0]?.userId ?? null;
  },

  async dropLinks(tx: Tx, userId: string, at: string): Promise<void> {
    await tx.query('UPDATE login_link SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL', [userId, at]);
  },

  async signingKey(sql: SqlReader): Promise<{ id: string; privateJwk: string } | null> {
    const rows = await sql.query<{ id: string; privateJwk: string }>(
      'SELECT id, private_jwk AS "privateJwk" FROM signing_key ORDER BY created_at DESC, id LIMIT 1',
    );
    return rows[0] ?? null;
  },

  /** The first one stays, whoever else starts at the same time. */
  async insertSigningKey(tx: Tx, key: { id: string; privateJwk: string; at: string }): Promise<void> {
    await tx.query('LOCK TABLE signing_key IN EXCLUSIVE MODE');
    await tx.query(
      `INSERT INTO signing_key (id, private_jwk, created_at) SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM signing_key)`,
      [key.id, key.privateJwk, key.at],
    );
  },

  /** Rows that nothing asks for any more: sessions ended and links run out more than a month ago. */
  async sweep(tx: Tx, before: string): Promise<void> {
    await tx.query('DELETE FROM session WHERE expires_at < $1 OR revoked_at < $1', [before]);
    await tx.query('DELETE FROM login_link WHERE expires_at < $1', [before]);
  },
};
