// What follows from one attempt to deliver an update, and what clients are told of all of them. Pure.
import type { StatusUpdate, UpdateDelivery } from '#server/contract/status-update.ts';

/** One mail, or one page, under the token of its claim. */
export interface ClaimedDelivery {
  id: string;
  updateId: string;
  incidentId: string;
  kind: 'statuspage' | 'list';
  targetId: string;
  channelId: string;
  address: string;
  token: string;
  queuedAt: string;
  attempts: number;
  /** Attempts, this one not counted, that ended without a word on whether it is there. */
  unknown: number;
}

export interface Attempted {
  state: 'waiting' | 'sent' | 'failed';
  dueAt: string;
  unknown: number;
  repeated: boolean;
  error: string | null;
}

/** Later than that it would be read as news that it is not. */
export const giveUpMs = 30 * 60_000;
/** A mail whose arrival nobody knows is sent once more, not again and again: one copy too many at the most. */
export const blindAttempts = 2;
const pausesMs = [5_000, 15_000, 60_000, 180_000, 300_000];

export function afterSuccess(claimed: ClaimedDelivery, at: string): Attempted {
  // A page is looked at before it is written to again; of a mail nobody can look.
  return {
    state: 'sent',
    dueAt: at,
    unknown: 0,
    repeated: claimed.kind === 'list' && claimed.unknown > 0,
    error: null,
  };
}

export function afterFailure(
  claimed: ClaimedDelivery,
  failure: { permanent: boolean; retryAfterMs: number | null; reason: string; mayHaveLeft: boolean },
  nowMs: number,
): Attempted {
  const unknown = failure.mayHaveLeft ? claimed.unknown + 1 : claimed.unknown;
  const ended = (error: string): Attempted => {
    return { state: 'failed', dueAt: new Date(nowMs).toISOString(), unknown, repeated: false, error };
  };
  if (failure.permanent) return ended(failure.reason);
  if (claimed.kind === 'list' && unknown >= blindAttempts) {
    return ended(`Whether it arrived is not known, after ${unknown} attempts: ${failure.reason}`);
  }
  if (nowMs - Date.parse(claimed.queuedAt) > giveUpMs) return ended(`Given up after 30 minutes: ${failure.reason}`);
  const pause = pausesMs[Math.min(claimed.attempts, pausesMs.length) - 1] ?? pausesMs[0]!;
  const wait = Math.max(pause, Math.min(failure.retryAfterMs ?? 0, 300_000));
  return {
    state: 'waiting',
    dueAt: new Date(nowMs + wait).toISOString(),
    unknown,
    repeated: false,
    error: failure.reason,
  };
}

/** Where one target's rows stand, counted. */
export interface TargetCount {
  kind: 'statuspage' | 'list';
  targetId: string;
  waiting: number;
  sent: number;
  failed: number;
  repeated: number;
  /** When the last of it was settled. */
  at: string | null;
  error: string | null;
}

/** The deliveries as clients read them, and the targets of which this is the end, and a bad one. */
export function countedDeliveries(
  update: Pick<StatusUpdate, 'deliveries'>,
  counts: readonly TargetCount[],
): { deliveries: UpdateDelivery[]; failed: UpdateDelivery[] } {
  const deliveries = update.deliveries.map((delivery): UpdateDelivery => {
    const count = counts.find((each) => each.kind === delivery.kind && each.targetId === delivery.targetId);
    if (count === undefined) return delivery;
    const state = count.waiting > 0 ? 'waiting' : count.failed > 0 ? 'failed' : 'sent';
    const { sent, failed, repeated, at, error } = count;
    return { ...delivery, state, sent, failed, repeated, at, error };
  });
  const before = (delivery: UpdateDelivery) =>
    update.deliveries.find((each) => each.kind === delivery.kind && each.targetId === delivery.targetId)?.state;
  return {
    deliveries,
    failed: deliveries.filter((delivery) => delivery.state === 'failed' && before(delivery) !== 'failed'),
  };
}

/** The timeline's word on a target that an update did not reach. */
export function failureWords(number: number, delivery: UpdateDelivery): { text: string; detail: string | null } {
  const { kind, name, failed, recipients, error } = delivery;
  const text =
    kind === 'statuspage'
      ? `Update ${number} did not reach the status page ${name}`
      : `Update ${number} did not reach ${failed} of ${recipients} readers of ${name}`;
  return { text, detail: error };
}
