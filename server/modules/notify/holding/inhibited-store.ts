import type { Tx } from '#server/database/transaction.ts';

export const inhibitedStore = {
  /**
   * Of these pages the ones that an inhibition may hold back: made longer ago than the hold was last asked about, by
   * paging and not by hand, and not to a channel that is only told (run 0).
   */
  async holdable(tx: Tx, pageIds: readonly string[], madeBefore: string): Promise<Set<string>> {
    const { rows } = await tx.query<{ id: string }>({
      name: 'inhibited-holdable',
      text: `SELECT p.id FROM page p
             WHERE p.id = ANY($1::uuid[]) AND p.run > 0 AND p.at < $2
               -- OFFSET 0: page by page, by the incident's index. As a join it would take the whole ledger apart.
               AND NOT EXISTS (SELECT FROM ledger l
                 WHERE l.incident_id = p.incident_id AND l.kind = 'forced' AND l.at = p.at OFFSET 0)`,
      values: [pageIds, madeBefore],
    });
    return new Set(rows.map((row) => row.id));
  },
};
