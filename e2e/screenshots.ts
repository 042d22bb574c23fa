// npm run screenshots: the pictures of the README, taken from a real center in the middle of the demo's outage.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { v7 as uuid } from 'uuid';
import { launchBrowser, openSignedIn } from './harness/browser.ts';
import { playDemo } from './harness/demo.ts';
import { act, incidentsOf, until } from './harness/rest.ts';
import { startServer } from './harness/server.ts';

const folder = join(import.meta.dirname, '../docs/images');
const maxBytes = 250 * 1_024;
mkdirSync(folder, { recursive: true });

const server = await startServer();
const browser = await launchBrowser();
try {
  await playDemo(server, { speed: 8, until: 400 });
  const checkout = await until(async () =>
    (await incidentsOf(server)).find(({ services }) => services.includes('checkout')),
  );
  await respond(checkout.id);
  const desk = { width: 1_280, height: 800 };
  await picture('now-dark', '/', 'dark', desk);
  await picture('now-light', '/', 'light', desk);
  await picture('room-dark', `/incidents/${checkout.id}`, 'dark', desk);
  await picture('alerts-dark', '/alerts', 'dark', desk);
  await picture('wall-dark', '/wall', 'dark', { width: 1_920, height: 1_080 });
} finally {
  await browser.close();
  await server.stop();
  await server.remove();
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

async function picture(
  name: string,
  path: string,
  theme: 'dark' | 'light',
  size: { width: number; height: number },
): Promise<void> {
  const { page, context } = await openSignedIn(browser, server, { path, theme, ...size });
  await settled(page);
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: file });
  const { size: bytes } = statSync(file);
  console.log(`${name}.png, ${Math.round(bytes / 1_024)} KB`);
  if (bytes > maxBytes) throw new Error(`${name}.png has ${bytes} bytes; the README wants at most ${maxBytes}.`);
  await context.close();
}

async function settled(page: Page): Promise<void> {
  await page
    .getByText(/payments|checkout/i)
    .first()
    .waitFor();
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.evaluate('Promise.allSettled(document.getAnimations().map((each) => each.finished))');
}
