// The shell as a whole, on a machine in memory.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DesktopNotification, PageState, ShellStatus } from './bridge.ts';
import { createFakeCenter } from './fake-center.ts';
import { createFakeLocal } from './fake-local.ts';
import { calmPage as calm, center } from './fake-page.ts';
import { createFakeHost, type FakeHost, type ShownNotification } from './fake-host.ts';
import type { MenuItem, StorageOffer } from './host.ts';
import { runShell } from './shell.ts';

let userData = '';
beforeEach(() => {
  userData = mkdtempSync(join(tmpdir(), 'tocsin-shell-'));
});
afterEach(() => rmSync(userData, { recursive: true, force: true }));

async function started(options: Partial<Parameters<typeof createFakeHost>[0]> = {}): Promise<FakeHost> {
  const facts = { env: { TOCSIN_CENTER_URL: center }, ...options.facts };
  const fake = createFakeHost({ userData, ...options, facts });
  await runShell(fake.host);
  return fake;
}

const window = (fake: FakeHost) => fake.seen.windows[0]!;
const settle = () => new Promise((resolve) => setImmediate(resolve));
const labels = (items: readonly MenuItem[] = []): string[] => items.map(({ label }) => label ?? '');
const item = (items: readonly MenuItem[] | undefined, label: string): MenuItem => {
  const found = items?.find((one) => one.label?.startsWith(label));
  if (found === undefined) throw new Error(`there is no ${label} among ${labels(items).join(', ')}`);
  return found;
};

const paged: PageState = {
  ...calm,
  latest: { incidentId: 'i1', title: 'checkout is down', path: '/incidents/i1/answer', escalateTo: 'Ben' },
  onCall: 'Payments until 20:00',
};
const page: DesktopNotification = {
  id: 'page i1',
  title: 'SEV1 checkout is down',
  body: 'INC-7. You are paged',
  tier: 'page',
  path: '/incidents/i1/answer',
  visible: false,
  answer: { incidentId: 'i1', escalateTo: 'Ben' },
};

describe('deep links and single instance', () => {
  it('wait from a cold start until the page listens, and again after a reload', async () => {
    const fake = await started({ facts: { args: ['tocsin', 'tocsin://open/alerts'] } });
    await settle();
    expect(fake.told('openPath')).toEqual([]);
    await fake.call('pageListens', ['openPath', true]);
    await settle();
    expect(fake.told('openPath')).toEqual(['/alerts']);
    window(fake).events.navigated();
    fake.openUrl('tocsin://open/incidents');
    await settle();
    expect(fake.told('openPath')).toEqual(['/alerts']);
    await fake.call('pageListens', ['openPath', true]);
    await settle();
    expect(fake.told('openPath')).toEqual(['/alerts', '/incidents']);
    await fake.call('pageListens', ['openPath', false]);
    fake.openUrl('tocsin://open/oncall');
    await settle();
    expect(fake.told('openPath')).toHaveLength(2);
  });

  it('show the one window there is when the app is started again, whatever it was given', async () => {
    const fake = await started();
    await fake.call('pageListens', ['openPath', true]);
    window(fake).hide();
    fake.secondInstance('tocsin', 'tocsin://run/evil', 'https://x');
    expect(window(fake).state).toBe('open');
    fake.secondInstance('tocsin', 'tocsin://open/oncall');
    await settle();
    expect(fake.told('openPath')).toEqual(['/oncall']);
    expect(fake.seen.windows).toHaveLength(1);
  });
});

