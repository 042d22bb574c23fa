import type { Tx } from '#server/database/transaction.ts';
import type { Claimed } from '#server/modules/chat-room/mirror-rules.ts';
import type { RoomElsewhere } from '#server/modules/chat-room/state.ts';

// Leases are compared with the database's clock: two servers' clocks may differ by more than a lease.
export const mirrorStore = {
  async rooms(tx: Tx, incidentId: string): Promise<RoomElsewhere[]> {
    const { rows } = await tx.query<RoomElsewhere>({
      name: 'chat-rooms',
      text: `SELECT channel_id AS "channelId", room FROM incident_room WHERE incident_id = $1 ORDER BY channel_id`,
      values: [incidentId],
    });
    return rows;
  },

  /** The incident whose room this is. */
  async incidentOf(tx: Tx, { channelId, room }: RoomElsewhere): Promise<string | null> {
    const { rows } = await tx.query<{ id: string }>({
      name: 'chat-room-incident',
      text: `SELECT incident_id AS id FROM incident_room WHERE channel_id = $1 AND room = $2`,
      values: [channelId, room],
    });
    return rows[0]?.id ?? null;
  },

  async open(tx: Tx, incidentId: string, { channelId, room }: RoomElsewhere): Promise<void> {
    await tx.query({
      name: 'chat-room-open',
      text: `INSERT INTO incident_room (incident_id, channel_id, room) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      values: [incidentId, channelId, room],
    });
  },

  async add(tx: Tx, at: string, messageId: string, rooms: readonly RoomElsewhere[]): Promise<void> {
    if (rooms.length === 0) return;
    await tx.query({
      name: 'chat-mirror-add',
      text: `INSERT INTO chat_mirror (message_id, channel_id, room, said_at, state, queued_at, due_at)
             SELECT m.id, r.channel_id, r.room, m.at, 'waiting', $1, $1
             FROM chat_message m, unnest($3::uuid[], $4::text[]) AS r (channel_id, room) WHERE m.id = $2
             ON CONFLICT DO NOTHING`,
      values: [at, messageId, rooms.map((one) => one.channelId), rooms.map((one) => one.room)],
    });
  },

  /** A message that came from there. False when it was here before. */
  async arrived(
    tx: Tx,
    at: string,
    messageId: string,
    place: RoomElsewhere & { ts: string; thread: string | null },
  ): Promise<boolean> {
    const { rowCount } = await tx.query({
      name: 'chat-mirror-arrived',
      text: `INSERT INTO chat_mirror
               (message_id, channel_id, room, said_at, state, queued_at, due_at, provider_ts, thread_ts)
             VALUES ($2, $3, $4, $1, 'sent', $1, $1, $5, $6) ON CONFLICT DO NOTHING`,
      values: [at, messageId, place.channelId, place.room, place.ts, place.thread],
    });
    return rowCount === 1;
  },

  /** The message that stands at this place. */
  async messageAt(tx: Tx, { channelId, room, ts }: RoomElsewhere & { ts: string }): Promise<string | null> {
    const { rows } = await tx.query<{ id: string }>({
      name: 'chat-mirror-at',
      text: `SELECT message_id AS id FROM chat_mirror WHERE channel_id = $1 AND room = $2 AND provider_ts = $3`,
      values: [channelId, room, ts],
    });
    return rows[0]?.id ?? null;
  },

  /** Where answers to a message go there: the beginning of its thread. */
  async threadOf(tx: Tx, messageId: string, channelId: string): Promise<string | null> {
    const { rows } = await tx.query<{ ts: string | null }>({
      name: 'chat-mirror-thread',
      text: `SELECT coalesce(thread_ts, provider_ts) AS ts FROM chat_mirror WHERE message_id = $1 AND channel_id = $2`,
      values: [messageId, channelId],
    });
    return rows[0]?.ts ?? null;
  },

  /** What stands elsewhere is out of date; a send that is under way counts for the text before. */
  async again(tx: Tx, at: string, messageId: string): Promise<number> {
    const { rowCount } = await tx.query({
      name: 'chat-mirror-again',
      text: `UPDATE chat_mirror SET state = 'waiting', queued_at = $2, due_at = $2, attempts = 0, error = null
             WHERE message_id = $1`,
      values: [messageId, at],
    });
    return rowCount ?? 0;
  },

  /** The oldest of each room, if its time has come and nobody sends it: a room gets its messages in their order. */
  async take(tx: Tx, at: string, token: string, leaseMs: number): Promise<Claimed[]> {
    const { rows } = await tx.query<Claimed>({
      name: 'chat-mirror-take',
      text: `WITH head AS (
               SELECT DISTINCT ON (channel_id, room) message_id, channel_id FROM chat_mirror
               WHERE state = 'waiting' ORDER BY channel_id, room, said_at, message_id
             ), due AS (
               SELECT m.message_id, m.channel_id FROM chat_mirror m JOIN head USING (message_id, channel_id)
               WHERE m.state = 'waiting' AND m.due_at <= $1 AND (m.claimed_until IS NULL OR m.claimed_until <= now())
               FOR UPDATE OF m SKIP LOCKED
             ), claimed AS (
               UPDATE chat_mirror m SET claim_token = $2, claimed_until = now() + make_interval(secs => $3 / 1000.0),
                 attempts = m.attempts + 1, unknown = m.unknown + 1
               FROM due WHERE m.message_id = due.message_id AND m.channel_id = due.channel_id
               RETURNING m.*
             )
             SELECT c.message_id AS "messageId", m.incident_id AS "incidentId", c.channel_id AS "channelId", c.room,
               c.claim_token AS token, c.queued_at AS "queuedAt", c.attempts, c.unknown - 1 AS unknown,
               c.provider_ts AS "providerTs", c.thread_ts AS "threadTs"
             FROM claimed c JOIN chat_message m ON m.id = c.message_id ORDER BY c.said_at, c.message_id`,
      values: [at, token, leaseMs],
    });
    return rows;
  },

  async isOurs(tx: Tx, { messageId, channelId, token }: Claimed): Promise<boolean> {
    const { rows } = await tx.query({
      name: 'chat-mirror-ours',
      text: `SELECT FROM chat_mirror WHERE message_id = $1 AND channel_id = $2 AND claim_token = $3
               AND claimed_until > now()`,
      values: [messageId, channelId, token],
    });
    return rows.length === 1;
  },

  /**
   * Ends a claim; false when another server has it by now. `waiting` keeps it in the queue. A text that changed meanwhile keeps it waiting, whatever came of this one.
   */
  async settle(
    tx: Tx,
    claimed: Claimed,
    result: {
      state: 'waiting' | 'sent' | 'failed';
      dueAt: string;
      unknown: number;
      place: { ts: string; thread: string | null } | null;
      error: string | null;
    },
  ): Promise<boolean> {
    const { rowCount } = await tx.query({
      name: 'chat-mirror-settle',
      text: `UPDATE chat_mirror SET state = CASE WHEN queued_at > $4 THEN 'waiting' ELSE $5 END, due_at = $6,
               unknown = $7, provider_ts = coalesce($8, provider_ts),
               thread_ts = coalesce($9, thread_ts), error = $10, claim_token = NULL, claimed_until = NULL
             WHERE message_id = $1 AND channel_id = $2 AND claim_token = $3`,
      values: [
        claimed.messageId,
        claimed.channelId,
        claimed.token,
        claimed.queuedAt,
        result.state,
        result.dueAt,
        result.unknown,
        result.place?.ts ?? null,
        result.place?.thread ?? null,
        result.error,
      ],
    });
    return rowCount === 1;
  },

  async drop(tx: Tx, { messageId, channelId, token }: Claimed): Promise<boolean> {
    const { rowCount } = await tx.query({
      name: 'chat-mirror-drop',
      text: `DELETE FROM chat_mirror WHERE message_id = $1 AND channel_id = $2 AND claim_token = $3`,
      values: [messageId, channelId, token],
    });
    return rowCount === 1;
  },

  /** The rest of the room waits until then: a provider takes about one message a second. */
  async pace(tx: Tx, { channelId, room }: RoomElsewhere, dueAt: string): Promise<void> {
    await tx.query({
      name: 'chat-mirror-pace',
      text: `UPDATE chat_mirror SET due_at = $3 WHERE channel_id = $1 AND room = $2 AND state = 'waiting' AND due_at < $3`,
      values: [channelId, room, dueAt],
    });
  },

  async states(tx: Tx, messageId: string): Promise<('waiting' | 'sent' | 'failed')[]> {
    const { rows } = await tx.query<{ state: 'waiting' | 'sent' | 'failed' }>({
      name: 'chat-mirror-states',
      text: `SELECT state FROM chat_mirror WHERE message_id = $1`,
      values: [messageId],
    });
    return rows.map((row) => row.state);
  },

  /** False when this delivery had its effect before. In the transaction of the effect. */
  async firstTime(tx: Tx, channelId: string, delivery: string, at: string): Promise<boolean> {
    const { rowCount } = await tx.query({
      name: 'chat-delivery',
      text: `INSERT INTO callback_seen (channel_id, delivery, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      values: [channelId, delivery, at],
    });
    return rowCount === 1;
  },

  /** Rooms that were opened, and to which nothing went that was said before. */
  async behind(tx: Tx, limit: number): Promise<(RoomElsewhere & { incidentId: string })[]> {
    const { rows } = await tx.query<RoomElsewhere & { incidentId: string }>({
      name: 'chat-rooms-behind',
      text: `SELECT incident_id AS "incidentId", channel_id AS "channelId", room FROM incident_room
             WHERE NOT caught_up ORDER BY incident_id LIMIT $1`,
      values: [limit],
    });
    return rows;
  },

  async caughtUp(tx: Tx, { channelId, room }: RoomElsewhere): Promise<boolean> {
    const { rowCount } = await tx.query({
      name: 'chat-room-caught-up',
      text: `UPDATE incident_room SET caught_up = true WHERE channel_id = $1 AND room = $2 AND NOT caught_up`,
      values: [channelId, room],
    });
    return rowCount === 1;
  },

  /** What was said so far, the newest hundred, is to stand there too. */
  async addEarlier(tx: Tx, at: string, incidentId: string, { channelId, room }: RoomElsewhere): Promise<string[]> {
    const { rows } = await tx.query<{ id: string }>({
      name: 'chat-mirror-earlier',
      text: `INSERT INTO chat_mirror (message_id, channel_id, room, said_at, state, queued_at, due_at)
             SELECT id, $3, $4, at, 'waiting', $1, $1 FROM chat_message
             WHERE incident_id = $2 AND source = 'person' AND deleted_at IS NULL ORDER BY at DESC, id DESC LIMIT 100
             ON CONFLICT DO NOTHING RETURNING message_id AS id`,
      values: [at, incidentId, channelId, room],
    });
    return rows.map((row) => row.id);
  },
};
export type MirrorStore = typeof mirrorStore;
