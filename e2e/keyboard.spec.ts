// A shift at the keyboard alone: declare, set the severity, take it back, acknowledge, note, other keys, and no single keys.
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { openSignedIn, whyNoBrowser } from './harness/browser.ts';
import { incidentsOf, send, until } from './harness/rest.ts';
import { type RunningServer, startServer } from './harness/server.ts';

const noBrowser = whyNoBrowser();

// One person's shift: each part goes on where the one before it stopped.
test.describe.configure({ mode: 'serial' });

test.describe('without a mouse', () => {
  test.skip(noBrowser !== null, `no browser: ${noBrowser}`);

  let server: RunningServer;
  let context: BrowserContext;
  let page: Page;

  test.beforeAll(async ({ browser }) => {
    server = await startServer();
    const key = await server.integration('generic');
    for (const title of ['Checkout is slow', 'Search is stale']) {
      await send(server, '/webhooks/generic', key, { title, service: title.split(' ')[0], severity: 'sev3' });
    }
    await until(async () => ((await incidentsOf(server)).length === 2 ? true : undefined));
    ({ page, context } = await openSignedIn(browser, server));
    await expect(page.getByRole('heading', { level: 1, name: 'Now' })).toBeVisible();
  });

  test.afterAll(async () => {
    await context?.close();
    await server?.stop();
    await server?.remove();
  });

  const palette = () => page.getByRole('combobox', { name: 'Search or run a command' });
  const first = () => page.getByRole('option', { selected: true });

  async function fromPalette(query: string, shows: RegExp): Promise<void> {
    // Typed on at once, as people do: no letter may reach the screen behind.
    await page.keyboard.press('Control+k');
    await page.keyboard.type(query);
    await expect(palette()).toBeFocused();
    await expect(palette()).toHaveValue(query);
    await expect(first()).toContainText(shows);
    await page.keyboard.press('Enter');
    await expect(palette()).toBeHidden();
  }

  async function tabTo(name: RegExp): Promise<void> {
    const wanted = page.locator(':focus').and(page.getByRole('button', { name }));
    for (let tabs = 0; tabs < 60 && (await wanted.count()) === 0; tabs += 1) await page.keyboard.press('Tab');
    await expect(wanted).toHaveCount(1);
  }

  test('the palette finds an incident by its words, opens its room, and its commands there', async () => {
    await fromPalette('search stale', /Search is stale/);
    await expect(page.getByRole('heading', { level: 1, name: 'Search is stale' })).toBeVisible();
    await fromPalette('rename', /Rename/);
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('textbox').first()).toBeFocused();
    // A dialog keeps every key but this one.
    await page.keyboard.press('Control+k');
    await expect(palette()).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(palette()).toBeHidden();
    await expect(dialog.getByRole('textbox').first()).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  test('a key acts, Ctrl+Z takes it back, and what cannot be done says why', async () => {
    const number = page.url().split('/incidents/')[1] ?? '';
    const severity = async () => (await incidentsOf(server)).find(({ id }) => id === number)?.severity;
    await page.keyboard.press('s');
    await page.getByRole('menuitem', { name: 'Severity 1' }).press('Enter');
    await expect.poll(severity).toBe('sev1');
    await page.keyboard.press('Control+z');
    await expect(page.getByText(/Undone: Set severity 1/)).toBeVisible();
    await expect.poll(severity).toBe('sev3');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('reopen');
    await expect(first()).toContainText(/not resolved|open/);
    await page.keyboard.press('Enter');
    await expect(palette()).toBeFocused();
    await page.keyboard.press('Escape');
  });

  test('after g a key leads elsewhere, also where it would act by itself', async () => {
    for (const [key, at] of Object.entries({ a: 'alerts', n: 'inbox', r: 'reviews', c: 'services' })) {
      const room = page.url();
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await expect(page).toHaveURL(new RegExp(`#/${at}`));
      await page.goto(room);
      await expect(page.getByRole('heading', { level: 1, name: 'Search is stale' })).toBeVisible();
    }
    const ways = (await incidentsOf(server)).map(({ status }) => status);
    expect(ways).toEqual(['triggered', 'triggered']);
  });

  test('in a list: move, peek, go on inside, select, and acknowledge what is chosen', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await expect(page.getByRole('heading', { level: 1, name: 'Incidents' })).toBeVisible();
    await page.keyboard.press(' ');
    const peek = page.getByRole('complementary', { name: /^Peek/ });
    const before = await peek.getByRole('heading', { level: 2 }).textContent();
    await page.keyboard.press(']');
    await expect(peek.getByRole('heading', { level: 2 })).not.toHaveText(before ?? '');
    await page.keyboard.press('Escape');
    await expect(peek).toBeHidden();
    await page.keyboard.press('Shift+K');
    await expect(page.getByText('2 of 2 chosen')).toBeVisible();
    await page.keyboard.press('a');
    await expect
      .poll(async () => (await incidentsOf(server)).map(({ status }) => status).sort())
      .toEqual(['acknowledged', 'acknowledged']);
  });

  test('the focused incident has its keys on a list too, Esc comes back to its row, and elsewhere a key says why not', async () => {
    const focused = page.locator('main .focused');
    await page.keyboard.press('Escape');
    const row = await focused.textContent();
    await page.keyboard.press('s');
    const severity = page.getByRole('dialog', { name: /^Severity of INC-/ });
    await expect(severity.getByRole('menuitem', { name: 'Severity 3 now' })).toBeDisabled();
    await page.keyboard.press('Escape');
    await expect(severity).toBeHidden();
    await page.keyboard.press('n');
    await expect(page.getByRole('textbox', { name: 'Note for the timeline' })).toBeFocused();
    await page.keyboard.type('Written from the list');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('log', { name: 'Timeline entries' })).toContainText('Written from the list');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('heading', { level: 1, name: 'Incidents' })).toBeVisible();
    expect((await focused.textContent())?.slice(0, 12)).toBe(row?.slice(0, 12));
    // What no screen made a command of is found by the name that stands on it.
    await fromPalette('integrations', /Integrations/);
    await expect(page.getByRole('heading', { level: 1, name: 'Integrations' })).toBeVisible();
    await page.keyboard.press('a');
    await expect(page.getByText('acknowledge: nothing is focused here that this acts on')).toBeVisible();
    await fromPalette('add integ', /Add integration/);
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
  });

  test('the inbox: read, all read and taken back, muted, and the side panel folded', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('n');
    await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
    const unread = page.getByRole('button', { name: 'Unread. Mark read' });
    // Two were opened, and the first responder is paged for both.
    await expect(unread).toHaveCount(4);
    // A key that is held walks on.
    const row = (place: number) => page.getByRole('list', { name: 'Inbox' }).getByRole('listitem').nth(place);
    for (let held = 0; held < 2; held += 1) await page.keyboard.down('j');
    await page.keyboard.up('j');
    await expect(row(2)).toHaveClass(/focused/);
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    await expect(row(0)).toHaveClass(/focused/);
    await page.keyboard.press('Shift+I');
    await expect(unread).toHaveCount(3);
    await page.keyboard.press('Shift+Escape');
    await expect(unread).toHaveCount(0);
    await page.keyboard.press('Control+z');
    await expect(unread).toHaveCount(3);
    await page.keyboard.press('m');
    await fromPalette('unmute', /Unmute the incident/);
    await page.keyboard.press('Control+\\');
    await expect(page.locator('.app.narrow')).toHaveCount(1);
    await page.keyboard.press('Control+\\');
    await expect(page.locator('.app.narrow')).toHaveCount(0);
  });

  test('from a page to the end: acknowledge, declare, say what is known, resolve', async () => {
    const find = async (title: string) => (await incidentsOf(server)).find((incident) => incident.title === title);
    const key = await server.integration('generic');
    await send(server, '/webhooks/generic', key, { title: 'Ledger lags', service: 'Ledger', severity: 'sev2' });
    await until(async () => find('Ledger: Ledger lags'));
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    const needs = page.getByRole('list', { name: 'Needs you' });
    await expect(needs.getByRole('listitem').first()).toContainText('Ledger lags');
    await page.keyboard.press('a');
    await expect.poll(async () => (await find('Ledger: Ledger lags'))?.status).toBe('acknowledged');

    await page.keyboard.press('d');
    const title = page.getByLabel('Title: what is broken');
    await expect(title).toBeFocused();
    await page.keyboard.type('Cards are declined in the shop');
    await tabTo(/^Declare$/);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Cards are declined in the shop' })).toBeVisible();

    await page.keyboard.press('u');
    await expect(page.getByLabel(/^Text of update/)).toBeFocused();
    await page.keyboard.type('Every tenth card. We are looking at the acquirer.');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('log', { name: 'Timeline entries' })).toContainText('Every tenth card.');

    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    const sure = page.getByRole('dialog', { name: /^Resolve INC-/ });
    await expect(sure.getByRole('button', { name: 'Resolve' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await find('Cards are declined in the shop'))?.status).toBe('resolved');
    expect((await find('Cards are declined in the shop'))?.lastUpdate?.text).toContain('Every tenth card.');
  });

  test('a command gets other keys, the one that had them is named, and they are there after a reload', async () => {
    await fromPalette('keyboard', /Keyboard/);
    await expect(page.getByRole('heading', { level: 2, name: 'Keyboard' })).toBeVisible();
    await tabTo(/Change the keys of: Shortcuts/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('e');
    await expect(page.getByText('Escalate (e) has these keys.')).toBeVisible();
    // Two keys are a sequence; a third begins anew.
    await page.keyboard.press('q');
    await page.keyboard.press('q');
    await expect(page.getByRole('textbox', { name: /Press the keys for: Shortcuts/ })).toHaveValue('q');
    await tabTo(/^Keep$/);
    await page.keyboard.press('Enter');
    await expect(page.getByText('1 changed.')).toBeVisible();
    await page.reload();
    await expect(page.getByText('1 changed.')).toBeVisible();
    await page.keyboard.press('?');
    await page.keyboard.press('q');
    const sheet = page.getByRole('dialog', { name: 'Shortcuts' });
    await expect(sheet.getByText('q', { exact: true }).first()).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
  });

  test('the line between two panes: arrows move it, a reload keeps it, Enter and the palette put it back', async () => {
    const line = page.getByRole('separator', { name: 'Width of the sections' });
    const width = async () => Math.round((await page.locator('.settings-nav').boundingBox())?.width ?? 0);
    expect(await width()).toBe(188);
    const url = page.url();
    await line.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await expect.poll(width).toBeGreaterThan(220);
    const wider = await width();
    expect(Number(await line.getAttribute('aria-valuenow'))).toBeGreaterThan(20);
    await page.reload();
    await expect(line).toBeVisible();
    expect(await width()).toBe(wider);
    expect(page.url()).toBe(url);
    await line.focus();
    await page.keyboard.press('Enter');
    await expect.poll(width).toBe(188);
    await page.keyboard.press('Home');
    await expect.poll(width).toBe(140);
    await fromPalette('panes back', /Put all panes back/);
    await expect.poll(width).toBe(188);
  });

  test('single keys can be switched off, and keys with Ctrl still act', async () => {
    const box = page.getByRole('checkbox', { name: 'Act on single keys' });
    await box.focus();
    await page.keyboard.press(' ');
    await expect(box).not.toBeChecked();
    await page.keyboard.press('q');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.keyboard.press('Control+k');
    await expect(palette()).toBeFocused();
    await expect(page.getByRole('heading', { level: 2, name: 'Keyboard', includeHidden: true })).toHaveCount(1);
    await expect(page.getByRole('dialog', { name: 'Shortcuts' })).toHaveCount(0);
  });
});