describe('closing', () => {
  it('is explained once and then hides to the tray; quitting closes', async () => {
    const fake = await started();
    window(fake).close();
    await settle();
    expect(fake.seen.questions).toHaveLength(1);
    expect(window(fake).state).toBe('hidden');
    fake.seen.tray?.clicked();
    expect(window(fake).state).toBe('open');
    window(fake).close();
    expect(fake.seen.questions).toHaveLength(1);
    expect(window(fake).state).toBe('hidden');

    const again = await started();
    window(again).close();
    await settle();
    expect(again.seen.questions).toEqual([]);
    item(again.seen.tray?.items, 'Quit').run?.();
    expect(again.seen.quits).toBe(1);
    window(again).close();
    expect(window(again).state).toBe('closed');
  });

  it('ends the app where the person said so, at the question or in the settings', async () => {
    const fake = await started();
    fake.willAnswer(1);
    window(fake).close();
    await settle();
    expect(fake.seen.quits).toBe(1);
    const other = await started();
    await other.call('shellChange', [{ onClose: 'quit' }]);
    window(other).close();
    expect(other.seen.quits).toBe(1);
  });

  it('never hides a window that nothing could bring back', async () => {
    const fake = await started({ tray: false });
    window(fake).close();
    await settle();
    expect(window(fake).state).toBe('minimized');
  });

  it('keeps the place of the window, also that it filled the screen', async () => {
    window(await started()).close();
    expect(window(await started()).options).toMatchObject({ x: 10, y: 20, width: 800, height: 600, maximized: true });
  });
});

describe('tray and badge', () => {
  it('say what needs the person, and never look well without a live page', async () => {
    const fake = await started();
    expect(fake.seen.tray).toMatchObject({ look: 'unknown' });
    expect(fake.seen.badge).toMatchObject({ text: '!' });
    await fake.call('setSignedIn', [true]);
    await fake.call('tell', [calm]);
    await fake.call('setBadge', [0]);
    expect(fake.seen.tray).toMatchObject({ look: 'calm' });
    expect(fake.seen.badge).toMatchObject({ text: '' });
    await fake.call('tell', [paged]);
    await fake.call('setBadge', [250]);
    expect(fake.seen.tray).toMatchObject({ look: 'needs' });
    expect(labels(fake.seen.tray?.items)).toContain('On call: Payments until 20:00');
    expect(fake.seen.badge).toMatchObject({ text: '99+' });
    await fake.call('tell', [{ ...paged, freshness: 'offline' }]);
    expect(fake.seen.tray).toMatchObject({ look: 'unknown' });
    expect(fake.seen.tray?.tooltip).toContain('no page reaches you here');
  });

  it('acknowledge and escalate the latest page, by name', async () => {
    const fake = await started();
    await fake.call('pageListens', ['answer', true]);
    await fake.call('setSignedIn', [true]);
    await fake.call('tell', [paged]);
    item(fake.seen.tray?.items, 'Acknowledge').run?.();
    item(fake.seen.tray?.items, 'Escalate → Ben').run?.();
    await settle();
    expect(fake.told('answer')).toEqual([
      { kind: 'acknowledge', incidentId: 'i1', escalateTo: 'Ben' },
      { kind: 'escalate', incidentId: 'i1', escalateTo: 'Ben' },
    ]);
  });

  it('forget everything of a person who signed out', async () => {
    const fake = await started();
    await fake.call('setSignedIn', [true]);
    await fake.call('tell', [paged]);
    await fake.call('notify', [page]);
    item(fake.seen.tray?.items, 'Acknowledge').run?.();
    await fake.call('setSignedIn', [false]);
    expect(labels(fake.seen.tray?.items).join()).not.toContain('checkout');
    expect(fake.seen.badge?.text).toBe('!');
    await settle();
    expect(fake.seen.notifications.map(({ title, closed }) => [title, closed])).toEqual([
      [page.title, true],
      ['Not acknowledged', false],
    ]);
    // What was pressed for one person is not done by the next.
    await fake.call('pageListens', ['answer', true]);
    await settle();
    expect(fake.told('answer')).toEqual([]);
  });
});

