// One browser's window in the room of an incident, behind a proxy, and the center as the witness of what it claims.
import { v7 as uuid } from 'uuid';
import type { Page } from 'playwright-core';
import type { Incident } from '#server/contract/incident.ts';
import { launchBrowser, signIn } from '../harness/browser.ts';
import { startProxy } from '../harness/proxy.ts';
import { act, raise, timelineOf } from '../harness/rest.ts';
import type { RunningServer } from '../harness/server.ts';

export const live = '.top .freshness.live';
export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A window in the room of an incident, behind a proxy. */
export async function openRoom(server: RunningServer, title: string) {
  const proxy = await startProxy(server.port);
  const incident = await raise(server, await server.integration('generic'), title, 'world');
  const browser = await launchBrowser();
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, server, { origin: proxy.url, path: `/incidents/${incident.id}` });
  await page.locator(live).waitFor();
  return {
    proxy,
    incident,
    context,
    page,
    async close() {
      await browser.close();
      await proxy.close();
    },
  };
}

export async function addNote(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Note for the timeline' }).fill(text);
  await page.getByRole('button', { name: 'Add note' }).click();
  await noteOn(page, text).waitFor();
}

export function noteOn(page: Page, text: string) {
  return page.getByRole('log', { name: 'Timeline entries' }).getByText(text, { exact: true }).first();
}

export async function noteBy(server: RunningServer, incident: Incident, text: string): Promise<void> {
  await act(server, { kind: 'incident.note', incidentId: incident.id, entryId: uuid(), text, at: null });
}

export async function sent(server: RunningServer, incident: Incident, text: string): Promise<number> {
  return (await timelineOf(server, incident.id)).filter((entry) => entry.text === text).length;
}

/** True once it is so; false after the time. */
export async function soon(ask: () => Promise<boolean>, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; await pause(200)) if (await ask()) return true;
  return false;
}
