// A refresh token names its session and its place in the row of tokens, and proves both with a MAC. So the next token
// can be made again for a client that lost the answer, and any older one is recognised as ours and as used.
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface RefreshToken {
  sessionId: string;
  /** 0 for the token given at sign-in; each use makes the next. */
  place: number;
}

export function writeRefreshToken(secret: Buffer, token: RefreshToken): string {
  return `tsr_${token.sessionId}.${token.place}.${mac(secret, token).toString('base64url')}`;
}

export function readRefreshToken(secret: Buffer, text: string): RefreshToken | null {
  const match = /^tsr_([0-9a-f-]{36})\.(\d{1,9})\.([\w-]{43})$/.exec(text);
  if (match === null) return null;
  const token = { sessionId: match[1] ?? '', place: Number(match[2]) };
  const given = Buffer.from(match[3] ?? '', 'base64url');
  return given.length === 32 && timingSafeEqual(given, mac(secret, token)) ? token : null;
}

function mac(secret: Buffer, token: RefreshToken): Buffer {
  return createHmac('sha256', secret).update(`refresh ${token.sessionId} ${token.place}`).digest();
}

export interface SessionState {
  userDisabled: boolean;
  revokedAt: string | null;
  expiresAt: string;
  place: number;
  rotatedAt: string;
}

export type RefreshDecision =
  | { kind: 'rotate'; place: number }
  /** The newest token once more: two tabs asked at once, or the answer was lost on the way. */
  | { kind: 'repeat'; place: number }
  | { kind: 'revoke'; reason: string }
  | { kind: 'refuse' };

/**
 * A client gives an answer up after 15 s and asks anew at the latest 30 s later: a network that swallowed one answer must
 * not sign anybody out.
 */
export const repeatWithinMs = 60_000;

/** What becomes of a session whose token of `place` is presented at `now`. */
export function decideRefresh(session: SessionState, place: number, now: number): RefreshDecision {
  if (session.revokedAt !== null || session.userDisabled || Date.parse(session.expiresAt) <= now)
    return { kind: 'refuse' };
  if (place === session.place) return { kind: 'rotate', place: place + 1 };
  if (place === session.place - 1 && now - Date.parse(session.rotatedAt) <= repeatWithinMs) {
    return { kind: 'repeat', place: session.place };
  }
  return { kind: 'revoke', reason: 'a refresh token was used a second time' };
}
