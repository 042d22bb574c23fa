// The room by REST: its messages, and one message more.
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import { idempotentId } from '#server/api/idempotent-id.ts';
import type { ChatMessage } from '#server/contract/chat.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import { type ChatPage, readChat, readMessage } from '#server/modules/chat-room/store.ts';
import type { Intents } from '#server/modules/incidents/intents.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

export interface ChatRoom {
  list(reader: Actor, incidentId: string, page: { before: string | null; limit: number }): Promise<ChatPage>;
  post(
    actor: Actor,
    idempotencyKey: string | null,
    message: { incidentId: string; text: string; mentions: string[]; replyTo: string | null },
  ): Promise<ChatMessage>;
}

export function createChatRoom(deps: {
  database: SqlReader;
  intents: Pick<Intents, 'submit'>;
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'uuid'>;
}): ChatRoom {
  const { database, intents, clock, random } = deps;
  return {
    async list(reader, incidentId, { before, limit }) {
      const [at, id] = before?.split('_') ?? [];
      const place = at === undefined || id === undefined ? null : { at, id };
      const page = await readChat(database, reader, incidentId, { before: place, limit });
      if (page === null) throw notFound();
      return page;
    },

    async post(actor, idempotencyKey, { incidentId, ...message }) {
      const messageId = idempotentId(actor.userId, idempotencyKey, `message ${incidentId}`) ?? random.uuid();
      // The same id for the intent: asked again, it answers what it answered.
      const intent = {
        id: messageId,
        at: new Date(clock.now()).toISOString(),
        baseVersion: null,
        dependsOn: null,
        action: { kind: 'chat.post' as const, incidentId, messageId, ...message },
      };
      const [result] = await intents.submit(actor, [intent]);
      if (result?.outcome === 'rejected') {
        throw new AppError(result.code === 'unknown-action' ? 'invalid' : result.code, result.reason);
      }
      const posted = await readMessage(database, actor, messageId);
      if (posted === null) throw notFound();
      return posted;
    },
  };
}

function notFound(): AppError {
  return new AppError('not-found', 'There is no incident with this id, or it is not yours to see.');
}
