import type { Audience } from '#server/contract/audience.ts';
import type { Postmortem, ReviewItem } from '#server/contract/postmortem.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { appendToFeed, reissueToFeed } from '#server/database/feed.ts';
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

const columns = `p.id, p.version, p.incident_id AS "incidentId", p.summary, p.causes, p.went_well AS "wentWell",
  p.went_badly AS "wentBadly", p.follow_ups AS "followUps", p.updated_at AS "updatedAt", p.updated_by AS "updatedBy", p.state`;

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

  async save(tx, at, postmortem, audience) {
    const { id, version, incidentId, summary, causes, wentWell, wentBadly, followUps, updatedAt, updatedBy } =
      postmortem;
    const { state = 'draft' } = postmortem;
    const { rowCount } = await tx.query({
      name: 'postmortem-save',
      text: `INSERT INTO postmortem AS p (id, version, incident_id, summary, causes, went_well, went_badly, follow_ups,
                                          updated_at, updated_by, state)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, summary = excluded.summary,
               causes = excluded.causes, went_well = excluded.went_well, went_badly = excluded.went_badly,
               follow_ups = excluded.follow_ups, updated_at = excluded.updated_at, updated_by = excluded.updated_by,
               state = excluded.state
             WHERE p.version < excluded.version`,
      values: [
        id,
        version,
        incidentId,
        summary,
        causes,
        wentWell,
        wentBadly,
        JSON.stringify(followUps),
        updatedAt,
        updatedBy,
        state,
      ],
    });
    if (rowCount !== 1) throw new Error('a review was saved from a copy that is not the newest');
    await appendToFeed(tx, at, [{ entity: 'postmortem', op: 'put', id, version, body: postmortem, audience }]);
  },

  async reissue(tx, at, incidentId, before, after) {
    const { rows } = await tx.query<Postmortem>({
      name: 'postmortem-reissue',
      text: `UPDATE postmortem p SET version = p.version + 1 WHERE p.incident_id = $1 RETURNING ${columns}`,
      values: [incidentId],
    });
    await reissueToFeed(tx, at, { entity: 'postmortem', states: rows, before, after });
  },
};

/** Reviews of the incidents that are replicated. */
export async function readPostmortemsForReplica(
  sql: SqlReader,
  actor: { userId: string; teamIds: readonly string[] },
  after: string | null,
  limit: number,
  at: string,
): Promise<{ id: string; version: number; body: Postmortem }[]> {
  const rows = await sql.query<Postmortem>({
    name: 'postmortem-replica',
    text: `SELECT ${columns} FROM postmortem p JOIN incident i ON i.id = p.incident_id
           WHERE (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])
             AND ($2::uuid IS NULL OR p.id > $2)
             AND (i.status <> 'resolved' OR i.resolved_at > $3::timestamptz - make_interval(days => $4))
           ORDER BY p.id LIMIT $5`,
    values: [actor.teamIds, after, at, replicaLimits.closedIncidentDays, limit],
  });
  return rows.map((body) => ({ id: body.id, version: body.version, body }));
}

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
