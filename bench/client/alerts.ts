// The list of 50,000 alerts: what stands in the document, a filter, and every key on the way.
import type { Page } from 'playwright-core';
import { watchFilter, watchKeys, watchRowCount } from './probes.ts';
import { seedAlerts } from './seed.ts';
import { budget, onStage, percentileOf, waitFor } from './stage.ts';
import { storedRows } from './stored.ts';
import { traced } from './trace.ts';

const alerts = 50_000;
const filters = 20;
const typed = 'latencyhigh on pod 4231';
const presses = 120;

export async function benchAlerts(): Promise<void> {
  await onStage(async (stage) => {
    await seedAlerts(stage, alerts);
    const page = await stage.open('/alerts?view=flat', { probe: watchKeys + watchRowCount + watchFilter });
    await waitFor('the list was whole', async () => (await rowCount(page)) === alerts);
    // The first copy is still being written for a while, which is no part of typing.
    await waitFor('the copy was written', async () => (await storedRows(page, 'alert')) === alerts);
    await new Promise((resolve) => setTimeout(resolve, 1_000));

    const list = page.locator('.alert-scroll');
    for (const by of [400, 4_000, 40_000, 400_000, -100_000]) {
      await list.hover();
      await page.mouse.wheel(0, by);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    budget('alerts-rows-in-document', (await page.evaluate('globalThis.rowsMax')) as number, 'rows', 60, alerts);
    // It makes the page draw every frame, which no press should have to pay for.
    await page.evaluate('globalThis.rowsWatched = false');

    const input = page.getByLabel('Filter alerts');
    const filtering = await traced(stage.browser, page, async () => {
      await input.focus();
      for (let i = 0; i < filters; i += 1) {
        await page.keyboard.insertText(`zone-${i}`);
        await waitFor('the list was filtered', async () => (await rowCount(page)) < alerts);
        await page.keyboard.press('Escape');
        await waitFor('the list was whole', async () => (await rowCount(page)) === alerts);
      }
    });
    const times = (await page.evaluate('globalThis.filterToPaint')) as number[];
    budget('alerts-filter', percentileOf(times, 0.95), 'ms', 100, times.length, 'narrowed and taken away');
    budget(
      'alerts-filter-task',
      longest(filtering.tasks),
      'ms',
      50,
      filtering.tasks.length,
      'the longest task, processor time',
    );

    const keys = async (name: string, press: () => Promise<void>): Promise<void> => {
      await page.evaluate('globalThis.keyToPaint.length = 0');
      const { tasks } = await traced(stage.browser, page, press);
      const delays = (await page.evaluate('globalThis.keyToPaint')) as number[];
      budget(`input-${name}`, percentileOf(delays, 0.95), 'ms', 100, delays.length, 'key to paint');
      budget(`input-${name}-task`, longest(tasks), 'ms', 50, tasks.length, 'the longest task, processor time');
    };
    await keys('typing', () => page.keyboard.type(typed, { delay: 60 }));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await waitFor('the list was whole', async () => (await rowCount(page)) === alerts);
    await keys('moving', async () => {
      for (let i = 0; i < presses; i += 1) {
        await page.keyboard.press('j');
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    });
  });
}

async function rowCount(page: Page): Promise<number> {
  return Number(await page.locator('.alert-scroll').getAttribute('aria-rowcount', { timeout: 120_000 }));
}

function longest(tasks: readonly { workMs: number }[]): number {
  return Math.max(...tasks.map(({ workMs }) => workMs));
}