describe('the native menu', () => {
  it('has every command of the page, with its key or the reason it cannot run', async () => {
    const fake = await started();
    await fake.call('pageListens', ['command', true]);
    await fake.call('setCommands', [
      [
        { id: 'go.alerts', label: 'Alerts', group: 'Go to', keys: 'g a', unavailable: null },
        { id: 'palette', label: 'Palette', group: 'Go to', keys: '$mod+k', unavailable: null },
        { id: 'resolve', label: 'resolve', group: '', keys: 'r', unavailable: 'needs connection' },
      ],
    ]);
    const go = item(fake.seen.menu, 'Go to').items;
    expect(item(go, 'Palette').accelerator).toBe('CommandOrControl+K');
    expect(item(go, 'Alerts (g a)').accelerator).toBeUndefined();
    expect(item(item(fake.seen.menu, 'Actions').items, 'Resolve (r): needs connection').enabled).toBe(false);
    item(go, 'Palette').run?.();
    await settle();
    expect(fake.told('command')).toEqual(['palette']);
  });
});

describe('notifications', () => {
  const last = (fake: FakeHost): ShownNotification => fake.seen.notifications.at(-1)!;

  it('carry both buttons on Windows, one on macOS and none on Linux', async () => {
    const shown = async (platform: 'linux' | 'darwin' | 'win32'): Promise<string[]> => {
      const fake = await started({ facts: { platform } });
      await fake.call('notify', [page]);
      return last(fake).actions;
    };
    expect(await shown('win32')).toEqual(['Acknowledge', 'Escalate → Ben']);
    expect(await shown('darwin')).toEqual(['Acknowledge']);
    expect(await shown('linux')).toEqual([]);
  });

  it('are shortened where they are long, and never refused for it', async () => {
    const fake = await started();
    const long = { ...page, title: `SEV1 ${'checkout '.repeat(33)}`, body: 'all of it '.repeat(2_000) };
    expect(await fake.call('notify', [long])).toEqual({ kind: 'shown' });
    expect(last(fake).title).toMatch(/^SEV1 checkout .{180,190}…$/);
    expect(last(fake).body).toHaveLength(1_000);
    await fake.call('setSignedIn', [true]);
    await fake.call('tell', [{ ...paged, serverName: 'A'.repeat(400) }]);
    expect(fake.seen.tray?.tooltip).toContain('AAA…');
  });

  it('hand a pressed button to the page, and show what became of it whatever the hour', async () => {
    const fake = await started({ facts: { platform: 'win32' } });
    await fake.call('pageListens', ['answer', true]);
    await fake.call('shellChange', [{ quiet: { from: '00:00', to: '00:00', zone: 'UTC' } }]);
    await fake.call('notify', [page]);
    last(fake).action(1);
    await settle();
    expect(fake.told('answer')).toEqual([{ kind: 'escalate', incidentId: 'i1', escalateTo: 'Ben' }]);
    expect(await fake.call('notify', [{ ...page, title: 'Escalated', tier: 'direct', outcome: true }])).toEqual({
      kind: 'shown',
    });
    expect(last(fake)).toMatchObject({ title: 'Escalated', urgent: false, silent: true });
    expect(fake.seen.notifications[0]?.closed).toBe(true);
  });

  it('still mean the same after the app that showed them has ended, and are answered once', async () => {
    const before = await started({ facts: { platform: 'win32' } });
    await before.call('pageListens', ['answer', true]);
    await before.call('notify', [page]);
    const said = `type=action&tag=${last(before).id}&index=0`;
    before.press(said, 0);
    await settle();
    expect(before.told('answer')).toEqual([]);

    const fake = await started({ facts: { platform: 'win32' } });
    fake.press(said, 0);
    await fake.call('pageListens', ['answer', true]);
    await settle();
    expect(fake.told('answer')).toEqual([{ kind: 'acknowledge', incidentId: 'i1', escalateTo: 'Ben' }]);
    await fake.call('pageListens', ['openPath', true]);
    fake.press(said, null);
    await settle();
    expect(fake.told('openPath')).toEqual(['/incidents/i1/answer']);
    fake.press('type=click&tag=of-somebody-else', null);
    await settle();
    expect(fake.told('openPath')).toHaveLength(1);
  });

  it('flash the taskbar for a page that was not shown, and for nothing less', async () => {
    const fake = await started({ notifications: 'denied' });
    expect(await fake.call('notify', [{ ...page, tier: 'direct' }])).toMatchObject({ kind: 'failed' });
    expect(window(fake).flashes).toBe(0);
    expect(await fake.call('notify', [page])).toEqual({ kind: 'failed', reason: 'the system blocks them' });
    expect(window(fake).flashes).toBe(1);
  });

  it('say less on a locked screen, also those that stood there before it was locked', async () => {
    const fake = await started();
    await fake.call('shellChange', [{ lockScreen: 'none' }]);
    await fake.call('notify', [page]);
    expect(last(fake).title).toBe(page.title);
    fake.lock();
    await settle();
    expect(fake.seen.notifications[0]?.closed).toBe(true);
    expect(last(fake)).toMatchObject({ title: 'Tocsin', body: 'You are paged.', silent: true });
    fake.unlock();
    await fake.call('notify', [{ ...page, id: 'another' }]);
    expect(last(fake).title).toBe(page.title);
  });

  it('that were clicked or put away do not come back when the screen is locked', async () => {
    const fake = await started();
    await fake.call('shellChange', [{ lockScreen: 'title' }]);
    for (const id of ['clicked', 'put away', 'standing']) await fake.call('notify', [{ ...page, id }]);
    const [clicked, putAway] = fake.seen.notifications;
    clicked?.clicked();
    putAway?.gone();
    fake.lock();
    await settle();
    expect(fake.seen.notifications).toHaveLength(4);
    expect(fake.seen.notifications[2]?.closed).toBe(true);
    // Put away as well, it stays away at the next lock.
    last(fake).gone();
    fake.unlock();
    fake.lock();
    await settle();
    expect(fake.seen.notifications).toHaveLength(4);
  });

  it('are held back only while the window in front shows them', async () => {
    const fake = await started();
    expect(await fake.call('notify', [{ ...page, visible: true }])).toMatchObject({ kind: 'suppressed' });
    window(fake).hide();
    expect(await fake.call('notify', [{ ...page, visible: true }])).toEqual({ kind: 'shown' });
  });
});

