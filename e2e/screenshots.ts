// npm run screenshots: the pictures of the README and the docs, taken from a real center in the middle of the demo's
// outage, as one who is on call sees it.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { v7 as uuid } from 'uuid';
import { launchBrowser, openSignedIn } from './harness/browser.ts';
import { type Showcase, startShowcase } from './harness/paging-showcase.ts';
import { act, incidentsOf, until } from './harness/rest.ts';

const folder = join(import.meta.dirname, '../docs/images');
const maxBytes = 300 * 1_024;
mkdirSync(folder, { recursive: true });

const desk = { width: 1_280, height: 800 };
const browser = await launchBrowser();
const showcase = await startShowcase({ speed: 8, until: 400 }, async (quiet) => {
  // Somebody sits there already, so that the desktop is a way that works.
  const { context } = await openSignedIn(browser, quiet.server, {
    link: await quiet.link(),
    path: '/settings',
    ...desk,
  });
  await context.grantPermissions(['notifications'], { origin: quiet.server.url });
  await picture('first-run-dark', '/', { center: quiet, shows: /No alerts yet/ });
});
const { server, ids, page: paged } = showcase;
try {
  const checkout = await until(async () =>
    (await incidentsOf(server)).find(({ services }) => services.includes('checkout')),
  );
  await picture('why-paged-dark', `/pages/${paged.id}`);
  await respond(checkout.id);
  await picture('now-dark', '/');
  await picture('now-light', '/', { theme: 'light' });
  await picture('room-dark', `/incidents/${checkout.id}`, { shows: /leaks database connections/ });
  await picture('alerts-dark', '/alerts');
  await picture('timeline-dark', `/incidents/${checkout.id}/timeline`);
  await picture('map-dark', '/map', { prepare: (page) => page.locator('.react-flow__node').first().waitFor() });
  await picture('palette-dark', '/', { prepare: openPalette });
  await picture('wall-dark', '/wall', { size: { width: 1_920, height: 1_080 } });
  await picture('oncall-dark', '/oncall');
  await picture('schedule-dark', `/oncall/${ids.schedule['payments-primary']}`);
  await picture('policy-dark', `/policies/${ids.policy['payments-critical']}`);
  await picture('routing-dark', `/routing/${ids.route['payments']}`);
  await picture('time-machine-dark', `/routing/${ids.route['gateway']}`, { prepare: tryOther });
  await picture('channels-dark', '/channels/new-slack', { shows: /ops-chat/ });
  await picture('fatigue-dark', '/fatigue', { shows: /Priya/ });
} finally {
  await browser.close();
  await showcase.stop();
}

/** What a team has done by then, so that the pictures show a room at work. */
async function respond(incidentId: string): Promise<void> {
  const { user } = (await server.api('/api/v1/me')) as { user: { id: string } };
  const impact = '38 % of card orders fail; gift cards and invoices work.';
  await act(server, { kind: 'incident.acknowledge', incidentId });
  await act(server, { kind: 'incident.take-role', incidentId, role: 'commander' });
  await act(server, { kind: 'incident.set-impact', incidentId, impact });
  await act(server, {
    kind: 'task.add',
    incidentId,
    taskId: uuid(),
    title: 'Roll payments back to 4.17.2',
    ownerId: user.id,
    dueAt: new Date(Date.now() + 12 * 60_000).toISOString(),
  });
  await act(server, {
    kind: 'incident.note',
    incidentId,
    entryId: uuid(),
    text: 'New payments pods hold 96 database connections each, the old ones held 41',
    at: null,
  });
  await act(server, {
    kind: 'incident.post-update',
    incidentId,
    entryId: uuid(),
    text: 'The payments release leaks database connections. We roll it back now.',
    nextInMinutes: 15,
  });
}

interface PictureOptions {
  /** While it has no incident yet. */
  center?: Pick<Showcase, 'server' | 'link'>;
  theme?: 'dark' | 'light';
  size?: { width: number; height: number };
  /** On the screen once it is complete. */
  shows?: RegExp;
  prepare?: (page: Page) => Promise<void>;
}

async function picture(name: string, path: string, options: PictureOptions = {}): Promise<void> {
  const { center = showcase, theme = 'dark', size = desk, shows = /payments|checkout/i, prepare } = options;
  const { page, context } = await openSignedIn(browser, center.server, {
    link: await center.link(),
    path,
    theme,
    ...size,
  });
  await context.grantPermissions(['notifications'], { origin: center.server.url });
  await page.reload();
  await page.locator('.freshness.live, .wall-fresh').first().waitFor();
  await page.locator('h1, .wall-fresh').first().waitFor();
  await page.locator('main').getByText(shows).filter({ visible: true }).first().waitFor();
  await prepare?.(page);
  await page.getByText('Asking the server').waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.evaluate('Promise.allSettled(document.getAnimations().map((each) => each.finished))');
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: file });
  const { size: bytes } = statSync(file);
  console.log(`${name}.png, ${Math.round(bytes / 1_024)} KB`);
  if (bytes > maxBytes) throw new Error(`${name}.png has ${bytes} bytes; a page of docs wants at most ${maxBytes}.`);
  await context.close();
}

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
}

/** What the gateway's incidents would do under the policy of payments. */
async function tryOther(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Pages with the policy/ }).click();
  await page.getByRole('option', { name: 'payments-critical' }).click();
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByRole('status').filter({ hasText: 'Replaying' }).waitFor({ state: 'detached' });
  await page.getByText('Time machine').last().scrollIntoViewIfNeeded();
  await page.mouse.wheel(0, 2_000);
}
