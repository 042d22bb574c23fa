import { respondersAudience, viewersAudience } from '#server/contract/audience.ts';
import { type ConfigKind, configKinds, type DraftOf } from '#server/contract/config.ts';
import type { Finding } from '#server/contract/config-document.ts';
import { appendToFeed, type FeedRow } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { deepFreeze } from '#server/modules/config/paging-config.ts';
import { maskedDocument, masking, toPublic } from '#server/modules/config/public.ts';
import type { StateOf, StoredDocument } from '#server/modules/config/state.ts';
import { readDraft } from '#server/modules/config/stored-draft.ts';

export interface ConfigWrite<K extends ConfigKind = ConfigKind> {
  kind: K;
  id: string;
  draft: DraftOf<K>;
  state: StateOf<K>;
  findings: readonly Finding[];
  origin: StoredDocument['origin'];
  by: string | null;
}
export interface ConfigRemoval {
  kind: ConfigKind;
  id: string;
  origin: StoredDocument['origin'];
  by: string | null;
}
export interface ConfigChanges {
  save?: readonly ConfigWrite[];
  remove?: readonly ConfigRemoval[];
}

export interface DocumentRow {
  kind: ConfigKind;
  id: string;
  version: number;
  bodyVersion: number;
  historyVersion: number;
  body: DraftOf<ConfigKind>;
  state: StateOf<ConfigKind>;
  findings: Finding[];
  origin: StoredDocument['origin'];
  updatedAt: string;
  updatedBy: string | null;
}
/** A document with the version of its row, under which clients know it. */
export interface StoredRow<K extends ConfigKind = ConfigKind> {
  document: StoredDocument<K>;
  rowVersion: number;
  /** Why its draft cannot be read, in words; then the document has it as it is stored. */
  unreadable: string | null;
}

export const documentColumns = `d.kind, d.id, d.version, d.body_version AS "bodyVersion", d.history_version AS "historyVersion", d.body,
  d.state, d.findings, d.origin, d.updated_at AS "updatedAt", d.updated_by AS "updatedBy"`;