describe('the machine', () => {
  it('tells the page at once when it wakes up or is unlocked', async () => {
    const fake = await started();
    fake.wake();
    expect(fake.told('wake')).toEqual([]);
    await fake.call('pageListens', ['wake', true]);
    fake.wake();
    fake.unlock();
    expect(fake.told('wake')).toHaveLength(2);
  });

  it('keeps its display on only as long as the page that asked is there', async () => {
    const fake = await started();
    await fake.call('keepAwake', [true]);
    await fake.call('keepAwake', [true]);
    expect(fake.seen.awake).toBe(1);
    window(fake).reload();
    expect(fake.seen.awake).toBe(0);
  });

  it('grants the own page copying, full screen and its store, and nobody anything else', async () => {
    const fake = await started();
    for (const permission of ['clipboard-sanitized-write', 'fullscreen', 'persistent-storage']) {
      expect(fake.mayUse(permission)).toBe(true);
      expect(fake.mayUse(permission, 'https://evil.test/')).toBe(false);
    }
    for (const permission of ['clipboard-read', 'media', 'geolocation', 'notifications', 'openExternal', 'hid', '']) {
      expect(fake.mayUse(permission)).toBe(false);
    }
  });

  it('brings a crashed page back, asks when that helps no more, and keeps a report of each', async () => {
    const fake = await started();
    fake.willAnswer(0);
    for (let crash = 0; crash < 4; crash += 1) window(fake).events.crashed('oom');
    await settle();
    expect(fake.seen.questions).toHaveLength(1);
    expect(window(fake).reloads).toBe(4);
    // Within one moment of this clock they are one file.
    expect(await fake.call('shellStatus')).toMatchObject({ crashReports: 1 });
    fake.pass(1_000);
    fake.crash({ process: 'main', reason: 'Error: to ada@acme.test', stack: 'at /home/ada/app.js?token=secret' });
    expect(await fake.call('shellStatus')).toMatchObject({ crashReports: 2 });
    expect(await fake.call('removeCrashReports')).toMatchObject({ crashReports: 0 });
  });
});

