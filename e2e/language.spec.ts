// The main screens in the two pseudo-languages: no sentence of the client is left in English, nothing runs out
// of the window when words are longer, and everything turns round where a language is written from right to left.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { openSignedIn, whyNoBrowser } from './harness/browser.ts';
import { incidentsOf, send, until } from './harness/rest.ts';
import { type RunningServer, startServer } from './harness/server.ts';

const noBrowser = whyNoBrowser();
const pictures = process.env['TOCSIN_TEST_PICTURES'];
/** Sentences of the client without gaps. What the server wrote is in English, and single words may be its own. */
const sentences = new Set(
  Object.keys(
    JSON.parse(readFileSync('src-renderer/language/messages/en.json', 'utf8')) as Record<string, string>,
  ).filter((id) => /\w \w/.test(id) && !id.includes('{')),
);

test.describe('in a language of its own', () => {
  test.skip(noBrowser !== null, `no browser: ${noBrowser}`);

  let server: RunningServer;
  let context: BrowserContext;
  let page: Page;
  let screens: [name: string, path: string][];

  test.beforeAll(async ({ browser }) => {
    server = await startServer();
    const key = await server.integration('generic');
    for (const title of ['Checkout slow', 'Search stale']) {
      await send(server, '/webhooks/generic', key, { title, service: title.split(' ')[0], severity: 'sev3' });
    }
    const incidents = await until(async () => {
      const found = await incidentsOf(server);
      return found.length > 0 ? found : undefined;
    });
    screens = [
      ['now', '/'],
      ['room', `/incidents/${incidents[0]?.id ?? ''}`],
      ['alerts', '/alerts'],
      ['oncall', '/oncall'],
      ['channel', '/channels/new-email'],
      ['settings', '/settings/display'],
      ['wall', '/wall'],
    ];
    ({ page, context } = await openSignedIn(browser, server));
  });

  test.afterAll(async () => {
    await context?.close();
    await server?.stop();
    await server?.remove();
  });

  async function speak(language: string): Promise<void> {
    await page.evaluate((id) => localStorage.setItem('tocsin.language', id), language);
    await page.reload();
    await page.waitForSelector('main');
  }

  async function show(language: string, name: string, path: string): Promise<void> {
    await page.goto(`${server.url}/#${path}`);
    // A change of the hash alone loads nothing; two frames later the old screen is gone.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))');
    await expect(page.locator('main')).toContainText(/\S{3}/);
    await expect(page.locator('main')).not.toHaveAttribute('aria-busy', 'true');
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${language}-${name}.png`) });
  }

  const overflow = () =>
    page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  test('accented: every word of the client is in the catalogue, and none runs out of the window', async () => {
    await speak('en-XA');
    expect(await page.getAttribute('html', 'lang')).toBe('en-XA');
    for (const [name, path] of screens) {
      await show('en-XA', name, path);
      const texts = await page.evaluate<string[]>(textsOnScreen);
      expect.soft(texts.filter((text) => /[ÀƁÇàƀç]/.test(text)).length, `strange texts on ${name}`).toBeGreaterThan(5);
      const plain = texts.filter((text) => sentences.has(text));
      expect.soft([...new Set(plain)], `English on ${name}`).toEqual([]);
      expect.soft(await overflow(), `pixels beside ${name}`).toBeLessThanOrEqual(0);
    }
  });

  test('from right to left: the rail stands on the right, and nothing runs out of the window', async () => {
    await speak('ar-XB');
    for (const [name, path] of screens) {
      await show('ar-XB', name, path);
      expect.soft(await overflow(), `pixels beside ${name}`).toBeLessThanOrEqual(0);
      if (name === 'wall') continue;
      const rail = await page.getByRole('navigation').first().boundingBox();
      expect.soft(rail?.x ?? 0, `rail of ${name}`).toBeGreaterThan(640);
    }
  });
});

/** Runs in the page: every text and name there is. */
const textsOnScreen = `(() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof Element) {
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(node.getAttribute(name) ?? '');
    } else texts.push(node.textContent ?? '');
  }
  return texts.map((text) => text.trim()).filter((text) => text !== '');
})()`;
