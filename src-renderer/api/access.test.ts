import { describe, expect, it } from 'vitest';
import { createAccess } from './access.ts';
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
    keeper: createCookieKeeper({ serverUrl: 'http://center', fetch }),
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
    const ended = setUp(() => new Response('', { status: 401 }));
    await ended.access.fetch('http://center/a');
    expect(ended.signedOut()).toBeGreaterThan(0);
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
