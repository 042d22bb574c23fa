// The desktop shell in a real window of a real Electron, an old one: the only one that can be had everywhere.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type RunningServer, startServer } from './harness/server.ts';

const root = join(import.meta.dirname, '..');
const built = join(root, '.cache', 'smoke');
const electron = process.env['TOCSIN_TEST_ELECTRON'] ?? '';
const xvfb = process.env['TOCSIN_TEST_XVFB'] ?? '/usr/bin/Xvfb';

interface Settled {
  value?: unknown;
  refused?: string;
}

interface Report {
  error?: string;
  pageError?: string;
  title: string;
  url: string;
  urlAfter: string;
  windows: number;
  text: string;
  preferences: Record<string, boolean>;
  page: Record<string, unknown>;
  host: Settled;
  inline: string[];
  foreignFetch: Settled;
  evaluated: Settled;
  openedOutside: string[];
  permissions: string[];
  external: Settled[];
  foreign: Settled;
  wrongShape: Settled;
  session: string | null;
  sessionCleared: string | null;
  notify: Settled;
  notifyVisible: Settled;
}

test.describe('the desktop shell', () => {
  test.skip(
    !existsSync(electron),
    `no Electron to run: ${process.env['TOCSIN_TEST_MISSING_ELECTRON'] ?? 'run npm test'}`,
  );
  test.skip(!existsSync(xvfb), `no display: ${process.env['TOCSIN_TEST_MISSING_XVFB'] ?? 'run npm test'}`);

  let server: RunningServer;
  let report: Report;
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-shell-'));

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    rmSync(built, { recursive: true, force: true });
    execFileSync(
      process.execPath,
      ['node_modules/electron-vite/bin/electron-vite.js', 'build', '--mode', 'smoke', '--logLevel', 'error'],
      {
        cwd: root,
      },
    );
    writeFileSync(join(built, 'package.json'), '{"name":"tocsin","version":"0.1.0","main":"main/main.cjs"}');
    server = await startServer();
    report = await runShell(server, folder);
  });

  test.afterAll(async () => {
    await server?.stop();
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test('opens one window that signs in by the one-time link, follows its center live and shows the deep link', () => {
    expect(report.error).toBeUndefined();
    expect(report.pageError).toBeUndefined();
    expect(report.title).toContain('Tocsin');
    expect(report.url).toMatch(/^app:\/\/tocsin\/index\.html/);
    expect(report.text).toContain('Live');
    // The deep link it was started with is on screen.
    expect(report.urlAfter).toBe('app://tocsin/index.html#/alerts');
    expect(report.host.value).toMatchObject({ centerUrl: server.url, platform: 'linux' });
  });

  test('gives the page nothing of Node or Electron but the bridge', () => {
    expect(report.preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    });
    expect(report.page).toMatchObject({
      require: 'undefined',
      process: 'undefined',
      module: 'undefined',
      Buffer: 'undefined',
      ipc: 'undefined',
      bridgeFrozen: true,
    });
    expect(report.page['bridge']).toEqual([
      'dismiss',
      'host',
      'notify',
      'onOpenPath',
      'openExternal',
      'session',
      'setBadge',
    ]);
  });

  test('runs no script that is not its own, and talks to nobody but its center', () => {
    expect(report.inline).toEqual([]);
    expect(report.evaluated.refused).toContain('EvalError');
    expect(report.foreignFetch.refused).toBeDefined();
  });

  test('neither leaves its page nor opens windows; what may open outside does', () => {
    expect(report.urlAfter.split('#')[0]).toBe('app://tocsin/index.html');
    expect(report.windows).toBe(1);
    expect(report.external).toEqual([{ value: false }, { value: false }, { value: true }]);
    expect(report.openedOutside).toEqual(['https://example.test/a', 'https://runbooks.example.test/']);
  });

  test('grants no permission', () => {
    expect(report.permissions).toHaveLength(3);
    for (const answer of report.permissions) expect(answer).toMatch(/^denied/);
  });

  test('refuses messages of foreign pages and of the wrong shape', () => {
    expect(report.foreign.refused).toContain('did not come from a page of this app');
    expect(report.wrongShape.refused).toContain('wrong shape');
  });

  test('keeps the session, answers for every notification', () => {
    expect(report.session).toBe('shell-test-token');
    expect(report.sessionCleared).toBe(null);
    // This display has no notification service, so the path must say so rather than claim it was shown.
    expect(report.notify.value).toMatchObject({ kind: 'failed' });
    expect(report.notifyVisible.value).toMatchObject({ kind: 'suppressed' });
  });
});

async function runShell(server: RunningServer, folder: string): Promise<Report> {
  const display = await startDisplay();
  const reportFile = join(folder, 'report.json');
  const child = spawn(
    electron,
    [
      // Chromium's sandbox needs what root in a test has not; the page's own sandbox is asked for and reported.
      '--no-sandbox',
      '--disable-gpu',
      '-r',
      join(root, 'e2e/shell/driver.cjs'),
      built,
      'tocsin://open/alerts',
    ],
    {
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        DISPLAY: display.name,
        TOCSIN_CENTER_URL: server.url,
        TOCSIN_LOGIN_LINK: await server.loginLink(),
        // What the Alerts screen says once the replica is there.
        SHELL_WAIT_FOR: 'nothing sends to this server',
        SHELL_PRELOAD: join(built, 'preload/preload.cjs'),
        SHELL_REPORT: reportFile,
        SHELL_PICTURE: join(root, 'test-results', 'shell.png'),
      },
    },
  );
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), 100_000);
  await ended;
  clearTimeout(limit);
  await display.stop();
  if (!existsSync(reportFile)) throw new Error('Electron ended without a report');
  return JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
}

/** A display of its own on the first free number. */
async function startDisplay(): Promise<{ name: string; stop(): Promise<void> }> {
  const child = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const number = await new Promise<string>((resolve, reject) => {
    child.stdio[3]?.once('data', (text: Buffer) => resolve(text.toString().trim()));
    child.on('error', reject);
    void exited.then(() => reject(new Error('the display ended at once')));
  });
  return {
    name: `:${number}`,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
