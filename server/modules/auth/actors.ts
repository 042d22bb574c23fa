// From a credential to a person, as they are now. Answers are kept for two seconds, so that a change takes effect within
// five (S3) without a query for every call.
import type { Actor } from '#server/api/context.ts';
import type { Authenticated, Authenticator } from '#server/api/authenticator.ts';
import { type PermissionRole, roleAtLeast } from '#server/contract/people.ts';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import { looksLikeJwt, readAccessToken } from '#server/modules/auth/access-token.ts';
import { apiKeyStore } from '#server/modules/auth/api-key-store.ts';
import { secretHash } from '#server/modules/auth/secret.ts';
import { sessionStore } from '#server/modules/auth/session-store.ts';
import type { SigningKey } from '#server/modules/auth/signing-key.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface Actors extends Authenticator {
  /** Forgets what is kept, after a change made by this server: it takes effect at once. */
  forget(): void;
  /** Waits for the writes of last use. */
  stop(): Promise<void>;
}

const keepMs = 2_000;
const keptMax = 5_000;
const lastUsedEveryMs = 60_000;

export function createActors(deps: {
  database: SqlReader & Transactor;
  key: () => SigningKey;
  clock: Clock;
  logger: Logger;
}): Actors {
  const { database, clock } = deps;
  const kept = new Map<string, { until: number; actor: Promise<Actor | null> }>();
  const touched = new Map<string, number>();
  const writing = new Set<Promise<void>>();

  function remembered(name: string, find: () => Promise<Actor | null>): Promise<Actor | null> {
    const now = clock.monotonic();
    const known = kept.get(name);
    if (known !== undefined && known.until > now) return known.actor;
    const entry = { until: now + keepMs, actor: find() };
    // A failed question is not an answer.
    entry.actor.catch(() => {
      if (kept.get(name) === entry) kept.delete(name);
    });
    kept.delete(name);
    kept.set(name, entry);
    if (kept.size > keptMax) kept.delete(kept.keys().next().value as string);
    return entry.actor;
  }

  function bySession(sessionId: string, userId: string): Promise<Actor | null> {
    return remembered(`session ${sessionId} ${userId}`, async () => {
      const holder = await sessionStore.holder(database, sessionId, userId, nowText(clock));
      return holder === null ? null : { ...holder, sessionId };
    });
  }

  function byKey(hash: Buffer): Promise<Actor | null> {
    return remembered(`key ${hash.toString('base64')}`, async () => {
      const holder = await apiKeyStore.holder(database, hash, nowText(clock));
      if (holder === null) return null;
      noteUse(holder.keyId);
      const { userId, name, teamIds, role, keyRole } = holder;
      return { userId, name, teamIds, role: smallerRole(role, keyRole), sessionId: null };
    });
  }

  /** At most one write a key and minute, beside the call and not before its answer. */
  function noteUse(keyId: string): void {
    const now = clock.monotonic();
    if ((touched.get(keyId) ?? -Infinity) + lastUsedEveryMs > now) return;
    touched.set(keyId, now);
    const write = database
      .withTransaction((tx) => apiKeyStore.touch(tx, keyId, nowText(clock)))
      .catch((error: unknown) => deps.logger.warn('could not note the use of an API key', { error }))
      .finally(() => writing.delete(write));
    writing.add(write);
  }

  async function answer(current: () => Promise<Actor | null>): Promise<Authenticated | null> {
    const actor = await current();
    return actor === null ? null : { actor, current };
  }

  return {
    async authenticate(bearer) {
      if (looksLikeJwt(bearer)) {
        const claims = await readAccessToken(deps.key(), clock, bearer);
        return claims === null ? null : answer(() => bySession(claims.sessionId, claims.userId));
      }
      const hash = secretHash(bearer);
      return answer(() => byKey(hash));
    },
    forget() {
      kept.clear();
    },
    async stop() {
      await Promise.all(writing);
    },
  };
}

export function smallerRole(a: PermissionRole, b: PermissionRole): PermissionRole {
  return roleAtLeast(a, b) ? b : a;
}

function nowText(clock: Pick<Clock, 'now'>): string {
  return new Date(clock.now()).toISOString();
}
