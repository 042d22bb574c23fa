// The timeline of an incident with 20,000 events: the work of a frame while its lanes are panned and zoomed and its list
// scrolled; and once while its rows, just fetched, are still being written to this machine.
import { seedIncidents, seedTimeline } from './seed.ts';
import { budget, onStage, oneFrame, percentileOf, waitFor } from './stage.ts';
import { storedRows } from './stored.ts';
import { traced } from './trace.ts';

const events = 20_000;
const steps = 60;

export async function benchTimeline(): Promise<void> {
  await onStage(async (stage) => {
    await seedIncidents(stage, 1);
    const { rows } = await stage.sql.query<{ id: string }>('SELECT id FROM incident');
    const id = rows[0]?.id ?? '';
    await seedTimeline(stage, id, events);
    const page = await stage.open(`/incidents/${id}/timeline`);
    const list = page.locator('.timeline-scroll');
    await waitFor('all events were there', async () => {
      return Number(await list.getAttribute('aria-rowcount', { timeout: 60_000 })) >= events;
    });

    const scroll = () =>
      traced(stage.browser, page, async () => {
        await list.hover();
        for (let i = 0; i < steps; i += 1) {
          await page.mouse.wheel(0, i % 2 === 0 ? 900 : 5_000);
          await oneFrame();
        }
      });
    // The database answers for each row: a part of every frame that is not the list's, and is there once.
    frame('timeline-scroll-first', (await scroll()).frames, 'the list, while its rows are being written');
    await waitFor('all were written', async () => (await storedRows(page, 'timeline')) >= events);
    await list.evaluate((element) => ((element as { scrollTop: number }).scrollTop = 0));
    frame('timeline-scroll', (await scroll()).frames, 'the list');
    const lanes = await traced(stage.browser, page, async () => {
      await page.locator('.lanes').hover();
      for (let i = 0; i < steps; i += 1) {
        await page.mouse.wheel(i % 3 === 0 ? 120 : 0, i % 3 === 0 ? 0 : i < 30 ? -60 : 60);
        await oneFrame();
      }
    });
    frame('timeline-lanes', lanes.frames, 'the lanes, panned and zoomed by the wheel');
  });
}

function frame(name: string, frames: readonly number[], what: string): void {
  budget(
    name,
    percentileOf(frames, 0.95),
    'ms',
    16,
    frames.length,
    `main-thread work a frame with ${events} events: ${what}`,
  );
}
