import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import { type ApiKey, type PermissionRole, roleAtLeast } from '#server/contract/people.ts';
import type { SqlReader, Transactor, Tx } from '#server/database/transaction.ts';
import { apiKeyStore } from '#server/modules/auth/api-key-store.ts';
import { newSecret, secretHash } from '#server/modules/auth/secret.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

export interface ApiKeys {
  list(userId: string): Promise<ApiKey[]>;
  /** The key itself is in this answer and nowhere else. */
  create(
    actor: Actor,
    wish: { name: string; role: PermissionRole; expiresInDays: number | null },
  ): Promise<{ id: string; key: string }>;
  revoke(userId: string, id: string): Promise<void>;
  /** Stores a key that was made elsewhere, for the first administrator. */
  keep(tx: Tx, owner: { userId: string; name: string; role: PermissionRole }, key: string): Promise<void>;
}

export function createApiKeys(deps: {
  database: SqlReader & Transactor;
  clock: Clock;
  random: Random;
  /** Called after a key was revoked, so that no kept answer outlives it. */
  ended: () => void;
}): ApiKeys {
  const { database, clock, random } = deps;
  const nowText = () => new Date(clock.now()).toISOString();

  return {
    list: (userId) => apiKeyStore.list(database, userId),

    async create(actor, wish) {
      if (!roleAtLeast(actor.role, wish.role)) {
        throw new AppError(
          'forbidden',
          `A key cannot do more than its owner: you are ${actor.role}, the key would be ${wish.role}.`,
        );
      }
      const id = random.uuid();
      const key = newSecret(random, 'tsk_');
      const expiresAt =
        wish.expiresInDays === null ? null : new Date(clock.now() + wish.expiresInDays * 86_400_000).toISOString();
      await database.withTransaction((tx) =>
        apiKeyStore.insert(tx, {
          id,
          name: wish.name,
          hash: secretHash(key),
          hint: key.slice(-4),
          userId: actor.userId,
          role: wish.role,
          at: nowText(),
          expiresAt,
        }),
      );
      return { id, key };
    },

    async revoke(userId, id) {
      const found = await database.withTransaction((tx) => apiKeyStore.revoke(tx, id, userId, nowText()));
      deps.ended();
      if (!found) throw new AppError('not-found', 'There is no such key of yours that is still in use.');
    },

    async keep(tx, owner, key) {
      const hint = key.slice(-4);
      await apiKeyStore.insert(tx, {
        ...owner,
        id: random.uuid(),
        hash: secretHash(key),
        hint,
        at: nowText(),
        expiresAt: null,
      });
    },
  };
}