export const configStore = {
  /** One change of the configuration at a time: held to the end of the transaction. */
  async lock(tx: Tx): Promise<void> {
    await tx.query({ name: 'config-lock', text: 'SELECT FROM config_revision FOR UPDATE' });
  },

  /** Writes documents, their history and their feed rows, as one revision. */
  async write(tx: Tx, at: string, { save = [], remove = [] }: ConfigChanges): Promise<void> {
    if (save.length === 0 && remove.length === 0) return;
    const revision = await nextRevision(tx);
    const { rows } = await tx.query<DocumentRow>({
      name: 'config-save',
      text: `WITH given AS (
               SELECT * FROM jsonb_to_recordset($1::jsonb) AS g (kind text, id uuid, draft jsonb, state jsonb,
                 findings jsonb, origin text, "by" uuid)
             ), d AS (
               INSERT INTO config_document AS t (kind, id, version, body_version, history_version, body, state, findings,
                 origin, updated_at, updated_by)
               SELECT g.kind, g.id, n.version, n.version, n.version, g.draft, g.state, g.findings, g.origin, $2, g.by
               FROM given g CROSS JOIN LATERAL (
                 SELECT coalesce(max(v.version), 0) + 1 AS version FROM config_version v WHERE v.kind = g.kind AND v.id = g.id
               ) AS n
               ON CONFLICT (kind, id) DO UPDATE SET version = t.version + 1, body_version = t.version + 1,
                 history_version = t.version + 1, body = excluded.body, state = excluded.state,
                 findings = excluded.findings, origin = excluded.origin, updated_at = excluded.updated_at,
                 updated_by = excluded.updated_by
               RETURNING *
             ), history AS (
               INSERT INTO config_version (kind, id, version, body, state, at, by, origin, revision)
               SELECT d.kind, d.id, d.history_version, d.body, d.state, $2, d.updated_by, d.origin, $3 FROM d
             )
             SELECT ${documentColumns} FROM d`,
      values: [JSON.stringify(save), at, revision],
    });
    const gone = await removeRows(tx, at, remove, revision);
    await appendToFeed(tx, at, [...rows.map(toStoredRow).flatMap(feedRows), ...gone]);
  },

  /**
   * Changes what the server keeps about a document; null when there is none. `historic`: decisions read it, so it counts
   * as a change of the configuration and stays for replay. Answers the document as it is then.
   */
  async updateState<K extends ConfigKind>(
    tx: Tx,
    at: string,
    kind: K,
    id: string,
    change: (state: StateOf<K>, document: StoredDocument<K>) => StateOf<K>,
    { historic }: { historic: boolean },
  ): Promise<StoredDocument<K> | null> {
    if (historic) await configStore.lock(tx);
    const { rows } = await tx.query<DocumentRow>({
      name: 'config-lock-one',
      text: `SELECT ${documentColumns} FROM config_document d WHERE d.kind = $1 AND d.id = $2 FOR UPDATE`,
      values: [kind, id],
    });
    const [row] = rows;
    if (row === undefined) return null;
    const known = toStored(row) as unknown as StoredDocument<K>;
    const state = change(structuredClone(known.state), known);
    if (JSON.stringify(state) === JSON.stringify(known.state)) return known;
    await saveStates(tx, at, [{ kind, id, state }], historic ? await nextRevision(tx) : null);
    return toStored({ ...row, state, historyVersion: historic ? row.version + 1 : row.historyVersion }) as never;
  },

  /** Several at once, as one revision; the caller holds the lock. */
  async saveStates(
    tx: Tx,
    at: string,
    states: readonly { kind: ConfigKind; id: string; state: StateOf<ConfigKind> }[],
  ): Promise<void> {
    if (states.length > 0) await saveStates(tx, at, states, await nextRevision(tx));
  },

  /** Findings that were worked out anew. A document that changed meanwhile is left alone: its own save knew better. */
  async saveFindings(
    tx: Tx,
    at: string,
    found: readonly { kind: ConfigKind; id: string; version: number; findings: readonly Finding[] }[],
  ): Promise<number> {
    if (found.length === 0) return 0;
    const { rows } = await tx.query<DocumentRow>({
      name: 'config-findings',
      text: `UPDATE config_document AS d SET version = d.version + 1, findings = r.findings
             FROM jsonb_to_recordset($1::jsonb) AS r (kind text, id uuid, version bigint, findings jsonb)
             WHERE d.kind = r.kind AND d.id = r.id AND d.history_version = r.version AND d.findings <> r.findings
             RETURNING ${documentColumns}`,
      values: [JSON.stringify(found)],
    });
    await appendToFeed(tx, at, rows.map(toStoredRow).flatMap(feedRows));
    return rows.length;
  },

  async row<K extends ConfigKind>(tx: Tx, kind: K, id: string): Promise<StoredRow<K> | null> {
    const { rows } = await tx.query<DocumentRow>({
      name: 'config-row',
      text: `SELECT ${documentColumns} FROM config_document d WHERE d.kind = $1 AND d.id = $2`,
      values: [kind, id],
    });
    return rows[0] === undefined ? null : (toStoredRow(rows[0]) as unknown as StoredRow<K>);
  },

  /** Documents that something is wrong with. */
  async withFindings(sql: SqlReader): Promise<StoredRow[]> {
    const rows = await sql.query<DocumentRow>({
      name: 'config-with-findings',
      text: `SELECT ${documentColumns} FROM config_document d WHERE d.findings <> '[]' ORDER BY d.kind, d.id LIMIT 2000`,
    });
    return rows.map(toStoredRow);
  },

  /** Says whether a copy is still right. A number that was taken and rolled back has another transaction. */
  async stamp(sql: SqlReader | Tx): Promise<string> {
    const [row] = await ask<{ stamp: string }>(sql, {
      name: 'config-stamp',
      text: `SELECT revision || '/' || xmin::text AS stamp FROM config_revision`,
    });
    return row?.stamp ?? '';
  },

  /**
   * All rows of one moment, or those that may have changed since an earlier answer: what its transactions left open then,
   * or what began later, wrote them. With the documents deleted since.
   */
  async load(sql: SqlReader | Tx, since: Moment | null): Promise<LoadedRows> {
    const rows = await ask<(DocumentRow & { place: string }) & LoadedRows>(sql, {
      name: since === null ? 'config-load' : 'config-load-since',
      text: `SELECT r.revision || '/' || r.xmin::text AS stamp, r.revision,
               pg_snapshot_xmin(pg_current_snapshot())::xid::text AS horizon,
               -- A transaction's own number, and those of its parts, are not below it.
               pg_current_xact_id_if_assigned() IS NULL
                 OR age(r.xmin) > age(pg_current_xact_id_if_assigned()::xid) AS committed,
               (SELECT count(*) FROM config_document) AS total,
               ${since === null ? "'[]'::jsonb" : deletedSince} AS deleted,
               d.xmin::text AS place, ${documentColumns}
             FROM config_revision r LEFT JOIN config_document d ON ${since === null ? 'true' : 'age(d.xmin) <= age($1::text::xid)'}`,
      values: since === null ? [] : [since.horizon, since.revision, configKinds],
    });
    const [first] = rows;
    if (first === undefined) throw new Error('The configuration has no revision: the database is not the one it was.');
    const { stamp, revision, horizon, committed, total, deleted } = first;
    return { stamp, revision, horizon, committed, total, deleted, documents: rows.filter((row) => row.kind !== null) };
  },
};

/** When a configuration was read: its revision, and the oldest transaction that was open then. */
export interface Moment {
  revision: number;
  horizon: string;
}

