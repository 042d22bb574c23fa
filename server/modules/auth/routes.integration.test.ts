import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRateLimit } from '#server/api/rate-limit.ts';
import { router, viewerProcedure } from '#server/api/trpc.ts';
import { createHttpServer, type HttpServer } from '#server/api/http.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { SignedIn } from '#server/contract/session.ts';
import { registerAuthRoutes } from '#server/modules/auth/routes.ts';
import { startTestAuth, type TestAuth } from '#server/testkit/auth.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

const appRouter = router({ name: viewerProcedure.query(({ ctx }) => ctx.actor.name) });
const password = 'a long enough phrase';
let it: TestAuth;
let server: HttpServer;
let url: string;

beforeAll(async () => {
  it = await startTestAuth(await testDatabase());
  const clock = createSystemClock();
  server = await createHttpServer({
    config: {
      host: '127.0.0.1',
      port: 0,
      publicUrl: 'https://tocsin.example.com',
      allowedOrigins: [],
      trustedProxies: ['127.0.0.1'],
      callsPerMinute: 600,
    },
    version: '0.0.0',
    router: appRouter,
    auth: it.auth,
    registerAuth: (app) =>
      registerAuthRoutes(app, {
        auth: it.auth,
        limits: {
          account: createRateLimit({ clock: it.clock, limit: 5, windowMs: 900_000 }),
          address: createRateLimit({ clock: it.clock, limit: 20, windowMs: 900_000 }),
        },
        secureCookie: true,
      }),
    registerIngest: () => {},
    registerOutside: () => {},
    staticDir: null,
    notReady: async () => [],
    metrics: async () => [],
    clock,
    random: createSystemRandom(clock),
    logger: createMemoryLogger(),
  });
  url = (await server.start()).url;
});
afterAll(() => server.stop());

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function personWithPassword(): Promise<string> {
  const { login, access } = await it.person('viewer');
  const actor = (await it.auth.authenticate(access))?.actor;
  if (actor === undefined) throw new Error('not signed in');
  await it.auth.changePassword(actor, null, password);
  return login;
}

function cookieOf(answer: Response): string {
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function nameOf(accessToken: string): Promise<number> {
  return (await fetch(`${url}/trpc/name`, { headers: { authorization: `Bearer ${accessToken}` } })).status;
}

describe('signing in', () => {
  test('a browser gets a cookie that scripts and other sites cannot use, and no refresh token', async () => {
    const answer = await post('/auth/login', { login: await personWithPassword(), password });
    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie()[0] ?? '';
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Secure', 'Path=/auth']) expect(cookie).toContain(part);
    const body = SignedIn.parse(await answer.json());
    expect(body.refreshToken).toBeUndefined();
    expect(await nameOf(body.accessToken)).toBe(200);
    const next = await post('/auth/refresh', {}, { cookie: cookieOf(answer) });
    expect(next.status).toBe(200);
    expect(cookieOf(next)).not.toBe(cookieOf(answer));
  });

  test('the desktop app gets the refresh token itself, and no cookie', async () => {
    const answer = await post('/auth/login', { login: await personWithPassword(), password, client: 'desktop' });
    const body = SignedIn.parse(await answer.json());
    expect(answer.headers.getSetCookie()).toEqual([]);
    const next = SignedIn.parse(await (await post('/auth/refresh', { refreshToken: body.refreshToken })).json());
    expect(next.refreshToken).not.toBe(body.refreshToken);
  });

  test('signing out ends the session and takes the cookie away', async () => {
    const answer = await post('/auth/login', { login: await personWithPassword(), password });
    const out = await post('/auth/logout', {}, { cookie: cookieOf(answer) });
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()[0]).toContain('Expires=Thu, 01 Jan 1970');
    expect((await post('/auth/refresh', {}, { cookie: cookieOf(answer) })).status).toBe(401);
    expect(await nameOf(SignedIn.parse(await answer.json()).accessToken)).toBe(401);
  });

  test('a page of another site cannot use the cookie', async () => {
    const answer = await post('/auth/login', { login: await personWithPassword(), password });
    const foreign = await post('/auth/refresh', {}, { cookie: cookieOf(answer), origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    expect(
      (await post('/auth/refresh', {}, { cookie: cookieOf(answer), origin: 'https://tocsin.example.com' })).status,
    ).toBe(200);
  });

  test('an opened link signs in and goes to the center; a used one goes to the sign-in that says so', async () => {
    const token = (await it.auth.adminLink()) ?? '';
    const open = () => fetch(`${url}/auth/link?token=${token}`, { redirect: 'manual' });
    const first = await open();
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    expect((await post('/auth/refresh', {}, { cookie: cookieOf(first) })).status).toBe(200);
    const second = await open();
    expect([second.status, second.headers.get('location')]).toEqual([303, '/#/sign-in?link=used']);
    expect(second.headers.getSetCookie()).toEqual([]);
    expect((await post('/auth/link', { token, client: 'desktop' })).status).toBe(401);
  });

  test('what is no sign-in is 400, never 500', async () => {
    for (const body of [{}, { login: 1, password: 2 }, { login: ['a'], password: { $ne: null } }, [], 'x']) {
      expect((await post('/auth/login', body)).status).toBe(400);
      expect((await post('/auth/link', body)).status).toBe(400);
    }
    expect((await post('/auth/refresh', { refreshToken: 'x'.repeat(300) })).status).toBe(401);
    expect((await post('/auth/login', { login: 'a', password: 'x'.repeat(20_000) })).status).toBe(413);
  });
});

describe('guessing', () => {
  const from = (ip: string) => ({ 'x-forwarded-for': ip });

  test(
    'five wrong passwords close the account for a while, also to the right one; others go on',
    { timeout: 60_000 },
    async () => {
      const [login, other] = [await personWithPassword(), await personWithPassword()];
      for (let i = 0; i < 5; i += 1) {
        expect(
          (await post('/auth/login', { login: login.toUpperCase(), password: 'wrong' }, from(`192.0.2.${i}`))).status,
        ).toBe(401);
      }
      const sixth = await post('/auth/login', { login, password }, from('192.0.2.9'));
      expect(sixth.status).toBe(429);
      expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await post('/auth/login', { login: other, password }, from('192.0.2.9'))).status).toBe(200);
      it.clock.advance(900_000);
      expect((await post('/auth/login', { login, password }, from('192.0.2.9'))).status).toBe(200);
    },
  );

  test('many at once do not slip through', { timeout: 60_000 }, async () => {
    const login = await personWithPassword();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => post('/auth/login', { login, password: 'wrong' }, from(`198.51.100.${i}`))),
    );
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(15);
  });

  test(
    'an address tries twenty names, then waits; signing in rightly does not count',
    { timeout: 60_000 },
    async () => {
      const login = await personWithPassword();
      it.clock.advance(900_000);
      for (let i = 0; i < 6; i += 1)
        expect((await post('/auth/login', { login, password }, from('203.0.113.5'))).status).toBe(200);
      for (let i = 0; i < 20; i += 1) {
        expect(
          (await post('/auth/login', { login: `nobody-${i}`, password: 'wrong' }, from('203.0.113.5'))).status,
        ).toBe(401);
      }
      expect((await post('/auth/login', { login, password }, from('203.0.113.5'))).status).toBe(429);
      expect((await post('/auth/login', { login, password }, from('203.0.113.6'))).status).toBe(200);
    },
  );
});
