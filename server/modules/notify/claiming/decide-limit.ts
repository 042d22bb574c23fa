// How much one address may take: what is due together goes as one message, and beyond the limit it waits.
import type { ChannelKind, ContactKind } from '#server/contract/channel.ts';
import type { Priority } from '#server/contract/policy.ts';

export interface LimitInput {
  at: string;
  via: ContactKind | ChannelKind;
  /**
   * Everything that is due to this address now, important ones first, then the longest due; and what waits for its limit,
   * when an important one is due. Retries keep to the message they were in.
   */
  due: { id: string; dueAt: string; attempts: number; priority: Priority }[];
  /** When messages left for this address within `limitWindowMs`, those on their way included, oldest first. */
  sent: string[];
}

export type Limited =
  /** One message tells all of these; the first gives it its id. */
  | { action: 'send'; lead: string; bundled: string[]; sentInWindow: number }
  | { action: 'wait'; until: string; sentInWindow: number };

export const limitWindowMs = 15 * 60_000;
/** Messages to one address within the window. */
export const limits: Partial<Record<ContactKind | ChannelKind, number>> = { voice: 3, sms: 5 };
/** Of these the last ones, kept for important pages: a flood of others must not make a SEV1 wait. */
export const keptForImportant: Partial<Record<ContactKind | ChannelKind, number>> = { voice: 1, sms: 2 };

export function decideLimit({ at, via, due, sent }: LimitInput): Limited {
  const windowStart = new Date(Date.parse(at) - limitWindowMs).toISOString();
  const counted = sent.filter((instant) => instant > windowStart).toSorted();
  // An important page goes before what has waited longer, and takes along what may not go without it.
  const lead = due.find((one) => one.priority === 'important') ?? due[0];
  if (lead === undefined) throw new Error('decideLimit was asked about nothing that is due');
  const most = (limits[via] ?? Infinity) - (lead.priority === 'important' ? 0 : (keptForImportant[via] ?? 0));
  if (counted.length >= most) {
    // The place that comes free first: of `most` newest ones, the oldest.
    const oldest = counted[counted.length - most]!;
    const until = new Date(Date.parse(oldest) + limitWindowMs).toISOString();
    return { action: 'wait', until, sentInWindow: counted.length };
  }
  const others = due.filter((one) => one !== lead);
  // A message that was tried under an id keeps what it said: a provider that saw the id takes it for the same one.
  const bundled = lead.attempts > 0 ? [] : others.filter((other) => other.attempts === 0).map((other) => other.id);
  return { action: 'send', lead: lead.id, bundled, sentInWindow: counted.length };
}
