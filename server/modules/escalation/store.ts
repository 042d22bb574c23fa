// Paging of incidents: the timers, what was fired, whose turn it is. Set-based: a batch is a handful of statements.
import { sameAudience } from '#server/contract/audience.ts';
import type { Escalation } from '#server/contract/policy.ts';
import { defineTypedColumns, plainArray } from '#server/database/columns.ts';
import { appendToFeed, type FeedRow, reissueToFeed } from '#server/database/feed.ts';
import { type SqlReader, type Tx, wakeAfterCommit } from '#server/database/transaction.ts';
import { noticed } from '#server/modules/escalation/notice.ts';
import type { EscalationState, EscalationStore, StepKey, Turn } from '#server/modules/escalation/state.ts';

const table = defineTypedColumns<EscalationState>({
  id: 'id uuid',
  version: 'version bigint',
  run: 'run int',
  status: 'status text',
  reason: 'reason text',
  routeId: 'route_id uuid',
  policyId: 'policy_id uuid',
  policyVersion: 'policy_version bigint',
  priority: 'priority text',
  step: 'step int',
  stepId: 'step_id uuid',
  stepCount: 'step_count int',
  loop: 'loop int',
  nextAt: 'next_at timestamptz',
  acknowledgedBy: 'acknowledged_by uuid[]',
  acknowledgementsNeeded: 'acknowledgements_needed int',
  seen: 'seen jsonb',
  changed: 'changed boolean',
  forced: 'forced jsonb',
  fallbackRun: 'fallback_run int',
  audience: 'audience uuid[]',
});
const columns = table.select('e');
/** A server that stops while it holds rows gives them up after this; another one goes on within it (R11). */
const patience = `SELECT set_config('idle_in_transaction_session_timeout', '5000', true)`;

export const escalationStore: EscalationStore = {
  async notice(tx, at, incidents) {
    if (incidents.length === 0) return;
    wakeAfterCommit(tx, 'paging');
    const { rows } = await tx.query<EscalationState>({
      name: 'escalation-lock-ids',
      text: `SELECT ${columns} FROM escalation e WHERE e.id = ANY($1::uuid[]) ORDER BY e.id FOR UPDATE`,
      values: [incidents.map((incident) => incident.id)],
    });
    const before = new Map(rows.map((row) => [row.id, row]));
    const next = incidents.map((incident) => noticed(before.get(incident.id) ?? null, incident, at));
    const written = tx.query({
      name: 'escalation-notice',
      text: `INSERT INTO escalation (${table.names})
             SELECT ${table.of('r')}
             FROM ${table.rows} AS r ORDER BY r.id
             ON CONFLICT (id) DO UPDATE SET ${table.assign('excluded')}`,
      values: table.toArrays(next.map((made) => made.next)),
    });
    const shown = new Set(next.filter((made) => made.shown).map((made) => made.next.id));
    for (const { next: state } of next) {
      const old = before.get(state.id);
      if (old === undefined || sameAudience(old.audience, state.audience)) continue;
      shown.delete(state.id);
      await written;
      await reissue(tx, at, old, state);
    }
    const states = next.map((made) => made.next).filter((state) => shown.has(state.id));
    await Promise.all([written, publish(tx, at, states)]);
  },

  async lockDue(tx, now, limit, except) {
    // Each by its own index: with OR, every batch of a burst would read and sort all that is due. What changed and is due
    // is locked once, and neither waits for the other however much there is of it.
    const due = tx.query<EscalationState>({
      name: 'escalation-lock-due',
      text: `WITH changed AS (
               SELECT * FROM escalation WHERE changed AND id <> ALL($3::uuid[])
               ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
             ), due AS (
               SELECT * FROM escalation WHERE NOT changed AND next_at <= $1 AND id <> ALL($3::uuid[])
               ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED
             )
             SELECT ${columns} FROM (TABLE changed UNION ALL TABLE due) AS e ORDER BY e.next_at NULLS FIRST, e.id`,
      values: [now, limit, except],
    });
    const [{ rows }] = await Promise.all([due, tx.query({ name: 'escalation-patience', text: patience })]);
    return rows;
  },

  async lock(tx, incidentId) {
    const { rows } = await tx.query<EscalationState>({
      name: 'escalation-lock',
      text: `SELECT ${columns} FROM escalation e WHERE e.id = $1 FOR UPDATE`,
      values: [incidentId],
    });
    return rows[0] ?? null;
  },

  async save(tx, at, states, shown) {
    if (states.length === 0) return;
    if (states.some((state) => state.changed)) wakeAfterCommit(tx, 'paging');
    const saved = tx.query({
      name: 'escalation-save',
      text: `UPDATE escalation AS t SET ${table.assign('r')}
             FROM ${table.rows} AS r WHERE t.id = r.id`,
      values: table.toArrays(states),
    });
    const published = states.filter((state) => shown.has(state.id));
    await Promise.all([saved, publish(tx, at, published)]);
  },

  async claimSteps(tx, steps) {
    if (steps.length === 0) return [];
    const { rows } = await tx.query<StepKey>({
      name: 'escalation-claim-steps',
      text: `INSERT INTO escalation_step (incident_id, run, policy_version, step_id, loop, due_at, fired_at)
             SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[], $4::uuid[], $5::int[], $6::timestamptz[], $7::timestamptz[])
             ON CONFLICT DO NOTHING
             RETURNING incident_id AS "incidentId", run, policy_version AS "policyVersion", step_id AS "stepId", loop`,
      values: [
        plainArray(steps.map((step) => step.incidentId)),
        plainArray(steps.map((step) => step.run)),
        plainArray(steps.map((step) => step.policyVersion)),
        plainArray(steps.map((step) => step.stepId)),
        plainArray(steps.map((step) => step.loop)),
        plainArray(steps.map((step) => step.dueAt)),
        plainArray(steps.map((step) => step.firedAt)),
      ],
    });
    return rows;
  },

  async lockTurns(tx, steps) {
    if (steps.length === 0) return [];
    // The update that changes nothing locks what is there, and makes what is not.
    const { rows } = await tx.query<Turn>({
      name: 'round-robin-lock',
      text: `INSERT INTO round_robin AS t (policy_id, step_id, next)
             SELECT r.policy_id, r.step_id, 0 FROM unnest($1::uuid[], $2::uuid[]) AS r (policy_id, step_id)
             ORDER BY r.policy_id, r.step_id
             ON CONFLICT (policy_id, step_id) DO UPDATE SET next = t.next
             RETURNING policy_id AS "policyId", step_id AS "stepId", next`,
      values: [steps.map((step) => step.policyId), steps.map((step) => step.stepId)],
    });
    return rows;
  },

  async saveTurns(tx, turns) {
    if (turns.length === 0) return;
    await tx.query({
      name: 'round-robin-save',
      text: `UPDATE round_robin AS t SET next = r.next
             FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS r (policy_id, step_id, next)
             WHERE t.policy_id = r.policy_id AND t.step_id = r.step_id`,
      values: [turns.map((turn) => turn.policyId), turns.map((turn) => turn.stepId), turns.map((turn) => turn.next)],
    });
  },
};

