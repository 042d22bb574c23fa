import { AppError } from '#server/api/app-error.ts';
import { type Authenticated, type Authenticator, bearerOf } from '#server/api/authenticator.ts';
import type { Context } from '#server/api/context.ts';
import { addressKey, type RateLimit } from '#server/api/rate-limit.ts';

export interface Caller {
  authorization: string | undefined;
  ip: string;
  traceId: string;
  idempotencyKey: string | undefined;
}

export interface Called {
  context: Context;
  who: Authenticated | null;
}

/** Turns one HTTP call into the context of its procedures and counts it against its caller's limit. */
export async function callContext(
  deps: { auth: Authenticator; calls: RateLimit },
  caller: Caller,
  options: { counted: boolean },
): Promise<Called> {
  const bearer = bearerOf(caller.authorization);
  const who = bearer === null ? null : await deps.auth.authenticate(bearer);
  if (options.counted) {
    // Keys and sign-ins of one person share the limit; strangers share their address's.
    const wait = deps.calls.take(who === null ? `ip ${addressKey(caller.ip)}` : `user ${who.actor.userId}`);
    if (wait > 0) throw tooManyCalls(wait);
  }
  const idempotencyKey = caller.idempotencyKey?.slice(0, 255) ?? null;
  return { who, context: { actor: who?.actor ?? null, ip: caller.ip, traceId: caller.traceId, idempotencyKey } };
}

export function tooManyCalls(waitSeconds: number): AppError {
  return new AppError('rate-limited', `Too many calls in the last minute. Try again in ${waitSeconds} s.`, {
    retryAfterSeconds: waitSeconds,
  });
}
