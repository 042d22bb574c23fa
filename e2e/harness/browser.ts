// Debian's Chromium, signed in to a running server.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { RunningServer } from './server.ts';

export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where the browser is: the one named by the test runner, else Debian's. */
export function chromiumPath(): string {
  const path = process.env['TOCSIN_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(path))
    throw new Error(`No Chromium at ${path}. Run npm test once, it installs it, or install the package chromium.`);
  return path;
}

/** Why the browser tests cannot run here, for their skip; null where they can. */
export function whyNoBrowser(): string | null {
  try {
    chromiumPath();
    return null;
  } catch (error) {
    const why = process.env['TOCSIN_TEST_MISSING_CHROMIUM'];
    return why ?? (error instanceof Error ? error.message : String(error));
  }
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: chromiumFlags });
}

export interface SignInOptions {
  path?: string;
  width?: number;
  height?: number;
  theme?: 'dark' | 'light';
  /** By which address the browser reaches the server; its own without one. */
  origin?: string;
  /** A one-time link of somebody else than the administrator. */
  link?: string;
}

/** A page signed in as the administrator by a one-time link. */
export async function openSignedIn(
  browser: Browser,
  server: RunningServer,
  options: SignInOptions = {},
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1_280, height: options.height ?? 800 },
    colorScheme: options.theme ?? 'dark',
  });
  const page = await context.newPage();
  if (options.theme !== undefined) await page.addInitScript(`localStorage.setItem('tocsin.theme', '${options.theme}')`);
  await signIn(page, server, options);
  return { page, context };
}

export async function signIn(page: Page, server: RunningServer, options: SignInOptions = {}): Promise<void> {
  const origin = options.origin ?? server.url;
  const link = options.link ?? (await server.loginLink());
  await page.goto(link.replace(server.url, origin));
  await page.waitForSelector('main');
  if (options.path !== undefined) await page.goto(`${origin}/#${options.path}`);
}
