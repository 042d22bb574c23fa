import type { ChatMessage } from '#server/contract/chat.ts';
import type { Ask, Poll } from '#server/contract/console.ts';
import type { Task } from '#server/contract/incident.ts';
import type { StatusUpdate } from '#server/contract/status-update.ts';

/** What is asked over the room, and what about. */
export type RoomDialog =
  | { kind: 'resolve' | 'title' | 'impact' | 'merge' | 'restrict' | 'link' | 'role' | 'escalate' | 'severity' }
  | { kind: 'task'; from?: ChatMessage }
  | { kind: 'offer' | 'briefing'; role: string }
  | { kind: 'release'; userId: string }
  | { kind: 'edit-task'; task: Task }
  | { kind: 'ask' | 'poll' }
  | { kind: 'answer-ask' | 'reassign-ask'; ask: Ask }
  | { kind: 'object'; poll: Poll }
  | { kind: 'decide-update'; update: StatusUpdate }
  | { kind: 'split' | 'move'; alertIds: string[] };
