import type { Audience } from '#server/contract/audience.ts';
import type { Ask } from '#server/contract/console.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { appendToFeed, reissueToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { defineTable } from '#server/modules/incidents/table.ts';

/** An ask with what only the server needs to know about it. */
export interface AskState extends Ask {
  /** Field → version at which it last changed. */
  fieldVersions: Record<string, number>;
}

export interface AskStore {
  lock(tx: Tx, askId: string): Promise<AskState | null>;
  /** Those that wait for an answer, oldest first. */
  waiting(tx: Tx, incidentId: string): Promise<AskState[]>;
  /** Inserts a new one (version 1), updates another, and writes its feed row. */
  save(tx: Tx, at: string, ask: AskState, audience: Audience): Promise<void>;
  /** After the incident's audience changed: every ask once more, to those who may see it now. */
  reissue(tx: Tx, at: string, incidentId: string, before: Audience, after: Audience): Promise<void>;
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

export const askStore: AskStore = {
  async lock(tx, askId) {
    const { rows } = await tx.query<AskState>({
      name: 'ask-lock',
      text: `SELECT ${table.select('a')} FROM ask a WHERE a.id = $1 FOR NO KEY UPDATE`,
      values: [askId],
    });
    return rows[0] ?? null;
  },

  async waiting(tx, incidentId) {
    const { rows } = await tx.query<AskState>({
      name: 'ask-waiting',
      text: `SELECT ${table.select('a')} FROM ask a
             WHERE a.incident_id = $1 AND a.answer IS NULL AND a.cancelled_at IS NULL ORDER BY a.asked_at, a.id`,
      values: [incidentId],
    });
    return rows;
  },

  async save(tx, at, ask, audience) {
    const statement =
      ask.version === 1 ? { name: 'ask-insert', text: table.insert } : { name: 'ask-update', text: table.update };
    const { rowCount } = await tx.query({ ...statement, values: [table.toRows([ask])] });
    if (rowCount !== 1) throw new Error('an ask was saved from a copy that is not the newest');
    const { id, version } = ask;
    await appendToFeed(tx, at, [{ entity: 'ask', op: 'put', id, version, body: publicAsk(ask), audience }]);
  },

  async reissue(tx, at, incidentId, before, after) {
    const { rows } = await tx.query<AskState>({
      name: 'ask-reissue',
      text: `UPDATE ask a SET version = a.version + 1 WHERE a.incident_id = $1 RETURNING ${table.select('a')}`,
      values: [incidentId],
    });
    await reissueToFeed(tx, at, { entity: 'ask', states: rows.map(publicAsk), before, after });
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
export async function readAsksForReplica(
  sql: SqlReader,
  actor: { userId: string; teamIds: readonly string[] },
  after: string | null,
  limit: number,
  at: string,
): Promise<{ id: string; version: number; body: Ask }[]> {
  const rows = await sql.query<AskState>({
    name: 'ask-replica',
    text: `SELECT ${table.select('a')} FROM ask a JOIN incident i ON i.id = a.incident_id
           WHERE (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])
             AND ($2::uuid IS NULL OR a.id > $2)
             AND (i.status <> 'resolved' OR i.resolved_at > $3::timestamptz - make_interval(days => $4))
           ORDER BY a.id LIMIT $5`,
    values: [actor.teamIds, after, at, replicaLimits.closedIncidentDays, limit],
  });
  return rows.map((state) => ({ id: state.id, version: state.version, body: publicAsk(state) }));
}
