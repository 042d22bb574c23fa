import { AppError } from '#server/api/app-error.ts';
import type { SessionClient, SessionInfo, SignedIn } from '#server/contract/session.ts';
import type { SqlReader, Transactor, Tx } from '#server/database/transaction.ts';
import { issueAccessToken } from '#server/modules/auth/access-token.ts';
import type { Passwords } from '#server/modules/auth/passwords.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { decideRefresh, readRefreshToken, writeRefreshToken } from '#server/modules/auth/refresh-token.ts';
import { newSecret, secretHash } from '#server/modules/auth/secret.ts';
import { sessionStore } from '#server/modules/auth/session-store.ts';
import type { SigningKey } from '#server/modules/auth/signing-key.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

/** What a sign-in or a refresh gives: the answer, and the refresh token apart, for a cookie or the answer. */
export interface Grant {
  answer: Omit<SignedIn, 'refreshToken'>;
  refreshToken: string;
  client: SessionClient;
}

export interface Sessions {
  signIn(login: string, password: string, client: SessionClient): Promise<Grant>;
  signInByLink(token: string, client: SessionClient): Promise<Grant>;
  refresh(refreshToken: string): Promise<Grant>;
  signOut(refreshToken: string): Promise<void>;
  list(userId: string, currentId: string | null): Promise<SessionInfo[]>;
  revoke(userId: string, id: string): Promise<void>;
  /** The token of a link that signs this person in, once, within `minutes`. */
  createLink(userId: string, minutes: number): Promise<{ token: string; expiresAt: string }>;
}

const sessionDays = 30;

export function createSessions(deps: {
  database: SqlReader & Transactor;
  passwords: Passwords;
  key: () => SigningKey;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Called after a session was ended, so that no kept answer outlives it. */
  ended: () => void;
}): Sessions {
  const { database, clock, random } = deps;
  const nowText = () => new Date(clock.now()).toISOString();
  const endOfSession = () => new Date(clock.now() + sessionDays * 86_400_000).toISOString();

  async function open(tx: Tx, userId: string, client: SessionClient, byLink: boolean): Promise<string> {
    const id = random.uuid();
    await sessionStore.insert(tx, { id, userId, client, byLink, at: nowText(), expiresAt: endOfSession() });
    return id;
  }

  async function grant(userId: string, sessionId: string, place: number, client: SessionClient): Promise<Grant> {
    const key = deps.key();
    const access = await issueAccessToken(key, clock, { userId, sessionId });
    return {
      answer: { accessToken: access.token, expiresAt: access.expiresAt, serverNow: nowText(), userId },
      refreshToken: writeRefreshToken(key.refreshSecret, { sessionId, place }),
      client,
    };
  }

  return {
    async signIn(login, password, client) {
      const user = await peopleStore.userByLogin(database, login);
      const matches = await deps.passwords.verify(user?.passwordHash ?? null, password);
      if (user === null || !matches || user.disabled) throw wrongPassword();
      const sessionId = await database.withTransaction((tx) => open(tx, user.id, client, false));
      return grant(user.id, sessionId, 0, client);
    },

    async signInByLink(token, client) {
      const opened = await database.withTransaction(async (tx) => {
        const userId = await sessionStore.useLink(tx, secretHash(token), nowText());
        return userId === null ? null : { userId, sessionId: await open(tx, userId, client, true) };
      });
      if (opened === null) {
        throw new AppError(
          'unauthenticated',
          'This link was used before or has run out. Sign in with a password, or ask for a new link.',
        );
      }
      return grant(opened.userId, opened.sessionId, 0, client);
    },

    async refresh(refreshToken) {
      const token = readRefreshToken(deps.key().refreshSecret, refreshToken);
      if (token === null) throw signInAgain();
      const done = await database.withTransaction(async (tx) => {
        const session = await sessionStore.lock(tx, token.sessionId);
        if (session === null) return null;
        const decision = decideRefresh(session, token.place, clock.now());
        if (decision.kind === 'rotate')
          await sessionStore.rotate(tx, token.sessionId, decision.place, nowText(), endOfSession());
        if (decision.kind === 'revoke') await sessionStore.revoke(tx, token.sessionId, nowText(), decision.reason);
        return { session, decision };
      });
      if (done?.decision.kind === 'revoke') {
        deps.ended();
        deps.logger.warn('a sign-in was ended', {
          userId: done.session.userId,
          sessionId: token.sessionId,
          reason: done.decision.reason,
        });
      }
      if (done === null || done.decision.kind === 'revoke' || done.decision.kind === 'refuse') throw signInAgain();
      return grant(done.session.userId, token.sessionId, done.decision.place, done.session.client);
    },

    async signOut(refreshToken) {
      const token = readRefreshToken(deps.key().refreshSecret, refreshToken);
      if (token === null) return;
      await database.withTransaction((tx) => sessionStore.revoke(tx, token.sessionId, nowText(), 'signed out'));
      deps.ended();
    },

    async list(userId, currentId) {
      const rows = await sessionStore.list(database, userId, nowText());
      return rows.map((row) => ({ ...row, current: row.id === currentId }));
    },

    async revoke(userId, id) {
      const found = await database.withTransaction((tx) => sessionStore.revokeOwn(tx, id, userId, nowText()));
      deps.ended();
      if (!found) throw new AppError('not-found', 'There is no such sign-in of yours that is still open.');
    },

    async createLink(userId, minutes) {
      const token = newSecret(random);
      const expiresAt = new Date(clock.now() + minutes * 60_000).toISOString();
      await database.withTransaction((tx) =>
        sessionStore.insertLink(tx, { hash: secretHash(token), userId, expiresAt }),
      );
      return { token, expiresAt };
    },
  };
}

function wrongPassword(): AppError {
  return new AppError('unauthenticated', 'The login name or the password is not right, or the account is disabled.');
}

function signInAgain(): AppError {
  return new AppError('unauthenticated', 'This sign-in has ended. Sign in again.');
}
