// The signed page in a phone's browser that runs no script, in both colour schemes.
import { type BrowserContext, expect, test } from '@playwright/test';
import { type PhoneScene, phoneScene, phoneToken } from '#server/testkit/phone-page.ts';
import { complaints } from './harness/accessibility.ts';
import { whyNoBrowser } from './harness/browser.ts';

const missing = whyNoBrowser();
test.skip(missing !== null, missing ?? '');

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(`signed page, ${colorScheme}`, () => {
    let scene: PhoneScene;
    let context: BrowserContext;
    let url: string;

    test.beforeEach(async ({ browser }) => {
      scene = await phoneScene();
      url = await scene.app.listen({ host: '127.0.0.1', port: 0 });
      context = await browser.newContext({
        viewport: { width: 390, height: 844 },
        colorScheme,
        javaScriptEnabled: false,
      });
    });
    test.afterEach(async () => {
      await context.close();
      await scene.app.close();
    });

    test('acknowledges in one press of a big button, and says so', async () => {
      const page = await context.newPage();
      await page.goto(`${url}/p/${phoneToken}`);
      const acknowledge = page.getByRole('button', { name: 'Acknowledge', exact: true });
      await expect(acknowledge).toBeInViewport();
      for (const button of await page.locator('button, a.button, textarea').all()) {
        expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
      }
      await acknowledge.click();
      await expect(page.getByRole('status')).toContainText('Paging has stopped');
      await page.getByRole('button', { name: 'Escalate to Ben Okri (payments-secondary)' }).click();
      await page.getByLabel('Note for the timeline').fill('Rolling back');
      await page.getByRole('button', { name: 'Add note' }).click();
      await expect(page.getByText('Rolling back')).toBeVisible();
      expect(scene.acts.map(({ action }) => action)).toEqual(['acknowledge', 'escalate', 'note']);
    });

    test('axe finds nothing, nothing runs, and nothing sticks out, even with hostile text', async ({ browser }) => {
      // axe itself is a script, so this one runs them; the page's own policy must still let none through.
      const scripted = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme });
      const page = await scripted.newPage();
      let dialogs = 0;
      page.on('dialog', (dialog) => {
        dialogs += 1;
        void dialog.dismiss();
      });
      for (const hostile of [null, `<img src=x onerror=alert(1)>${'W'.repeat(200)}`]) {
        if (hostile !== null) {
          const { world } = scene;
          world.incident = {
            ...world.incident,
            title: hostile,
            services: [hostile],
            status: 'acknowledged',
            acknowledgedBy: 'x',
          };
          world.alerts = world.alerts.map((alert) => ({ ...alert, title: hostile }));
        }
        for (const path of [phoneToken, 'unknown']) {
          await page.goto(`${url}/p/${path}`);
          expect(await complaints(page, 'all')).toEqual([]);
          const overhang = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
          expect(overhang).toBeLessThanOrEqual(0);
        }
      }
      expect(await page.locator('img').count()).toBe(0);
      expect(dialogs).toBe(0);
      await scripted.close();
    });
  });
}
