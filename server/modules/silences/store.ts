import type { Silence } from '#server/contract/silence.ts';
import { appendToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { SilenceState, SilenceStore } from '#server/modules/silences/state.ts';

const gateLock = 0x73_69_6c;
const keptDays = 7;

const columns = `s.id, s.version, s.kind, s.matcher, s.starts_at AS "startsAt", s.ends_at AS "endsAt", s.reason,
  s.created_by AS "createdBy", s.created_at AS "createdAt", s.ended_at AS "endedAt"`;
const stateColumns = `${columns}, s.started, s.finished`;
// Everyone reads the same count, so alerts of restricted incidents are not in it (S6).
const publicColumns = `${columns},
  (SELECT count(*)::int FROM alert a WHERE a.suppressed_by = s.id AND a.status = 'firing' AND a.audience IS NULL) AS "suppressedCount"`;
const end = 'least(s.ends_at, s.ended_at)';

export const silenceStore: SilenceStore = {
  async gate(tx, mode) {
    const name = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
    await tx.query({ name: `silence-gate-${mode}`, text: `SELECT ${name}($1)`, values: [gateLock] });
  },

  async listActive(tx, at) {
    const { rows } = await tx.query<SilenceState>({
      name: 'silence-active',
      text: `SELECT ${stateColumns} FROM silence s
             WHERE NOT s.finished AND s.starts_at <= $1 AND ${end} > $1 ORDER BY s.id`,
      values: [at],
    });
    return rows;
  },

  async listDue(tx, at) {
    const { rows } = await tx.query<SilenceState>({
      name: 'silence-due',
      text: `SELECT ${stateColumns} FROM silence s
             WHERE NOT s.finished AND (${end} <= $1 OR (NOT s.started AND s.starts_at <= $1)) ORDER BY s.id`,
      values: [at],
    });
    return rows;
  },

  async lockById(tx, id) {
    const { rows } = await tx.query<SilenceState>({
      name: 'silence-lock',
      text: `SELECT ${stateColumns} FROM silence s WHERE s.id = $1 FOR UPDATE`,
      values: [id],
    });
    return rows[0] ?? null;
  },

  async save(tx, at, silences) {
    if (silences.length === 0) return;
    await tx.query({
      name: 'silence-save',
      text: `INSERT INTO silence AS t (id, version, kind, matcher, starts_at, ends_at, reason, created_by, created_at, ended_at, started, finished)
             SELECT r.id, r.version, r.kind, r.matcher, r."startsAt", r."endsAt", r.reason, r."createdBy", r."createdAt", r."endedAt", r.started, r.finished
             FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, version bigint, kind text, matcher text, "startsAt" timestamptz,
               "endsAt" timestamptz, reason text, "createdBy" uuid, "createdAt" timestamptz, "endedAt" timestamptz, started boolean, finished boolean)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, kind = excluded.kind, matcher = excluded.matcher,
               starts_at = excluded.starts_at, ends_at = excluded.ends_at, reason = excluded.reason,
               ended_at = excluded.ended_at, started = excluded.started, finished = excluded.finished`,
      values: [JSON.stringify(silences)],
    });
    await publish(
      tx,
      at,
      silences.map((silence) => silence.id),
    );
  },

  async recount(tx, at, silenceIds) {
    if (silenceIds.length === 0) return;
    const ids = [...new Set(silenceIds)].sort();
    await tx.query({
      name: 'silence-recount',
      text: `UPDATE silence SET version = version + 1
             WHERE id IN (SELECT id FROM silence WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE)`,
      values: [ids],
    });
    await publish(tx, at, ids);
  },
};

export async function readSilencesForReplica(
  sql: SqlReader,
  _actor: unknown,
  after: string | null,
  limit: number,
  at: string,
): Promise<{ id: string; version: number; body: Silence }[]> {
  const rows = await sql.query<Silence>({
    name: 'silence-replica',
    text: `SELECT ${publicColumns} FROM silence s
           WHERE ($1::uuid IS NULL OR s.id > $1) AND (NOT s.finished OR ${end} > $2::timestamptz - make_interval(days => $3))
           ORDER BY s.id LIMIT $4`,
    values: [after, at, keptDays, limit],
  });
  return rows.map((silence) => ({ id: silence.id, version: silence.version, body: silence }));
}

async function publish(tx: Tx, at: string, ids: string[]): Promise<void> {
  const { rows } = await tx.query<Silence>({
    name: 'silence-public',
    text: `SELECT ${publicColumns} FROM silence s WHERE s.id = ANY($1::uuid[]) ORDER BY s.id`,
    values: [ids],
  });
  await appendToFeed(
    tx,
    at,
    rows.map((silence) => ({
      entity: 'silence',
      op: 'put',
      id: silence.id,
      version: silence.version,
      body: silence,
      audience: null,
    })),
  );
}
