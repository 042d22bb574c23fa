// The client that is killed: a real Chromium on a profile that outlives it, in the room of one incident.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumFlags, chromiumPath, signIn } from '../harness/browser.ts';
import { killTree, pidOf } from '../harness/processes.ts';
import type { RunningServer } from '../harness/server.ts';

const noteBox = 'Note for the timeline';
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** `origin`: by which address it reaches the server; its own without one. */
export async function openClient(folder: string, server: () => RunningServer, incidentId: string, origin?: string) {
  const profile = join(folder, 'profile');
  const written: string[] = [];
  const open = async (): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: chromiumPath(),
      args: chromiumFlags,
    });
    const page = context.pages()[0] ?? (await context.newPage());
    // Each time: the browser may have been killed before it wrote its cookie down. It is the same person's outbox.
    const through = origin === undefined ? {} : { origin };
    await signIn(page, server(), { path: `/incidents/${incidentId}`, ...through });
    await page.getByRole('textbox', { name: noteBox }).waitFor();
    return { context, page };
  };
  let { context, page } = await open();
  const kill = async (): Promise<void> => {
    const gone = new Promise((resolve) => context.once('close', resolve));
    await killTree(pidOf(`--user-data-dir=${profile}`));
    await gone;
    rmSync(join(profile, 'SingletonLock'), { force: true });
  };
  const reopen = async (): Promise<void> => {
    ({ context, page } = await open());
  };
  return {
    kill,
    reopen,
    written: () => written,
    async note(text: string) {
      await page.getByRole('textbox', { name: noteBox }).fill(text);
      await page.getByRole('button', { name: 'Add note' }).click();
      // From the moment it is on the screen the client has promised to keep it.
      await page.getByRole('log', { name: 'Timeline entries' }).getByText(text, { exact: true }).first().waitFor();
      written.push(text);
    },
    /** What stands on its screen, anywhere. */
    says: async (words: RegExp) => words.test(await page.locator('body').innerText()),
    async killAndReopen() {
      await kill();
      await reopen();
    },
    /** Waits until the client is live and says for two seconds that nothing waits to be sent. */
    async settle() {
      await page.reload();
      const live = page.locator('.top .freshness.live');
      const unsent = page.locator('.top').getByRole('link', { name: /Outbox|to confirm|conflict/ });
      const deadline = performance.now() + 60_000;
      for (let calm = 0; calm < 8; await pause(250)) {
        calm = (await live.isVisible()) && (await unsent.count()) === 0 ? calm + 1 : 0;
        if (performance.now() > deadline) throw new Error('the client did not send all that it held within a minute');
      }
    },
    close: () => context.close(),
  };
}
