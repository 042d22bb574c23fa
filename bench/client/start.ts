// From the start of the program, and from a reload, to the first incident on the screen, out of the stored copy.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumFlags, chromiumPath, signIn } from '../../e2e/harness/browser.ts';
import { watchFirst } from './probes.ts';
import { storedRows } from './stored.ts';
import { seedAlerts, seedIncidents } from './seed.ts';
import { budget, found, onStage, percentileOf, waitFor } from './stage.ts';

const alerts = 50_000;
const incidents = 30;
const rounds = 5;
const row = '.incident-row:not(.incident-row-head)';

export async function benchFirstPaint(): Promise<void> {
  await onStage(async (stage) => {
    const { server } = stage;
    await seedAlerts(stage, alerts);
    await seedIncidents(stage, incidents);
    const profile = await mkdtemp(join(tmpdir(), 'tocsin-profile-'));
    const start = async (): Promise<{ context: BrowserContext; page: Page }> => {
      const context = await chromium.launchPersistentContext(profile, {
        executablePath: chromiumPath(),
        args: chromiumFlags,
        viewport: { width: 1_280, height: 800 },
      });
      return { context, page: context.pages()[0] ?? (await context.newPage()) };
    };
    try {
      const first = await start();
      await signIn(first.page, server, { path: '/' });
      await waitFor('the copy was whole', async () => (await storedRows(first.page, 'alert')) === alerts);
      await first.context.close();

      const cold: number[] = [];
      const opened: number[] = [];
      const warm: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const began = Date.now();
        const { context, page } = await start();
        await context.addInitScript(watchFirst(row));
        const asked = Date.now();
        await page.goto(`${server.url}/#/`);
        cold.push((await found(page, 'globalThis.firstPaintedAt')) - began);
        opened.push((await found(page, 'globalThis.firstPaintedAt')) - asked);
        await waitFor('the copy was read', async () => (await page.locator('.offline-banner').count()) === 0);
        const again = Date.now();
        await page.reload();
        warm.push((await found(page, 'globalThis.firstPaintedAt')) - again);
        await context.close();
      }
      const copy = `out of a copy with ${alerts.toLocaleString('en')} alerts`;
      budget('start-cold', percentileOf(cold, 0.95), 'ms', 1_500, rounds, `from the browser's start; ${copy}`);
      budget('start-page', percentileOf(opened, 0.95), 'ms', 1_500, rounds, `the page's own share of it; ${copy}`);
      budget('start-warm', percentileOf(warm, 0.95), 'ms', 800, rounds, `reloaded; ${copy}`);
    } finally {
      await rm(profile, { recursive: true, force: true });
    }
  });
}
