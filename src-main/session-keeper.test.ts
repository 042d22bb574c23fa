import { describe, expect, it } from 'vitest';
import { createFakeCenter } from './fake-center.ts';
import { createSessionKeeper } from './session-keeper.ts';
import type { SessionToken } from './session-token.ts';

function tokenInMemory(first: string | null = null): SessionToken & { text: string | null } {
  return {
    text: first,
    storage: 'safe',
    async get() {
      return this.text;
    },
    async set(text) {
      this.text = text;
    },
    async clear() {
      this.text = null;
    },
  };
}

function setUp() {
  const center = createFakeCenter();
  const token = tokenInMemory();
  let now = Date.parse('2026-11-21T12:00:00Z');
  const keeper = createSessionKeeper({
    url: 'https://ops.test',
    token,
    request: center.request,
    now: () => now,
    signedIn: () => undefined,
  });
  return { center, token, keeper, pass: (ms: number) => (now += ms) };
}

describe('a sign-in that several windows share', () => {
  it('is renewed once however many ask at once, so that no window ends the sign-in of another', async () => {
    const { center, keeper, pass } = setUp();
    expect(await keeper.signIn('ada', 'right')).toEqual({ ok: true });
    pass(9 * 60_000 + 45_000);
    const answers = await Promise.all([keeper.access(null), keeper.access(null), keeper.access('access-1')]);
    expect(answers).toEqual(Array(3).fill({ kind: 'granted', token: 'access-2', lastsMs: 600_000 }));
    expect(center.state).toMatchObject({ renewals: 1, signedIn: true });
    // A window that was refused with the token before gets the newer one, and asks for no other.
    expect(await keeper.access('access-1')).toMatchObject({ token: 'access-2' });
    expect(center.state.renewals).toBe(1);
    expect(await keeper.access('access-2')).toMatchObject({ token: 'access-3' });
  });

  it('lasts by the difference of the server’s own clock, whatever that clock says', async () => {
    const { keeper, pass } = setUp();
    await keeper.signIn('ada', 'right');
    expect(await keeper.access(null)).toEqual({ kind: 'granted', token: 'access-1', lastsMs: 600_000 });
    pass(60_000);
    expect(await keeper.access(null)).toMatchObject({ token: 'access-1', lastsMs: 540_000 });
  });

  it('hands out nothing long-lived, and keeps the newest', async () => {
    const { keeper, token } = setUp();
    await keeper.redeem('one-time');
    expect(JSON.stringify(await keeper.access(null))).not.toContain('refresh');
    await keeper.access('access-1');
    expect(token.text).toBe('refresh-2');
  });

  it('ends only when the server says so, not when it is away or busy', async () => {
    const { center, keeper, token } = setUp();
    await keeper.signIn('ada', 'right');
    center.state.reachable = false;
    expect(await keeper.access('access-1')).toEqual({ kind: 'unknown' });
    center.state.reachable = true;
    // 401 without a word of the center: a network that wants a sign-in of its own.
    for (const status of [401, 403, 500, 503]) {
      center.state.status = status;
      expect(await keeper.access(null)).toEqual({ kind: 'unknown' });
    }
    center.state.status = 200;
    expect(await keeper.access(null)).toMatchObject({ token: 'access-2' });
    center.state.signedIn = false;
    expect(await keeper.access('access-2')).toEqual({ kind: 'signed-out' });
    expect(token.text).toBe(null);
  });

  it('does not come back by a renewal that was under way when it was ended', async () => {
    const { center, keeper, token } = setUp();
    await keeper.signIn('ada', 'right');
    center.hold();
    const renewal = keeper.access('access-1');
    await Promise.resolve();
    const ending = keeper.signOut();
    await new Promise((resolve) => setImmediate(resolve));
    center.letGo();
    await ending;
    expect(await renewal).toEqual({ kind: 'signed-out' });
    expect(token.text).toBe(null);
    expect(center.calls.at(-1)).toMatchObject({ url: 'https://ops.test/auth/logout' });
  });

  it('is ended here also when the server is away, and says a refusal in the server’s words', async () => {
    const { center, keeper, token } = setUp();
    expect(await keeper.signIn('ada', 'wrong')).toEqual({ ok: false, message: 'Login or password is wrong.' });
    await keeper.signIn('ada', 'right');
    center.state.reachable = false;
    await keeper.signOut();
    expect(token.text).toBe(null);
    expect(await keeper.access(null)).toEqual({ kind: 'signed-out' });
    expect(await keeper.signIn('ada', 'right')).toMatchObject({ message: expect.stringContaining('did not answer') });
  });
});
