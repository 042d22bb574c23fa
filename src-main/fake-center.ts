// A center's front door in memory, as strict with refresh tokens as the real one: one that comes twice ends the sign-in.
import type { NetworkRequest } from './host.ts';

export function createFakeCenter(options: { name?: string; version?: string } = {}) {
  const calls: { url: string; body: Record<string, unknown> }[] = [];
  const state = { reachable: true, status: 200, place: 0, signedIn: false, renewals: 0 };
  let waiting: (() => void)[] | null = null;

  const json = (status: number, body: unknown): { status: number; text: string } => ({
    status,
    text: JSON.stringify(body),
  });
  const refused = (message: string) => json(401, { error: { code: 'unauthenticated', message } });
  function granted() {
    state.place += 1;
    state.signedIn = true;
    return json(200, {
      accessToken: `access-${state.place}`,
      // An hour away from the clock of whoever asks.
      serverNow: '2026-11-21T13:00:00.000Z',
      expiresAt: '2026-11-21T13:10:00.000Z',
      userId: '00000000-0000-7000-8000-000000000001',
      refreshToken: `refresh-${state.place}`,
    });
  }

  const request: NetworkRequest = async ({ url, body }) => {
    const fields = (body === undefined ? {} : JSON.parse(body)) as Record<string, unknown>;
    calls.push({ url, body: fields });
    if (waiting !== null) await new Promise<void>((resolve) => waiting?.push(resolve));
    if (!state.reachable) throw new Error('net::ERR_CONNECTION_REFUSED');
    const { pathname } = new URL(url);
    if (state.status !== 200) return json(state.status, {});
    if (pathname === '/api/v1/center')
      return json(200, { name: options.name ?? 'Acme', version: options.version ?? '0.2.0', oldestClient: '0.1.0' });
    if (pathname === '/auth/login')
      return fields['password'] === 'right' ? granted() : refused('Login or password is wrong.');
    if (pathname === '/auth/link') return granted();
    if (pathname === '/auth/logout') {
      state.signedIn = false;
      return { status: 204, text: '' };
    }
    state.renewals += 1;
    if (!state.signedIn || fields['refreshToken'] !== `refresh-${state.place}`) {
      state.signedIn = false;
      return refused('Sign in again.');
    }
    return granted();
  };

  return {
    request,
    calls,
    state,
    /** Answers wait from here on, until they are let go. */
    hold() {
      waiting = [];
    },
    letGo() {
      const held = waiting ?? [];
      waiting = null;
      for (const resolve of held) resolve();
    },
  };
}
