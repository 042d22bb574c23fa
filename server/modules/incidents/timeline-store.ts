import type { TimelineEntry } from '#server/contract/incident.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { createPartStore, incidentsKeptWhole } from '#server/database/incident-parts.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { Audience } from '#server/contract/audience.ts';
import { pageOf, placeOf } from '#server/modules/incidents/page.ts';
import { defineTable } from '#server/database/table.ts';

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
  /** Whether an entry has this id, or will have: an update that waits for approval keeps its place. */
  idTaken(tx: Tx, id: string): Promise<boolean>;
  /** Writes a changed entry (its star) and its feed row. */
  save(tx: Tx, at: string, entry: TimelineEntry, audience: Audience): Promise<void>;
  /** The newest entry of each kind: who changed a field last, and when. */
  latest(tx: Tx, incidentId: string): Promise<TimelineEntry[]>;
  /** After the incident's audience changed: every entry once more, to those who may see it now. */
  reissue(tx: Tx, at: string, incidentId: string, before: Audience, after: Audience): Promise<void>;
}

const { lock, save, reissue } = createPartStore('timeline', timelineTable, (entry) => entry, 'timeline_entry');

export const timelineStore: TimelineStore = {
  find: lock,
  save,
  reissue,

  async idTaken(tx, id) {
    const { rows } = await tx.query<{ taken: boolean }>({
      name: 'timeline-id-taken',
      text: `SELECT EXISTS (SELECT FROM timeline_entry WHERE id = $1) OR EXISTS (SELECT FROM status_update WHERE id = $1)
               AS taken`,
      values: [id],
    });
    return rows[0]?.taken === true;
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
    text: `WITH ${incidentsKeptWhole}
           SELECT ${timelineTable.select('e')} FROM timeline_entry e
           WHERE e.incident_id IN (SELECT id FROM kept_whole) AND ($3::uuid IS NULL OR e.id > $3)
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
