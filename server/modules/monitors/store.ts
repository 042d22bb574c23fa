import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { Beat } from '#server/modules/monitors/decide.ts';

export interface Untold {
  monitorId: string;
  missed: boolean;
  turn: number;
  lastBeatAt: string | null;
}

const columns = 'monitor_id AS "monitorId", last_beat_at AS "lastBeatAt", due_at AS "dueAt", missed';

export const monitorStore = {
  async setKey(tx: Tx, monitorId: string, keyHash: Buffer): Promise<void> {
    await tx.query({
      name: 'monitor-key',
      text: `INSERT INTO monitor_key (monitor_id, key_hash) VALUES ($1, $2)
             ON CONFLICT (monitor_id) DO UPDATE SET key_hash = excluded.key_hash`,
      values: [monitorId, keyHash],
    });
  },

  async byKey(sql: SqlReader, keyHash: Buffer): Promise<string | null> {
    const [row] = await sql.query<{ monitorId: string }>({
      name: 'monitor-by-key',
      text: 'SELECT monitor_id AS "monitorId" FROM monitor_key WHERE key_hash = $1',
      values: [keyHash],
    });
    return row?.monitorId ?? null;
  },

  async deleteKey(tx: Tx, monitorId: string): Promise<void> {
    await tx.query({
      name: 'monitor-key-gone',
      text: 'DELETE FROM monitor_key WHERE monitor_id = $1',
      values: [monitorId],
    });
  },

  async lock(tx: Tx, monitorId: string): Promise<Beat | null> {
    const { rows } = await tx.query<Beat>({
      name: 'monitor-lock',
      text: `SELECT ${columns} FROM monitor_beat WHERE monitor_id = $1 FOR UPDATE`,
      values: [monitorId],
    });
    return rows[0] ?? null;
  },

  async lockAll(tx: Tx): Promise<Beat[]> {
    const { rows } = await tx.query<Beat>({
      name: 'monitor-lock-all',
      text: `SELECT ${columns} FROM monitor_beat ORDER BY monitor_id FOR UPDATE`,
    });
    return rows;
  },

  /** A change of `missed` counts a turn, which is to be told. */
  async save(tx: Tx, beats: readonly Beat[]): Promise<void> {
    if (beats.length === 0) return;
    await tx.query({
      name: 'monitor-save',
      text: `INSERT INTO monitor_beat AS t (monitor_id, last_beat_at, due_at, missed, turn)
             SELECT r.id, r.last_beat_at, r.due_at, r.missed, r.missed::int
             FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::boolean[]) AS r (id, last_beat_at, due_at, missed)
             ORDER BY r.id
             ON CONFLICT (monitor_id) DO UPDATE SET last_beat_at = excluded.last_beat_at, due_at = excluded.due_at,
               missed = excluded.missed, turn = t.turn + (t.missed <> excluded.missed)::int`,
      values: [
        beats.map((beat) => beat.monitorId),
        beats.map((beat) => beat.lastBeatAt),
        beats.map((beat) => beat.dueAt),
        beats.map((beat) => beat.missed),
      ],
    });
  },

  /** Later beats win, whichever server took them. */
  async beat(tx: Tx, beats: readonly { monitorId: string; at: string; dueAt: string }[]): Promise<Beat[]> {
    if (beats.length === 0) return [];
    const { rows } = await tx.query<Beat>({
      name: 'monitor-beats',
      text: `INSERT INTO monitor_beat AS t (monitor_id, last_beat_at, due_at)
             SELECT r.id, r.at, r.due_at FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS r (id, at, due_at)
             ORDER BY r.id
             ON CONFLICT (monitor_id) DO UPDATE SET last_beat_at = greatest(t.last_beat_at, excluded.last_beat_at),
               due_at = greatest(t.due_at, excluded.due_at), missed = false, turn = t.turn + t.missed::int
             RETURNING ${columns}`,
      values: [beats.map((beat) => beat.monitorId), beats.map((beat) => beat.at), beats.map((beat) => beat.dueAt)],
    });
    return rows;
  },

  /** Whether there is anything to do: one small question, asked every second. */
  async waiting(sql: SqlReader, now: string): Promise<{ overdue: boolean; untold: boolean }> {
    const [row] = await sql.query<{ overdue: boolean; untold: boolean }>({
      name: 'monitor-waiting',
      text: `SELECT EXISTS (SELECT FROM monitor_beat WHERE due_at <= $1 AND NOT missed) AS overdue,
               EXISTS (SELECT FROM monitor_beat WHERE told <> turn) AS untold`,
      values: [now],
    });
    return row ?? { overdue: false, untold: false };
  },

  /** Marks what is overdue. Answers those. */
  async miss(tx: Tx, now: string): Promise<Beat[]> {
    const { rows } = await tx.query<Beat>({
      name: 'monitor-miss',
      text: `UPDATE monitor_beat SET missed = true, turn = turn + 1
             WHERE monitor_id IN (SELECT monitor_id FROM monitor_beat WHERE due_at <= $1 AND NOT missed
                                  ORDER BY monitor_id LIMIT 500 FOR UPDATE SKIP LOCKED)
             RETURNING ${columns}`,
      values: [now],
    });
    return rows;
  },

  async lockUntold(tx: Tx, limit: number): Promise<Untold[]> {
    const { rows } = await tx.query<Untold>({
      name: 'monitor-untold',
      text: `SELECT monitor_id AS "monitorId", missed, turn, last_beat_at AS "lastBeatAt" FROM monitor_beat
             WHERE told <> turn ORDER BY monitor_id LIMIT $1 FOR UPDATE SKIP LOCKED`,
      values: [limit],
    });
    return rows;
  },

  async told(tx: Tx, untold: readonly Untold[], gone: readonly string[]): Promise<void> {
    await tx.query({
      name: 'monitor-told',
      text: `UPDATE monitor_beat AS t SET told = r.turn FROM unnest($1::uuid[], $2::int[]) AS r (id, turn) WHERE t.monitor_id = r.id`,
      values: [untold.map((one) => one.monitorId), untold.map((one) => one.turn)],
    });
    if (gone.length > 0)
      await tx.query({
        name: 'monitor-gone',
        text: 'DELETE FROM monitor_beat WHERE monitor_id = ANY($1::uuid[])',
        values: [gone],
      });
  },

  /** When the monitors were watched over last, by any server; writes down that they are now. Held to the end. */
  async watch(tx: Tx, now: string): Promise<string | null> {
    const { rows } = await tx.query<{ before: string | null }>({
      name: 'monitor-watch',
      text: `WITH old AS (SELECT at FROM monitor_watch FOR UPDATE), new AS (
               INSERT INTO monitor_watch (at) VALUES ($1) ON CONFLICT (only_row) DO UPDATE SET at = excluded.at)
             SELECT (SELECT at FROM old) AS before`,
      values: [now],
    });
    return rows[0]?.before ?? null;
  },
};
