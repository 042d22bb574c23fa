// The main screens in the states in which people meet them: nothing there yet, a storm, no network. Each says what it is, axe finds
// nothing in it.
import { join } from 'node:path';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { complaints } from './harness/accessibility.ts';
import { openSignedIn, whyNoBrowser } from './harness/browser.ts';
import { alertsOf, incidentsOf, send, until } from './harness/rest.ts';
import { type RunningServer, startServer } from './harness/server.ts';

const noBrowser = whyNoBrowser();
const pictures = process.env['TOCSIN_TEST_PICTURES'];
const storm = 240;

const screens: [name: string, path: string][] = [
  ['now', '/'],
  ['incidents', '/incidents'],
  // Named: the view that was last looked at stays, which would be the heat-map.
  ['alerts', '/alerts?view=groups'],
  ['alerts-heat', '/alerts?view=heat'],
  ['map', '/map'],
  ['oncall', '/oncall'],
  ['wall', '/wall'],
];

// One center that fills and is then cut off: each state begins where the one before it stopped.
test.describe.configure({ mode: 'serial' });

test.describe('states', () => {
  test.skip(noBrowser !== null, `no browser: ${noBrowser}`);

  let server: RunningServer;
  let context: BrowserContext;
  let page: Page;

  test.beforeAll(async ({ browser }) => {
    server = await startServer();
    ({ page, context } = await openSignedIn(browser, server, { theme: 'dark' }));
    await expect(page.locator('.freshness.live').first()).toBeVisible();
  });

  test.afterAll(async () => {
    await context?.close();
    await server?.stop();
    await server?.remove();
  });

  async function look(state: string, shown: [name: string, path: string][]): Promise<void> {
    for (const [name, path] of shown) {
      await page.evaluate(`location.hash = ${JSON.stringify(path)}`);
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))');
      await expect(page.locator('main').getByText(/\w{3}/).filter({ visible: true }).first()).toBeVisible();
      await expect(page.getByText('Asking the server')).toHaveCount(0);
      // A screen may take a moment in a storm: axe is to see it, and not what stands before it.
      await expect(page.locator('h1').first()).toBeAttached();
      if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${state}-${name}.png`) });
      expect.soft(await complaints(page, 'all'), `${name}, ${state}`).toEqual([]);
    }
  }

  test('empty: each screen names the next thing to do', async () => {
    await look('empty', screens);
  });

  test(`a storm of ${storm} alerts on sixty services`, async () => {
    const key = await server.integration('generic');
    await Promise.all(
      Array.from({ length: 6 }, async (_, lane) => {
        for (let at = lane; at < storm; at += 6) {
          const service = `service-${at % 60}`;
          const severity = (['sev1', 'sev2', 'sev3', 'info'] as const)[at % 4];
          await send(server, '/webhooks/generic', key, {
            title: `Queue of ${service} grows, partition ${at}`,
            service,
            severity,
            dedupKey: `storm ${at}`,
          });
        }
      }),
    );
    await until(async () => ((await incidentsOf(server)).length >= 50 ? true : undefined));
    const [incident] = await incidentsOf(server);
    const [alert] = await alertsOf(server);
    await page.evaluate(`location.hash = '/alerts'`);
    await expect(page.getByText(String(storm), { exact: true }).first()).toBeVisible();
    await look('storm', [...screens, ['room', `/incidents/${incident?.id}`], ['alert', `/alerts/${alert?.id}`]]);
  });

  test('without the network nothing looks live', async () => {
    const [incident] = await incidentsOf(server);
    await context.setOffline(true);
    await expect(page.locator('.freshness.offline').first()).toBeVisible({ timeout: 20_000 });
    const shown: typeof screens = [...screens, ['room', `/incidents/${incident?.id}`]];
    await look('offline', shown);
    for (const [name, path] of shown) {
      await page.evaluate(`location.hash = ${JSON.stringify(path)}`);
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))');
      expect.soft(await page.locator('.freshness.live').count(), `${name} says Live`).toBe(0);
      const calm = await page.getByText('No deploy, flag or migration was reported').count();
      expect.soft(calm, `${name} says that nothing was deployed`).toBe(0);
    }
  });
});
