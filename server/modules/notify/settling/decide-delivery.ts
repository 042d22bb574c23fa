// What an attempt, a receipt or a wait makes of a notification and of the person's other ways.
import type { NotificationStatus } from '#server/contract/page.ts';

export interface DeliveryInput {
  at: string;
  notification: {
    id: string;
    /** Tries so far, with the one that just ended. */
    attempts: number;
    firstTriedAt: string | null;
    plannedAt: string;
    place: number;
  };
  outcome: DeliveryOutcome;
  /** The other notifications of the same page. */
  others: { id: string; place: number; status: NotificationStatus; plannedAt: string; dueAt: string }[];
  /** Of the same step, other people's and channels' that have not failed. */
  restOfStep: number;
}

export type DeliveryOutcome =
  /** The provider took it; `arrived` when it is known to be there. */
  | { result: 'accepted'; arrived: boolean }
  | { result: 'failed'; permanent: boolean; retryAfterMs: number | null }
  /** Who was sending it went away before it said how that went. */
  | { result: 'lost' }
  /** A limit or a slow channel holds it until then. */
  | { result: 'held'; until: string };

export interface Delivery {
  status: NotificationStatus;
  /** When it is tried again; null when it is not. */
  retryAt: string | null;
  /** Other ways of the person that are due at another time now: earlier, or back to their plan. */
  moved: { id: string; dueAt: string }[];
  /** Every way of everybody in this step has failed. */
  stepExhausted: boolean;
}

/** Tries after the first, in ms from the first (R4). */
const triesAtMs = [0, 15_000, 60_000, 180_000] as const;
const leastPauseMs = 5_000;
const mostRetryAfterMs = 5 * 60_000;
/** A server that ends while sending costs a try; some more are granted, but not to one that ends every server. */
const triesWhenLost = triesAtMs.length + 2;
/** 60 s without delivery start the next way (R4); a little less, so that it has left by then. */
export const nextWayAfterMs = 58_000;

export function decideDelivery({ at, notification, outcome, others, restOfStep }: DeliveryInput): Delivery {
  const waiting = others.filter((other) => other.status === 'pending').toSorted((a, b) => a.place - b.place);
  if (outcome.result === 'accepted') {
    const moved = waiting
      .filter((other) => other.dueAt < other.plannedAt)
      .map((other) => ({ id: other.id, dueAt: other.plannedAt }));
    return { status: outcome.arrived ? 'delivered' : 'sent', retryAt: null, moved, stepExhausted: false };
  }
  const retryAt = outcome.result === 'held' ? outcome.until : nextTry(at, notification, outcome);
  // From the plan, though a queue delayed the first try; from the first try where that came before the plan.
  const since = earlier(notification.firstTriedAt ?? notification.plannedAt, notification.plannedAt);
  const nextDue = retryAt === null ? at : later(at, plus(since, nextWayAfterMs));
  const next = waiting.find((other) => other.place > notification.place);
  const moved = next !== undefined && nextDue < next.dueAt ? [{ id: next.id, dueAt: nextDue }] : [];
  const stepExhausted = retryAt === null && restOfStep === 0 && others.every((other) => other.status === 'failed');
  return { status: retryAt === null ? 'failed' : 'pending', retryAt, moved, stepExhausted };
}

function nextTry(
  at: string,
  { attempts, firstTriedAt }: DeliveryInput['notification'],
  outcome: Extract<DeliveryOutcome, { result: 'failed' | 'lost' }>,
): string | null {
  if (outcome.result === 'lost') return attempts < triesWhenLost ? at : null;
  const offset = triesAtMs[attempts];
  if (outcome.permanent || offset === undefined) return null;
  const scheduled = later(plus(firstTriedAt ?? at, offset), plus(at, leastPauseMs));
  if (outcome.retryAfterMs === null) return scheduled;
  return later(scheduled, plus(at, Math.min(Math.max(0, outcome.retryAfterMs), mostRetryAfterMs)));
}

function plus(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
