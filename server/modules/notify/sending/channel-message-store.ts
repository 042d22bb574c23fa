// Messages that stand in a channel or are about to, and when each is next brought up to date.
import type { Tx } from '#server/database/transaction.ts';

export interface StandingMessage {
  incidentId: string;
  channelId: string;
  ref: string;
  /** Hash of what it says. */
  shown: string;
  attempts: number;
}

export const channelMessageStore = {
  /** The newest message about this incident in this channel; it is compared with the incident once more at `dueAt`. */
  async put(tx: Tx, message: Omit<StandingMessage, 'attempts'>, dueAt: string): Promise<void> {
    await tx.query({
      name: 'channel-message-put',
      text: `INSERT INTO channel_message (incident_id, channel_id, provider_ref, shown, stale, due_at, attempts)
             VALUES ($1, $2, $3, $4, true, $5, 0)
             ON CONFLICT (incident_id, channel_id)
             DO UPDATE SET provider_ref = $3, shown = $4, stale = true, due_at = $5, attempts = 0`,
      values: [message.incidentId, message.channelId, message.ref, message.shown, dueAt],
    });
  },

  /** Where a message about this incident stands in this channel. */
  async refOf(tx: Tx, incidentId: string, channelId: string): Promise<string | null> {
    const { rows } = await tx.query<{ ref: string }>({
      name: 'channel-message-ref',
      text: `SELECT provider_ref AS ref FROM channel_message
             WHERE incident_id = $1 AND channel_id = $2 AND provider_ref <> ''`,
      values: [incidentId, channelId],
    });
    return rows[0]?.ref ?? null;
  },

  /**
   * Notes that this send is about to open something for the incident in the channel; false while another send is. `gone` is
   * a reference that leads nowhere any more. Until `put` tells where it stands, the row has no reference, the send in
   * `shown`, and the end of its lease, by the database's clock, in `due_at`. Who never comes back is forgotten at that end.
   */
  async claimOpening(
    tx: Tx,
    opening: { incidentId: string; channelId: string; sendId: string; gone: string | null },
    leaseMs: number,
  ): Promise<boolean> {
    const { rowCount } = await tx.query({
      name: 'channel-message-opening',
      text: `INSERT INTO channel_message AS m (incident_id, channel_id, provider_ref, shown, due_at)
             VALUES ($1, $2, '', $3, now() + make_interval(secs => $5 / 1000.0))
             ON CONFLICT (incident_id, channel_id)
             DO UPDATE SET provider_ref = '', shown = $3, stale = false, due_at = excluded.due_at
             WHERE m.provider_ref = $4 OR (m.provider_ref = '' AND (m.shown = $3 OR m.due_at <= now()))`,
      values: [opening.incidentId, opening.channelId, opening.sendId, opening.gone, leaseMs],
    });
    return rowCount === 1;
  },

  async markStale(tx: Tx, incidentIds: readonly string[]): Promise<number> {
    const { rowCount } = await tx.query({
      name: 'channel-message-stale',
      text: `UPDATE channel_message SET stale = true, attempts = 0 WHERE incident_id = ANY($1::uuid[])`,
      values: [incidentIds],
    });
    return rowCount ?? 0;
  },

  /** Takes stale ones whose time has come, a few a channel; whatever changes from here on makes them stale again. */
  async take(tx: Tx, now: string, next: string, perChannel: number): Promise<StandingMessage[]> {
    const { rows } = await tx.query<StandingMessage>({
      name: 'channel-message-take',
      text: `WITH ranked AS (
               SELECT incident_id, channel_id, row_number() OVER (PARTITION BY channel_id ORDER BY due_at) AS place
               FROM channel_message WHERE stale AND due_at <= $1 AND provider_ref <> ''
             ), due AS (
               SELECT d.incident_id, d.channel_id FROM channel_message d JOIN ranked USING (incident_id, channel_id)
               WHERE ranked.place <= $3 AND d.stale AND d.due_at <= $1 FOR UPDATE OF d SKIP LOCKED
             )
             UPDATE channel_message m SET stale = false, due_at = $2, attempts = m.attempts + 1
             FROM due WHERE m.incident_id = due.incident_id AND m.channel_id = due.channel_id
             RETURNING m.incident_id AS "incidentId", m.channel_id AS "channelId", m.provider_ref AS ref, m.shown, m.attempts`,
      values: [now, next, perChannel],
    });
    return rows;
  },

  async shown(tx: Tx, message: StandingMessage, shown: string): Promise<void> {
    await tx.query({
      name: 'channel-message-shown',
      text: `UPDATE channel_message SET shown = $4, attempts = CASE WHEN stale THEN attempts ELSE 0 END
             WHERE incident_id = $1 AND channel_id = $2 AND provider_ref = $3`,
      values: [message.incidentId, message.channelId, message.ref, shown],
    });
  },

  /** Counted from the due time that `take` gave it, which moves with a clock that was set meanwhile. */
  async retry(tx: Tx, message: StandingMessage, afterMs: number): Promise<void> {
    await tx.query({
      name: 'channel-message-retry',
      text: `UPDATE channel_message SET stale = true, due_at = due_at + make_interval(secs => $4 / 1000.0)
             WHERE incident_id = $1 AND channel_id = $2 AND provider_ref = $3`,
      values: [message.incidentId, message.channelId, message.ref, afterMs],
    });
  },
};
