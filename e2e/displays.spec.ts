// Walls on the displays of this machine, in a browser that tells of them: Chromium here has two, and loses one.
import { type Browser, type BrowserContext, type CDPSession, expect, type Page, test } from '@playwright/test';
import { chromium } from 'playwright-core';
import { busyness } from '#server/testkit/busy.ts';
import { chromiumFlags, chromiumPath, signIn, whyNoBrowser } from './harness/browser.ts';
import { act, raise } from './harness/rest.ts';
import { type RunningServer, startServer } from './harness/server.ts';

const noBrowser = whyNoBrowser();

test.describe('the displays of a browser', () => {
  test.skip(noBrowser !== null, `no browser: ${noBrowser}`);

  let server: RunningServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let machine: CDPSession;
  const walls: Page[] = [];

  test.beforeAll(async () => {
    server = await startServer();
    const incident = await raise(server, await server.integration('generic'), 'Checkout is down', 'checkout');
    await act(server, { kind: 'incident.set-severity', incidentId: incident.id, severity: 'sev1' });
    browser = await chromium.launch({
      executablePath: chromiumPath(),
      args: [...chromiumFlags, '--screen-info={1600x900 label=Laptop}{1920x1080 label=TV}'],
    });
    context = await browser.newContext({ viewport: null });
    page = await context.newPage();
    machine = await context.newCDPSession(page);
    await signIn(page, server, { path: '/settings/wall' });
  });

  test.afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await server?.remove();
  });

  const allow = async (setting: 'granted' | 'denied'): Promise<void> => {
    const { targetInfo } = await machine.send('Target.getTargetInfo');
    const whole = await browser.newBrowserCDPSession();
    await whole.send('Browser.setPermission', {
      permission: { name: 'window-management' },
      setting,
      origin: server.url,
      ...(targetInfo.browserContextId === undefined ? {} : { browserContextId: targetInfo.browserContextId }),
    });
  };
  const find = () => page.getByRole('button', { name: 'Find the displays' }).click();
  const fromTheLeft = async (): Promise<[Page, Page]> => {
    const [one, other] = walls as [Page, Page];
    return (await one.evaluate<number>('screenX')) === 0 ? [one, other] : [other, one];
  };
  const shows = (wall: Page) => wall.getByRole('region', { name: 'checkout' });

  test('a browser that may not tell says what to allow', async () => {
    await allow('denied');
    await find();
    await expect(page.getByText('The browser was not allowed to tell of its displays.')).toBeVisible();
  });

  test('each display gets its role, and its wall over the whole of it', async () => {
    await allow('granted');
    await find();
    await expect(page.getByText('1600 × 900, main display')).toBeVisible();
    for (const [display, role] of [
      ['TV', 'Facts, and pictures that turn'],
      ['Laptop', 'Timeline'],
    ] as const) {
      await page.getByRole('button', { name: `${display} shows` }).click();
      await page.getByRole('option', { name: role }).click();
    }
    context.on('page', (opened) => walls.push(opened));
    await page.getByRole('button', { name: 'Open the walls' }).click();
    await expect.poll(() => walls.length).toBe(2);
    await Promise.all(walls.map((wall) => wall.waitForURL(/#\/wall/)));
    const place = '`${screenX} ${screenY} ${outerWidth}×${outerHeight} ${location.hash}`';
    const places = async () => (await Promise.all(walls.map((wall) => wall.evaluate<string>(place)))).toSorted();
    await expect
      .poll(places)
      .toEqual([
        '0 0 1600×900 #/wall?role=timeline&inches=55&metres=5',
        '1600 0 1920×1080 #/wall?role=facts&inches=55&metres=5',
      ]);
  });

  test('a display that is unplugged takes its wall along, and its facts go to the one that is left', async () => {
    const [laptop, tv] = await fromTheLeft();
    await expect(shows(tv)).toBeVisible();
    await expect(laptop.getByRole('region', { name: 'Timeline' })).toBeVisible();
    await expect(shows(laptop)).toBeHidden();
    const { screenInfos } = await machine.send('Emulation.getScreenInfos');
    const { id, left, top, width, height } = screenInfos.find(({ label }) => label === 'TV')!;
    await machine.send('Emulation.removeScreen', { screenId: id });
    // UX.md 3: within 2 s.
    await expect(shows(laptop)).toBeVisible({ timeout: 2_000 * busyness() });
    await expect.poll(() => tv.isClosed()).toBe(true);
    await expect(page.getByText('TV is not connected. It showed: Facts, and pictures that turn.')).toBeVisible();
    await machine.send('Emulation.addScreen', { left, top, width, height, label: 'TV' });
    await expect(page.getByRole('button', { name: 'TV shows' })).toContainText('Facts');
    await expect(page.getByText('TV is not connected')).toBeHidden();
    await page.getByRole('button', { name: 'Open the walls' }).click();
    // The one that stood there stands there still.
    await expect.poll(() => walls.filter((wall) => !wall.isClosed()).length).toBe(2);
    await expect(shows(laptop)).toBeHidden();
  });
});