export interface LoadedRows extends Moment {
  stamp: string;
  /** Nothing of it can be rolled back. */
  committed: boolean;
  /** How many documents there are, whether they are among the rows or not. */
  total: number;
  deleted: { kind: ConfigKind; id: string }[];
  /** `place` changes with every write of the row. */
  documents: (DocumentRow & { place: string })[];
}

const deletedSince = `(SELECT coalesce(jsonb_agg(jsonb_build_object('kind', v.kind, 'id', v.id)), '[]') FROM config_version v
                WHERE v.kind = ANY($3::text[]) AND v.revision > $2 AND v.body IS NULL)`;

async function removeRows(tx: Tx, at: string, remove: readonly ConfigRemoval[], revision: number): Promise<FeedRow[]> {
  if (remove.length === 0) return [];
  const { rows } = await tx.query<{ kind: ConfigKind; id: string; version: number }>({
    name: 'config-remove',
    text: `WITH given AS (
             SELECT * FROM jsonb_to_recordset($1::jsonb) AS g (kind text, id uuid, origin text, "by" uuid)
           ), gone AS (
             DELETE FROM config_document d USING given g WHERE d.kind = g.kind AND d.id = g.id
             RETURNING d.kind, d.id, d.version + 1 AS version, g.origin, g.by
           ), history AS (
             INSERT INTO config_version (kind, id, version, body, state, at, by, origin, revision)
             SELECT kind, id, version, NULL, NULL, $2, "by", origin, $3 FROM gone
           )
           SELECT kind, id, version FROM gone`,
    values: [JSON.stringify(remove), at, revision],
  });
  return rows.map(({ kind, id, version }) => ({ entity: kind, op: 'delete', id, version, body: null, audience: null }));
}

async function saveStates(
  tx: Tx,
  at: string,
  states: readonly { kind: ConfigKind; id: string; state: StateOf<ConfigKind> }[],
  revision: number | null,
): Promise<void> {
  const { rows } = await tx.query<DocumentRow>({
    name: 'config-states',
    text: `WITH d AS (
             UPDATE config_document AS t SET version = t.version + 1, state = r.state,
               history_version = CASE WHEN $3::bigint IS NULL THEN t.history_version ELSE t.version + 1 END
             FROM jsonb_to_recordset($1::jsonb) AS r (kind text, id uuid, state jsonb)
             WHERE t.kind = r.kind AND t.id = r.id
             RETURNING t.*
           ), history AS (
             INSERT INTO config_version (kind, id, version, body, state, at, by, origin, revision)
             SELECT d.kind, d.id, d.history_version, d.body, d.state, $2, NULL, d.origin, $3 FROM d WHERE $3::bigint IS NOT NULL
           )
           SELECT ${documentColumns} FROM d`,
    values: [JSON.stringify(states), at, revision],
  });
  await appendToFeed(tx, at, rows.map(toStoredRow).flatMap(feedRows));
}

async function nextRevision(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ revision: number }>({
    name: 'config-revise',
    text: 'UPDATE config_revision SET revision = revision + 1 RETURNING revision',
  });
  return rows[0]?.revision ?? 0;
}

/** Phone numbers go to those who may have to call each other, offline too; who only looks sees that there is one. */
function feedRows({ document, rowVersion, unreadable }: StoredRow): FeedRow[] {
  // No client could read it either.
  if (unreadable !== null) return [];
  const body = toPublic(document, rowVersion);
  const row = { entity: document.kind, op: 'put', id: document.id, version: rowVersion } as const;
  if (masking[document.kind] === undefined) return [{ ...row, body, audience: null }];
  // First, so that its owner, who may only look, ignores the masked one after it.
  const owned = document.kind === 'responder' ? [{ ...row, body, audience: null, userId: document.id }] : [];
  return [
    ...owned,
    { ...row, body, audience: [respondersAudience] },
    { ...row, body: maskedDocument(document.kind, body), audience: [viewersAudience] },
  ];
}

export function toStoredRow(row: DocumentRow): StoredRow {
  const { draft, why } = readDraft(row.kind, row.body);
  return { document: toStored(row, draft), rowVersion: row.version, unreadable: why };
}

/** With its draft as this version reads it, or as it is stored where that fails. */
export function toStored(row: DocumentRow, draft = readDraft(row.kind, row.body).draft): StoredDocument {
  return deepFreeze({
    $document: `${row.kind}/${row.id}@${row.historyVersion}`,
    kind: row.kind,
    id: row.id,
    version: row.historyVersion,
    bodyVersion: row.bodyVersion,
    draft: draft ?? row.body,
    state: row.state,
    findings: row.findings,
    origin: row.origin,
    updatedAt: row.updatedAt,
    updatedBy: row.updatedBy,
  });
}

/** A pool answers rows, a transaction a result that holds them. */
async function ask<R>(sql: SqlReader | Tx, query: { name: string; text: string; values?: unknown[] }): Promise<R[]> {
  const answer: unknown = await (sql as { query(query: unknown): Promise<unknown> }).query(query);
  return (Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows) as R[];
}
