// What a message needs in a room elsewhere, and what follows from the provider's answer. Pure.
import type { ChatState, RoomIncident } from '#server/modules/chat-room/state.ts';

/** A message on its way to a room, under the token of its claim. */
export interface Claimed {
  messageId: string;
  incidentId: string;
  channelId: string;
  room: string;
  token: string;
  queuedAt: string;
  attempts: number;
  /** Attempts, this one not counted, that ended without a word on whether the message is there. */
  unknown: number;
  providerTs: string | null;
  threadTs: string | null;
}

export type MirrorStep =
  | { do: 'post' | 'change' | 'remove' }
  /** It may be there already: looked for first. */
  | { do: 'find' }
  /** What stands there stays as it is. */
  | { do: 'keep' }
  /** It must not, or need not, stand there. */
  | { do: 'drop' };

export function mirrorStep(
  claimed: Pick<Claimed, 'providerTs' | 'unknown'>,
  message: Pick<ChatState, 'deletedAt'>,
  incident: Pick<RoomIncident, 'restrictedTo'>,
): MirrorStep {
  const there = claimed.providerTs !== null;
  // Taking words away is never a leak; anything else about a restricted incident would be.
  if (message.deletedAt !== null)
    return there ? { do: 'remove' } : claimed.unknown > 0 ? { do: 'find' } : { do: 'drop' };
  if (incident.restrictedTo !== null) return { do: there ? 'keep' : 'drop' };
  if (there) return { do: 'change' };
  return claimed.unknown > 0 ? { do: 'find' } : { do: 'post' };
}

/** One that is not yet there within so long is told as failed: a late word misleads those who read it there. */
export const giveUpMs = 6 * 3_600_000;
/** Without sight of the room it is sent once more, not again and again: one copy too many at the most. */
export const blindAttempts = 2;
const pausesMs = [5_000, 15_000, 60_000, 180_000, 300_000];

/** When to try again, or null when it is given up. */
export function retryAt(
  claimed: Pick<Claimed, 'attempts' | 'queuedAt'>,
  failure: { permanent: boolean; retryAfterMs: number | null },
  nowMs: number,
): string | null {
  if (failure.permanent || nowMs - Date.parse(claimed.queuedAt) > giveUpMs) return null;
  const pause = pausesMs[Math.min(claimed.attempts, pausesMs.length) - 1] ?? pausesMs[0]!;
  return new Date(nowMs + Math.max(pause, Math.min(failure.retryAfterMs ?? 0, 300_000))).toISOString();
}

/** What a message says of itself: failed as long as it is missing in one room. */
export function mirrorState(states: readonly ('waiting' | 'sent' | 'failed')[]): ChatState['mirror'] {
  if (states.length === 0) return 'none';
  if (states.includes('failed')) return 'failed';
  return states.includes('waiting') ? 'waiting' : 'sent';
}