/** Without a transaction: whether something waits to be looked at, and when the next step is due. */
export async function nextPagingDue(sql: SqlReader): Promise<{ changed: boolean; at: string | null }> {
  const [row] = await sql.query<{ changed: boolean; at: string | null }>({
    name: 'escalation-next-due',
    text: `SELECT EXISTS (SELECT FROM escalation WHERE changed) AS changed, (SELECT min(next_at) FROM escalation) AS at`,
  });
  return row ?? { changed: false, at: null };
}

/** For what goes on to change their pages: paging of an incident is locked before its pages. */
export async function lockEscalations(tx: Tx, incidentIds: readonly string[]): Promise<void> {
  await tx.query({
    name: 'escalation-lock-first',
    text: 'SELECT FROM escalation e WHERE e.id = ANY($1::uuid[]) ORDER BY e.id FOR NO KEY UPDATE',
    values: [incidentIds],
  });
}

/**
 * Every way to the people of this step has failed: the next step is due now. Only while the run still waits after that
 * step; answers whether it did.
 */
export async function stepFailed(
  tx: Tx,
  at: string,
  failed: { incidentId: string; run: number; step: number; loop: number },
): Promise<boolean> {
  const { rows } = await tx.query<EscalationState>({
    name: 'escalation-step-failed',
    text: `UPDATE escalation e SET next_at = $2, version = e.version + 1
           WHERE e.id = $1 AND e.run = $3 AND e.status = 'waiting' AND e.next_at > $2
             AND ((e.loop = $5 AND e.step = $4 + 1) OR (e.loop = $5 + 1 AND e.step = 0 AND $4 + 1 >= e.step_count))
           RETURNING ${columns}`,
    values: [failed.incidentId, at, failed.run, failed.step, failed.loop],
  });
  if (rows.length > 0) wakeAfterCommit(tx, 'paging');
  await publish(tx, at, rows);
  return rows.length > 0;
}

/** Of open incidents that the reader may see. */
export async function readEscalationsForReplica(
  sql: SqlReader,
  actor: { teamIds: readonly string[] },
  after: string | null,
  limit: number,
): Promise<{ id: string; version: number; body: Escalation }[]> {
  const rows = await sql.query<EscalationState & Record<string, unknown>>({
    name: 'escalation-replica',
    text: `SELECT ${columns} FROM escalation e JOIN incident i ON i.id = e.id
           WHERE i.status <> 'resolved' AND (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])
             AND ($2::uuid IS NULL OR e.id > $2)
           ORDER BY e.id LIMIT $3`,
    values: [actor.teamIds, after, limit],
  });
  return rows.map((state) => ({ id: state.id, version: state.version, body: publicEscalation(state) }));
}

export function publicEscalation(state: EscalationState): Escalation {
  const { stepId: _step, seen: _seen, changed: _changed, forced: _forced, fallbackRun: _run, ...rest } = state;
  const { audience: _audience, ...escalation } = rest;
  return escalation;
}

async function publish(tx: Tx, at: string, states: readonly EscalationState[]): Promise<void> {
  const rows = states.map((state): FeedRow => {
    const body = publicEscalation(state);
    return { entity: 'escalation', op: 'put', id: state.id, version: state.version, body, audience: state.audience };
  });
  await appendToFeed(tx, at, rows);
}

/** Its incident was restricted, or is not any more. */
async function reissue(tx: Tx, at: string, before: EscalationState, state: EscalationState): Promise<void> {
  const version = before.version + 2;
  await tx.query({
    name: 'escalation-reissue',
    text: 'UPDATE escalation SET version = $2 WHERE id = $1',
    values: [state.id, version],
  });
  const states = [publicEscalation({ ...state, version })];
  await reissueToFeed(tx, at, { entity: 'escalation', states, before: before.audience, after: state.audience });
}
