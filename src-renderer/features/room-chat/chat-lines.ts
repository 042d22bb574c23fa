// The messages of a room as they stand below each other. Pure.
import type { ChatMessage } from '#server/contract/chat.ts';

export interface ChatLine {
  message: ChatMessage;
  /** The first of several by one person within a few minutes carries the name. */
  head: boolean;
  /** The first message of a day, in the reader's zone, where there are several days. */
  day: string | null;
  /** The first one that is new to the reader. */
  firstNew: boolean;
}

const togetherMs = 180_000;

export function inOrder(a: ChatMessage, b: ChatMessage): number {
  return compare(a.at, b.at) || compare(a.id, b.id);
}

/** A place in the room that grows with time: what was read is all up to it. */
export function markOf({ at, id }: Pick<ChatMessage, 'at' | 'id'>): string {
  return `${at}_${id}`;
}

/** What somebody has not read of what others wrote; nothing before the mark is known. */
export function unread(messages: readonly ChatMessage[], mark: string | null, me: string): ChatMessage[] {
  if (mark === null) return [];
  return messages.filter((message) => message.authorId !== me && message.deletedAt === null && markOf(message) > mark);
}

/** `messages` in order; `firstNewId` is the first one that was new when the room was opened. */
export function linesOf(
  messages: readonly ChatMessage[],
  firstNewId: string | null,
  dayOf: (at: string) => string,
): ChatLine[] {
  let before: ChatMessage | null = null;
  const [first, last] = [messages[0], messages.at(-1)];
  // In a room of one day the clock times say enough.
  const oneDay = first === undefined || last === undefined || dayOf(first.at) === dayOf(last.at);
  let today: string | null = oneDay && first !== undefined ? dayOf(first.at) : null;
  return messages.map((message) => {
    const day = dayOf(message.at);
    const newDay = day !== today;
    const firstNew = message.id === firstNewId;
    const together =
      before !== null &&
      !newDay &&
      !firstNew &&
      message.replyTo === null &&
      before.deletedAt === null &&
      before.source === message.source &&
      before.author === message.author &&
      before.authorId === message.authorId &&
      Date.parse(message.at) - Date.parse(before.at) < togetherMs;
    const line = { message, head: !together, day: newDay ? day : null, firstNew };
    before = message;
    today = day;
    return line;
  });
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
