// Reading alerts: lists, counts, one alert with its history, and the client's replica. Restricted ones are left out in SQL.
import type { Alert, AlertEvent } from '#server/contract/alert.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import type { AlertFilter } from '#server/contract/view.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { alertColumns, publicAlert } from '#server/modules/alerts/store.ts';

export interface Reader {
  userId: string;
  teamIds: readonly string[];
}

export interface Facets {
  total: number;
  severities: Record<string, number>;
  statuses: Record<string, number>;
  services: Record<string, number>;
  sources: Record<string, number>;
}

export interface AlertSearchStore {
  /** Newest first; `after` is the place of the last one of the page before, `before` leaves out what was seen since. */
  list(
    actor: Reader,
    filter: AlertFilter,
    page: { before: string | null; after: [string, string] | null; limit: number },
  ): Promise<Alert[]>;
  facets(actor: Reader, filter: AlertFilter): Promise<Facets>;
  get(actor: Reader, id: string): Promise<Alert | null>;
  history(id: string, after: string | null, limit: number): Promise<AlertEvent[]>;
  /** What the rules could group: begun since, visible, suppressed by nothing; newest first, in pages. */
  since(actor: Reader, since: string, limit: number): AsyncIterable<AlertState[]>;
  /** The alerts of an incident, oldest first. */
  ofIncident(actor: Reader, incidentId: string, limit: number): Promise<Alert[]>;
  /** Firing alerts by id, for previews. */
  firing(actor: Reader, after: string | null, limit: number): Promise<Alert[]>;
}

const facetMax = 50;
const replayPage = 1_000;

