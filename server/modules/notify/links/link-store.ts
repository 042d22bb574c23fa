import { createHash } from 'node:crypto';
import type { SqlReader, Tx } from '#server/database/transaction.ts';

export interface PageLinkRow {
  id: string;
  incidentId: string;
  userId: string;
  pageId: string | null;
  expiresAt: string;
}

export const pageLinkStore = {
  async put(tx: Tx, link: PageLinkRow & { tokenHash: Buffer }): Promise<void> {
    await tx.query({
      name: 'page-link-put',
      text: `INSERT INTO page_link (id, incident_id, user_id, page_id, short_hash, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE SET expires_at = greatest(page_link.expires_at, excluded.expires_at)`,
      values: [link.id, link.incidentId, link.userId, link.pageId, link.tokenHash, link.expiresAt],
    });
  },

  async find(sql: SqlReader, hash: Buffer): Promise<PageLinkRow | null> {
    const [row] = await sql.query<PageLinkRow & Record<string, unknown>>({
      name: 'page-link-find',
      text: `SELECT id, incident_id AS "incidentId", user_id AS "userId", page_id AS "pageId", expires_at AS "expiresAt"
             FROM page_link WHERE short_hash = $1`,
      values: [hash],
    });
    return row ?? null;
  },

  async markUsed(sql: SqlReader, id: string, at: string): Promise<void> {
    await sql.query({
      name: 'page-link-used',
      text: `UPDATE page_link SET used_at = coalesce(used_at, $2) WHERE id = $1`,
      values: [id, at],
    });
  },
};

/** Tokens have full entropy, so a plain hash keeps them. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The same token has the same row, however often it is asked for. */
export function linkIdOf(token: string): string {
  const hex = createHash('sha256').update(`id of ${token}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
