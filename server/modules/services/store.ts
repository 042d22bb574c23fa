import type { ServiceDetail } from '#server/contract/service.ts';
import { appendToFeed, type FeedRow, firstVersion } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { CatalogEntry } from '#server/modules/services/catalog-index.ts';
import { keyOfName, publicService, type ServiceState } from '#server/modules/services/state.ts';

export interface ServiceStore {
  /** Editors one after the other; answers the revision they change. */
  lock(tx: Tx): Promise<number>;
  /** Tells every server that its copy of the catalog is an old one now. */
  raise(tx: Tx): Promise<void>;
  revision(tx: Tx): Promise<number>;
  entries(tx: Tx): Promise<CatalogEntry[]>;
  /** In the order of their names. */
  all(tx: Tx): Promise<ServiceState[]>;
  byId(tx: Tx, id: string): Promise<ServiceState | null>;
  teams(tx: Tx): Promise<{ id: string; name: string }[]>;
  firstVersion(tx: Tx, id: string): Promise<number>;
  /** Inserts new ones, updates the others, and writes their feed rows. */
  save(tx: Tx, at: string, services: readonly ServiceState[]): Promise<void>;
  remove(tx: Tx, at: string, services: readonly ServiceState[]): Promise<void>;
}

const columns = `s.id, s.version, s.draft_version AS "draftVersion", s.draft, s.pin, s.source,
  s.updated_by AS "updatedBy", s.updated_at AS "updatedAt"`;

export const serviceStore: ServiceStore = {
  async lock(tx) {
    const { rows } = await tx.query<{ revision: number }>({
      name: 'catalog-lock',
      text: 'SELECT revision FROM catalog_state FOR UPDATE',
    });
    return rows[0]?.revision ?? 0;
  },

  async raise(tx) {
    await tx.query({ name: 'catalog-raise', text: 'UPDATE catalog_state SET revision = revision + 1' });
  },

  async revision(tx) {
    const { rows } = await tx.query<{ revision: number }>({
      name: 'catalog-revision',
      text: 'SELECT revision FROM catalog_state',
    });
    return rows[0]?.revision ?? 0;
  },

  async entries(tx) {
    const { rows } = await tx.query<CatalogEntry & Record<string, unknown>>({
      name: 'service-entries',
      text: `SELECT s.id, jsonb_build_object('name', s.draft->'name', 'aliases', s.draft->'aliases',
               'bindings', s.draft->'bindings', 'dependsOn', s.draft->'dependsOn') AS draft
             FROM service s ORDER BY s.id`,
    });
    return rows;
  },

  async all(tx) {
    const { rows } = await tx.query<ServiceState & Record<string, unknown>>({
      name: 'service-all',
      text: `SELECT ${columns} FROM service s ORDER BY s.key, s.id`,
    });
    return rows;
  },

  async byId(tx, id) {
    const { rows } = await tx.query<ServiceState & Record<string, unknown>>({
      name: 'service-by-id',
      text: `SELECT ${columns} FROM service s WHERE s.id = $1`,
      values: [id],
    });
    return rows[0] ?? null;
  },

  async teams(tx) {
    const { rows } = await tx.query<{ id: string; name: string }>({
      name: 'service-teams',
      text: 'SELECT id, name FROM team ORDER BY name, id',
    });
    return rows;
  },

  firstVersion: (tx, id) => firstVersion(tx, 'service', id),

  async save(tx, at, services) {
    if (services.length === 0) return;
    await tx.query({
      name: 'service-save',
      // Names may go from one service to another in one apply: the old ones make room first.
      text: `UPDATE service SET key = id::text WHERE id = ANY($1::uuid[])`,
      values: [services.map((service) => service.id)],
    });
    await tx.query({
      name: 'service-upsert',
      text: `INSERT INTO service (id, version, draft_version, key, draft, pin, source, updated_by, updated_at)
             SELECT r.id, r.version, r."draftVersion", r.key, r.draft, nullif(r.pin, 'null'::jsonb), r.source, r."updatedBy", r."updatedAt"
             FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, version bigint, "draftVersion" bigint, key text, draft jsonb,
               pin jsonb, source text, "updatedBy" uuid, "updatedAt" timestamptz)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, draft_version = excluded.draft_version,
               key = excluded.key, draft = excluded.draft, pin = excluded.pin, source = excluded.source,
               updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
      values: [JSON.stringify(services.map((service) => ({ ...service, key: keyOfName(service.draft.name) })))],
    });
    await appendToFeed(tx, at, services.map(feedRow));
  },

  async remove(tx, at, services) {
    if (services.length === 0) return;
    await tx.query({
      name: 'service-remove',
      text: 'DELETE FROM service WHERE id = ANY($1::uuid[])',
      values: [services.map((service) => service.id)],
    });
    await appendToFeed(
      tx,
      at,
      services.map(({ id, version }): FeedRow => {
        return { entity: 'service', op: 'delete', id, version: version + 1, body: null, audience: null };
      }),
    );
  },
};

/** Everybody may see the catalog. */
export async function readServicesForReplica(
  sql: SqlReader,
  _actor: unknown,
  after: string | null,
  limit: number,
): Promise<{ id: string; version: number; body: unknown }[]> {
  const rows = await sql.query<ServiceState & Record<string, unknown>>({
    name: 'service-replica',
    text: `SELECT ${columns} FROM service s WHERE $1::uuid IS NULL OR s.id > $1 ORDER BY s.id LIMIT $2`,
    values: [after, limit],
  });
  return rows.map((state) => ({ id: state.id, version: state.version, body: publicService(state) }));
}

/** The worst alert that fires on each service, of those that the reader may see and nothing suppresses. */
export async function readHealth(
  sql: SqlReader,
  reader: { teamIds: readonly string[] },
): Promise<Map<string, ServiceDetail['health']>> {
  const rows = await sql.query<{ id: string; worst: ServiceDetail['health'] }>({
    name: 'service-health',
    text: `SELECT a.service_id AS id, (ARRAY['sev1', 'sev2', 'sev3', 'info'])[
             min(array_position(ARRAY['sev1', 'sev2', 'sev3', 'info'], a.severity))] AS worst
           FROM alert a
           WHERE a.status = 'firing' AND a.service_id IS NOT NULL AND a.suppressed_by IS NULL
             AND (a.audience IS NULL OR a.audience && $1::uuid[])
           GROUP BY a.service_id`,
    values: [reader.teamIds],
  });
  return new Map(rows.map((row) => [row.id, row.worst]));
}

function feedRow(state: ServiceState): FeedRow {
  const { id, version } = state;
  return { entity: 'service', op: 'put', id, version, body: publicService(state), audience: null };
}
