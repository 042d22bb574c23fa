// Choosing among servers, on the whole shell with a machine in memory.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CertificateFacts, ServerList } from './bridge.ts';
import { createFakeCenter } from './fake-center.ts';
import { createFakeHost, fakeDisplay, type FakeHost } from './fake-host.ts';
import { createFakeLocal, type FakeLocal } from './fake-local.ts';
import { runShell } from './shell.ts';

let userData = '';
beforeEach(() => {
  userData = mkdtempSync(join(tmpdir(), 'tocsin-connections-'));
});
afterEach(() => rmSync(userData, { recursive: true, force: true }));

const storage = {
  encrypt: async (text: string) => Buffer.from(Buffer.from(text).toString('base64')),
  decrypt: async (data: Buffer) => Buffer.from(data.toString(), 'base64').toString(),
};

async function started(options: Partial<Parameters<typeof createFakeHost>[0]> = {}): Promise<FakeHost> {
  const fake = createFakeHost({
    userData,
    storage: { kind: 'safe', storage },
    request: createFakeCenter().request,
    ...options,
  });
  await runShell(fake.host);
  return fake;
}
const list = (fake: FakeHost) => fake.call('serversList') as Promise<ServerList>;
async function connect(fake: FakeHost, url: string): Promise<void> {
  await fake.call('serversLook', [url]);
  await fake.call('serversConnect', [url, false]);
}
const certificate: CertificateFacts = {
  fingerprint: 'AB:CD',
  issuer: 'ops',
  subject: 'ops',
  names: ['ops.test'],
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2027-01-01T00:00:00.000Z',
  problem: 'self-signed',
};

describe('the first start', () => {
  it('belongs to no server, and its page reaches none, until a person has chosen', async () => {
    const fake = await started();
    expect(await fake.call('host')).toMatchObject({ centerUrl: null });
    expect(fake.seen.policy()).toContain("connect-src 'self';");
    await connect(fake, 'https://ops.test');
    expect(fake.seen.policy()).toContain("connect-src 'self' https://ops.test wss://ops.test;");
    expect(fake.seen.windows).toHaveLength(1);
    expect(await (await started()).call('host')).toMatchObject({ centerUrl: 'https://ops.test' });
  });

  it('connects to nothing that was not looked at, nor in the open without a yes', async () => {
    const fake = await started();
    await expect(fake.call('serversConnect', ['https://ops.test', false])).rejects.toThrow('Look at the server again');
    await fake.call('serversLook', ['http://ops.test']);
    await expect(fake.call('serversConnect', ['http://ops.test', false])).rejects.toThrow('nobody said');
    await fake.call('serversConnect', ['http://ops.test', true]);
    expect(await list(fake)).toMatchObject({ shown: 'http://ops.test' });
    await expect(fake.call('serversShow', ['https://unknown.test'])).rejects.toThrow('not among those');
  });
});

