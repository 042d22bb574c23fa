// What tasks, asks, polls, messages of the room, reviews and the like have in common: rows of one incident, seen by whoever
// may see it.
import type { Audience } from '#server/contract/audience.ts';
import { type EntityName, replicaLimits } from '#server/contract/replica.ts';
import { appendToFeed, reissueToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { Table } from '#server/database/table.ts';

interface Part {
  id: string;
  version: number;
}

export interface PartStore<S extends Part> {
  /** By its id. */
  lock(tx: Tx, id: string): Promise<S | null>;
  /** Inserts a new one (version 1), updates another, and writes its feed row. */
  save(tx: Tx, at: string, state: S, audience: Audience): Promise<void>;
  /** After the incident's audience changed: all of them once more, to those who may see it now. */
  reissue(tx: Tx, at: string, incidentId: string, before: Audience, after: Audience): Promise<void>;
}

/** Of open incidents, and of those that are replicated though they are closed. */
export type ReadPartForReplica<P> = (
  sql: SqlReader,
  actor: { userId: string; teamIds: readonly string[] },
  after: string | null,
  limit: number,
  at: string,
) => Promise<{ id: string; version: number; body: P }[]>;

/**
 * For a WITH: the incidents of which a client's copy has every entry and message, all open ones and the `$2` closed last,
 * as far as a reader of the teams `$1` may see them.
 */
export const incidentsKeptWhole = `visible AS (
             SELECT i.id, i.status, i.resolved_at FROM incident i
             WHERE i.restricted_to IS NULL OR i.restricted_to && $1::uuid[]
           ), kept_whole AS (
             SELECT id FROM visible WHERE status <> 'resolved'
             UNION ALL
             (SELECT id FROM visible WHERE status = 'resolved' ORDER BY resolved_at DESC, id DESC LIMIT $2)
           )`;

/** The table is called as the entity is, unless it says otherwise; `toPublic` is what clients get of a row. */
export function createPartStore<S extends Part, P extends Part>(
  entity: EntityName,
  table: Table<S>,
  toPublic: (state: S) => P,
  tableName: string = entity,
): PartStore<S> & { readForReplica: ReadPartForReplica<P> } {
  const columns = table.select('p');
  return {
    async lock(tx, id) {
      const { rows } = await tx.query<S>({
        name: `${entity}-lock`,
        text: `SELECT ${columns} FROM ${tableName} p WHERE p.id = $1 FOR NO KEY UPDATE`,
        values: [id],
      });
      return rows[0] ?? null;
    },

    async save(tx, at, state, audience) {
      const { id, version } = state;
      const statement =
        version === 1
          ? { name: `${entity}-insert`, text: table.insert }
          : { name: `${entity}-update`, text: table.update };
      const { rowCount } = await tx.query({ ...statement, values: [table.toRows([state])] });
      if (rowCount !== 1) throw new Error(`${entity} ${id} was saved from a copy that is not the newest`);
      await appendToFeed(tx, at, [{ entity, op: 'put', id, version, body: toPublic(state), audience }]);
    },

    async reissue(tx, at, incidentId, before, after) {
      const { rows } = await tx.query<S>({
        name: `${entity}-reissue`,
        text: `UPDATE ${tableName} p SET version = p.version + 1 WHERE p.incident_id = $1 RETURNING ${columns}`,
        values: [incidentId],
      });
      await reissueToFeed(tx, at, { entity, states: rows.map(toPublic), before, after });
    },

    async readForReplica(sql, actor, after, limit, at) {
      const rows = await sql.query<S & Record<string, unknown>>({
        name: `${entity}-replica`,
        text: `SELECT ${columns} FROM ${tableName} p JOIN incident i ON i.id = p.incident_id
               WHERE (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])
                 AND ($2::uuid IS NULL OR p.id > $2)
                 AND (i.status <> 'resolved' OR i.resolved_at > $3::timestamptz - make_interval(days => $4))
               ORDER BY p.id LIMIT $5`,
        values: [actor.teamIds, after, at, replicaLimits.closedIncidentDays, limit],
      });
      return rows.map((state) => ({ id: state.id, version: state.version, body: toPublic(state) }));
    },
  };
}
