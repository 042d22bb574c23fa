// How much one address may take: what is due together goes as one message, and beyond the limit it waits.
import type { ChannelKind, ContactKind } from '#server/contract/channel.ts';

export interface LimitInput {
  at: string;
  via: ContactKind | ChannelKind;
  /** Everything that is due to this address now, longest due first. Retries keep to the message they were in. */
  due: { id: string; dueAt: string; attempts: number }[];
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

export function decideLimit({ at, via, due, sent }: LimitInput): Limited {
  const windowStart = new Date(Date.parse(at) - limitWindowMs).toISOString();
  const counted = sent.filter((instant) => instant > windowStart).toSorted();
  const most = limits[via] ?? Infinity;
  if (counted.length >= most) {
    // The place that comes free first: of `most` newest ones, the oldest.
    const oldest = counted[counted.length - most]!;
    const until = new Date(Date.parse(oldest) + limitWindowMs).toISOString();
    return { action: 'wait', until, sentInWindow: counted.length };
  }
  const [lead, ...others] = due;
  if (lead === undefined) throw new Error('decideLimit was asked about nothing that is due');
  // A message that was tried under an id keeps what it said: a provider that saw the id takes it for the same one.
  const bundled = lead.attempts > 0 ? [] : others.filter((other) => other.attempts === 0).map((other) => other.id);
  return { action: 'send', lead: lead.id, bundled, sentInWindow: counted.length };
}
