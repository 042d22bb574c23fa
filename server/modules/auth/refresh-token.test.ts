import { describe, expect, test } from 'vitest';
import { decideRefresh, readRefreshToken, type SessionState, writeRefreshToken } from './refresh-token.ts';

const secret = Buffer.alloc(32, 7);
const token = { sessionId: '00000000-0000-7000-8000-000000000002', place: 3 };
const rotatedAt = '2026-11-21T16:00:00.000Z';
const now = Date.parse(rotatedAt);
const session: SessionState = {
  userDisabled: false,
  revokedAt: null,
  expiresAt: '2026-12-21T16:00:00.000Z',
  place: 3,
  rotatedAt,
};

describe('refresh tokens', () => {
  test('are read back, and not when anything in them was changed', () => {
    const text = writeRefreshToken(secret, token);
    expect(readRefreshToken(secret, text)).toEqual(token);
    expect(readRefreshToken(Buffer.alloc(32, 8), text)).toBeNull();
    expect(readRefreshToken(secret, text.replace('.3.', '.4.'))).toBeNull();
    expect(readRefreshToken(secret, text.replace('0002', '0003'))).toBeNull();
    expect(readRefreshToken(secret, text.slice(0, -1))).toBeNull();
    expect(readRefreshToken(secret, '')).toBeNull();
  });

  test('the newest is used once and makes the next', () => {
    expect(decideRefresh(session, 3, now + 600_000)).toEqual({ kind: 'rotate', place: 4 });
  });

  test('the one before it answers the newest again for a minute: two tabs, or a lost answer', () => {
    expect(decideRefresh(session, 2, now + 60_000)).toEqual({ kind: 'repeat', place: 3 });
    expect(decideRefresh(session, 2, now + 60_001)).toMatchObject({ kind: 'revoke' });
  });

  test('an older one, or one that was never given, ends the session at any time', () => {
    expect(decideRefresh(session, 1, now)).toMatchObject({ kind: 'revoke' });
    expect(decideRefresh(session, 4, now)).toMatchObject({ kind: 'revoke' });
  });

  test('an ended, expired or disabled one is refused', () => {
    expect(decideRefresh({ ...session, revokedAt: rotatedAt }, 3, now)).toEqual({ kind: 'refuse' });
    expect(decideRefresh({ ...session, userDisabled: true }, 3, now)).toEqual({ kind: 'refuse' });
    expect(decideRefresh(session, 3, Date.parse(session.expiresAt))).toEqual({ kind: 'refuse' });
  });
});