describe('another server', () => {
  it('gets a page of its own, and nothing of what was said at the one before', async () => {
    const fake = await started();
    await connect(fake, 'https://one.test');
    await fake.call('setSignedIn', [true]);
    await fake.call('setBadge', [3]);
    const state = {
      serverUrl: 'https://one.test',
      serverName: 'One',
      freshness: 'live',
      latest: null,
      onCall: null,
      heldRole: null,
    };
    await fake.call('tell', [state]);
    fake.openUrl('tocsin://open/incidents/of-one');
    expect(fake.seen.tray?.tooltip).toContain('One');
    await connect(fake, 'https://two.test');
    expect(fake.seen.badge?.text).toBe('!');
    expect(fake.seen.tray?.look).toBe('unknown');
    // The page before speaks once more before it is gone.
    await fake.call('tell', [state]);
    expect(fake.seen.tray?.tooltip).not.toContain('One');
    await fake.call('pageListens', ['openPath', true]);
    expect(fake.told('openPath')).toEqual([]);
    expect((await list(fake)).servers.map(({ name }) => name)).toEqual(['two.test', 'One']);
    await fake.call('serversShow', ['https://one.test']);
    expect(await fake.call('host')).toMatchObject({ centerUrl: 'https://one.test' });
  });

  it('is signed in to in the main window, and what hangs on the wall follows', async () => {
    const fake = await started({ displays: [fakeDisplay('1', { primary: true }), fakeDisplay('2', { x: 1_920 })] });
    await connect(fake, 'https://one.test');
    await fake.call('wallsAssign', ['2', { diagonalInches: 55, distanceMetres: 5, role: 'facts' }]);
    const [main, wall] = fake.seen.windows;
    const before = { main: main?.reloads, wall: wall?.reloads ?? 0 };
    await expect(fake.call('sessionSignIn', ['https://one.test', 'ada', 'right'], { id: 2 })).rejects.toThrow(
      'only shows',
    );
    await fake.call('sessionSignIn', ['https://one.test', 'ada', 'right']);
    expect({ main: main?.reloads, wall: wall?.reloads }).toEqual({ main: before.main, wall: before.wall + 1 });
    expect(await fake.call('sessionAccess', ['https://one.test', null], { id: 2 })).toMatchObject({ kind: 'granted' });
  });

  it('is removed with its sign-in, and the one used before it is shown', async () => {
    const fake = await started();
    await connect(fake, 'https://one.test');
    await fake.call('sessionSignIn', ['https://one.test', 'ada', 'right']);
    await connect(fake, 'https://two.test');
    const files = () => readdirSync(userData).filter((name) => name.startsWith('session-'));
    expect(files()).toHaveLength(1);
    await fake.call('serversRemove', ['https://one.test']);
    expect(files()).toEqual([]);
    expect(await fake.call('host')).toMatchObject({ centerUrl: 'https://two.test' });
    await fake.call('serversRemove', ['https://two.test']);
    expect(await fake.call('host')).toMatchObject({ centerUrl: null });
  });
});

