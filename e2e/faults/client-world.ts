// npm run faults -- client-world [rounds] [scenario]: a real browser in a world that lies to it: a backup put back under
// it, a line too slow for what it missed, a network that answers in the center's place, a disk that is full or flips bits.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signIn } from '../harness/browser.ts';
import { act, incidentsOf } from '../harness/rest.ts';
import { freePort, startServer } from '../harness/server.ts';
import { flippedBits } from './flipped-bits.ts';
import { addNote, live, noteBy, noteOn, openRoom, pause, sent, soon } from './room.ts';

export interface WorldOutcome {
  scenario: string;
  /** Empty when all was well. */
  violations: string[];
  figures: Record<string, number>;
}

const scenarios: Record<string, (rounds: number) => Promise<Omit<WorldOutcome, 'scenario'>>> = {
  restored,
  slow: slowLine,
  captive,
  disk: flippedBits,
  full: fullDisk,
};

export async function clientWorldCampaign(rounds: number, only?: string): Promise<WorldOutcome[]> {
  const outcomes: WorldOutcome[] = [];
  for (const [scenario, run] of Object.entries(scenarios)) {
    if (only === undefined || only === scenario) outcomes.push({ scenario, ...(await run(rounds)) });
  }
  return outcomes;
}

/**
 * The window is closed with what happened after a backup. That backup is put back, and goes on until its places in the
 * feed are beyond those of the window: nothing of the lost hour may stand on a screen that says live.
 */
async function restored(): Promise<Omit<WorldOutcome, 'scenario'>> {
  const port = await freePort();
  const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-world-'));
  const backup = `${dataDir}-backup`;
  let server = await startServer({ dataDir, port });
  const { adminToken } = server;
  const room = await openRoom(server, 'Before the backup');
  const violations: string[] = [];
  const again = async (): Promise<void> => {
    server = await startServer({ dataDir, port, adminToken });
  };
  try {
    await server.stop();
    copyFolder(dataDir, backup);
    await again();
    const { incident } = room;
    await act(server, { kind: 'incident.set-title', incidentId: incident.id, title: 'Of a lost hour' });
    await noteBy(server, incident, 'Said in a lost hour.');
    await noteOn(room.page, 'Said in a lost hour.').waitFor({ timeout: 60_000 });
    await addNote(room.page, 'Mine, of the lost hour.');
    await pause(1_500);
    await room.page.close();
    await server.stop();
    rmSync(dataDir, { recursive: true });
    copyFolder(backup, dataDir);
    await again();
    for (let n = 0; n < 120; n += 1) await noteBy(server, incident, `Goes on ${n}.`);
    await act(server, { kind: 'incident.set-severity', incidentId: incident.id, severity: 'sev1' });
    const page = await room.context.newPage();
    await signIn(page, server, { origin: room.proxy.url, path: `/incidents/${incident.id}` });
    await page.locator(live).waitFor();
    await noteOn(page, 'Goes on 119.').waitFor();
    await pause(1_000);
    const facts = await page.locator('.facts').innerText();
    if (facts.includes('Of a lost hour')) violations.push('a title that the center does not have stands there as live');
    for (const text of ['Said in a lost hour.', 'Mine, of the lost hour.'])
      if (await noteOn(page, text).isVisible()) violations.push(`a note that the center does not have: ${text}`);
    const [now] = await incidentsOf(server);
    if (now?.severity !== 'sev1' || !/Severity 1\b/i.test(await page.locator('.facts').ariaSnapshot()))
      violations.push('a change made since is not shown');
    await addNote(page, 'After it.');
    if (!(await soon(async () => (await sent(server, incident, 'After it.')) === 1, 10_000)))
      violations.push('a note written after it did not arrive');
  } finally {
    await room.close();
    await server.stop();
    await server.remove();
    rmSync(backup, { recursive: true, force: true });
  }
  return { violations, figures: {} };
}

/** With its owners, as docs/operate.md says. */
function copyFolder(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to]);
}