describe('the sign-in', () => {
  const storage = {
    encrypt: async (text: string) => Buffer.from(Buffer.from(text).toString('base64')),
    decrypt: async (data: Buffer) => Buffer.from(data.toString(), 'base64').toString(),
  };
  const plain: StorageOffer = { kind: 'plain', storage, why: 'No keyring is running.' };
  const at = (url: string) => ({ facts: { env: { TOCSIN_CENTER_URL: url } } });

  const signIn = (fake: FakeHost, url = center) => fake.call('sessionSignIn', [url, 'ada', 'right']);
  const access = (fake: FakeHost, url = center) => fake.call('sessionAccess', [url, null]);
  const signedOut = { kind: 'signed-out' };

  it('is asked about once where it could only be kept readably, and stays in memory without a yes', async () => {
    const { request } = createFakeCenter();
    const fake = await started({ storage: plain, request });
    await signIn(fake);
    await settle();
    await signIn(fake);
    expect(fake.seen.questions).toHaveLength(1);
    expect(fake.seen.questions[0]?.detail).toContain('No keyring is running.');
    expect(await fake.call('host')).toMatchObject({ sessionStorage: 'memory', sessionStorageWhy: plain.why });
    expect(await access(fake)).toMatchObject({ token: 'access-2' });
    expect(await access(await started({ storage: plain, request }))).toEqual(signedOut);
  });

  it('is kept after a yes, and taken off the disk when that is taken back', async () => {
    const { request } = createFakeCenter();
    const fake = await started({ storage: plain, request });
    const files = () => readdirSync(userData).filter((name) => name.startsWith('session-'));
    fake.willAnswer(1);
    await signIn(fake);
    await expect.poll(files).toHaveLength(1);
    await fake.call('shellChange', [{ plainSession: false }]);
    expect(files()).toEqual([]);
    expect(await access(fake)).toMatchObject({ kind: 'granted' });
    expect(await access(await started({ storage: plain, request }))).toEqual(signedOut);
  });

  it('of one server is never shown to another, and neither is the page', async () => {
    const { request } = createFakeCenter();
    const safe = { storage: { kind: 'safe', storage } as const, request };
    const one = await started({ ...safe, ...at('https://one.test') });
    await signIn(one, 'https://one.test');
    await expect(access(one, 'https://two.test')).rejects.toThrow('another server is shown');
    expect(await access(await started({ ...safe, ...at('https://two.test') }), 'https://two.test')).toEqual(signedOut);
    const again = await started({ ...safe, ...at('https://one.test') });
    expect(await access(again, 'https://one.test')).toMatchObject({ kind: 'granted' });
    expect(one.seen.policy()).toContain("connect-src 'self' https://one.test wss://one.test");
  });
});

