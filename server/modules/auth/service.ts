import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { SqlReader, Transactor, Tx } from '#server/database/transaction.ts';
import { type Actors, createActors } from '#server/modules/auth/actors.ts';
import { type ApiKeys, createApiKeys } from '#server/modules/auth/api-keys.ts';
import { refusePassword } from '#server/modules/auth/password-rules.ts';
import { createPasswords, type Passwords } from '#server/modules/auth/passwords.ts';
import { createPeople, type People } from '#server/modules/auth/people.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { newSecret } from '#server/modules/auth/secret.ts';
import { createSessions, type Sessions } from '#server/modules/auth/sessions.ts';
import { sessionStore } from '#server/modules/auth/session-store.ts';
import { makeSigningKey, readSigningKey, type SigningKey } from '#server/modules/auth/signing-key.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface Auth {
  people: People;
  sessions: Sessions;
  apiKeys: ApiKeys;
  authenticate: Actors['authenticate'];
  /**
   * Call once, before the server listens. On an empty database makes the first administrator, whose API key is
   * `adminToken`, or a new one that is answered here and never again.
   */
  start(adminToken: string | null): Promise<{ firstAdminKey: string | null }>;
  stop(): Promise<void>;
  /** Token for GET /auth/link that signs in the oldest administrator once; null when there is none. */
  adminLink(): Promise<string | null>;
  /** A link for somebody who has no password, or forgot it. */
  invite(userId: string): Promise<{ token: string; expiresAt: string }>;
  changePassword(actor: Actor, current: string | null, next: string): Promise<void>;
  /** Whether a password exists, and whether it can be replaced without knowing it. */
  passwordState(actor: Actor): Promise<{ hasPassword: boolean; maySetPassword: boolean }>;
  /** Names the sign-in cookie: two servers on one host must not overwrite each other's. */
  cookieName(): string;
}

const adminLinkMinutes = 10;
const invitationMinutes = 3 * 24 * 60;
const linkTrustMinutes = 15;
const keepEndedDays = 30;

export function createAuth(deps: {
  database: SqlReader & Transactor;
  clock: Clock;
  random: Random;
  logger: Logger;
  commonPasswords: ReadonlySet<string>;
  countRestrictedTo: (tx: Tx, teamId: string) => Promise<number>;
}): Auth {
  const { database, clock, random } = deps;
  const nowText = () => new Date(clock.now()).toISOString();
  let signingKey: SigningKey | null = null;
  const key = () => {
    if (signingKey === null)
      throw new AppError('unavailable', 'The server is still starting. Try again in a moment.', {
        retryAfterSeconds: 1,
      });
    return signingKey;
  };
  const passwords: Passwords = createPasswords({ random });
  const actors = createActors({ ...deps, key });
  const forget = () => actors.forget();
  const sessions = createSessions({ ...deps, passwords, key, ended: forget });
  const apiKeys = createApiKeys({ ...deps, ended: forget });
  const people = createPeople({ ...deps, changed: forget });

  async function openedByLink(actor: Actor): Promise<boolean> {
    if (actor.sessionId === null) return false;
    return sessionStore.openedByLink(
      database,
      actor.sessionId,
      new Date(clock.now() - linkTrustMinutes * 60_000).toISOString(),
    );
  }

  async function loadSigningKey(): Promise<SigningKey> {
    if ((await sessionStore.signingKey(database)) === null) {
      const made = await makeSigningKey(random);
      await database.withTransaction((tx) => sessionStore.insertSigningKey(tx, { ...made, at: nowText() }));
    }
    const row = await sessionStore.signingKey(database);
    if (row === null) throw new Error('the signing key was stored and cannot be read');
    return readSigningKey(row);
  }

  return {
    people,
    sessions,
    apiKeys,
    authenticate: (bearer) => actors.authenticate(bearer),
    cookieName: () => `tocsin_${key().id.slice(0, 8)}`,

    async start(adminToken) {
      signingKey = await loadSigningKey();
      const before = new Date(clock.now() - keepEndedDays * 86_400_000).toISOString();
      const made = adminToken ?? newSecret(random, 'tsk_');
      const isFirst = await database.withTransaction(async (tx) => {
        await sessionStore.sweep(tx, before);
        await peopleStore.lockPeople(tx);
        if (await peopleStore.hasUsers(tx)) return false;
        const id = random.uuid();
        await peopleStore.insertUser(tx, { id, login: 'admin', name: 'Administrator', role: 'admin', at: nowText() });
        await peopleStore.publishUsers(tx, nowText(), [id]);
        await apiKeys.keep(tx, { userId: id, name: 'First administrator', role: 'admin' }, made);
        return true;
      });
      return { firstAdminKey: isFirst && adminToken === null ? made : null };
    },
    stop: () => actors.stop(),

    async adminLink() {
      const userId = await peopleStore.oldestAdmin(database);
      return userId === null ? null : (await sessions.createLink(userId, adminLinkMinutes)).token;
    },

    async invite(userId) {
      const user = await people.user(userId);
      if (user.disabled)
        throw new AppError('conflict', `${user.name} is disabled. Enable the account first.`, { current: user });
      return sessions.createLink(userId, invitationMinutes);
    },

    async changePassword(actor, current, next) {
      if (actor.sessionId === null) {
        throw new AppError(
          'forbidden',
          'A password is set by its owner, signed in. An administrator can make a link for that.',
        );
      }
      const user = await people.user(actor.userId);
      const refused = refusePassword(next, user.login, deps.commonPasswords);
      if (refused !== null) throw new AppError('invalid', refused);
      const stored = await peopleStore.passwordHash(database, user.id);
      if (stored !== null && !(await openedByLink(actor)) && !(await passwords.verify(stored, current ?? ''))) {
        throw new AppError('forbidden', 'The current password is not right.');
      }
      const hash = await passwords.hash(next);
      await database.withTransaction(async (tx) => {
        await peopleStore.setPassword(tx, user.id, hash);
        await sessionStore.revokeAll(tx, user.id, nowText(), 'the password was changed', actor.sessionId);
      });
      forget();
    },

    async passwordState(actor) {
      const hasPassword = (await peopleStore.passwordHash(database, actor.userId)) !== null;
      const isSignedIn = actor.sessionId !== null;
      return { hasPassword, maySetPassword: isSignedIn && (!hasPassword || (await openedByLink(actor))) };
    },
  };
}
