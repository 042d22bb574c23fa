import type { IntentResult } from '#server/contract/intent.ts';
import type { Tx } from '#server/database/transaction.ts';

export interface StoredIntent {
  userId: string;
  kind: string;
  result: IntentResult;
}

export interface IntentStore {
  /**
   * Takes the id for this transaction and answers null, or answers what is stored under it. Waits for another
   * transaction that is applying the same id.
   */
  claim(tx: Tx, intent: { id: string; userId: string; kind: string; at: string }): Promise<StoredIntent | null>;
  answer(tx: Tx, id: string, result: IntentResult): Promise<void>;
  find(tx: Tx, id: string): Promise<StoredIntent | null>;
  forget(tx: Tx, id: string): Promise<void>;
}

export const intentStore: IntentStore = {
  async claim(tx, { id, userId, kind, at }) {
    // The answer is filled in before the transaction commits; nobody ever reads the placeholder.
    const { rowCount } = await tx.query({
      name: 'intent-claim',
      text: `INSERT INTO intent (id, user_id, kind, result, applied_at) VALUES ($1, $2, $3, '{}', $4)
             ON CONFLICT (id) DO NOTHING`,
      values: [id, userId, kind, at],
    });
    return rowCount === 1 ? null : this.find(tx, id);
  },

  async answer(tx, id, result) {
    await tx.query({
      name: 'intent-answer',
      text: `UPDATE intent SET result = $2 WHERE id = $1`,
      values: [id, JSON.stringify(result)],
    });
  },

  async find(tx, id) {
    const { rows } = await tx.query<StoredIntent>({
      name: 'intent-find',
      text: `SELECT user_id AS "userId", kind, result FROM intent WHERE id = $1`,
      values: [id],
    });
    return rows[0] ?? null;
  },

  async forget(tx, id) {
    await tx.query({ name: 'intent-forget', text: `DELETE FROM intent WHERE id = $1`, values: [id] });
  },
};
