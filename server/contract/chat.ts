import { z } from 'zod';
import { Id, Instant, StorableText } from '#server/contract/primitives.ts';

/** Characters of one message; what comes longer from Slack is cut. */
export const chatTextMax = 4_000;
export const ChatText = StorableText.trim().min(1).max(chatTextMax);
export const ChatMentions = z.array(Id).max(50);

/** What somebody wrote in the room of an incident: the Markdown subset of docs/chat.md, never markup of its own. */
export const ChatMessage = z.object({
  id: Id,
  version: z.int(),
  incidentId: Id,
  /** When it was written; earlier than `recordedAt` for one that was queued without a network. */
  at: Instant,
  recordedAt: Instant,
  source: z.enum(['person', 'slack']),
  /** Null for somebody in Slack whom no verified account links to a person here. */
  authorId: Id.nullable(),
  /** The name as it was then. */
  author: z.string(),
  /** Empty once it is deleted. */
  text: z.string(),
  mentions: z.array(Id),
  /** A message of the same room, which may be deleted by now. */
  replyTo: Id.nullable(),
  editedAt: Instant.nullable(),
  deletedAt: Instant.nullable(),
  /** The timeline entry and the task that were made of it. */
  entryId: Id.nullable(),
  taskId: Id.nullable(),
  /** Whether it stands in the incident's channel in Slack too; none where there is no such channel. */
  mirror: z.enum(['none', 'waiting', 'sent', 'failed']),
});
export type ChatMessage = z.infer<typeof ChatMessage>;
