import type { TimelineEntry } from '#server/contract/incident.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { appendToFeed, reissueToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { Audience } from '#server/contract/audience.ts';
import { pageOf, placeOf } from '#server/modules/incidents/page.ts';
import { defineTable } from '#server/modules/incidents/table.ts';

export const timelineTable = defineTable<TimelineEntry>('timeline_entry', {
  id: 'id',
  version: 'version',
  incidentId: 'incident_id',
  at: 'at',
  recordedAt: 'recorded_at',
  kind: 'kind',
  source: 'source',
  actorId: 'actor_id',
  actor: 'actor',
  text: 'text',
  detail: 'detail',
  alertId: 'alert_id',
  starred: 'starred',
  data: 'data',
});

export interface TimelineStore {
  find(tx: Tx, entryId: string): Promise<TimelineEntry | null>;
  /** Writes a changed entry (its star) and its feed row. */
  save(tx: Tx, at: string, entry: TimelineEntry, audience: Audience): Promise<void>;
  /** The newest entry of each kind: who changed a field last, and when. */
  latest(tx: Tx, incidentId: string): Promise<TimelineEntry[]>;
  /** After the incident's audience changed: every entry once more, to those who may see it now. */
  reissue(tx: Tx, at: string, incidentId: string, before: Audience, after: Audience): Promise<void>;
}

export const timelineStore: TimelineStore = {
  async find(tx, entryId) {
    const { rows } = await tx.query<TimelineEntry>({
      name: 'timeline-find',
      text: `SELECT ${timelineTable.select('e')} FROM timeline_entry e WHERE e.id = $1 FOR NO KEY UPDATE`,
      values: [entryId],
    });
    return rows[0] ?? null;
  },

  async save(tx, at, entry, audience) {
    const { rowCount } = await tx.query({
      name: 'timeline-update',
      text: timelineTable.update,
      values: [timelineTable.toRows([entry])],
    });
    if (rowCount !== 1) throw new Error('a timeline entry was saved from a copy that is not the newest');
    const { id, version } = entry;
    await appendToFeed(tx, at, [{ entity: 'timeline', op: 'put', id, version, body: entry, audience }]);
  },

  async latest(tx, incidentId) {
    const { rows } = await tx.query<TimelineEntry>({
      name: 'timeline-latest',
      text: `SELECT DISTINCT ON (e.kind) ${timelineTable.select('e')} FROM timeline_entry e
             WHERE e.incident_id = $1 ORDER BY e.kind, e.recorded_at DESC, e.id DESC`,
      values: [incidentId],
    });
    return rows;
  },

  async reissue(tx, at, incidentId, before, after) {
    const { rows } = await tx.query<TimelineEntry>({
      name: 'timeline-reissue',
      text: `UPDATE timeline_entry e SET version = e.version + 1 WHERE e.incident_id = $1
             RETURNING ${timelineTable.select('e')}`,
      values: [incidentId],
    });
    await reissueToFeed(tx, at, { entity: 'timeline', states: rows, before, after });
  },
};

/** Timelines of all open incidents and of the incidents closed last, as far as the reader may see them. */
export async function readTimelineForReplica(
  sql: SqlReader,
  actor: { userId: string; teamIds: readonly string[] },
  after: string | null,
  limit: number,
  _at: string,
): Promise<{ id: string; version: number; body: TimelineEntry }[]> {
  const rows = await sql.query<TimelineEntry>({
    name: 'timeline-replica',
    text: `WITH visible AS (
             SELECT i.id, i.status, i.resolved_at FROM incident i
             WHERE i.restricted_to IS NULL OR i.restricted_to && $1::uuid[]
           ), wanted AS (
             SELECT id FROM visible WHERE status <> 'resolved'
             UNION ALL
             (SELECT id FROM visible WHERE status = 'resolved' ORDER BY resolved_at DESC, id DESC LIMIT $2)
           )
           SELECT ${timelineTable.select('e')} FROM timeline_entry e
           WHERE e.incident_id IN (SELECT id FROM wanted) AND ($3::uuid IS NULL OR e.id > $3)
           ORDER BY e.id LIMIT $4`,
    values: [actor.teamIds, replicaLimits.timelines, after, limit],
  });
  return rows.map((entry) => ({ id: entry.id, version: entry.version, body: entry }));
}

export interface TimelinePage {
  items: TimelineEntry[];
  nextCursor: string | null;
}

/** A page of one incident's timeline, oldest first, or null if the reader may not see the incident. */
export async function readTimeline(
  sql: SqlReader,
  actor: { teamIds: readonly string[] },
  incidentId: string,
  page: { after: string | null; limit: number },
): Promise<TimelinePage | null> {
  const [incident] = await sql.query<{ id: string }>({
    name: 'timeline-incident',
    text: `SELECT i.id FROM incident i WHERE i.id = $1 AND (i.restricted_to IS NULL OR i.restricted_to && $2::uuid[])`,
    values: [incidentId, actor.teamIds],
  });
  if (incident === undefined) return null;
  const after = placeOf(page.after);
  const rows = await sql.query<TimelineEntry>({
    name: 'timeline-page',
    text: `SELECT ${timelineTable.select('e')} FROM timeline_entry e JOIN incident i ON i.id = e.incident_id
           WHERE e.incident_id = $1 AND (i.restricted_to IS NULL OR i.restricted_to && $2::uuid[])
             AND ($3::timestamptz IS NULL OR (e.at, e.id) > ($3, $4::uuid))
           ORDER BY e.at, e.id LIMIT $5`,
    values: [incidentId, actor.teamIds, after?.at ?? null, after?.id ?? null, page.limit + 1],
  });
  return pageOf(rows, page.limit, (entry) => entry);
}

const wholeTimeline = 10_000;

/** One incident's timeline in one piece, the newest entries if there are too many; none if the reader may not see it. */
export async function readWholeTimeline(
  sql: SqlReader,
  reader: { teamIds: readonly string[] },
  incidentId: string,
  limit = wholeTimeline,
): Promise<TimelineEntry[]> {
  const rows = await sql.query<TimelineEntry>({
    name: 'timeline-whole',
    text: `SELECT ${timelineTable.select('e')} FROM timeline_entry e JOIN incident i ON i.id = e.incident_id
           WHERE e.incident_id = $1 AND (i.restricted_to IS NULL OR i.restricted_to && $2::uuid[])
           ORDER BY e.at DESC, e.id DESC LIMIT $3`,
    values: [incidentId, reader.teamIds, limit],
  });
  return rows.toReversed();
}