describe('the center on this computer', () => {
  const here = 'http://127.0.0.1:7301';
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
  const begun = async (center: FakeLocal, count: number): Promise<void> => {
    await expect.poll(() => center.started).toHaveLength(count);
  };
  const asked = async (center: FakeLocal, what: string): Promise<void> => {
    await expect.poll(() => center.started.at(-1)?.asked).toBe(what);
  };

  it('cannot run where this Electron has no place for it, and says so', async () => {
    const fake = await started();
    expect(await fake.call('serversStartHere')).toEqual({ kind: 'absent', why: 'old-electron' });
    expect(await list(fake)).toMatchObject({ shown: null, local: { kind: 'absent' } });
  });

  it('is started, signed in to and shown; closing the window leaves it, quitting stops it in order', async () => {
    const center = createFakeLocal();
    const fake = await started({ center });
    const starting = fake.call('serversStartHere');
    await begun(center, 1);
    expect(center.started).toMatchObject([{ port: 7301, dataDir: join(userData, 'center') }]);
    center.started[0]?.ready();
    expect(await starting).toEqual({ kind: 'running', url: here });
    expect(await list(fake)).toMatchObject({ shown: here, servers: [{ url: here, local: true }] });
    expect(await fake.call('sessionAccess', [here, null])).toMatchObject({ kind: 'granted' });
    fake.seen.windows[0]?.close();
    expect(fake.seen.questions[0]?.detail).toContain('the center on this computer with it');
    expect(center.started[0]?.asked).toBe('nothing');
    let ended = false;
    const ending = fake.end()?.then(() => (ended = true));
    await asked(center, 'stop');
    expect(ended).toBe(false);
    center.started[0]?.exit('');
    await ending;
    expect(center.started).toHaveLength(1);
    // With the app it is started again, and until it runs nobody says that the sign-in has ended.
    const again = await started({ center });
    await begun(center, 2);
    expect(await again.call('sessionAccess', [here, null])).toEqual({ kind: 'unknown' });
    expect(await again.call('serversLook', [here])).toMatchObject({ kind: 'local', state: { kind: 'starting' } });
  });

  it('is started again ever less often when it ends by itself, and says why', async () => {
    const center = createFakeLocal();
    const fake = await started({ center });
    const starting = fake.call('serversStartHere');
    await begun(center, 1);
    const waits = [1_000, 2_000, 4_000, 8_000];
    for (const [turn, waitMs] of waits.entries()) {
      center.started.at(-1)?.exit('Port 7301 on 127.0.0.1 is in use by another program.');
      expect(center.started).toHaveLength(turn + 1);
      fake.pass(waitMs - 1);
      await settle();
      expect(center.started).toHaveLength(turn + 1);
      expect((await list(fake)).local).toMatchObject({ kind: 'failed', why: expect.stringContaining('in use') });
      fake.pass(1);
      await begun(center, turn + 2);
    }
    expect(await starting).toMatchObject({ kind: 'failed' });
    center.started.at(-1)?.ready();
    await expect.poll(async () => (await list(fake)).local.kind).toBe('running');
    // After a good while the count begins anew.
    fake.pass(11 * 60_000);
    center.started.at(-1)?.exit('killed');
    fake.pass(1_000);
    await begun(center, waits.length + 2);
  });

  it('that is chosen again while it stops is started once, after the other is gone', async () => {
    const center = createFakeLocal();
    const fake = await started({ center });
    const starting = fake.call('serversStartHere');
    await begun(center, 1);
    center.started[0]?.ready();
    await starting;
    const gone = fake.call('serversRemove', [here]);
    await asked(center, 'stop');
    const again = fake.call('serversStartHere');
    // It had a word left to say.
    center.started[0]?.ready();
    await settle();
    expect(center.started).toHaveLength(1);
    expect((await list(fake)).local).toEqual({ kind: 'starting' });
    center.started[0]?.exit('');
    await gone;
    await begun(center, 2);
    center.started[1]?.ready();
    expect(await again).toEqual({ kind: 'running', url: here });
    fake.pass(60_000);
    await settle();
    expect(center.started).toHaveLength(2);
  });

  it('that does not stop in time is ended, and one that was removed is not started again', async () => {
    const center = createFakeLocal();
    const fake = await started({ center });
    const starting = fake.call('serversStartHere');
    await begun(center, 1);
    center.started[0]?.ready();
    await starting;
    const removing = fake.call('serversRemove', [here]);
    await asked(center, 'stop');
    fake.pass(35_000);
    await removing;
    expect(center.started[0]?.asked).toBe('kill');
    expect(await list(fake)).toMatchObject({ shown: null, servers: [], local: { kind: 'off' } });
    await started({ center });
    await settle();
    expect(center.started).toHaveLength(1);
  });
});

describe('a certificate that nobody vouches for', () => {
  it('counts for its host once a person took exactly the one they were shown', async () => {
    const fake = await started({
      request: async () => Promise.reject(new Error('net::ERR_CERT_AUTHORITY_INVALID')),
      certificateOf: async () => certificate,
    });
    const shown = { host: 'ops.test', fingerprint: 'AB:CD' };
    await expect(fake.call('serversTrust', ['https://ops.test', 'AB:CD'])).rejects.toThrow('was not looked at');
    await fake.call('serversLook', ['ops.test']);
    await expect(fake.call('serversTrust', ['https://ops.test', 'EE:EE'])).rejects.toThrow('was not looked at');
    expect(fake.seen.verdict(shown)).toBe('usual');
    const judged = fake.seen.judged;
    await fake.call('serversTrust', ['https://ops.test', 'AB:CD']);
    // Told anew: the machine remembers what it was answered before.
    expect(fake.seen.judged).toBe(judged + 1);
    expect(fake.seen.verdict(shown)).toBe('accept');
    expect(fake.seen.verdict({ ...shown, fingerprint: 'EE:EE' })).toBe('refuse');
    expect(fake.seen.verdict({ ...shown, host: 'other.test' })).toBe('usual');
    expect((await started()).seen.verdict({ ...shown, fingerprint: 'EE:EE' })).toBe('refuse');
  });
});
