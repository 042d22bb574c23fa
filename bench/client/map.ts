// The map of the catalog: the work of a frame while it is panned, the layout in its worker, and what is drawn of more.
import type { Page } from 'playwright-core';
import { watchLayout } from './probes.ts';
import { seedServices } from './seed.ts';
import { budget, found, onStage, oneFrame, percentileOf, type Stage } from './stage.ts';
import { traced } from './trace.ts';

const steps = 90;

export async function benchMap(): Promise<void> {
  await onStage(async (stage) => {
    await panned(stage);
    await clustered(stage);
    await overview(stage);
  });
}

async function panned(stage: Stage): Promise<void> {
  const edges = await seedServices(stage, 500, 1_500);
  const page = await stage.open('/map', { width: 1_920, height: 1_080 });
  await page.waitForSelector('.map-node');

  await page.addInitScript(watchLayout);
  const laidOut: number[] = [];
  const work: number[] = [];
  let givenUp = 0;
  for (let round = 0; round < 3; round += 1) {
    // Only a page that was loaded afresh has no places yet.
    const { workers } = await traced(stage.browser, page, async () => {
      await page.reload();
      laidOut.push(await found(page, 'globalThis.laidOutMs'));
    });
    work.push(Math.max(...workers));
    if ((await page.getByText('Drawn in plain columns').count()) > 0) givenUp += 1;
  }
  budget(
    'map-layout-work',
    percentileOf(work, 0.95),
    'ms',
    1_500,
    work.length,
    `500 services, ${edges} edges; processor time of the worker${late(givenUp)}`,
  );
  budget(
    'map-layout',
    percentileOf(laidOut, 0.95),
    'ms',
    1_500,
    laidOut.length,
    'from the page knowing its services to the first node drawn',
  );

  const far = await traced(stage.browser, page, () => pan(page));
  budget(
    'map-pan-far',
    percentileOf(far.frames, 0.95),
    'ms',
    16,
    far.frames.length,
    'main-thread work a frame, all 500 in sight',
  );
  for (let i = 0; i < 6; i += 1) await page.getByLabel('Zoom in').click();
  const near = await traced(stage.browser, page, () => pan(page));
  budget(
    'map-pan-near',
    percentileOf(near.frames, 0.95),
    'ms',
    16,
    near.frames.length,
    'main-thread work a frame, close enough to read',
  );
  await page.context().close();
}

/** A layout that was ended at its deadline took less of the processor than it needs. */
function late(givenUp: number): string {
  return givenUp === 0 ? '' : `; ${givenUp} were given up after five seconds, for want of a core`;
}

/** To and fro, as a hand does it. */
async function pan(page: Page): Promise<void> {
  const box = await page.locator('.react-flow__pane').boundingBox();
  if (box === null) throw new Error('The map is not on the screen.');
  const y = box.y + 24;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  for (let i = 1; i <= steps; i += 1) {
    const way = Math.sin((i / steps) * Math.PI * 2);
    await page.mouse.move(box.x + box.width / 2 + way * box.width * 0.4, y + (i % 30) * 6);
    await oneFrame();
  }
  await page.mouse.up();
}

async function clustered(stage: Stage): Promise<void> {
  await seedServices(stage, 2_000);
  const page = await stage.open('/map', { width: 1_920, height: 1_080 });
  await page.waitForSelector('.map-node');
  budget('map-clustered', await page.locator('.map-node').count(), 'nodes', 300, 2_000, 'drawn of 2,000 services');
  await page.context().close();
}

/** Ten thousand on the canvas; how long they may take is said nowhere, so they are held to what a person waits for. */
async function overview(stage: Stage): Promise<void> {
  await seedServices(stage, 10_000);
  const page = await stage.open('/map', { width: 1_920, height: 1_080 });
  await page.waitForSelector('.map-node');
  const first = await traced(stage.browser, page, async () => {
    await page.getByRole('radio', { name: 'Overview' }).click();
    await page.waitForSelector('.map-overview canvas');
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  });
  const work = first.tasks.reduce((sum, { workMs }) => sum + workMs, 0);
  budget(
    'map-overview',
    work,
    'ms',
    1_000,
    10_000,
    'main-thread work from the press to all services drawn; no budget of its own',
  );
  await page.context().close();
}
