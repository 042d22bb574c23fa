// One sign-in at one server: renews it once for all windows and hands out what lasts ten minutes. The long-lived half
// never leaves the main process.
import { z } from 'zod';
import type { Access, SignInAnswer } from './bridge.ts';
import type { NetworkRequest } from './host.ts';
import type { SessionToken } from './session-token.ts';

export interface SessionKeeper {
  access(refused: string | null): Promise<Access>;
  signIn(login: string, password: string): Promise<SignInAnswer>;
  redeem(link: string): Promise<SignInAnswer>;
  signOut(): Promise<void>;
}

/** The answer of a sign-in, as far as it is used; a newer center may say more. */
const SignedIn = z.object({
  accessToken: z.string().min(1),
  expiresAt: z.iso.datetime(),
  serverNow: z.iso.datetime(),
  refreshToken: z.string().min(1),
});
const Refusal = z.object({ error: z.object({ message: z.string() }) });

/** A token that ends on the way would be refused. */
const marginMs = 30_000;

export function createSessionKeeper(deps: {
  url: string;
  token: SessionToken;
  request: NetworkRequest;
  now(): number;
  /** A sign-in by a person was kept: the one moment to ask where. */
  signedIn(): void;
}): SessionKeeper {
  const { url, token } = deps;
  let current: { text: string; endsAt: number } | null = null;
  let renewing: Promise<Access> | null = null;
  /** A renewal that began before a sign-out must not bring the sign-in back. */
  let turn = 0;

  const post = (path: string, body: unknown): Promise<{ status: number; text: string }> =>
    deps.request({ method: 'POST', url: `${url}/auth/${path}`, body: JSON.stringify(body) });

  /** False: it is no answer that could be used. */
  async function take(text: string): Promise<boolean> {
    const granted = SignedIn.safeParse(jsonOf(text));
    if (!granted.success) return false;
    const { accessToken, expiresAt, serverNow, refreshToken } = granted.data;
    // Kept first: the one before is spent.
    await token.set(refreshToken);
    // The server's clock may differ from ours, so its own difference counts.
    current = { text: accessToken, endsAt: deps.now() + Date.parse(expiresAt) - Date.parse(serverNow) };
    return true;
  }

  function handOut(): Access | null {
    const lastsMs = current === null ? 0 : current.endsAt - deps.now();
    return current === null || lastsMs < marginMs ? null : { kind: 'granted', token: current.text, lastsMs };
  }

  async function renew(): Promise<Access> {
    const began = turn;
    const stored = await token.get();
    if (stored === null) return { kind: 'signed-out' };
    let answer;
    try {
      answer = await post('refresh', { refreshToken: stored });
    } catch {
      return { kind: 'unknown' };
    }
    if (began !== turn) return handOut() ?? { kind: 'signed-out' };
    if (answer.status === 200) return ((await take(answer.text)) ? handOut() : null) ?? { kind: 'unknown' };
    // Only the center's own word ends a sign-in: a proxy or a network's sign-in page refuses with a page of its own.
    if (answer.status !== 401 || !Refusal.safeParse(jsonOf(answer.text)).success) return { kind: 'unknown' };
    current = null;
    await token.clear();
    return { kind: 'signed-out' };
  }

  async function enter(path: string, body: object): Promise<SignInAnswer> {
    let answer;
    try {
      answer = await post(path, { ...body, client: 'desktop' });
    } catch {
      return {
        ok: false,
        message: 'The server did not answer. Check its address and that it is running, then try again.',
      };
    }
    if (answer.status === 200) turn += 1;
    if (answer.status === 200 && (await take(answer.text))) {
      deps.signedIn();
      return { ok: true };
    }
    const refusal = Refusal.safeParse(jsonOf(answer.text));
    const message = refusal.success
      ? refusal.data.error.message
      : `The server answered ${answer.status} and gave no reason.`;
    return { ok: false, message };
  }

  return {
    async access(refused) {
      if (current !== null && current.text === refused) current = null;
      const there = handOut();
      if (there !== null) return there;
      renewing ??= renew().finally(() => {
        renewing = null;
      });
      return renewing;
    },
    signIn: (login, password) => enter('login', { login, password }),
    redeem: (link) => enter('link', { token: link }),
    async signOut() {
      turn += 1;
      const stored = await token.get();
      current = null;
      await token.clear();
      // A server that is away ends it when it runs out; here it is gone already.
      if (stored !== null) await post('logout', { refreshToken: stored }).catch(() => undefined);
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
