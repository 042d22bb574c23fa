// A browser keeps the long-lived half of a sign-in in a cookie that no script reads; this asks for what it gives.
import { z } from 'zod';
import type { Access as Granted, SignInAnswer } from '../../src-main/bridge.ts';
import { t } from '../language/words.ts';
import { SignedIn } from '#server/contract/session.ts';
import type { TokenKeeper } from './access.ts';
import { keepText } from '../personal-state.ts';
import { withTimeout } from './timeout.ts';

export function createCookieKeeper(deps: {
  serverUrl: string;
  fetch: typeof fetch;
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}): TokenKeeper {
  const { storage } = deps;
  /** Only the server can take the cookie away. Until it has, a sign-out that it did not hear of holds here. */
  const owed = `tocsin-sign-out ${deps.serverUrl}`;
  /** From a sign-in, for the first call after it. */
  let fresh: Granted | null = null;

  async function post(path: string, body: unknown): Promise<Response> {
    const request: RequestInit = {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    return withTimeout(request, (limited) => deps.fetch(`${deps.serverUrl}/auth/${path}`, limited));
  }

  async function enter(path: string, body: object): Promise<SignInAnswer> {
    try {
      const response = await post(path, { ...body, client: 'browser' });
      const granted = response.ok ? await grantedBy(response) : null;
      if (granted === null) return { ok: false, message: await refusal(response) };
      fresh = granted;
      storage.removeItem(owed);
      return { ok: true };
    } catch {
      return {
        ok: false,
        message: t`The server did not answer. Check its address and that it is running, then try again.`,
      };
    }
  }

  async function tellSignOut(): Promise<void> {
    const heard = await post('logout', {}).catch(() => null);
    if (heard?.ok === true) storage.removeItem(owed);
  }

  return {
    async access() {
      if (storage.getItem(owed) !== null) {
        await tellSignOut();
        return { kind: 'signed-out' };
      }
      if (fresh !== null) {
        const granted = fresh;
        fresh = null;
        return granted;
      }
      try {
        const response = await post('refresh', {});
        if (response.ok) return (await grantedBy(response)) ?? { kind: 'unknown' };
        // Only the center's own word ends a sign-in: a proxy or a network's sign-in page refuses with a page of its own.
        const refused = (response.status === 401 || response.status === 403) && (await isOurs(response));
        return { kind: refused ? 'signed-out' : 'unknown' };
      } catch {
        return { kind: 'unknown' };
      }
    },
    signIn: (login, password) => enter('login', { login, password }),
    redeem: (token) => enter('link', { token }),
    async signOut() {
      fresh = null;
      keepText(storage, owed, 'owed');
      await tellSignOut();
    },
  };
}

async function grantedBy(response: Response): Promise<Granted | null> {
  const granted = SignedIn.safeParse(await response.json().catch(() => null));
  if (!granted.success) return null;
  const { accessToken, expiresAt, serverNow } = granted.data;
  // The server's clock may differ from ours, so its own difference counts, not its end time.
  return { kind: 'granted', token: accessToken, lastsMs: Date.parse(expiresAt) - Date.parse(serverNow) };
}

const Refusal = z.object({ error: z.object({ message: z.string() }) });

async function isOurs(response: Response): Promise<boolean> {
  return Refusal.safeParse(await response.json().catch(() => null)).success;
}

async function refusal(response: Response): Promise<string> {
  const body = Refusal.safeParse(await response.json().catch(() => null));
  return body.success ? body.data.error.message : t`The server answered ${response.status} and gave no reason.`;
}
