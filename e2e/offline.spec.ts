// The network goes away and comes back (UX.md 5, RELIABILITY R9 and R10): what is on screen stays, with its age; what is
// done meanwhile waits visibly, is sent once, and asks a person where it must. A proxy between browser and server is cut.
import { extname, join } from 'node:path';
import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import type { Incident } from '#server/contract/incident.ts';
import { killClient } from './faults/client-kill.ts';
import { signIn, whyNoBrowser } from './harness/browser.ts';
import { type Proxy, startProxy } from './harness/proxy.ts';
import { act, incidentsOf, raise, timelineOf } from './harness/rest.ts';
import { type RunningServer, startServer } from './harness/server.ts';

const noBrowser = whyNoBrowser();
const renderer = join(import.meta.dirname, '../out/renderer');

test.describe('the network goes away', () => {
  test.skip(noBrowser !== null, `no browser: ${noBrowser}`);

  let server: RunningServer;
  let browser: Browser;
  let proxy: Proxy;
  let key: string;
  let context: BrowserContext;
  let page: Page;
  let incident: Incident;

  test.beforeAll(async () => {
    server = await startServer();
    key = await server.integration('generic');
  });

  test.afterAll(async () => {
    await server?.stop();
    await server?.remove();
  });

  test.beforeEach(async ({ browser: ours }, { title }) => {
    browser = ours;
    proxy = await startProxy(server.port);
    incident = await raise(server, key, 'Disk fills', title.split(' ').slice(0, 3).join('-'));
  });

  test.afterEach(async () => {
    await context?.close();
    await proxy.close();
  });

  /** The window of a test, in its incident's room; `clocked`: its clock can be put forward. */
  async function open({ clocked = false, keeps = false, path = `/incidents/${incident.id}` } = {}): Promise<void> {
    // Elsewhere in the suite no page is kept: each new context would fetch the whole of it once more.
    context = await browser.newContext(keeps ? { serviceWorkers: 'allow' } : {});
    page = await context.newPage();
    if (clocked) await page.clock.install();
    await signIn(page, server, { origin: proxy.url, path });
    if (path !== '/') await expect(page.getByText('1 firing of 1')).toBeVisible();
    await isLive(page);
  }

  test('everything stays on screen with its age; a note and an acknowledgement wait and apply once', async () => {
    await open();
    await screensAreFetched(page);
    await goOffline(page, proxy);
    await expect(page.locator('.offline-bar')).toContainText('Offline for');
    await expect(page.locator('.top .freshness.offline')).toBeVisible();
    await expect(page.getByText('1 firing of 1')).toBeVisible();
    await expect(page.locator('.offline-bar')).toContainText(
      /What you see is from (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC/,
    );

    await addNote(page, 'Written without a network');
    await page.locator('.facts').getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await expect(page.locator('.facts').getByText('queued')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Outbox 2' })).toBeVisible();
    await expect(page.getByText('2 waiting, sent in this order')).toBeVisible();
    // What needs the server is refused with its reason, never queued.
    await page.locator('.role-line').first().getByRole('button', { name: 'Take' }).hover();
    await expect(page.getByRole('tooltip')).toContainText('roles need the server');
    // Other screens are there as well.
    await page.locator('nav a[href="#/alerts"]').click();
    await expect(page.getByRole('row', { name: /Disk fills/ }).first()).toBeVisible();
    await page.goBack();
    expect(await notesOf(server, incident, 'Written without a network')).toBe(0);

    await comeBack(page, proxy);
    await expect(page.getByRole('link', { name: /^Outbox/ })).toBeHidden();
    await expect.poll(() => statusOf(server, incident)).toBe('acknowledged');
    expect(await notesOf(server, incident, 'Written without a network')).toBe(1);
    const moves = (await timelineOf(server, incident.id)).filter((entry) => entry.kind === 'status');
    expect(moves).toHaveLength(1);
  });

  test('a dead router, where connections stay open and carry nothing, is noticed too', async () => {
    await open({ clocked: true });
    proxy.goSilent();
    const freshness = page.locator('.top .freshness');
    await expect(freshness).toHaveClass(/lagging/);
    await addNote(page, 'Into the silence');
    // The browser's clock alone: the silence itself has been real until here.
    await page.clock.fastForward('00:30');
    await expect(freshness).toHaveClass(/stale/);
    await comeBack(page, proxy);
    await expect.poll(() => notesOf(server, incident, 'Into the silence')).toBe(1);
  });

  test('an answer that is lost on its way does not make the action happen twice', async () => {
    await open();
    // Or their lost answers hold all the connections that a browser opens to one server.
    await screensAreFetched(page);
    proxy.loseAnswers();
    await addNote(page, 'Sent, never answered');
    // The server has it; the browser cannot know.
    await expect.poll(() => notesOf(server, incident, 'Sent, never answered')).toBe(1);
    await expect(page.getByRole('link', { name: 'Outbox 1' })).toBeVisible();
    proxy.cut();
    await expect(page.getByText(/Sent, no answer yet; the same one is sent again/)).toBeVisible();
    await comeBack(page, proxy);
    await expect(page.getByRole('link', { name: /^Outbox/ })).toBeHidden();
    const log = page.getByRole('log', { name: 'Timeline entries' });
    await expect(log.getByText('Sent, never answered')).toHaveCount(1);
    expect(await notesOf(server, incident, 'Sent, never answered')).toBe(1);
  });

  test('two people decide differently: theirs and mine are shown, and a person chooses', async () => {
    await open();
    await goOffline(page, proxy);
    await page.locator('.facts').getByRole('button', { name: 'Severity', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Severity 1' }).click();
    await expect(page.getByRole('link', { name: 'Outbox 1' })).toBeVisible();
    const other = await act(server, { kind: 'incident.set-severity', incidentId: incident.id, severity: 'sev2' });
    expect(other.outcome).toBe('applied');
    await comeBack(page, proxy);
    const sheet = page.getByRole('region', { name: 'Conflict' });
    await expect(sheet).toContainText('Severity 2');
    await expect(sheet).toContainText('Severity 1');
    // Nothing is merged silently: the server keeps theirs until I say so.
    expect((await incidentsOf(server)).find(({ id }) => id === incident.id)?.severity).toBe('sev2');
    await sheet.getByRole('button', { name: 'Apply mine again' }).click();
    await expect(sheet).toBeHidden();
    await expect
      .poll(async () => (await incidentsOf(server)).find(({ id }) => id === incident.id)?.severity)
      .toBe('sev1');
  });

  test('an acknowledgement older than five minutes waits for a yes, a note does not', async () => {
    await open({ clocked: true });
    await goOffline(page, proxy);
    await addNote(page, 'Old but harmless');
    await page.locator('.facts').getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await expect(page.getByRole('link', { name: 'Outbox 2' })).toBeVisible();
    await page.clock.fastForward('06:00');
    await comeBack(page, proxy);
    await expect(page.getByText(/Older than 5 minutes, so it is not sent until you say yes/)).toBeVisible();
    await expect.poll(() => notesOf(server, incident, 'Old but harmless')).toBe(1);
    // The note has left the list. A press while it does would count as well: what asks stands above what leaves.
    await expect(page.getByRole('link', { name: 'Outbox 1' })).toBeVisible();
    expect(await statusOf(server, incident)).toBe('triggered');
    await page.getByRole('button', { name: 'Yes, send it' }).click();
    await expect.poll(() => statusOf(server, incident)).toBe('acknowledged');
  });

  test('opened again without a network, as the desktop app can be, it shows its copy and sends what waited', async () => {
    await open();
    // The app's page comes from its own files, as this one does now.
    await servePageFromDisk(context, proxy.url);
    await goOffline(page, proxy);
    await addNote(page, 'Before the reload');
    await page.reload();
    await expect(page.getByText('1 firing of 1')).toBeVisible();
    await expect(page.locator('.top .freshness')).toContainText('Offline');
    await expect(page.getByRole('log', { name: 'Timeline entries' })).toContainText('Before the reload');
    await expect(page.getByRole('link', { name: 'Outbox 1' })).toBeVisible();
    await comeBack(page, proxy);
    await expect.poll(() => notesOf(server, incident, 'Before the reload')).toBe(1);
  });

  test('a browser tab is reloaded without a network: it begins from what it kept, with the age of its copy', async () => {
    await open({ keeps: true });
    await expect.poll(() => page.evaluate<string>(notKept), { timeout: 30_000 }).toBe('');
    await goOffline(page, proxy);
    await addNote(page, 'Before the reload of a tab');
    await page.reload();
    await expect(page.getByText('1 firing of 1')).toBeVisible();
    await expect(page.locator('.offline-bar')).toContainText(
      /What you see is from (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC/,
    );
    await expect(page.getByRole('log', { name: 'Timeline entries' })).toContainText('Before the reload of a tab');
    // A screen that was not open before the network went.
    await page.locator('nav a[href="#/inbox"]').click();
    await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
    await comeBack(page, proxy);
    await expect.poll(() => notesOf(server, incident, 'Before the reload of a tab')).toBe(1);
  });

  test('what changed while away is counted, listed by incident, and stays until it was seen', async () => {
    await open({ clocked: true, path: '/' });
    await goOffline(page, proxy);
    await act(server, { kind: 'incident.set-severity', incidentId: incident.id, severity: 'sev1' });
    await page.clock.fastForward('01:00');
    await comeBack(page, proxy);
    await page.getByRole('link', { name: /changes while away/ }).click();
    const list = page.getByRole('heading', { name: 'Changes while away' });
    await expect(list).toBeVisible();
    await expect(page.locator('.away-group').first()).toContainText(/Severity: \d, now 1/);
    await page.getByRole('button', { name: 'I have seen them' }).click();
    await expect(page.getByRole('link', { name: /changes while away/ })).toHaveCount(0);
  });

  test('two windows of one person have one writer, and what either does is sent once', async () => {
    await open();
    const second = await context.newPage();
    await second.goto(page.url());
    await isLive(second);
    await goOffline(page, proxy);
    await addNote(page, 'From the first window');
    await addNote(second, 'From the second window');
    await expect(page.getByRole('link', { name: 'Outbox 2' })).toBeVisible();
    await page.close();
    await comeBack(second, proxy);
    await expect.poll(() => notesOf(server, incident, 'From the first window')).toBe(1);
    await expect.poll(() => notesOf(server, incident, 'From the second window')).toBe(1);
    await expect(second.getByRole('link', { name: /^Outbox/ })).toHaveCount(0);
  });

  test('damaged rows on this machine are noticed and taken again; what waited is not lost', async () => {
    await open();
    await goOffline(page, proxy);
    await addNote(page, 'Beside the damage');
    await expect(page.getByRole('link', { name: 'Outbox 1' })).toBeVisible();
    expect(await page.evaluate<number>(damageRows)).toBeGreaterThan(0);
    await page.close();
    proxy.restore();
    const again = await context.newPage();
    await again.goto(`${proxy.url}/#/incidents/${incident.id}`);
    await isLive(again);
    await expect(again.getByText('1 firing of 1')).toBeVisible();
    await expect(again.getByRole('log', { name: 'Timeline entries' }).getByText('Beside the damage')).toHaveCount(1);
    await expect.poll(() => notesOf(server, incident, 'Beside the damage')).toBe(1);
  });

  test('the browser is killed while it writes: what stood on the screen is there afterwards, once', async () => {
    const { promised, ...outcome } = await killClient(server, key, 2);
    expect(promised).toBeGreaterThanOrEqual(2);
    expect(outcome).toEqual({ rounds: 2, lost: 0, doubled: 0 });
  });
});

/** What was not opened yet is fetched beforehand, or it could not be opened without a network. */
async function screensAreFetched(page: Page): Promise<void> {
  const fetched = `performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).length`;
  let before = 0;
  const settled = async () => {
    const count = await page.evaluate<number>(fetched);
    const same = count === before;
    before = count;
    return same;
  };
  await expect.poll(settled, { intervals: [1_000] }).toBe(true);
}

async function isLive(page: Page): Promise<void> {
  await expect(page.locator('.top .freshness.live')).toBeVisible();
}

/** Cut, and known to be: the bar that says so moves down what stands below it, and a press on that meanwhile is lost. */
async function goOffline(page: Page, proxy: Proxy): Promise<void> {
  proxy.cut();
  await expect(page.locator('.top .freshness.offline')).toBeVisible();
  await expect(page.locator('.offline-bar')).toBeVisible();
}

/** The network is back, and the person does not wait for the next try; ends when all is live again. */
async function comeBack(page: Page, proxy: Proxy): Promise<void> {
  proxy.restore();
  const now = page.getByRole('button', { name: 'Try now' });
  // More than once: a try that was on its way before may fail yet, and the one after it is half a minute on.
  await expect(async () => {
    if (await now.isVisible()) await now.click({ timeout: 2_000 }).catch(() => undefined);
    await expect(page.locator('.top .freshness.live')).toBeVisible({ timeout: 6_000 });
  }).toPass({ timeout: 30_000 });
}

async function addNote(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Note for the timeline' }).fill(text);
  await page.getByRole('button', { name: 'Add note' }).click();
  await expect(page.getByRole('log', { name: 'Timeline entries' })).toContainText(text);
}

async function notesOf(server: RunningServer, incident: Incident, text: string): Promise<number> {
  return (await timelineOf(server, incident.id)).filter((entry) => entry.text === text).length;
}

async function statusOf(server: RunningServer, incident: Incident): Promise<string | undefined> {
  return (await incidentsOf(server)).find(({ id }) => id === incident.id)?.status;
}

/** What app:// does in Electron: the page and its assets come from disk, whatever the network does. */
async function servePageFromDisk(context: BrowserContext, origin: string): Promise<void> {
  await context.route(`${origin}/`, (route) => route.fulfill({ path: join(renderer, 'index.html') }));
  await context.route(`${origin}/assets/**`, (route) => {
    const path = join(renderer, new URL(route.request().url()).pathname);
    const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };
    return route.fulfill({ path, contentType: types[extname(path)] ?? 'application/octet-stream' });
  });
}

/** Runs in the page: spoils the text of every stored row, and answers how many there were. */
const damageRows = `(async () => {
  const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
  const name = names.find((each) => each.startsWith('tocsin ') && !each.endsWith('-outbox'));
  const database = await new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.addEventListener('success', () => resolve(opening.result));
    opening.addEventListener('error', () => reject(opening.error));
  });
  const transaction = database.transaction('rows', 'readwrite');
  const done = new Promise((resolve) => transaction.addEventListener('complete', resolve));
  let damaged = 0;
  transaction.objectStore('rows').openCursor().addEventListener('success', ({ target }) => {
    const cursor = target.result;
    if (cursor === null) return;
    cursor.update({ ...cursor.value, text: cursor.value.text.replace(/\\d/, 'x') });
    damaged += 1;
    cursor.continue();
  });
  await done;
  database.close();
  return damaged;
})()`;

/** Runs in the page: which files of this build the service worker has not kept yet. */
const notKept = `(async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  if (registration?.active?.state !== 'activated') return 'no service worker is active';
  const names = await (await fetch('/assets.json')).json();
  const kept = await caches.open('tocsin-page');
  const urls = new Set((await kept.keys()).map(({ url }) => url));
  return ['', ...names].filter((name) => !urls.has(location.origin + '/' + name)).join(' ');
})()`;
