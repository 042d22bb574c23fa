// The map of the catalog: the work of a frame while it is panned, the layout in its worker, and what is drawn of more.
import type { Page } from 'playwright-core';
import { forgetPlaces, watchLayout } from './probes.ts';
import { seedServices } from './seed.ts';
import { budget, found, onStage, oneFrame, percentileOf, type Stage } from './stage.ts';
import { traced } from './trace.ts';

const steps = 90;

export async function benchMap(): Promise<void> {
  await onStage(async (stage) => {
    await panned(stage);
    await worker(stage);
    await clustered(stage);
    await overview(stage);
  });
}

async function panned(stage: Stage): Promise<void> {
  const edges = await seedServices(stage, 500, 1_500);
  const page = await stage.open('/map', { width: 1_920, height: 1_080 });
  await page.waitForSelector('.map-node');

  await page.addInitScript(watchLayout);
  const again: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    await page.reload();
    again.push(await found(page, 'globalThis.laidOutMs'));
  }
  budget('map-again', percentileOf(again, 0.95), 'ms', 150, again.length, 'the same, out of the places that were kept');
  await layout(stage, page, 'map-layout', `500 services, ${edges} edges`);

  const far = await traced(stage.browser, page, () => drag(page, '.react-flow__pane'));
  budget(
    'map-pan-far',
    percentileOf(far.frames, 0.95),
    'ms',
    16,
    far.frames.length,
    'main-thread work a frame, all 500 in sight',
  );
  for (let i = 0; i < 6; i += 1) await page.getByLabel('Zoom in').click();
  const near = await traced(stage.browser, page, () => drag(page, '.react-flow__pane'));
  budget(
    'map-pan-near',
    percentileOf(near.frames, 0.95),
    'ms',
    16,
    near.frames.length,
    'main-thread work a frame, close enough to read',
  );
  const dragged = await traced(stage.browser, page, () => drag(page, '.react-flow__node'));
  budget(
    'map-drag',
    percentileOf(dragged.frames, 0.95),
    'ms',
    16,
    dragged.frames.length,
    'main-thread work a frame, one node dragged; no budget of its own',
  );
  await page.context().close();
}

/** As many as elk lays out: more stand in columns. */
async function worker(stage: Stage): Promise<void> {
  const edges = await seedServices(stage, 120, 360);
  const page = await stage.open('/map', { width: 1_920, height: 1_080 });
  await page.waitForSelector('.map-node');
  await page.addInitScript(watchLayout);
  await layout(stage, page, 'map-layout-worker', `120 services, ${edges} edges`);
  await page.context().close();
}

async function layout(stage: Stage, page: Page, name: string, what: string): Promise<void> {
  await page.addInitScript(forgetPlaces);
  const laidOut: number[] = [];
  const work: number[] = [];
  let givenUp = 0;
  for (let round = 0; round < 3; round += 1) {
    // Only a page that was loaded afresh and forgot them has no places yet.
    const { workers } = await traced(stage.browser, page, async () => {
      await page.reload();
      laidOut.push(await found(page, 'globalThis.laidOutMs'));
    });
    work.push(Math.max(0, ...workers));
    if ((await page.getByText('Drawn in plain columns').count()) > 0) givenUp += 1;
  }
  budget(
    name,
    percentileOf(laidOut, 0.95),
    'ms',
    1_500,
    laidOut.length,
    `from the page knowing its services to its nodes on the screen: ${what}; processor time of the worker ${Math.round(percentileOf(work, 0.95))} ms${late(givenUp)}`,
  );
}

/** A layout that was ended at its deadline took less of the processor than it needs. */
function late(givenUp: number): string {
  return givenUp === 0 ? '' : `; ${givenUp} were given up after five seconds, for want of a core`;
}

/** To and fro, as a hand does it: the picture where it is free, or the first node that is in sight. */
async function drag(page: Page, selector: '.react-flow__pane' | '.react-flow__node'): Promise<void> {
  const { x, y, width } = await page.evaluate<{ x: number; y: number; width: number }>(pointOf(selector));
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= steps; i += 1) {
    const way = Math.sin((i / steps) * Math.PI * 2);
    await page.mouse.move(x + way * width * 0.4, y + (i % 30) * 6);
    await oneFrame();
  }
  await page.mouse.up();
}

/** Near the middle of the upper edge, where a press meets just this, once no zoom is under way any more. */
function pointOf(selector: string): string {
  return `(async () => {
    const { style } = document.querySelector('.react-flow__viewport');
    for (let before = ''; before !== style.transform; ) {
      before = style.transform;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const { x: left, y: top, width, height } = document.querySelector('.react-flow').getBoundingClientRect();
    for (let y = top + 24; y < top + height / 2; y += 8)
      for (let x = left + width / 2; x < left + width * 0.6; x += 8) {
        const met = document.elementFromPoint(x, y);
        const found = met?.closest('.react-flow__node') ?? met?.closest('.react-flow__pane') ?? null;
        if (found?.matches(${JSON.stringify(selector)})) return { x, y, width };
      }
    throw new Error('Nothing of the map is there to be pressed: ' + ${JSON.stringify(selector)});
  })()`;
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
