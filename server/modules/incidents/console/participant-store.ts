import type { Audience } from '#server/contract/audience.ts';
import type { Participant } from '#server/contract/console.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { appendToFeed, reissueToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { defineTable } from '#server/modules/incidents/table.ts';

export interface ParticipantStore {
  /** The incident is locked, and with it who is in it. */
  find(tx: Tx, incidentId: string, userId: string): Promise<Participant | null>;
  idTaken(tx: Tx, id: string): Promise<boolean>;
  /** Inserts a new one (version 1), updates another, and writes its feed row. */
  save(tx: Tx, at: string, participant: Participant, audience: Audience): Promise<void>;
  /** After the incident's audience changed: everybody in it once more, to those who may see it now. */
  reissue(tx: Tx, at: string, incidentId: string, before: Audience, after: Audience): Promise<void>;
}

const table = defineTable<Participant>('participant', {
  id: 'id',
  version: 'version',
  incidentId: 'incident_id',
  userId: 'user_id',
  joinedAt: 'joined_at',
  via: 'via',
  releasedAt: 'released_at',
  releasedBy: 'released_by',
});

export const participantStore: ParticipantStore = {
  async find(tx, incidentId, userId) {
    const { rows } = await tx.query<Participant>({
      name: 'participant-find',
      text: `SELECT ${table.select('p')} FROM participant p
             WHERE p.incident_id = $1 AND p.user_id = $2 FOR NO KEY UPDATE`,
      values: [incidentId, userId],
    });
    return rows[0] ?? null;
  },

  async idTaken(tx, id) {
    const { rows } = await tx.query({
      name: 'participant-id-taken',
      text: 'SELECT FROM participant WHERE id = $1',
      values: [id],
    });
    return rows.length > 0;
  },

  async save(tx, at, participant, audience) {
    const { id, version } = participant;
    const statement =
      version === 1
        ? { name: 'participant-insert', text: table.insert }
        : { name: 'participant-update', text: table.update };
    const { rowCount } = await tx.query({ ...statement, values: [table.toRows([participant])] });
    if (rowCount !== 1) throw new Error('a participant was saved from a copy that is not the newest');
    await appendToFeed(tx, at, [{ entity: 'participant', op: 'put', id, version, body: participant, audience }]);
  },

  async reissue(tx, at, incidentId, before, after) {
    const { rows } = await tx.query<Participant>({
      name: 'participant-reissue',
      text: `UPDATE participant p SET version = p.version + 1 WHERE p.incident_id = $1 RETURNING ${table.select('p')}`,
      values: [incidentId],
    });
    await reissueToFeed(tx, at, { entity: 'participant', states: rows, before, after });
  },
};

/** Who is in the incidents that are replicated. */
export async function readParticipantsForReplica(
  sql: SqlReader,
  actor: { userId: string; teamIds: readonly string[] },
  after: string | null,
  limit: number,
  at: string,
): Promise<{ id: string; version: number; body: Participant }[]> {
  const rows = await sql.query<Participant>({
    name: 'participant-replica',
    text: `SELECT ${table.select('p')} FROM participant p JOIN incident i ON i.id = p.incident_id
           WHERE (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])
             AND ($2::uuid IS NULL OR p.id > $2)
             AND (i.status <> 'resolved' OR i.resolved_at > $3::timestamptz - make_interval(days => $4))
           ORDER BY p.id LIMIT $5`,
    values: [actor.teamIds, after, at, replicaLimits.closedIncidentDays, limit],
  });
  return rows.map((body) => ({ id: body.id, version: body.version, body }));
}
