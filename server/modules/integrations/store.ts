import type { Actor } from '#server/api/context.ts';
import type { GenericMapping, Integration, IntegrationKind } from '#server/contract/integration.ts';
import { appendToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';

export interface NewIntegration {
  id: string;
  name: string;
  kind: IntegrationKind;
  mapping: GenericMapping | null;
  keyHash: Buffer;
  keyHint: string;
}

export interface IntegrationChange {
  name?: string | undefined;
  enabled?: boolean | undefined;
  mapping?: GenericMapping | null | undefined;
}

export interface Counts {
  id: string;
  accepted: number;
  refused: number;
  seenAt: string;
  errorAt: string | null;
  error: string | null;
}

interface Row {
  id: string;
  version: number;
  name: string;
  kind: IntegrationKind;
  enabled: boolean;
  key_hint: string;
  mapping: GenericMapping | null;
  created_at: string;
  last_seen_at: string | null;
  accepted_count: number;
  error_count: number;
  last_error_at: string | null;
  last_error: string | null;
}

const columnNames =
  'id version name kind enabled key_hint mapping created_at last_seen_at accepted_count error_count last_error_at last_error'.split(
    ' ',
  );
const columns = columnNames.join(', ');

export async function listIntegrations(sql: SqlReader): Promise<Integration[]> {
  const rows = await sql.query<Row>(`SELECT ${columns} FROM integration WHERE deleted_at IS NULL ORDER BY name, id`);
  return rows.map(toIntegration);
}

export async function integrationByKeyHash(sql: SqlReader, keyHash: Buffer): Promise<Integration | null> {
  const [row] = await sql.query<Row>({
    name: 'integration-by-key',
    text: `SELECT ${columns} FROM integration WHERE key_hash = $1 AND deleted_at IS NULL`,
    values: [keyHash],
  });
  return row === undefined ? null : toIntegration(row);
}

export async function insertIntegration(tx: Tx, at: string, added: NewIntegration): Promise<Integration> {
  return changed(
    tx,
    at,
    `INSERT INTO integration (id, name, kind, mapping, key_hash, key_hint, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     RETURNING ${columns}`,
    [added.id, added.name, added.kind, jsonOf(added.mapping), added.keyHash, added.keyHint, at],
  ).then(required);
}

/** Null when there is no such integration (any more). */
export async function updateIntegration(
  tx: Tx,
  at: string,
  id: string,
  change: IntegrationChange,
): Promise<Integration | null> {
  return changed(
    tx,
    at,
    `UPDATE integration SET version = version + 1, name = coalesce($2, name), enabled = coalesce($3, enabled),
       mapping = CASE WHEN $4 THEN $5::jsonb ELSE mapping END
     WHERE id = $1 AND deleted_at IS NULL RETURNING ${columns}`,
    [id, change.name ?? null, change.enabled ?? null, change.mapping !== undefined, jsonOf(change.mapping ?? null)],
  );
}

export async function replaceKey(
  tx: Tx,
  at: string,
  id: string,
  key: { keyHash: Buffer; keyHint: string },
): Promise<Integration | null> {
  return changed(
    tx,
    at,
    `UPDATE integration SET version = version + 1, key_hash = $2, key_hint = $3
     WHERE id = $1 AND deleted_at IS NULL RETURNING ${columns}`,
    [id, key.keyHash, key.keyHint],
  );
}

/** Its alerts stay and go on naming it; its key is worth nothing from now on. */
export async function removeIntegration(tx: Tx, at: string, id: string): Promise<boolean> {
  const { rows } = await tx.query<{ version: number }>(
    `UPDATE integration SET version = version + 1, deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL RETURNING version`,
    [id, at],
  );
  const [row] = rows;
  if (row === undefined) return false;
  await appendToFeed(tx, at, [
    { entity: 'integration', op: 'delete', id, version: row.version, body: null, audience: null },
  ]);
  return true;
}

/** Kinds that have an integration; nobody can add one until the transaction ends. */
export async function lockKinds(tx: Tx): Promise<Set<IntegrationKind>> {
  await tx.query('LOCK TABLE integration IN SHARE ROW EXCLUSIVE MODE');
  const { rows } = await tx.query<{ kind: IntegrationKind }>(
    'SELECT DISTINCT kind FROM integration WHERE deleted_at IS NULL',
  );
  return new Set(rows.map((row) => row.kind));
}

export async function addCounts(tx: Tx, at: string, counts: readonly Counts[]): Promise<void> {
  // In id order, so that two servers that flush at once wait for each other rather than deadlock.
  const sorted = [...counts].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { rows } = await tx.query<Row>({
    name: 'integration-counts',
    text: `UPDATE integration i SET version = version + 1,
             accepted_count = accepted_count + c.accepted, error_count = error_count + c.refused,
             last_seen_at = greatest(i.last_seen_at, c.seen_at),
             last_error_at = coalesce(c.error_at, i.last_error_at), last_error = coalesce(c.error, i.last_error)
           FROM (SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::text[])
                   AS c (id, accepted, refused, seen_at, error_at, error) ORDER BY id) c
           WHERE i.id = c.id AND i.deleted_at IS NULL
           RETURNING ${columnNames.map((name) => `i.${name}`).join(', ')}`,
    values: [
      sorted.map((c) => c.id),
      sorted.map((c) => c.accepted),
      sorted.map((c) => c.refused),
      sorted.map((c) => c.seenAt),
      sorted.map((c) => c.errorAt),
      sorted.map((c) => c.error),
    ],
  });
  await appendToFeed(tx, at, rows.map(toIntegration).map(asPut));
}

/** For the replica's snapshot: everyone who is signed in may see integrations; keys are not in them. */
export async function readForReplica(
  sql: SqlReader,
  _actor: Pick<Actor, 'userId' | 'teamIds'>,
  after: string | null,
  limit: number,
  _at: string,
): Promise<{ id: string; version: number; body: Integration }[]> {
  const rows = await sql.query<Row>({
    name: 'integration-replica',
    text: `SELECT ${columns} FROM integration WHERE deleted_at IS NULL AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
    values: [after, limit],
  });
  return rows.map(toIntegration).map((body) => ({ id: body.id, version: body.version, body }));
}

async function changed(tx: Tx, at: string, text: string, values: unknown[]): Promise<Integration | null> {
  const { rows } = await tx.query<Row>(text, values);
  const [row] = rows;
  if (row === undefined) return null;
  const integration = toIntegration(row);
  await appendToFeed(tx, at, [asPut(integration)]);
  return integration;
}

function required(integration: Integration | null): Integration {
  if (integration === null) throw new Error('the insert answered no row');
  return integration;
}

function asPut(integration: Integration) {
  const { id, version } = integration;
  return { entity: 'integration', op: 'put', id, version, body: integration, audience: null } as const;
}

function jsonOf(mapping: GenericMapping | null): string | null {
  return mapping === null ? null : JSON.stringify(mapping);
}

function toIntegration(row: Row): Integration {
  return {
    id: row.id,
    version: row.version,
    name: row.name,
    kind: row.kind,
    enabled: row.enabled,
    keyHint: row.key_hint,
    mapping: row.mapping,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    acceptedCount: row.accepted_count,
    errorCount: row.error_count,
    lastError: row.last_error_at === null ? null : { at: row.last_error_at, message: row.last_error ?? '' },
  };
}
