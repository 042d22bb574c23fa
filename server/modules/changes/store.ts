import type { ChangeEvent } from '#server/contract/incident.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { appendToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';

export interface ChangeStore<T = Tx> {
  /** Inserts them and writes their feed rows. */
  add(tx: T, at: string, changes: ChangeEvent[]): Promise<void>;
}

export const changeStore: ChangeStore = {
  async add(tx, at, changes) {
    if (changes.length === 0) return;
    await tx.query({
      name: 'change-insert',
      text: `INSERT INTO change_event (id, version, at, title, service, source, integration_id, links)
             SELECT r.id, r.version, r.at, r.title, r.service, r.source, r."integrationId", r.links
             FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, version bigint, at timestamptz, title text, service text,
               source text, "integrationId" uuid, links jsonb)`,
      values: [JSON.stringify(changes)],
    });
    await appendToFeed(
      tx,
      at,
      changes.map((change) => ({
        entity: 'change',
        op: 'put',
        id: change.id,
        version: change.version,
        body: change,
        audience: null,
      })),
    );
  },
};

export async function readChangesForReplica(
  sql: SqlReader,
  _actor: unknown,
  after: string | null,
  limit: number,
  at: string,
): Promise<{ id: string; version: number; body: ChangeEvent }[]> {
  const rows = await sql.query<ChangeEvent>({
    name: 'change-replica',
    text: `SELECT id, version, at, title, service, source, integration_id AS "integrationId", links FROM change_event
           WHERE ($1::uuid IS NULL OR id > $1) AND at > $2::timestamptz - make_interval(hours => $3) ORDER BY id LIMIT $4`,
    values: [after, at, replicaLimits.changeHours, limit],
  });
  return rows.map((change) => ({ id: change.id, version: change.version, body: change }));
}

/** What changed in a span of time, oldest first. */
export function readChangesBetween(sql: SqlReader, from: string, to: string, limit: number): Promise<ChangeEvent[]> {
  return sql.query<ChangeEvent>({
    name: 'change-between',
    text: `SELECT id, version, at, title, service, source, integration_id AS "integrationId", links FROM change_event
           WHERE at BETWEEN $1 AND $2 ORDER BY at, id LIMIT $3`,
    values: [from, to, limit],
  });
}

/** What changed on these services in a span of time, oldest first. */
export function readChangesOf(
  sql: SqlReader,
  services: readonly string[],
  from: string,
  to: string,
  limit: number,
): Promise<ChangeEvent[]> {
  return sql.query<ChangeEvent>({
    name: 'change-of-services',
    text: `SELECT id, version, at, title, service, source, integration_id AS "integrationId", links FROM change_event
           WHERE at BETWEEN $1 AND $2 AND lower(service) = ANY($3::text[]) ORDER BY at, id LIMIT $4`,
    values: [from, to, services.map((name) => name.toLowerCase()), limit],
  });
}
