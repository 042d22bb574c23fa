// The whole server as it ships, on a database of its own, and people who use it from outside.
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { type App, createApp } from '#server/app.ts';
import type { PermissionRole } from '#server/contract/people.ts';
import type { FeedPosition } from '#server/contract/replica.ts';
import { firstPosition } from '#server/modules/replica/position.ts';
import { createMemoryLogger, type MemoryLogger } from '#server/testkit/logger.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';

export interface TestPerson {
  userId: string;
  name: string;
  bearer: string;
}

export interface TestApp {
  url: string;
  adminKey: string;
  app: App;
  logger: MemoryLogger;
  stop(): Promise<void>;
  /** Somebody new, signed in by the link that the administrator gave. */
  person(role: PermissionRole, teamIds?: readonly string[]): Promise<TestPerson>;
  /** A call of REST; throws when it is refused. */
  rest<T>(bearer: string, method: string, path: string, body?: unknown): Promise<T>;
  /** A call of tRPC: its status, and the answer as text. */
  call(
    bearer: string | null,
    kind: 'query' | 'mutation',
    path: string,
    input?: unknown,
  ): Promise<{ status: number; text: string }>;
  /** The place of the newest row in the change feed. */
  lastInFeed(): Promise<FeedPosition>;
}

/** On a fresh database, unless it is given one. */
export async function startTestApp(
  given?: Pick<Awaited<ReturnType<typeof makeDatabase>>, 'database' | 'address' | 'drop'>,
): Promise<TestApp> {
  const clock = createSystemClock();
  const random = createSystemRandom(clock);
  const logger = createMemoryLogger();
  const made = given ?? (await makeDatabase());
  const { address } = made;
  if (!('host' in address)) throw new Error('the tests use a Unix socket');
  let adminKey = '';
  const app = createApp({
    config: {
      host: '127.0.0.1',
      port: 0,
      dataDir: '',
      databaseUrl: `postgres://${address.user}@${encodeURIComponent(address.host)}/${address.database}`,
      publicUrl: null,
      trustedProxies: [],
      allowedOrigins: [],
      adminToken: null,
      secretKeys: [Buffer.alloc(32, 7).toString('base64')],
      ingestLimitPerMinute: null,
      demo: null,
      isChild: false,
    },
    clock,
    random,
    logger,
    progress: () => {},
    adminKeyMade: (key) => (adminKey = key),
  });
  const { url } = await app.start();
  let people = 0;

  const headers = (bearer: string | null): Record<string, string> => ({
    'content-type': 'application/json',
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
  });

  async function rest<T>(bearer: string, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(url + path, {
      method,
      headers: headers(bearer),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  return {
    url,
    adminKey,
    app,
    logger,
    rest,
    async lastInFeed() {
      const [row] = await made.database.query<{ place: string }>(
        "SELECT xid || '.' || seq AS place FROM feed ORDER BY xid DESC, seq DESC LIMIT 1",
      );
      return row?.place ?? firstPosition;
    },
    async stop() {
      await app.stop();
      await made.drop();
    },
    async person(role, teamIds = []) {
      people += 1;
      const name = `${role} ${people}`;
      const made = await rest<{ user: { id: string }; invitation: { token: string } }>(
        adminKey,
        'POST',
        '/api/v1/users',
        {
          login: `person-${people}`,
          name,
          role,
          teamIds,
        },
      );
      const signedIn = await rest<{ accessToken: string }>('', 'POST', '/auth/link', {
        token: made.invitation.token,
        client: 'desktop',
      });
      return { userId: made.user.id, name, bearer: signedIn.accessToken };
    },
    async call(bearer, kind, path, input) {
      const query =
        kind === 'query' && input !== undefined ? `?input=${encodeURIComponent(JSON.stringify(input))}` : '';
      const answer = await fetch(`${url}/trpc/${path}${query}`, {
        method: kind === 'query' ? 'GET' : 'POST',
        headers: headers(bearer),
        ...(kind === 'query' ? {} : { body: JSON.stringify(input ?? {}) }),
      });
      return { status: answer.status, text: await answer.text() };
    },
  };
}
