import type { Participant } from '#server/contract/console.ts';
import type { Tx } from '#server/database/transaction.ts';
import { createPartStore, type PartStore } from '#server/database/incident-parts.ts';
import { defineTable } from '#server/database/table.ts';

export interface ParticipantStore extends PartStore<Participant> {
  /** The incident is locked, and with it who is in it. */
  find(tx: Tx, incidentId: string, userId: string): Promise<Participant | null>;
  idTaken(tx: Tx, id: string): Promise<boolean>;
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

const part = createPartStore('participant', table, (participant) => participant);

export const participantStore: ParticipantStore = {
  ...part,

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
};

/** Who is in the incidents that are replicated. */
export const readParticipantsForReplica = part.readForReplica;