describe('updates', () => {
  const updates = async (fake: FakeHost) => ((await fake.call('shellStatus')) as ShellStatus).updates;

  it('are looked for by themselves and never restart under somebody who holds a role', async () => {
    const fake = await started({ updater: 'there' });
    await fake.call('setSignedIn', [true]);
    await fake.call('tell', [{ ...calm, heldRole: 'Commander of INC-7' }]);
    fake.pass(60_000);
    await settle();
    expect(fake.seen.checks).toBe(1);
    fake.updater().found('0.2.0');
    fake.updater().ready('0.2.0');
    expect(await updates(fake)).toMatchObject({
      kind: 'ready',
      waitsFor: expect.stringContaining('Commander of INC-7'),
    });
    await fake.call('restartToUpdate');
    await settle();
    expect(fake.seen.restarts).toBe(0);
    await fake.call('tell', [calm]);
    expect(await updates(fake)).toEqual({ kind: 'ready', version: '0.2.0', waitsFor: null });
    expect(fake.seen.restarts).toBe(0);
    await fake.call('restartToUpdate');
    await settle();
    expect(fake.seen.restarts).toBe(1);
  });

  it('close the windows instead of hiding them, after the center on this computer has stopped', async () => {
    const local = createFakeLocal();
    const fake = await started({ updater: 'there', center: local });
    const starting = fake.call('serversStartHere');
    await expect.poll(() => local.started).toHaveLength(1);
    local.started[0]?.ready();
    await starting;
    await fake.call('checkForUpdates');
    fake.updater().ready('0.2.0');
    await fake.call('restartToUpdate');
    await fake.call('restartToUpdate');
    expect(local.started[0]?.asked).toBe('stop');
    expect(fake.seen.restarts).toBe(0);
    local.started[0]?.exit('');
    await expect.poll(() => fake.seen.restarts).toBe(1);
    expect(window(fake).state).toBe('closed');
    expect(fake.seen.questions).toEqual([]);
    // What could not be put in place leaves everything as it was.
    fake.updater().failed('the signature is not of this publisher');
    await expect.poll(() => local.started).toHaveLength(2);
    fake.activate();
    const again = fake.seen.windows.at(-1)!;
    again.close();
    await settle();
    expect(again.state).toBe('hidden');
  });

  it('wait as well while nobody knows what a signed-in person holds', async () => {
    const fake = await started({ updater: 'there' });
    await fake.call('setSignedIn', [true]);
    await fake.call('checkForUpdates');
    fake.updater().ready('0.2.0');
    await fake.call('restartToUpdate');
    await settle();
    expect(fake.seen.restarts).toBe(0);
  });

  it('do not take over at the next quit either once they are switched off', async () => {
    const fake = await started({ updater: 'there' });
    await fake.call('checkForUpdates');
    fake.updater().ready('0.2.0');
    await fake.call('shellChange', [{ updates: 'off' }]);
    await settle();
    expect(fake.seen.takesOverAtQuit).toBe(false);
    await fake.call('shellChange', [{ updates: 'auto' }]);
    await settle();
    expect(fake.seen.takesOverAtQuit).toBe(true);
  });

  it('say why there are none', async () => {
    const none = await started();
    await none.call('checkForUpdates');
    expect(await updates(none)).toMatchObject({ kind: 'off' });
    const broken = await started({ updater: 'broken' });
    await broken.call('checkForUpdates');
    expect(await updates(broken)).toEqual({ kind: 'failed', why: 'the updater cannot be read' });
    await broken.call('shellChange', [{ updates: 'off' }]);
    expect(await updates(broken)).toEqual({ kind: 'off', why: 'you switched them off' });
  });
});

describe('messages', () => {
  it('are refused from foreign pages, foreign frames and in wrong shapes', async () => {
    const fake = await started();
    await expect(fake.call('serversList', [], { url: 'https://evil.test/' })).rejects.toThrow('page of this app');
    await expect(fake.call('serversList', [], { url: '' })).rejects.toThrow('page of this app');
    await expect(fake.call('serversList', [], { id: 99 })).rejects.toThrow('page of this app');
    await expect(fake.call('setBadge', ['many'])).rejects.toThrow('wrong shape');
    await expect(fake.call('shellChange', [{ quiet: { from: '25:00', to: '1', zone: 'x' } }])).rejects.toThrow('shape');
  });

  it('open only what may be opened outside', async () => {
    const fake = await started();
    expect(await fake.call('openExternal', ['file:///etc/passwd'])).toBe(false);
    expect(await fake.call('openExternal', ['tel:+4912345'])).toBe(true);
    expect(fake.seen.openedOutside).toEqual(['tel:+4912345']);
  });
});

describe('what this machine remembers', () => {
  it('survives a damaged file, entry by entry', async () => {
    writeFileSync(join(userData, 'shell.json'), '{"lockScreen":"title","onClose":7}');
    const fake = await started();
    expect(await fake.call('shellStatus')).toMatchObject({ settings: { lockScreen: 'title', onClose: 'hide' } });
    writeFileSync(join(userData, 'shell.json'), 'no json');
    expect(await (await started()).call('shellStatus')).toMatchObject({ settings: { lockScreen: 'full' } });
    await fake.call('shellChange', [{ lockScreen: 'none' }]);
    expect(readFileSync(join(userData, 'shell.json'), 'utf8')).toContain('"lockScreen":"none"');
    expect(existsSync(join(userData, 'shell.json.partial'))).toBe(false);
  });
});
