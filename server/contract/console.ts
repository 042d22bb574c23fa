// The commander's console: what one person asks of another with a time on it, and what a room is asked to object to.
import { z } from 'zod';
import type { Incident, Task } from '#server/contract/incident.ts';
import { Id, Instant, ShortText } from '#server/contract/primitives.ts';

/** `done` and `answered` end it well; `cannot` tells the asker to find somebody else. */
export const askOutcomes = ['done', 'answered', 'cannot'] as const;
export const AskOutcome = z.enum(askOutcomes);
export type AskOutcome = z.infer<typeof AskOutcome>;

/** Minutes that an ask may give. */
export const AskMinutes = z.int().min(1).max(240);

/** One owner, one thing, so many minutes. */
export const Ask = z.object({
  id: Id,
  version: z.int(),
  incidentId: Id,
  text: z.string(),
  ownerId: Id,
  askedBy: Id,
  askedAt: Instant,
  dueAt: Instant,
  /** When the server said on the timeline that it is late. */
  overdueAt: Instant.nullable(),
  answer: z.object({ at: Instant, by: Id, outcome: AskOutcome, text: z.string() }).nullable(),
  cancelledAt: Instant.nullable(),
});
export type Ask = z.infer<typeof Ask>;

export function isWaiting(ask: Pick<Ask, 'answer' | 'cancelledAt'>): boolean {
  return ask.answer === null && ask.cancelledAt === null;
}

/** Seconds that an objection poll may stay open. */
export const PollSeconds = z.int().min(30).max(3_600);
export const pollPeopleMax = 50;

export const pollOutcomes = ['carried', 'objected', 'withdrawn'] as const;

/** Goes ahead unless somebody objects before it closes. Who objected, and why, stays. */
export const Poll = z.object({
  id: Id,
  version: z.int(),
  incidentId: Id,
  question: z.string(),
  openedBy: Id,
  openedAt: Instant,
  closesAt: Instant,
  /** Whose word is waited for; when all of them have spoken it closes at once. Anybody in the room may object. */
  asked: z.array(Id),
  /** The last word of each, in the order they were said. */
  votes: z.array(z.object({ userId: Id, at: Instant, objects: z.boolean(), reason: ShortText.nullable() })),
  outcome: z.enum(pollOutcomes).nullable(),
  closedAt: Instant.nullable(),
});
export type Poll = z.infer<typeof Poll>;

export const participantVias = ['declare', 'acknowledge', 'role', 'task', 'ask', 'chat', 'self'] as const;

/** Somebody who works on an incident, until they leave or are released. */
export const Participant = z.object({
  id: Id,
  version: z.int(),
  incidentId: Id,
  userId: Id,
  joinedAt: Instant,
  /** What brought them in. */
  via: z.enum(participantVias),
  releasedAt: Instant.nullable(),
  releasedBy: Id.nullable(),
});
export type Participant = z.infer<typeof Participant>;

/** Something that lies with somebody: a role by its name, an ask by its text, a task by its title. */
export interface Held {
  kind: 'role' | 'ask' | 'task';
  name: string;
}

/** What somebody still holds in an incident: with any of it they are not released. */
export function heldBy(
  userId: string,
  incident: Pick<Incident, 'roles'>,
  tasks: Iterable<Pick<Task, 'ownerId' | 'doneAt' | 'title'>>,
  asks: Iterable<Pick<Ask, 'ownerId' | 'answer' | 'cancelledAt' | 'text'>>,
): Held[] {
  const held: Held[] = [];
  for (const slot of incident.roles) if (slot.userId === userId) held.push({ kind: 'role', name: slot.role });
  for (const ask of asks) if (ask.ownerId === userId && isWaiting(ask)) held.push({ kind: 'ask', name: ask.text });
  for (const task of tasks)
    if (task.ownerId === userId && task.doneAt === null) held.push({ kind: 'task', name: task.title });
  return held;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
