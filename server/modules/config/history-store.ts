import { ConfigKind, type DraftOf } from '#server/contract/config.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import { createPagingConfig, deepFreeze } from '#server/modules/config/paging-config.ts';
import { readDraft } from '#server/modules/config/stored-draft.ts';
import type {
  ConfigHistory,
  DocumentList,
  PagingConfig,
  StateOf,
  StoredDocument,
} from '#server/modules/config/state.ts';

export interface VersionRow {
  kind: ConfigKind;
  id: string;
  version: number;
  body: DraftOf<ConfigKind> | null;
  state: StateOf<ConfigKind> | null;
  at: string;
  by: string | null;
  origin: StoredDocument['origin'];
  revision: number;
}
const versionColumns = 'v.kind, v.id, v.version, v.body, v.state, v.at, v.by, v.origin, v.revision';

/** For replay. Decisions read id, version, draft and state of a document: those are as they were. */
export const configHistory: ConfigHistory = {
  async documents(sql, refs) {
    const wanted = refs.map(parseReference).filter((ref) => ref !== null);
    const rows = await sql.query<VersionRow>({
      name: 'config-history-documents',
      text: `SELECT ${versionColumns} FROM unnest($1::text[], $2::uuid[], $3::bigint[]) AS w (kind, id, version)
             JOIN config_version v ON v.kind = w.kind AND v.id = w.id AND v.version = w.version
             WHERE v.body IS NOT NULL`,
      values: [wanted.map((ref) => ref.kind), wanted.map((ref) => ref.id), wanted.map((ref) => ref.version)],
    });
    return new Map(rows.map(fromHistory).map((document) => [document.$document, document]));
  },

  async lists(sql, refs) {
    const found = new Map<string, DocumentList<ConfigKind>>();
    for (const ref of new Set(refs)) {
      const [kind, revision] = ref.split('@');
      if (!ConfigKind.safeParse(kind).success || !/^\d{1,15}$/.test(revision ?? '')) continue;
      const config = await configAtRevision(sql, Number(revision), kind as ConfigKind);
      found.set(ref, config.list(kind as ConfigKind));
    }
    return found;
  },
};

/** The configuration as it was at a revision; of one kind, or of all (null). */
export async function configAtRevision(
  sql: SqlReader,
  revision: number,
  kind: ConfigKind | null = null,
): Promise<PagingConfig> {
  const rows = await sql.query<VersionRow>({
    name: 'config-history-list',
    text: `SELECT ${versionColumns} FROM (
             SELECT DISTINCT ON (kind, id) * FROM config_version
             WHERE ($1::text IS NULL OR kind = $1) AND revision <= $2 ORDER BY kind, id, version DESC
           ) AS v WHERE v.body IS NOT NULL`,
    values: [kind, revision],
  });
  // As the reader has it: what cannot be read is in no list.
  const readable = rows.filter((row) => readDraft(row.kind, row.body).why === null);
  return createPagingConfig(revision, readable.map(fromHistory));
}

/** The whole configuration as it was at an instant. */
export async function configAtInstant(sql: SqlReader, at: string): Promise<PagingConfig> {
  const [row] = await sql.query<{ revision: number }>({
    name: 'config-revision-at',
    text: 'SELECT coalesce(max(revision), 0) AS revision FROM config_version WHERE at <= $1',
    values: [at],
  });
  return configAtRevision(sql, row?.revision ?? 0);
}

/** Who changed a document, newest first. A null body is its deletion. */
export function readVersions(
  sql: SqlReader,
  { kind, id, before, limit }: { kind: ConfigKind; id: string; before: number | null; limit: number },
): Promise<VersionRow[]> {
  return sql.query<VersionRow>({
    name: 'config-versions',
    text: `SELECT ${versionColumns} FROM config_version v
           WHERE v.kind = $1 AND v.id = $2 AND ($3::bigint IS NULL OR v.version < $3) ORDER BY v.version DESC LIMIT $4`,
    values: [kind, id, before, limit],
  });
}

function fromHistory(row: VersionRow): StoredDocument {
  return deepFreeze({
    $document: `${row.kind}/${row.id}@${row.version}`,
    kind: row.kind,
    id: row.id,
    version: row.version,
    bodyVersion: row.version,
    draft: readDraft(row.kind, row.body).draft ?? (row.body as DraftOf<ConfigKind>),
    state: row.state as StateOf<ConfigKind>,
    findings: [],
    origin: row.origin,
    updatedAt: row.at,
    updatedBy: row.by,
  });
}

function parseReference(ref: string): { kind: string; id: string; version: number } | null {
  const [, kind, id, version] = /^([a-zA-Z]+)\/([0-9a-f-]{36})@(\d{1,15})$/.exec(ref) ?? [];
  return kind === undefined || id === undefined ? null : { kind, id, version: Number(version) };
}