export function createAlertSearchStore(sql: SqlReader): AlertSearchStore {
  return {
    async list(actor, filter, { before, after, limit }) {
      const { where, values } = conditions(actor, filter);
      const place =
        after === null
          ? ''
          : ` AND (a.first_seen_at, a.id) < ($${values.push(after[0])}::timestamptz, $${values.push(after[1])}::uuid)`;
      const old = before === null ? '' : ` AND a.last_seen_at < $${values.push(before)}::timestamptz`;
      const rows = await sql.query<AlertState>(
        `SELECT ${alertColumns} FROM alert a WHERE ${where}${place}${old}
         ORDER BY a.first_seen_at DESC, a.id DESC LIMIT $${values.push(limit)}`,
        values,
      );
      return rows.map(publicAlert);
    },

    async facets(actor, filter) {
      const { where, values } = conditions(actor, filter);
      const rows = await sql.query<{ facet: keyof Facets; value: string; count: number }>(
        `WITH found AS MATERIALIZED (SELECT a.severity, a.status, coalesce(a.service, '') AS service, a.source FROM alert a WHERE ${where})
         SELECT 'total' AS facet, '' AS value, count(*) AS count FROM found
         UNION ALL SELECT 'severities', severity, count(*) FROM found GROUP BY severity
         UNION ALL SELECT 'statuses', status, count(*) FROM found GROUP BY status
         UNION ALL SELECT 'sources', source, count(*) FROM found GROUP BY source
         UNION ALL (SELECT 'services', service, count(*) FROM found GROUP BY service ORDER BY count(*) DESC LIMIT ${facetMax})`,
        values,
      );
      const facets: Facets = { total: 0, severities: {}, statuses: {}, services: {}, sources: {} };
      for (const { facet, value, count } of rows) {
        if (facet === 'total') facets.total = count;
        else facets[facet][value] = count;
      }
      return facets;
    },

    async get(actor, id) {
      const rows = await sql.query<AlertState>({
        name: 'alert-get',
        text: `SELECT ${alertColumns} FROM alert a WHERE a.id = $1 AND (a.audience IS NULL OR a.audience && $2::uuid[])`,
        values: [id, actor.teamIds],
      });
      return rows[0] === undefined ? null : publicAlert(rows[0]);
    },

    history(id, after, limit) {
      return sql.query<AlertEvent & Record<string, unknown>>({
        name: 'alert-history',
        text: `SELECT id, alert_id AS "alertId", at, kind, cause, actor_id AS "actorId" FROM alert_event
               WHERE alert_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
        values: [id, after, limit],
      });
    },

    async *since(actor, since, limit) {
      let after: [string | null, string | null] = [null, null];
      for (let left = limit; left > 0;) {
        const rows = await sql.query<AlertState & Record<string, unknown>>({
          name: 'alert-since',
          text: `SELECT ${alertColumns} FROM alert a
                 WHERE a.first_seen_at >= $1 AND ($2::timestamptz IS NULL OR (a.first_seen_at, a.id) < ($2, $3::uuid))
                   AND a.suppressed_by IS NULL AND (a.audience IS NULL OR a.audience && $4::uuid[])
                 ORDER BY a.first_seen_at DESC, a.id DESC LIMIT $5`,
          values: [since, ...after, actor.teamIds, Math.min(replayPage, left)],
        });
        yield rows;
        const last = rows.at(-1);
        if (last === undefined || rows.length < replayPage) return;
        after = [last.firstSeenAt, last.id];
        left -= rows.length;
      }
    },

    async ofIncident(actor, incidentId, limit) {
      const rows = await sql.query<AlertState & Record<string, unknown>>({
        name: 'alert-of-incident',
        text: `SELECT ${alertColumns} FROM alert a
               WHERE a.incident_id = $1 AND (a.audience IS NULL OR a.audience && $2::uuid[])
               ORDER BY a.first_seen_at, a.id LIMIT $3`,
        values: [incidentId, actor.teamIds, limit],
      });
      return rows.map(publicAlert);
    },

    async firing(actor, after, limit) {
      return (await firingPage(sql, actor, after, limit)).map(publicAlert);
    },
  };
}

/** For figures that everyone may see, so without those of restricted incidents. */
export async function countFiringAlerts(sql: SqlReader): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `SELECT count(*) AS count FROM alert WHERE status = 'firing' AND audience IS NULL`,
  );
  return row?.count ?? 0;
}

/**
 * Firing ones first, then what resolved in the last 24 hours, newest first, up to the replica's size. The cursor says
 * which of the two, where in it, and how many came before.
 */
export async function readAlertsForReplica(
  sql: SqlReader,
  actor: Reader,
  after: string | null,
  limit: number,
  at: string,
): Promise<{ id: string; version: number; body: Alert; cursor: string }[]> {
  const [part = 'firing', id = null, resolvedAt = null, count = '0'] = after === null ? [] : after.split(' ');
  const left = Math.min(limit, replicaLimits.alerts - Number(count));
  if (left <= 0) return [];
  const firing = part === 'firing' ? await firingPage(sql, actor, id, left) : [];
  const resolved =
    firing.length < left
      ? await resolvedPage(
          sql,
          actor,
          part === 'firing' || id === null || resolvedAt === null ? null : [resolvedAt, id],
          left - firing.length,
          at,
        )
      : [];
  return [...firing, ...resolved].map((state, index) => ({
    id: state.id,
    version: state.version,
    body: publicAlert(state),
    cursor: `${index < firing.length ? 'firing' : 'resolved'} ${state.id} ${state.resolvedAt ?? '-'} ${Number(count) + index + 1}`,
  }));
}

function firingPage(sql: SqlReader, actor: Reader, after: string | null, limit: number): Promise<AlertState[]> {
  return sql.query<AlertState & Record<string, unknown>>({
    name: 'alert-firing',
    text: `SELECT ${alertColumns} FROM alert a
           WHERE a.status = 'firing' AND ($1::uuid IS NULL OR a.id > $1) AND (a.audience IS NULL OR a.audience && $2::uuid[])
           ORDER BY a.id LIMIT $3`,
    values: [after, actor.teamIds, limit],
  });
}

function resolvedPage(
  sql: SqlReader,
  actor: Reader,
  after: [string, string] | null,
  limit: number,
  at: string,
): Promise<AlertState[]> {
  return sql.query<AlertState & Record<string, unknown>>({
    name: 'alert-resolved',
    text: `SELECT ${alertColumns} FROM alert a
           WHERE a.status = 'resolved' AND a.resolved_at > $1::timestamptz - make_interval(hours => $2)
             AND ($3::timestamptz IS NULL OR (a.resolved_at, a.id) < ($3, $4::uuid))
             AND (a.audience IS NULL OR a.audience && $5::uuid[])
           ORDER BY a.resolved_at DESC, a.id DESC LIMIT $6`,
    values: [at, replicaLimits.alertHours, after?.[0] ?? null, after?.[1] ?? null, actor.teamIds, limit],
  });
}

function conditions(actor: Reader, filter: AlertFilter): { where: string; values: unknown[] } {
  const values: unknown[] = [actor.teamIds];
  const parts = ['(a.audience IS NULL OR a.audience && $1::uuid[])'];
  const among = (column: string, list: readonly string[]) => {
    if (list.length > 0) parts.push(`${column} = ANY($${values.push(list)}::text[])`);
  };
  among('a.severity', filter.severities);
  among('a.status', filter.statuses);
  among(`coalesce(a.service, '')`, filter.services);
  among('a.source', filter.sources);
  if (filter.incidentId !== null) parts.push(`a.incident_id = $${values.push(filter.incidentId)}::uuid`);
  const marks = filter.marks.map((mark) => markSql[mark]);
  if (marks.length > 0) parts.push(`(${marks.join(' OR ')})`);
  for (const word of filter.text.split(/\s+/).filter((text) => text !== '')) {
    const place = `$${values.push(`%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)}`;
    parts.push(
      `(a.title ILIKE ${place} OR a.service ILIKE ${place} OR a.fingerprint ILIKE ${place} OR a.labels::text ILIKE ${place})`,
    );
  }
  return { where: parts.join(' AND '), values };
}

const markSql = {
  acknowledged: 'a.acknowledged_at IS NOT NULL',
  suppressed: 'a.suppressed_by IS NOT NULL',
  flapping: 'a.flapping',
} as const;