/** Away for 600 KB of changes, back on a line of 40 KB a second. */
async function slowLine(): Promise<Omit<WorldOutcome, 'scenario'>> {
  const server = await startServer();
  const room = await openRoom(server, 'Slow line');
  const violations: string[] = [];
  const { page, proxy, incident } = room;
  let caughtUpMs = 0;
  try {
    proxy.cut();
    await page.locator('.top .freshness.offline').waitFor();
    const words = 'x'.repeat(9_990);
    for (let n = 0; n < 60; n += 1) await noteBy(server, incident, `${n} ${words}`);
    await noteBy(server, incident, 'The last one.');
    proxy.restore();
    proxy.slow(40_000);
    const began = performance.now();
    await page
      .getByRole('button', { name: 'Try now' })
      .click()
      .catch(() => undefined);
    if (!(await soon(() => noteOn(page, 'The last one.').isVisible(), 90_000)))
      violations.push('what was missed did not come within 90 s');
    if (!(await soon(() => page.locator(live).isVisible(), 15_000))) violations.push('it never became live again');
    caughtUpMs = performance.now() - began;
  } finally {
    await room.close();
    await server.stop();
    await server.remove();
  }
  return { violations, figures: { caughtUpMs: Math.round(caughtUpMs) } };
}

/** Whatever a network says in the center's place: it ends no sign-in, answers no action and makes nothing live. */
async function captive(): Promise<Omit<WorldOutcome, 'scenario'>> {
  const server = await startServer();
  const room = await openRoom(server, 'Captive network');
  const violations: string[] = [];
  const { page, proxy, incident } = room;
  const among = async (status: number): Promise<void> => {
    proxy.capture(status);
    const text = `Written behind a ${status}.`;
    await addNote(page, text);
    await pause(7_000);
    if (await page.locator(live).isVisible()) violations.push(`${status}: live`);
    if (await page.getByRole('button', { name: 'Sign in' }).isVisible()) violations.push(`${status}: asks to sign in`);
    proxy.restore();
    await page
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 2_000 })
      .catch(() => undefined);
    if (!(await soon(async () => (await sent(server, incident, text)) > 0, 40_000))) violations.push(`${status}: lost`);
    await page.locator(live).waitFor();
    if ((await sent(server, incident, text)) !== 1) violations.push(`${status}: doubled`);
  };
  try {
    for (const status of [200, 401, 403, 404, 413, 500, 511]) await among(status);
  } finally {
    await room.close();
    await server.stop();
    await server.remove();
  }
  return { violations, figures: {} };
}

/** The browser gives no more room: with the center there actions go from memory, without it they are refused, in words. */
async function fullDisk(): Promise<Omit<WorldOutcome, 'scenario'>> {
  const server = await startServer();
  const room = await openRoom(server, 'Full disk');
  const violations: string[] = [];
  const { page, proxy, incident, context } = room;
  try {
    const devtools = await context.newCDPSession(page);
    const origin = proxy.url;
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    await addNote(page, 'Without room.');
    if (!(await soon(async () => (await sent(server, incident, 'Without room.')) === 1, 10_000)))
      violations.push('not sent from memory');
    proxy.cut();
    await page.locator('.top .freshness.offline').waitFor();
    await page.getByRole('textbox', { name: 'Note for the timeline' }).fill('Refused.');
    await page.getByRole('button', { name: 'Add note' }).click();
    const words = page.getByText(/could not store it/).first();
    const refused = await soon(() => words.isVisible(), 15_000);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin });
    await addNote(page, 'With room again.');
    proxy.restore();
    if (!(await soon(async () => (await sent(server, incident, 'With room again.')) === 1, 40_000)))
      violations.push('not sent once there was room again');
    // A browser may find room for little all the same: then it was stored, and arrives.
    if (!refused && !(await soon(async () => (await sent(server, incident, 'Refused.')) === 1, 20_000)))
      violations.push('not stored, and not refused in words');
  } finally {
    await room.close();
    await server.stop();
    await server.remove();
  }
  return { violations, figures: {} };
}
