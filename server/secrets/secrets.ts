import type { SqlReader, Transactor, Tx } from '#server/database/transaction.ts';
import type { Random } from '#server/ports/random.ts';
import { type MasterKey, openSecret, resealSecret, SecretError, sealSecret } from '#server/secrets/envelope.ts';
import { secretStore } from '#server/secrets/secret-store.ts';

export interface Secrets {
  /** Null takes the secret away. */
  seal(tx: Tx, ownerKind: string, ownerId: string, name: string, plaintext: string | null): Promise<void>;
  /** The same for several; answers the names that are set afterwards. */
  sealAll(
    tx: Tx,
    ownerKind: string,
    ownerId: string,
    secrets: Readonly<Record<string, string | null>>,
  ): Promise<string[]>;
  removeAll(tx: Tx, ownerKind: string, ownerId: string): Promise<void>;
  /** All secrets of an owner by name. Throws a SecretError that says which one cannot be opened and why. */
  open(sql: SqlReader | Tx, ownerKind: string, ownerId: string): Promise<Record<string, string>>;
  /** Seals everything with the first key that is not yet. Answers how many it were. May be run again at any time. */
  reencryptAll(transactor: Transactor): Promise<number>;
}

const batch = 200;

/** The first key seals; all of them open. At least one is needed. */
export function createSecrets(deps: { keys: readonly MasterKey[]; random: Pick<Random, 'bytes'> }): Secrets {
  const { random } = deps;
  const [first] = deps.keys;
  if (first === undefined) throw new SecretError('There is no key to seal secrets with.');
  const byId = new Map(deps.keys.map((key) => [key.id, key]));

  const secrets: Secrets = {
    async seal(tx, ownerKind, ownerId, name, plaintext) {
      const place = { ownerKind, ownerId, name };
      if (plaintext === null) await secretStore.remove(tx, place);
      else
        await secretStore.put(tx, { ...place, keyId: first.id, sealed: sealSecret(first, place, plaintext, random) });
    },

    async sealAll(tx, ownerKind, ownerId, changed) {
      for (const [name, plaintext] of Object.entries(changed))
        await secrets.seal(tx, ownerKind, ownerId, name, plaintext);
      return (await secretStore.of(tx, ownerKind, ownerId)).map(({ name }) => name);
    },

    removeAll: (tx, ownerKind, ownerId) => secretStore.removeOwner(tx, ownerKind, ownerId),

    async open(sql, ownerKind, ownerId) {
      const found = await secretStore.of(sql, ownerKind, ownerId);
      return Object.fromEntries(
        found.map((secret) => [secret.name, openSecret(keyOf(secret.keyId), secret, secret.sealed)]),
      );
    },

    async reencryptAll(transactor) {
      let total = 0;
      for (;;) {
        const count = await transactor.withTransaction(async (tx) => {
          const old = await secretStore.notSealedWith(tx, first.id, batch);
          for (const secret of old) {
            const sealed = resealSecret(keyOf(secret.keyId), first, secret, secret.sealed, random);
            await secretStore.put(tx, { ...secret, keyId: first.id, sealed });
          }
          return old.length;
        });
        total += count;
        if (count < batch) return total;
      }
    },
  };
  return secrets;

  function keyOf(id: string): MasterKey {
    const key = byId.get(id);
    if (key === undefined)
      throw new SecretError(
        `A secret is sealed with key ${id}, which this server does not have. Add it to TOCSIN_SECRET_KEY, after the others.`,
      );
    return key;
  }
}
