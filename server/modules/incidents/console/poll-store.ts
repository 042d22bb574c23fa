import type { Audience } from '#server/contract/audience.ts';
import type { Poll } from '#server/contract/console.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { appendToFeed, reissueToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { defineTable } from '#server/modules/incidents/table.ts';

export interface PollStore {
  lock(tx: Tx, pollId: string): Promise<Poll | null>;
  countOpen(tx: Tx, incidentId: string): Promise<number>;
  /** Inserts a new one (version 1), updates another, and writes its feed row. */
  save(tx: Tx, at: string, poll: Poll, audience: Audience): Promise<void>;
  /** After the incident's audience changed: every poll once more, to those who may see it now. */
  reissue(tx: Tx, at: string, incidentId: string, before: Audience, after: Audience): Promise<void>;
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

export const pollStore: PollStore = {
  async lock(tx, pollId) {
    const { rows } = await tx.query<Poll>({
      name: 'poll-lock',
      text: `SELECT ${table.select('p')} FROM poll p WHERE p.id = $1 FOR NO KEY UPDATE`,
      values: [pollId],
    });
    return rows[0] ?? null;
  },

  async countOpen(tx, incidentId) {
    const { rows } = await tx.query<{ count: number }>({
      name: 'poll-count-open',
      text: `SELECT count(*)::int AS count FROM poll WHERE incident_id = $1 AND outcome IS NULL`,
      values: [incidentId],
    });
    return rows[0]?.count ?? 0;
  },

  async save(tx, at, poll, audience) {
    const statement =
      poll.version === 1 ? { name: 'poll-insert', text: table.insert } : { name: 'poll-update', text: table.update };
    const { rowCount } = await tx.query({ ...statement, values: [table.toRows([poll])] });
    if (rowCount !== 1) throw new Error('a poll was saved from a copy that is not the newest');
    const { id, version } = poll;
    await appendToFeed(tx, at, [{ entity: 'poll', op: 'put', id, version, body: poll, audience }]);
  },

  async reissue(tx, at, incidentId, before, after) {
    const { rows } = await tx.query<Poll>({
      name: 'poll-reissue',
      text: `UPDATE poll p SET version = p.version + 1 WHERE p.incident_id = $1 RETURNING ${table.select('p')}`,
      values: [incidentId],
    });
    await reissueToFeed(tx, at, { entity: 'poll', states: rows, before, after });
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
export async function readPollsForReplica(
  sql: SqlReader,
  actor: { userId: string; teamIds: readonly string[] },
  after: string | null,
  limit: number,
  at: string,
): Promise<{ id: string; version: number; body: Poll }[]> {
  const rows = await sql.query<Poll>({
    name: 'poll-replica',
    text: `SELECT ${table.select('p')} FROM poll p JOIN incident i ON i.id = p.incident_id
           WHERE (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])
             AND ($2::uuid IS NULL OR p.id > $2)
             AND (i.status <> 'resolved' OR i.resolved_at > $3::timestamptz - make_interval(days => $4))
           ORDER BY p.id LIMIT $5`,
    values: [actor.teamIds, after, at, replicaLimits.closedIncidentDays, limit],
  });
  return rows.map((body) => ({ id: body.id, version: body.version, body }));
}
