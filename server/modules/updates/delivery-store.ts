import type { Tx } from '#server/database/transaction.ts';
import type { Attempted, ClaimedDelivery, TargetCount } from '#server/modules/updates/delivery-rules.ts';

export interface QueuedDelivery {
  id: string;
  kind: 'statuspage' | 'list';
  targetId: string;
  channelId: string;
  address: string;
}

// Leases are compared with the database's clock: two servers' clocks may differ by more than a lease.
export const deliveryStore = {
  async queue(
    tx: Tx,
    at: string,
    update: { id: string; incidentId: string; number: number },
    rows: readonly QueuedDelivery[],
  ): Promise<void> {
    if (rows.length === 0) return;
    await tx.query({
      name: 'status-delivery-queue',
      text: `INSERT INTO status_delivery
               (id, update_id, incident_id, number, kind, target_id, channel_id, address, state, queued_at, due_at)
             SELECT r.id, $2, $3, $4, r.kind, r.target_id, r.channel_id, r.address, 'waiting', $1, $1
             FROM jsonb_to_recordset($5::jsonb) AS r (id uuid, kind text, target_id uuid, channel_id uuid, address text)`,
      values: [
        at,
        update.id,
        update.incidentId,
        update.number,
        JSON.stringify(
          rows.map(({ id, kind, targetId, channelId, address }) => {
            return { id, kind, target_id: targetId, channel_id: channelId, address };
          }),
        ),
      ],
    });
  },

  /** What failed waits again, as if it had just been queued; how many attempts ended in the dark is not forgotten. */
  async again(tx: Tx, at: string, updateId: string): Promise<void> {
    await tx.query({
      name: 'status-delivery-again',
      text: `UPDATE status_delivery SET state = 'waiting', queued_at = $2, due_at = $2, attempts = 0,
               unknown = least(unknown, 1), settled_at = NULL, error = NULL
             WHERE update_id = $1 AND state = 'failed'`,
      values: [updateId, at],
    });
  },

  /**
   * The oldest for each reader of each incident, if its time has come and nobody sends it: readers get updates in the
   * order in which they were published, which one that waited for approval changes. A few a channel, because providers count.
   */
  async take(tx: Tx, at: string, token: string, leaseMs: number, perChannel: number): Promise<ClaimedDelivery[]> {
    const { rows } = await tx.query<ClaimedDelivery>({
      name: 'status-delivery-take',
      text: `WITH head AS (
               SELECT DISTINCT ON (incident_id, kind, target_id, address) id, channel_id, kind, due_at, claimed_until
               FROM status_delivery WHERE state = 'waiting' ORDER BY incident_id, kind, target_id, address, queued_at, number
             ), ranked AS (
               SELECT id, kind, row_number() OVER (PARTITION BY channel_id ORDER BY due_at, id) AS place FROM head
               WHERE due_at <= $1 AND (claimed_until IS NULL OR claimed_until <= now())
             ), due AS (
               SELECT d.id FROM status_delivery d JOIN ranked r ON r.id = d.id
               WHERE r.place <= CASE r.kind WHEN 'statuspage' THEN 1 ELSE $4 END
                 AND d.state = 'waiting' AND (d.claimed_until IS NULL OR d.claimed_until <= now())
               FOR UPDATE OF d SKIP LOCKED
             )
             UPDATE status_delivery d SET claim_token = $2, claimed_until = now() + make_interval(secs => $3 / 1000.0),
               attempts = d.attempts + 1, unknown = d.unknown + 1
             FROM due WHERE d.id = due.id
             RETURNING d.id, d.update_id AS "updateId", d.incident_id AS "incidentId", d.kind, d.target_id AS "targetId",
               d.channel_id AS "channelId", d.address, d.claim_token AS token, d.queued_at AS "queuedAt", d.attempts,
               d.unknown - 1 AS unknown`,
      values: [at, token, leaseMs, perChannel],
    });
    return rows;
  },

  async isOurs(tx: Tx, { id, token }: ClaimedDelivery): Promise<boolean> {
    const { rows } = await tx.query({
      name: 'status-delivery-ours',
      text: `SELECT FROM status_delivery WHERE id = $1 AND claim_token = $2 AND claimed_until > now()`,
      values: [id, token],
    });
    return rows.length === 1;
  },

  /** Ends a claim; false when another server has it by now. */
  async settle(tx: Tx, { id, token }: ClaimedDelivery, at: string, result: Attempted): Promise<boolean> {
    const { rowCount } = await tx.query({
      name: 'status-delivery-settle',
      text: `UPDATE status_delivery SET state = $3, due_at = $4, unknown = $5, repeated = repeated OR $6, error = $7,
               settled_at = CASE WHEN $3 = 'waiting' THEN NULL ELSE $8::timestamptz END,
               claim_token = NULL, claimed_until = NULL
             WHERE id = $1 AND claim_token = $2`,
      values: [id, token, result.state, result.dueAt, result.unknown, result.repeated, result.error, at],
    });
    return rowCount === 1;
  },

  async counts(tx: Tx, updateId: string): Promise<TargetCount[]> {
    const { rows } = await tx.query<TargetCount>({
      name: 'status-delivery-counts',
      text: `SELECT kind, target_id AS "targetId",
               count(*) FILTER (WHERE state = 'waiting')::int AS waiting,
               count(*) FILTER (WHERE state = 'sent')::int AS sent,
               count(*) FILTER (WHERE state = 'failed')::int AS failed,
               count(*) FILTER (WHERE repeated)::int AS repeated,
               max(settled_at) AS at,
               (array_agg(error ORDER BY state = 'failed' DESC, settled_at DESC NULLS LAST)
                 FILTER (WHERE error IS NOT NULL))[1] AS error
             FROM status_delivery WHERE update_id = $1 GROUP BY kind, target_id`,
      values: [updateId],
    });
    return rows;
  },
};
export type DeliveryStore = typeof deliveryStore;
