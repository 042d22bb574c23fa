import type { Tx } from '#server/database/transaction.ts';

export interface SentCode {
  address: string;
  codeHash: Buffer;
  attempts: number;
  sentAt: string;
  expiresAt: string;
}

export const verificationStore = {
  async lock(tx: Tx, userId: string, methodId: string): Promise<SentCode | null> {
    const { rows } = await tx.query<SentCode>({
      name: 'verification-lock',
      text: `SELECT address, code_hash AS "codeHash", attempts, sent_at AS "sentAt", expires_at AS "expiresAt"
             FROM contact_verification WHERE user_id = $1 AND method_id = $2 FOR UPDATE`,
      values: [userId, methodId],
    });
    return rows[0] ?? null;
  },

  async put(tx: Tx, userId: string, methodId: string, code: Omit<SentCode, 'attempts'>): Promise<void> {
    await tx.query({
      name: 'verification-put',
      text: `INSERT INTO contact_verification (user_id, method_id, address, code_hash, attempts, sent_at, expires_at)
             VALUES ($1, $2, $3, $4, 0, $5, $6)
             ON CONFLICT (user_id, method_id)
             DO UPDATE SET address = $3, code_hash = $4, attempts = 0, sent_at = $5, expires_at = $6`,
      values: [userId, methodId, code.address, code.codeHash, code.sentAt, code.expiresAt],
    });
  },

  async countTry(tx: Tx, userId: string, methodId: string): Promise<void> {
    await tx.query({
      name: 'verification-try',
      text: `UPDATE contact_verification SET attempts = attempts + 1 WHERE user_id = $1 AND method_id = $2`,
      values: [userId, methodId],
    });
  },

  /** Codes sent for this person since then. */
  async countSent(tx: Tx, userId: string, since: string): Promise<number> {
    const { rows } = await tx.query<{ count: number }>({
      name: 'verification-count',
      text: `SELECT count(*) AS count FROM contact_verification WHERE user_id = $1 AND sent_at > $2`,
      values: [userId, since],
    });
    return rows[0]?.count ?? 0;
  },

  async remove(tx: Tx, userId: string, methodId: string): Promise<void> {
    await tx.query({
      name: 'verification-remove',
      text: 'DELETE FROM contact_verification WHERE user_id = $1 AND method_id = $2',
      values: [userId, methodId],
    });
  },
};
