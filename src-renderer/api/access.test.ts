import { describe, expect, it } from 'vitest';
import { createAccess } from './access.ts';
import { createFakeStorage } from '../testkit/fake-storage.ts';
import { createCookieKeeper } from './cookie-keeper.ts';

const serverNow = '2026-11-21T14:00:00.000Z';
const userId = '00000000-0000-7000-8000-000000000001';

function granted(accessToken: string, refreshToken?: string): Response {
  const body = {
    accessToken,
    expiresAt: '2026-11-21T14:10:00.000Z',
    serverNow,
    userId,
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
  return new Response(JSON.stringify(body), { status: 200 });
}

function setUp(answer: (path: string, token: string | null) => Response | Promise<Response>) {
  let now = 1_000_000;
  const calls: string[] = [];
  let signedOut = 0;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const path = (input instanceof Request ? input.url : String(input)).replace('http://center', '');
    const token = new Headers(init?.headers).get('authorization');
    calls.push(token === null ? path : `${path} ${token}`);
    return answer(path, token);
  };
  const access = createAccess({
    keeper: createCookieKeeper({ serverUrl: 'http://center', fetch, storage: createFakeStorage() }),
    now: () => now,
    onSignedOut: () => {
      signedOut += 1;
    },
    fetch,
  });
  return { access, calls, signedOut: () => signedOut, pass: (ms: number) => (now += ms) };
}

describe('access', () => {
  it('refreshes once for many calls that begin together', async () => {
    const { access, calls } = setUp((path) => (path === '/auth/refresh' ? granted('one') : new Response('{}')));
    await Promise.all([
      access.fetch('http://center/a'),
      access.fetch('http://center/b'),
      access.fetch('http://center/c'),
    ]);
    expect(calls.filter((call) => call === '/auth/refresh')).toHaveLength(1);
    expect(calls).toContain('/b Bearer one');
  });

  it('keeps a token for its lifetime by this machine’s clock, whatever the server’s clock says', async () => {
    let tokens = 0;
    const { access, calls, pass } = setUp((path) =>
      path === '/auth/refresh' ? granted(`t${(tokens += 1)}`) : new Response('{}'),
    );
    await access.fetch('http://center/a');
    pass(9 * 60_000);
    await access.fetch('http://center/b');
    pass(60_000);
    await access.fetch('http://center/c');
    expect(calls.filter((call) => call === '/auth/refresh')).toHaveLength(2);
    expect(calls).toContain('/c Bearer t2');
  });

  it('tries a call once more with a new token when its token was refused', async () => {
    let tokens = 0;
    const { access, calls } = setUp((path, token) => {
      if (path === '/auth/refresh') return granted(`t${(tokens += 1)}`);
      return new Response('{}', { status: token === 'Bearer t1' ? 401 : 200 });
    });
    expect((await access.fetch('http://center/a')).status).toBe(200);
    expect(calls).toEqual(['/auth/refresh', '/a Bearer t1', '/auth/refresh', '/a Bearer t2']);
  });

  it('says that the sign-in ended only when the server says so, not when it is away', async () => {
    const away = setUp(() => Promise.reject(new TypeError('failed to fetch')));
    expect(await away.access.resume()).toBe('unknown');
    const busy = setUp(() => new Response('', { status: 503 }));
    expect(await busy.access.resume()).toBe('unknown');
    // A network that wants a sign-in of its own, a proxy that blocks.
    for (const status of [401, 403]) {
      const between = setUp(() => new Response('<h1>Please sign in</h1>', { status }));
      expect(await between.access.resume()).toBe('unknown');
      await between.access.fetch('http://center/a');
      expect(between.signedOut()).toBe(0);
    }
    const ended = setUp(() => new Response('{"error":{"message":"Sign in again."}}', { status: 401 }));
    await ended.access.fetch('http://center/a');
    expect(ended.signedOut()).toBeGreaterThan(0);
  });

  it('is over for good once signed out, although the server was away and its cookie is still there', async () => {
    const storage = createFakeStorage();
    let up = true;
    const asked: string[] = [];
    const open = () =>
      createCookieKeeper({
        serverUrl: 'http://center',
        storage,
        async fetch(input) {
          const path = (input instanceof Request ? input.url : String(input as URL | string)).split('/').at(-1) ?? '';
          asked.push(path);
          if (!up) throw new TypeError('failed to fetch');
          return path === 'logout' ? new Response(null, { status: 204 }) : granted('one');
        },
      });
    const first = open();
    await first.signIn('ada', 'right');
    up = false;
    await first.signOut();
    expect(await first.access(null)).toEqual({ kind: 'signed-out' });
    up = true;
    // Another start of the page: it tells the server before anything else, and asks for no token.
    asked.length = 0;
    const second = open();
    expect(await second.access(null)).toEqual({ kind: 'signed-out' });
    expect(asked).toEqual(['logout']);
    await second.signIn('ada', 'right');
    await second.access(null);
    expect(await second.access(null)).toMatchObject({ kind: 'granted' });
  });

  it('is told to the server also where the browser has no room for a note of it', async () => {
    const asked: string[] = [];
    const setItem = (): void => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const keeper = createCookieKeeper({
      serverUrl: 'http://center',
      storage: Object.assign(createFakeStorage(), { setItem }),
      async fetch(input) {
        asked.push(input as string);
        return new Response(null, { status: 204 });
      },
    });
    await keeper.signOut();
    expect(asked).toEqual(['http://center/auth/logout']);
  });

  it('tells a failed sign-in in the server’s words', async () => {
    const { access } = setUp(
      () =>
        new Response(JSON.stringify({ error: { code: 'unauthenticated', message: 'Login or password is wrong.' } }), {
          status: 401,
        }),
    );
    expect(await access.signIn('a', 'b')).toEqual({ ok: false, message: 'Login or password is wrong.' });
  });
});
