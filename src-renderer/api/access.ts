// Access tokens of ten minutes, held in memory only. One refresh at a time; a call that was refused for its token is
// tried once more with a new one.
import { z } from 'zod';
import { type SessionClient, SignedIn } from '#server/contract/session.ts';
import { withTimeout } from './timeout.ts';

/** Where the long-lived half of a sign-in lives: an HttpOnly cookie in a browser, the main process in Electron. */
export interface RefreshTokens {
  get(): Promise<string | null>;
  set(token: string): Promise<void>;
  clear(): Promise<void>;
}

export type AccessState = 'signed-in' | 'signed-out' | 'unknown';
export type SignInAnswer = { ok: true } | { ok: false; message: string };

export interface AccessDeps {
  serverUrl: string;
  /** Null in a browser: the cookie does it. */
  refreshTokens: RefreshTokens | null;
  fetch: typeof fetch;
  now: () => number;
  /** The refresh was refused: only a new sign-in helps. */
  onSignedOut: () => void;
}

export interface Access {
  /** `fetch` with the token in it. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** Takes up an earlier sign-in, if there is one. `unknown`: the server did not answer. */
  resume(): Promise<AccessState>;
  signIn(login: string, password: string): Promise<SignInAnswer>;
  /** The one-time link that the first start opens. */
  redeem(token: string): Promise<SignInAnswer>;
  signOut(): Promise<void>;
}

/** Renewed this long before its end, so that no call leaves with a token that ends on the way. */
const marginMs = 30_000;

export function createAccess(deps: AccessDeps): Access {
  let token: { text: string; expiresAt: number } | null = null;
  const client: SessionClient = deps.refreshTokens === null ? 'browser' : 'desktop';
  let refreshing: Promise<AccessState> | null = null;

  async function post(path: string, body: unknown): Promise<Response> {
    const request: RequestInit = {
      method: 'POST',
      credentials: deps.refreshTokens === null ? 'same-origin' : 'omit',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    return withTimeout(request, (limited) => deps.fetch(`${deps.serverUrl}/auth/${path}`, limited));
  }

  async function take(response: Response): Promise<boolean> {
    const granted = SignedIn.safeParse(await response.json().catch(() => null));
    if (!granted.success) return false;
    const { accessToken, expiresAt, serverNow, refreshToken } = granted.data;
    // The server's clock may differ from ours, so its own difference counts, not its end time.
    token = { text: accessToken, expiresAt: deps.now() + Date.parse(expiresAt) - Date.parse(serverNow) };
    if (refreshToken !== undefined && deps.refreshTokens !== null) await deps.refreshTokens.set(refreshToken);
    return true;
  }

  async function refreshOnce(): Promise<AccessState> {
    const stored = deps.refreshTokens === null ? null : await deps.refreshTokens.get();
    if (deps.refreshTokens !== null && stored === null) return 'signed-out';
    try {
      const response = await post('refresh', stored === null ? {} : { refreshToken: stored });
      if (response.ok) return (await take(response)) ? 'signed-in' : 'unknown';
      if (response.status !== 401 && response.status !== 403) return 'unknown';
    } catch {
      return 'unknown';
    }
    token = null;
    await deps.refreshTokens?.clear();
    return 'signed-out';
  }

  function refresh(): Promise<AccessState> {
    refreshing ??= refreshOnce().finally(() => {
      refreshing = null;
    });
    return refreshing;
  }

  async function currentToken(): Promise<string | null> {
    if (token === null || token.expiresAt - marginMs < deps.now()) {
      const state = await refresh();
      if (state === 'signed-out') deps.onSignedOut();
    }
    return token?.text ?? null;
  }

  async function answer(response: Response): Promise<SignInAnswer> {
    if (response.ok && (await take(response))) return { ok: true };
    return { ok: false, message: await refusal(response) };
  }

  return {
    async fetch(url, init) {
      const first = await currentToken();
      const response = await deps.fetch(url, withToken(init, first));
      if (response.status !== 401) return response;
      token = null;
      const second = await currentToken();
      return second === null ? response : deps.fetch(url, withToken(init, second));
    },
    resume: refresh,
    async signIn(login, password) {
      return unreachableOr(async () => answer(await post('login', { login, password, client })));
    },
    async redeem(link) {
      return unreachableOr(async () => answer(await post('link', { token: link, client })));
    },
    async signOut() {
      const stored = (await deps.refreshTokens?.get()) ?? null;
      await post('logout', stored === null ? {} : { refreshToken: stored }).catch(() => undefined);
      token = null;
      await deps.refreshTokens?.clear();
    },
  };
}

function withToken(init: RequestInit | undefined, token: string | null): RequestInit {
  const headers = new Headers(init?.headers);
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
}

async function unreachableOr(run: () => Promise<SignInAnswer>): Promise<SignInAnswer> {
  try {
    return await run();
  } catch {
    return {
      ok: false,
      message: 'The server did not answer. Check its address and that it is running, then try again.',
    };
  }
}

const Refusal = z.object({ error: z.object({ message: z.string() }) });

async function refusal(response: Response): Promise<string> {
  const body = Refusal.safeParse(await response.json().catch(() => null));
  return body.success ? body.data.error.message : `The server answered ${response.status} and gave no reason.`;
}
