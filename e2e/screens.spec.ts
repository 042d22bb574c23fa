// Every screen in both themes while a shop's outage is on it: accessible to every impact level of axe, usable at phone
// width, the wall on a big display, and hostile text inert.
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { openSignedIn, whyNoBrowser } from './harness/browser.ts';
import { playDemo } from './harness/demo.ts';
import { alertsOf, incidentsOf, send, until } from './harness/rest.ts';
import { type RunningServer, startServer } from './harness/server.ts';

const noBrowser = whyNoBrowser();
/** Where the outage stops: everything fires, nothing is rolled back yet. */
const outageAt = 400;
const pictures = process.env['TOCSIN_TEST_PICTURES'];
const settings = ['profile', 'display', 'notifications', 'wall', 'keys', 'sessions', 'organisation', 'people', 'teams'];

test.describe('screens in an outage', () => {
  test.skip(noBrowser !== null, `no browser: ${noBrowser}`);

  let server: RunningServer;
  let paths: [name: string, path: string][];

  test.beforeAll(async () => {
    server = await startServer();
    await playDemo(server, { speed: 100, until: outageAt });
    const worst = await until(async () => (await incidentsOf(server)).find(({ severity }) => severity === 'sev1'));
    const alert = (await alertsOf(server)).find(({ incidentId }) => incidentId === worst.id);
    paths = [
      ['now', '/'],
      ['incidents', '/incidents'],
      ['room', `/incidents/${worst.id}`],
      ['review', `/incidents/${worst.id}/review`],
      ['alerts', '/alerts'],
      ['alert', `/alerts/${alert?.id ?? ''}`],
      ['integrations', '/integrations'],
      ['grouping', '/grouping'],
      ['outbox', '/outbox'],
      ['diagnostics', '/diagnostics'],
      ['wall', '/wall'],
      ...settings.map((section): [string, string] => [`settings-${section}`, `/settings/${section}`]),
    ];
  });

  test.afterAll(async () => {
    await server?.stop();
    await server?.remove();
  });

  for (const theme of ['dark', 'light'] as const) {
    test(`axe finds nothing on any screen, ${theme}`, async ({ browser }) => {
      const { page, context } = await openSignedIn(browser, server, { theme });
      for (const [name, path] of paths) {
        await open(page, server, path);
        await picture(page, `${name}-${theme}.png`);
        // Our pages have no frames, which is all that legacy mode leaves out.
        const axe = new AxeBuilder({ page }).setLegacyMode();
        // Themes differ in colours only, so what is not colour is looked at once.
        const { violations } = await (
          theme === 'dark' ? axe : axe.withRules(['color-contrast', 'link-in-text-block'])
        ).analyze();
        const found = violations.map((each) => `${each.id} (${each.impact}): ${each.nodes[0]?.html}`);
        expect.soft(found, `${name}, ${theme}`).toEqual([]);
      }
      await context.close();
    });
  }

  test('at phone width no screen scrolls sideways', async ({ browser }) => {
    const { page, context } = await openSignedIn(browser, server, { width: 390, height: 844 });
    for (const [name, path] of paths) {
      await open(page, server, path);
      await picture(page, `${name}-phone.png`);
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect.soft(wide, `${name} is wider than the phone by`).toBeLessThanOrEqual(0);
    }
    await context.close();
  });

  test('the wall fits a big display and is legible from afar', async ({ browser }) => {
    const { page, context } = await openSignedIn(browser, server, { path: '/wall', width: 1_920, height: 1_080 });
    const wall = page.getByRole('main', { name: 'War room' });
    await expect(wall.getByRole('region').first()).toBeVisible();
    await picture(page, 'wall-big.png');
    const hidden = await page.evaluate<string[]>(`[...document.querySelectorAll('.wall-strip, .wall-bar')]
      .filter((each) => { const box = each.getBoundingClientRect();
        return box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1; })
      .map((each) => each.className)`);
    expect(hidden).toEqual([]);
    // 16 arc-minutes from five metres on a 55-inch screen (UX.md 3) is 4.7 vh.
    const title = await page.evaluate<number>(
      `parseFloat(getComputedStyle(document.querySelector('.wall-title')).fontSize) / innerHeight * 100`,
    );
    expect(title).toBeGreaterThanOrEqual(4.7);
    await context.close();
  });

  test('hostile text in alerts is drawn as text and runs nothing', async ({ browser }) => {
    const { page, context } = await openSignedIn(browser, server, { path: '/alerts' });
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const key = await server.integration('generic');
    const image = '<img src=x onerror="window.pwned = 1; alert(1)">';
    const script = 'javascript:window.pwned=2';
    const titles = [image, `right \u202e to left`, 'null \u0000 byte', '[link](javascript:window.pwned=3)', '{{7*7}}'];
    for (const [at, title] of titles.entries()) {
      await send(server, '/webhooks/generic', key, {
        title,
        service: 'hostile',
        severity: 'sev1',
        dedupKey: `hostile ${at}`,
        url: script,
        runbookUrl: script,
        annotations: { summary: image, dashboard: script },
        labels: { __proto__: 'x', constructor: image },
      });
    }
    const incident = await until(async () =>
      (await incidentsOf(server)).find(({ services, alertCount }) => services.includes('hostile') && alertCount === 5),
    );
    const alert = (await alertsOf(server)).find(({ title }) => title.startsWith('<img'));
    const room = `/incidents/${incident.id}`;
    for (const path of ['/', '/alerts', `/alerts/${alert?.id ?? ''}`, room, `${room}/review`, '/wall']) {
      await open(page, server, path);
      // The wall shows its worst incidents first and may only count this one.
      if (path !== '/wall') await expect(page.getByText('onerror').first(), path).toBeVisible();
      expect(await page.locator('main img').count(), path).toBe(0);
      expect(await page.locator('a[href^="javascript:" i]').count(), path).toBe(0);
    }
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(dialogs).toEqual([]);
    await context.close();
  });
});

/** TOCSIN_TEST_PICTURES names a folder for a person who wants to look at every screen. */
async function picture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, name) });
}

/** The screen with its content on it, so that what is checked is not an empty frame. */
async function open(page: Page, server: RunningServer, path: string): Promise<void> {
  await page.goto(`${server.url}/#${path}`);
  // A change of the hash alone loads nothing; two frames later the old screen is gone.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))');
  await expect(page.locator('.freshness.live, .wall-fresh').first()).toBeVisible();
  await expect(page.locator('main').getByText(/\w{3}/).filter({ visible: true }).first()).toBeVisible();
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await expect(page.getByText('Asking the server')).toHaveCount(0);
  const still = 'document.getAnimations().every((each) => each.playState !== "running")';
  await expect.poll(() => page.evaluate(still)).toBe(true);
}
