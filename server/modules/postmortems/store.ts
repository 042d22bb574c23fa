import type { Audience } from '#server/contract/audience.ts';
import type { Postmortem, ReviewItem } from '#server/contract/postmortem.ts';
import { createPartStore } from '#server/database/incident-parts.ts';
import { defineTable } from '#server/database/table.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';

export interface PostmortemStore {
  lock(tx: Tx, incidentId: string): Promise<Postmortem | null>;
  /** Of these incidents, those that have a review already. */
  existing(tx: Tx, incidentIds: string[]): Promise<string[]>;
  /** Inserts a new one (version 1), updates another, and writes its feed row. */
  save(tx: Tx, at: string, postmortem: Postmortem, audience: Audience): Promise<void>;
  /** After the incident's audience changed: its review once more, to those who may see it now. */
  reissue(tx: Tx, at: string, incidentId: string, before: Audience, after: Audience): Promise<void>;
}

const table = defineTable<Postmortem>('postmortem', {
  id: 'id',
  version: 'version',
  incidentId: 'incident_id',
  summary: 'summary',
  causes: 'causes',
  wentWell: 'went_well',
  wentBadly: 'went_badly',
  followUps: 'follow_ups',
  updatedAt: 'updated_at',
  updatedBy: 'updated_by',
  state: 'state',
});
const columns = table.select('p');
const part = createPartStore('postmortem', table, (review) => review);

export const postmortemStore: PostmortemStore = {
  async lock(tx, incidentId) {
    const { rows } = await tx.query<Postmortem>({
      name: 'postmortem-lock',
      text: `SELECT ${columns} FROM postmortem p WHERE p.incident_id = $1 FOR NO KEY UPDATE`,
      values: [incidentId],
    });
    return rows[0] ?? null;
  },

  async existing(tx, incidentIds) {
    const { rows } = await tx.query<{ id: string }>({
      name: 'postmortem-existing',
      text: `SELECT incident_id AS id FROM postmortem WHERE incident_id = ANY($1::uuid[])`,
      values: [incidentIds],
    });
    return rows.map((row) => row.id);
  },

  save: (tx, at, review, audience) => part.save(tx, at, { ...review, state: review.state ?? 'draft' }, audience),
  reissue: part.reissue,
};

/** Reviews of the incidents that are replicated. */
export const readPostmortemsForReplica = part.readForReplica;

/** The review of an incident that the reader may see. */
export async function readPostmortem(
  sql: SqlReader,
  actor: { teamIds: readonly string[] },
  incidentId: string,
): Promise<Postmortem | null> {
  const [row] = await sql.query<Postmortem>({
    name: 'postmortem-read',
    text: `SELECT ${columns} FROM postmortem p JOIN incident i ON i.id = p.incident_id
           WHERE p.incident_id = $1 AND (i.restricted_to IS NULL OR i.restricted_to && $2::uuid[])`,
    values: [incidentId, actor.teamIds],
  });
  return row ?? null;
}

/**
 * Reviews of which something is left: not closed, or with a follow-up that is not done. However old; a client keeps only
 * those of the last month.
 */
export async function readUnfinishedReviews(
  sql: SqlReader,
  actor: { teamIds: readonly string[] },
  limit: number,
): Promise<ReviewItem[]> {
  const rows = await sql.query<Postmortem & { incident: ReviewItem['incident'] }>({
    name: 'postmortem-unfinished',
    text: `SELECT ${columns}, jsonb_build_object('id', i.id, 'number', i.number, 'title', i.title, 'severity', i.severity,
             'status', i.status, 'startedAt', i.started_at, 'resolvedAt', i.resolved_at) AS incident
           FROM postmortem p JOIN incident i ON i.id = p.incident_id
           WHERE (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[]) AND i.merged_into IS NULL
             AND (p.state <> 'done' OR jsonb_path_exists(p.follow_ups, '$[*] ? (@.doneAt == null)'))
           ORDER BY i.resolved_at DESC NULLS FIRST, i.id DESC LIMIT $2`,
    values: [actor.teamIds, limit],
  });
  return rows.map(({ incident, ...review }) => ({ incident: instants(incident), review }));
}

/** JSON made by PostgreSQL has its own way of writing an instant. */
function instants(incident: ReviewItem['incident']): ReviewItem['incident'] {
  const written = (at: string): string => new Date(Date.parse(at)).toISOString();
  const { startedAt, resolvedAt } = incident;
  return {
    ...incident,
    startedAt: written(startedAt),
    resolvedAt: resolvedAt === null ? null : written(resolvedAt),
  };
}
