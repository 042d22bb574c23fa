// Every call leaves with a token that lasts; one that was refused is renewed and tried once more.
import type { Access as Granted, SignInAnswer } from '../../src-main/bridge.ts';

/** Where the long-lived half of a sign-in lives: an HttpOnly cookie in a browser, the main process in Electron. */
export interface TokenKeeper {
  /** `refused`: the token that the server did not take. */
  access(refused: string | null): Promise<Granted>;
  signIn(login: string, password: string): Promise<SignInAnswer>;
  /** The token of the one-time link that the first start opens. */
  redeem(token: string): Promise<SignInAnswer>;
  signOut(): Promise<void>;
}

export type AccessState = 'signed-in' | 'signed-out' | 'unknown';

export interface AccessDeps {
  keeper: TokenKeeper;
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
  redeem(token: string): Promise<SignInAnswer>;
  signOut(): Promise<void>;
}

/** Renewed this long before its end, so that no call leaves with a token that ends on the way. */
const marginMs = 30_000;

export function createAccess(deps: AccessDeps): Access {
  const { keeper } = deps;
  let token: { text: string; expiresAt: number } | null = null;
  let refused: string | null = null;
  let refreshing: Promise<AccessState> | null = null;

  async function refreshOnce(): Promise<AccessState> {
    // A bridge that fails is no word of the server.
    const granted = await keeper.access(refused).catch((): Granted => ({ kind: 'unknown' }));
    if (granted.kind === 'unknown') return 'unknown';
    if (granted.kind === 'signed-out') {
      token = null;
      return 'signed-out';
    }
    token = { text: granted.token, expiresAt: deps.now() + granted.lastsMs };
    return 'signed-in';
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

  async function entered(answer: SignInAnswer): Promise<SignInAnswer> {
    if (answer.ok) await refresh();
    return answer;
  }

  return {
    async fetch(url, init) {
      const first = await currentToken();
      const response = await deps.fetch(url, withToken(init, first));
      if (response.status !== 401) return response;
      if (token?.text === first) token = null;
      refused = first;
      const second = await currentToken();
      return second === null ? response : deps.fetch(url, withToken(init, second));
    },
    resume: refresh,
    signIn: async (login, password) => entered(await keeper.signIn(login, password)),
    redeem: async (link) => entered(await keeper.redeem(link)),
    async signOut() {
      token = null;
      await keeper.signOut();
    },
  };
}

function withToken(init: RequestInit | undefined, token: string | null): RequestInit {
  const headers = new Headers(init?.headers);
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
}
