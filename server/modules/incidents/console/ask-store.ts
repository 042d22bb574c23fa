import type { Ask } from '#server/contract/console.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { createPartStore, type PartStore } from '#server/database/incident-parts.ts';
import { defineTable } from '#server/database/table.ts';

/** An ask with what only the server needs to know about it. */
export interface AskState extends Ask {
  /** Field → version at which it last changed. */
  fieldVersions: Record<string, number>;
}

export interface AskStore extends PartStore<AskState> {
  /** Those that wait for an answer, oldest first. */
  waiting(tx: Tx, incidentId: string): Promise<AskState[]>;
}

const table = defineTable<AskState>('ask', {
  id: 'id',
  version: 'version',
  incidentId: 'incident_id',
  text: 'text',
  ownerId: 'owner_id',
  askedBy: 'asked_by',
  askedAt: 'asked_at',
  dueAt: 'due_at',
  overdueAt: 'overdue_at',
  answer: 'answer',
  cancelledAt: 'cancelled_at',
  fieldVersions: 'field_versions',
});

const part = createPartStore('ask', table, publicAsk);

export const askStore: AskStore = {
  ...part,

  async waiting(tx, incidentId) {
    const { rows } = await tx.query<AskState>({
      name: 'ask-waiting',
      text: `SELECT ${table.select('a')} FROM ask a
             WHERE a.incident_id = $1 AND a.answer IS NULL AND a.cancelled_at IS NULL ORDER BY a.asked_at, a.id`,
      values: [incidentId],
    });
    return rows;
  },
};

export function publicAsk(state: AskState): Ask {
  const { fieldVersions: _versions, ...ask } = state;
  return ask;
}

/** Asks whose time is over and of which that was not said, with their incidents; not locked. */
export async function readOverdueAsks(
  sql: SqlReader,
  at: string,
  limit: number,
): Promise<{ id: string; incidentId: string }[]> {
  return sql.query<{ id: string; incidentId: string }>({
    name: 'ask-overdue',
    text: `SELECT a.id, a.incident_id AS "incidentId" FROM ask a
           WHERE a.answer IS NULL AND a.cancelled_at IS NULL AND a.overdue_at IS NULL AND a.due_at <= $1
           ORDER BY a.due_at, a.id LIMIT $2`,
    values: [at, limit],
  });
}

/** Asks of the incidents that are replicated. */
export const readAsksForReplica = part.readForReplica;
