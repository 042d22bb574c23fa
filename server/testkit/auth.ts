import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import type { Database } from '#server/database/pool.ts';
import type { PermissionRole } from '#server/contract/people.ts';
import { type Auth, createAuth } from '#server/modules/auth/service.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger, type MemoryLogger } from '#server/testkit/logger.ts';

export interface TestAuth {
  auth: Auth;
  clock: FakeClock;
  logger: MemoryLogger;
  adminId: string;
  firstAdminKey: string | null;
  /** A person with a signed-in desktop: access and refresh token. */
  person(role: PermissionRole): Promise<{ userId: string; login: string; access: string; refresh: string }>;
}

/** A second server on the same database is a second call. */
export async function startTestAuth(database: Database, adminToken: string | null = null): Promise<TestAuth> {
  const clock = createFakeClock(Date.parse('2026-11-21T16:00:00.000Z'));
  const logger = createMemoryLogger();
  const random = createSystemRandom(createSystemClock());
  const auth = createAuth({
    database,
    clock,
    random,
    logger,
    commonPasswords: new Set(['password']),
    countRestrictedTo: async () => 0,
  });
  const { firstAdminKey } = await auth.start(adminToken);
  const [admin] = await auth.people.users(null, 1);
  let people = 0;
  return {
    auth,
    clock,
    logger,
    adminId: admin?.id ?? '',
    firstAdminKey,
    async person(role) {
      people += 1;
      const login = `${role}-${people}-${random.uuid().slice(-6)}`;
      const user = await auth.people.createUser({ login, name: `A ${role}`, role, teamIds: [] });
      const link = await auth.sessions.createLink(user.id, 10);
      const grant = await auth.sessions.signInByLink(link.token, 'desktop');
      return { userId: user.id, login, access: grant.answer.accessToken, refresh: grant.refreshToken };
    },
  };
}
