// A commander without a mouse: ask, answer, ask for objections, take command and hand it over with its briefing.
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { openSignedIn, whyNoBrowser } from './harness/browser.ts';
import { raise, timelineOf, until } from './harness/rest.ts';
import { type RunningServer, startServer } from './harness/server.ts';

const noBrowser = whyNoBrowser();

test.describe('the commander’s console', () => {
  test.skip(noBrowser !== null, `no browser: ${noBrowser}`);

  let server: RunningServer;
  let context: BrowserContext;
  let page: Page;
  let incidentId: string;

  test.beforeAll(async ({ browser }) => {
    server = await startServer();
    const incident = await raise(server, await server.integration('generic'), 'Checkout is slow', 'checkout');
    incidentId = incident.id;
    ({ page, context } = await openSignedIn(browser, server, { path: `/incidents/${incidentId}` }));
    await expect(page.getByRole('heading', { level: 1, name: 'checkout' })).toBeVisible();
  });

  test.afterAll(async () => {
    await context?.close();
    await server?.stop();
    await server?.remove();
  });

  const dialog = () => page.getByRole('dialog');
  const said = (text: string) =>
    until(async () => (await timelineOf(server, incidentId)).find((entry) => entry.text.includes(text)));

  test('asks with a time, and the owner answers from Now', async () => {
    await page.keyboard.press('Shift+A');
    await page.keyboard.type('Is the pool full?');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await expect(dialog()).toBeHidden();
    await said('asked themselves: Is the pool full?');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    const need = page.getByRole('listitem').filter({ hasText: 'Is the pool full?' });
    await expect(need).toBeVisible();
    await need.getByRole('button', { name: 'Answer' }).press('Enter');
    await page.keyboard.type('Yes, all of it.');
    await page.keyboard.press('Control+Enter');
    expect((await said('answered: Is the pool full?')).detail).toBe('Answered: Yes, all of it.');
    await expect(need).toBeHidden();
  });

  test('says why it cannot hand over, takes command, and hands it over with a briefing', async () => {
    await page.goto(`${server.url}/#/incidents/${incidentId}`);
    await expect(page.getByRole('region', { name: 'Asks and polls' })).toContainText('Yes, all of it.');
    await page.keyboard.press('Shift+H');
    await expect(page.getByText('you hold no role here')).toBeVisible();
    // The dialog's first field has the keyboard, and the filled button is pressed from there.
    await page.keyboard.press('l');
    await expect(dialog().getByRole('button', { name: /Role/ })).toBeFocused();
    await page.keyboard.press('Control+Enter');
    await said('took command');
    await page.keyboard.press('Shift+H');
    await expect(dialog().getByRole('textbox')).toHaveValue(/Roles:\n- commander: /);
    await page.keyboard.press('Escape');
    await expect(dialog()).toBeHidden();
  });

  test('asks for objections, and the outcome is on the timeline', async () => {
    await page.keyboard.press('Shift+O');
    await page.keyboard.type('Roll back all at once?');
    await page.keyboard.press('Control+Enter');
    await expect(dialog()).toBeHidden();
    await said('asked for objections: Roll back all at once?');
    await page.getByRole('button', { name: 'Object…' }).press('Enter');
    await page.keyboard.type('Leave one pod.');
    await page.keyboard.press('Control+Enter');
    await said('objected: Roll back all at once?');
    await page.getByRole('button', { name: 'Poll “Roll back all at once?”: more' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Close it now and count' }).press('Enter');
    expect((await said('1 objection: Roll back all at once?')).detail).toContain('Leave one pod.');
  });
});
