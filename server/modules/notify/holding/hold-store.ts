// Pages that stand and are not to ring: their incident was silenced meanwhile, or do-not-disturb holds them.
import type { Priority } from '#server/contract/policy.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { Step } from '#server/modules/notify/settling/settle.ts';

/** A person who is not to be disturbed by pages of that priority until then. */
export interface HeldPerson {
  userId: string;
  priority: Priority;
  until: string;
}

export const holdStore = {
  /**
   * Of these pages the ones whose incident was silenced after they were made: every firing alert is. A page made while
   * it was silenced already is somebody's wish (escalated by hand), which no silence holds; and channels that are only
   * told (run 0) wake nobody.
   */
  async silenced(tx: Tx, pageIds: readonly string[]): Promise<Set<string>> {
    const { rows } = await tx.query<{ id: string }>({
      name: 'hold-silenced',
      text: `SELECT p.id FROM page p
             WHERE p.id = ANY($1::uuid[]) AND p.run > 0
               AND EXISTS (SELECT FROM alert a WHERE a.incident_id = p.incident_id AND a.status = 'firing')
               AND NOT EXISTS (SELECT FROM alert a
                 WHERE a.incident_id = p.incident_id AND a.status = 'firing' AND a.suppressed_by IS NULL)
               AND EXISTS (SELECT FROM alert a LEFT JOIN silence s ON s.id = a.suppressed_by
                 WHERE a.incident_id = p.incident_id AND (a.status = 'firing' OR a.resolved_at > p.at)
                   AND (a.suppressed_by IS NULL OR greatest(s.starts_at, s.created_at) > p.at))`,
      values: [pageIds],
    });
    return new Set(rows.map((row) => row.id));
  },

  /** Looked at again then, with what clients show meanwhile. What was to be told along with it goes by itself. */
  async postpone(tx: Tx, ids: readonly string[], until: string, note: string): Promise<void> {
    await tx.query({
      name: 'hold-postpone',
      text: `UPDATE notification SET due_at = $2, last_error = $3, bundled_into = NULL
             WHERE id = ANY($1::uuid[]) AND status = 'pending'`,
      values: [ids, until, note],
    });
    await tx.query({
      name: 'hold-free-bundle',
      text: `UPDATE notification SET bundled_into = NULL
             WHERE bundled_into = ANY($1::uuid[]) AND status = 'pending'`,
      values: [ids],
    });
  },

  /** Moves what do-not-disturb has held until `from`, whole pages of which nothing was due before; answers these. */
  async moveHeld(tx: Tx, held: HeldPerson, to: string): Promise<{ pageId: string; incidentId: string }[]> {
    const { rows } = await tx.query<{ pageId: string; incidentId: string }>({
      name: 'hold-move',
      text: `WITH held AS (
               SELECT p.id FROM page p
               WHERE p.user_id = $1 AND p.status = 'open' AND p.priority = $2 AND p.at < $3
                 AND NOT EXISTS (SELECT FROM notification o
                   WHERE o.page_id = p.id AND (o.planned_at < $3 OR o.attempts > 0))
               ORDER BY p.id FOR NO KEY UPDATE
             )
             UPDATE notification n
             SET planned_at = n.planned_at + ($4::timestamptz - $3::timestamptz),
                 due_at = n.planned_at + ($4::timestamptz - $3::timestamptz)
             FROM held WHERE n.page_id = held.id AND n.status = 'pending' RETURNING n.page_id AS "pageId",
               n.incident_id AS "incidentId"`,
      values: [held.userId, held.priority, held.until, to],
    });
    return [...new Map(rows.map((row) => [row.pageId, row])).values()];
  },

  /** Steps that are waited for though all they paged is held by do-not-disturb; not the last one of a round. */
  async stepsHeld(tx: Tx, now: string, held: readonly HeldPerson[]): Promise<Step[]> {
    const { rows } = await tx.query<Step>({
      name: 'hold-steps',
      text: `WITH held AS (SELECT * FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS h (user_id, priority, until))
             SELECT DISTINCT p.incident_id AS "incidentId", p.run, p.step, p.loop
             FROM held h JOIN page p ON p.user_id = h.user_id AND p.priority = h.priority AND p.status = 'open'
             JOIN escalation e ON e.id = p.incident_id AND e.run = p.run AND e.loop = p.loop AND e.step = p.step + 1
             WHERE e.status = 'waiting' AND e.next_at > $1 AND NOT EXISTS (
               SELECT FROM page q JOIN notification n ON n.page_id = q.id
               LEFT JOIN held o ON o.user_id = q.user_id AND o.priority = q.priority
               WHERE q.incident_id = p.incident_id AND q.run = p.run AND q.step = p.step AND q.loop = p.loop
                 AND (o.user_id IS NULL OR n.status <> 'pending' OR n.attempts > 0 OR n.planned_at < o.until))`,
      values: [now, held.map((one) => one.userId), held.map((one) => one.priority), held.map((one) => one.until)],
    });
    return rows;
  },
};
