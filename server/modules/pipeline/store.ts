import type { Tx } from '#server/database/transaction.ts';

/** The consumer's memory of what it applied: a record has its effect once, however often the log hands it out. */
export interface Inbox<T = Tx> {
  /** Claims the ids; answers those that were claimed now and not before. */
  claim(tx: T, group: string, recordIds: string[], at: string): Promise<Set<string>>;
}

export const inbox: Inbox = {
  async claim(tx, group, recordIds, at) {
    const { rows } = await tx.query<{ id: string }>({
      name: 'inbox-claim',
      text: `INSERT INTO inbox (consumer_group, record_id, at)
             SELECT $1, id, $3 FROM unnest($2::uuid[]) AS id
             ON CONFLICT DO NOTHING RETURNING record_id AS id`,
      values: [group, recordIds, at],
    });
    return new Set(rows.map((row) => row.id));
  },
};
