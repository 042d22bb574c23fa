// The desktop app, packed by its real configuration around a real Electron, an old one: the only one that can be had
// everywhere. It runs from its package in a real window, against a real center.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type RunningServer, startServer } from './harness/server.ts';

const root = join(import.meta.dirname, '..');
const built = join(root, '.cache', 'smoke');
const packed = join(root, '.cache', 'package', 'linux-unpacked');
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
  granted: string[];
  packaged: boolean;
  appPath: string;
  menu: string[];
  menuUrl: string;
  woken: number;
  closed: { questions: string[]; destroyed: boolean; visible: boolean };
  secondExit: number;
  secondUrl: string;
  windowsAtEnd: number;
  external: Settled[];
  foreign: Settled;
  wrongShape: Settled;
  servers: unknown;
  looked: Settled;
  lookedNowhere: Settled;
  access: Settled;
  accessElsewhere: Settled;
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
    pack();
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
    expect(report.host.value).toMatchObject({ centerUrl: server.url, platform: 'linux', sessionStorage: 'memory' });
  });

  test('runs from its package', () => {
    expect(report.packaged).toBe(true);
    expect(report.appPath).toMatch(/resources\/app\.asar$/);
  });

  test('has every command in its native menu, and does what is chosen there', () => {
    expect(report.menu).toEqual(expect.arrayContaining(['File', 'Edit', 'View', 'Go to', 'Help']));
    expect(report.menuUrl).toContain('#/incidents');
  });

  test('tells the page at once that the machine woke up', () => {
    expect(report.woken).toBe(1);
  });

  test('hides when it is closed, having said so, and a second start shows that same window', () => {
    expect(report.closed).toMatchObject({ destroyed: false, visible: false });
    expect(report.closed.questions).toEqual([expect.stringContaining('goes on running')]);
    expect(report.secondExit).toBe(0);
    expect(report.secondUrl).toContain('#/settings/desktop');
    expect(report.windowsAtEnd).toBe(1);
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
      'keepAwake',
      'notify',
      'onAnswer',
      'onCommand',
      'onOpenPath',
      'onShellStatus',
      'onWake',
      'onWalls',
      'openExternal',
      'servers',
      'session',
      'setBadge',
      'setCommands',
      'setLanguage',
      'setSignedIn',
      'shell',
      'tell',
      'walls',
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

  test('grants copying and the full screen, and no other permission', () => {
    expect(report.granted).toEqual(['granted', 'granted']);
    expect(report.permissions).toHaveLength(3);
    for (const answer of report.permissions) expect(answer).toMatch(/^denied/);
  });

  test('refuses messages of foreign pages and of the wrong shape', () => {
    expect(report.foreign.refused).toContain('did not come from a page of this app');
    expect(report.wrongShape.refused).toContain('wrong shape');
  });

  test('keeps the sign-in from the page, and looks at servers over its own network', () => {
    expect(report.access.value).toMatchObject({ kind: 'granted', token: expect.any(String) });
    expect(Object.keys(report.access.value as object).sort()).toEqual(['kind', 'lastsMs', 'token']);
    expect(report.accessElsewhere.refused).toContain('another server is shown');
    expect(report.servers).toMatchObject({ shown: server.url, servers: [{ url: server.url, given: true }] });
    expect(report.looked.value).toMatchObject({ kind: 'center', way: 'this-machine', url: server.url });
    expect(report.lookedNowhere.value).toMatchObject({ kind: 'none' });
  });

  test('answers for every notification', () => {
    // This display has no notification service, so the path must say so rather than claim it was shown.
    expect(report.notify.value).toMatchObject({ kind: 'failed' });
    expect(report.notifyVisible.value).toMatchObject({ kind: 'suppressed' });
  });
});

/** By the shipped configuration, but around the old Electron and what it can run. */
function pack(): void {
  rmSync(built, { recursive: true, force: true });
  rmSync(packed, { recursive: true, force: true });
  const run = (...command: string[]): void => {
    execFileSync(process.execPath, command, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        TOCSIN_ELECTRON_DIST: dirname(electron),
        TOCSIN_ELECTRON_VERSION: readFileSync(join(dirname(electron), 'version'), 'utf8').trim(),
      },
    });
  };
  run('node_modules/electron-vite/bin/electron-vite.js', 'build', '--mode', 'smoke', '--logLevel', 'error');
  const { name, version, description, license } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  const manifest = { name, version, description, license, main: 'out/main/main.cjs' };
  writeFileSync(join(built, 'package.json'), JSON.stringify(manifest));
  cpSync(join(root, 'resources/icons'), join(built, 'resources/icons'), { recursive: true });
  for (const file of ['driver.cjs', 'older-runtime.cjs'])
    copyFileSync(join(root, 'e2e/shell', file), join(built, 'out', file));
  run('node_modules/electron-builder/cli.js', '--config', 'e2e/shell/pack.config.mjs', '--dir', '--publish', 'never');
}

async function runShell(server: RunningServer, folder: string): Promise<Report> {
  const display = await startDisplay();
  const reportFile = join(folder, 'report.json');
  const child = spawn(
    join(packed, 'tocsin'),
    [
      // Chromium's sandbox needs what root in a test has not; the page's own sandbox is asked for and reported.
      '--no-sandbox',
      '--disable-gpu',
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
        SHELL_PRELOAD: join(built, 'out/preload/preload.cjs'),
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
