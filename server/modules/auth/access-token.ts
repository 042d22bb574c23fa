import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { SigningKey } from '#server/modules/auth/signing-key.ts';
import type { Clock } from '#server/ports/clock.ts';

export interface AccessClaims {
  userId: string;
  sessionId: string;
}

export const accessMinutes = 10;
const issuer = 'tocsin';
const audience = 'tocsin-api';
const type = 'at+jwt';
const toleranceSeconds = 30;

const Claims = z.object({ sub: z.uuid(), sid: z.uuid() });

export async function issueAccessToken(
  key: SigningKey,
  clock: Pick<Clock, 'now'>,
  claims: AccessClaims,
): Promise<{ token: string; expiresAt: string }> {
  const now = Math.floor(clock.now() / 1000);
  const expires = now + accessMinutes * 60;
  const token = await new SignJWT({ sid: claims.sessionId })
    .setProtectedHeader({ alg: 'EdDSA', typ: type, kid: key.id })
    .setSubject(claims.userId)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(expires)
    .sign(key.privateKey);
  return { token, expiresAt: new Date(expires * 1000).toISOString() };
}

/**
 * Null for anything but a token of ours that is in force. One algorithm with our own key, whatever the header says, and
 * no header that brings or names a key (S3).
 */
export async function readAccessToken(
  key: SigningKey,
  clock: Pick<Clock, 'now'>,
  token: string,
): Promise<AccessClaims | null> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, key.publicKey, {
      algorithms: ['EdDSA'],
      typ: type,
      issuer,
      audience,
      clockTolerance: toleranceSeconds,
      currentDate: new Date(clock.now()),
      requiredClaims: ['exp', 'iat', 'sub', 'sid'],
    });
    if (protectedHeader.kid !== key.id || Object.keys(protectedHeader).some((name) => !allowedHeaders.has(name)))
      return null;
    const claims = Claims.safeParse(payload);
    return claims.success ? { userId: claims.data.sub, sessionId: claims.data.sid } : null;
  } catch {
    return null;
  }
}

const allowedHeaders = new Set(['alg', 'typ', 'kid']);

export function looksLikeJwt(bearer: string): boolean {
  return /^eyJ[\w-]*\.[\w-]*\.[\w-]*$/.test(bearer);
}
