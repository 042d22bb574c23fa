import type { Poll } from '#server/contract/console.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { createPartStore, type PartStore } from '#server/database/incident-parts.ts';
import { defineTable } from '#server/database/table.ts';

export interface PollStore extends PartStore<Poll> {
  countOpen(tx: Tx, incidentId: string): Promise<number>;
}

const table = defineTable<Poll>('poll', {
  id: 'id',
  version: 'version',
  incidentId: 'incident_id',
  question: 'question',
  openedBy: 'opened_by',
  openedAt: 'opened_at',
  closesAt: 'closes_at',
  asked: 'asked',
  votes: 'votes',
  outcome: 'outcome',
  closedAt: 'closed_at',
});

const part = createPartStore('poll', table, (poll) => poll);

export const pollStore: PollStore = {
  ...part,

  async countOpen(tx, incidentId) {
    const { rows } = await tx.query<{ count: number }>({
      name: 'poll-count-open',
      text: `SELECT count(*)::int AS count FROM poll WHERE incident_id = $1 AND outcome IS NULL`,
      values: [incidentId],
    });
    return rows[0]?.count ?? 0;
  },
};

/** Open polls whose time is over, with their incidents; not locked. */
export async function readPollsToClose(
  sql: SqlReader,
  at: string,
  limit: number,
): Promise<{ id: string; incidentId: string }[]> {
  return sql.query<{ id: string; incidentId: string }>({
    name: 'poll-to-close',
    text: `SELECT p.id, p.incident_id AS "incidentId" FROM poll p
           WHERE p.outcome IS NULL AND p.closes_at <= $1 ORDER BY p.closes_at, p.id LIMIT $2`,
    values: [at, limit],
  });
}

/** Polls of the incidents that are replicated. */
export const readPollsForReplica = part.readForReplica;
