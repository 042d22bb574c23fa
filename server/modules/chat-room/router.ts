import { z } from 'zod';
import { responderProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { ChatMentions, ChatMessage, ChatText } from '#server/contract/chat.ts';
import { Id } from '#server/contract/primitives.ts';
import type { ChatRoom } from '#server/modules/chat-room/service.ts';

const tags = ['incidents'];
/** The time and id of the last message of the page before. */
const Cursor = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z_[0-9a-f-]{36}$/, 'is not a cursor of this list');

export function createChatRouter(room: ChatRoom) {
  return router({
    list: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: {
          method: 'GET',
          path: '/incidents/{id}/messages',
          tags,
          summary: 'What was said in the room of an incident, newest first',
        },
      })
      .input(
        z.object({
          id: Id,
          limit: z.int().min(1).max(500).default(100),
          cursor: Cursor.nullable().default(null),
        }),
      )
      .output(z.object({ items: z.array(ChatMessage), nextCursor: z.string().nullable() }))
      .query(({ ctx, input }) => room.list(ctx.actor, input.id, { before: input.cursor, limit: input.limit })),

    post: responderProcedure
      .meta({
        access: 'responder',
        openapi: { method: 'POST', path: '/incidents/{id}/messages', tags, summary: 'Say something in the room' },
      })
      .input(
        z.object({ id: Id, text: ChatText, mentions: ChatMentions.default([]), replyTo: Id.nullable().default(null) }),
      )
      .output(ChatMessage)
      .mutation(({ ctx, input: { id: incidentId, ...message } }) =>
        room.post(ctx.actor, ctx.idempotencyKey, { incidentId, ...message }),
      ),
  });
}
