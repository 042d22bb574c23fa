import type { ChatMessage } from '#server/contract/chat.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { createPartStore, incidentsKeptWhole } from '#server/database/incident-parts.ts';
import { defineTable } from '#server/database/table.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import type { ChatState, ChatStore } from '#server/modules/chat-room/state.ts';

const table = defineTable<ChatState>('chat_message', {
  id: 'id',
  version: 'version',
  incidentId: 'incident_id',
  at: 'at',
  recordedAt: 'recorded_at',
  source: 'source',
  authorId: 'author_id',
  author: 'author',
  text: 'text',
  mentions: 'mentions',
  replyTo: 'reply_to',
  editedAt: 'edited_at',
  deletedAt: 'deleted_at',
  entryId: 'entry_id',
  taskId: 'task_id',
  mirror: 'mirror',
  textVersion: 'text_version',
});

const { lock, save, reissue } = createPartStore('chat', table, publicMessage, 'chat_message');

export const chatStore: ChatStore = {
  lock,
  reissue,
  async save(tx, at, message, audience) {
    // Who was away must not catch up on words that were taken back meanwhile.
    if (message.deletedAt !== null) {
      await tx.query({
        name: 'chat-feed-erase',
        text: `UPDATE feed SET body = $2 WHERE entity = 'chat' AND op = 'put' AND id = $1`,
        values: [message.id, JSON.stringify(publicMessage(message))],
      });
    }
    await save(tx, at, message, audience);
  },
};

export function publicMessage(state: ChatState): ChatMessage {
  const { textVersion: _version, ...message } = state;
  return message;
}

/** The newest messages of every open incident and of the incidents closed last, as far as the reader may see them. */
export async function readChatForReplica(
  sql: SqlReader,
  actor: { userId: string; teamIds: readonly string[] },
  after: string | null,
  limit: number,
  _at: string,
): Promise<{ id: string; version: number; body: ChatMessage }[]> {
  const rows = await sql.query<ChatState>({
    name: 'chat-replica',
    text: `WITH ${incidentsKeptWhole}
           SELECT ${table.select('m')} FROM kept_whole w CROSS JOIN LATERAL (
             SELECT * FROM chat_message c WHERE c.incident_id = w.id ORDER BY c.at DESC, c.id DESC LIMIT $3
           ) AS m
           WHERE $4::uuid IS NULL OR m.id > $4 ORDER BY m.id LIMIT $5`,
    values: [actor.teamIds, replicaLimits.timelines, replicaLimits.chatPerIncident, after, limit],
  });
  return rows.map((state) => ({ id: state.id, version: state.version, body: publicMessage(state) }));
}

export interface ChatPage {
  /** The newest first. */
  items: ChatMessage[];
  nextCursor: string | null;
}

/** A page of one room, the newest first, or null if the reader may not see the incident. */
export async function readChat(
  sql: SqlReader,
  reader: { teamIds: readonly string[] },
  incidentId: string,
  page: { before: { at: string; id: string } | null; limit: number },
): Promise<ChatPage | null> {
  const [incident] = await sql.query<{ id: string }>({
    name: 'chat-incident',
    text: `SELECT i.id FROM incident i WHERE i.id = $1 AND (i.restricted_to IS NULL OR i.restricted_to && $2::uuid[])`,
    values: [incidentId, reader.teamIds],
  });
  if (incident === undefined) return null;
  const rows = await sql.query<ChatState>({
    name: 'chat-page',
    text: `SELECT ${table.select('m')} FROM chat_message m JOIN incident i ON i.id = m.incident_id
           WHERE m.incident_id = $1 AND (i.restricted_to IS NULL OR i.restricted_to && $2::uuid[])
             AND ($3::timestamptz IS NULL OR (m.at, m.id) < ($3, $4::uuid))
           ORDER BY m.at DESC, m.id DESC LIMIT $5`,
    values: [incidentId, reader.teamIds, page.before?.at ?? null, page.before?.id ?? null, page.limit + 1],
  });
  const items = rows.slice(0, page.limit).map(publicMessage);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > page.limit && last !== undefined ? `${last.at}_${last.id}` : null };
}

/** One message, or null if there is none that the reader may see. */
export async function readMessage(
  sql: SqlReader,
  reader: { teamIds: readonly string[] },
  messageId: string,
): Promise<ChatMessage | null> {
  const [state] = await sql.query<ChatState>({
    name: 'chat-read',
    text: `SELECT ${table.select('m')} FROM chat_message m JOIN incident i ON i.id = m.incident_id
           WHERE m.id = $1 AND (i.restricted_to IS NULL OR i.restricted_to && $2::uuid[])`,
    values: [messageId, reader.teamIds],
  });
  return state === undefined ? null : publicMessage(state);
}
