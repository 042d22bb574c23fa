// One server per data folder, no process left behind, and a start that recovers from any end (RELIABILITY R13).
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { isAlive, untilGone } from './harness/processes.ts';
import { incidentsOf, raise, send } from './harness/rest.ts';
import { freePort, processTree, type RunningServer, startServer } from './harness/server.ts';

const root = join(import.meta.dirname, '..');

test.describe.configure({ mode: 'serial' });

test.describe('servers and their data folder', () => {
  let dataDir: string;
  let server: RunningServer;
  let key: string;

  test.beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tocsin-instances-'));
    server = await startServer({ dataDir });
    key = await server.integration('generic');
  });

  test.afterAll(async () => {
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('a second instance on the same folder exits 1 and names the holder', async () => {
    const { code, words } = await outcome(runServer(dataDir, await freePort()));
    expect(code).toBe(1);
    expect(words).toContain(`process ${server.pid}`);
    expect(words).toContain(`port ${server.port}`);
    expect(words).toContain(dataDir);
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  });

  test('its PostgreSQL is killed: the server notices, says so, and is ready again by itself', async () => {
    await raise(server, key, 'Before the database died', 'instances');
    const before = postgresOf(server.pid);
    process.kill(before, 'SIGKILL');
    await expect.poll(() => isAlive(before)).toBe(false);
    // None at all, for a moment.
    const others = () => [postgresOf(server.pid)].filter((pid) => pid !== 0 && pid !== before);
    await expect.poll(others, { timeout: 20_000, intervals: [100] }).toHaveLength(1);
    await expect
      .poll(async () => (await fetch(`${server.url}/ready`)).status, { timeout: 30_000, intervals: [100] })
      .toBe(200);
    expect((await incidentsOf(server)).map(({ services }) => services)).toContainEqual(['instances']);
    await raise(server, key, 'After the database died', 'instances-after');
  });

  test('everything is killed at once: the next start recovers all that was acknowledged', async () => {
    await send(server, '/webhooks/generic', key, { title: 'Acknowledged last', service: 'last', severity: 'sev2' });
    const tree = processTree(server.pid);
    expect(tree.length).toBeGreaterThan(2);
    for (const pid of tree) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended with its parent.
      }
    }
    await untilGone(tree);
    server = await startServer({ dataDir, adminToken: server.adminToken });
    await expect
      .poll(async () => (await incidentsOf(server)).flatMap(({ services }) => services).toSorted())
      .toEqual(['instances', 'instances-after', 'last']);
  });

  test('only the server is killed: its PostgreSQL is adopted or ended, and the next start is ready', async () => {
    const tree = processTree(server.pid);
    process.kill(server.pid, 'SIGKILL');
    await expect.poll(() => isAlive(server.pid)).toBe(false);
    server = await startServer({ dataDir, adminToken: server.adminToken });
    expect((await incidentsOf(server)).length).toBe(3);
    // Nothing of the dead server serves the folder beside the new one.
    const kept = processTree(server.pid);
    await untilGone(tree.filter((pid) => !kept.includes(pid)));
  });

  test('SIGTERM ends it in order and leaves no process', async () => {
    const tree = processTree(server.pid);
    const exited = new Promise<number | null>((resolve) => server.child.once('exit', (code) => resolve(code)));
    process.kill(server.pid, 'SIGTERM');
    expect(await exited).toBe(0);
    await untilGone(tree);
  });
});

function runServer(dataDir: string, port: number): ChildProcess {
  return spawn(process.execPath, ['server/main.ts'], {
    cwd: root,
    env: { ...process.env, TOCSIN_DATA_DIR: dataDir, TOCSIN_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outcome(child: ChildProcess): Promise<{ code: number | null; words: string }> {
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (words += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, words };
}

/** The postmaster that this server runs: of its children the one whose program is postgres. */
function postgresOf(pid: number): number {
  const found = processTree(pid).find((each) => {
    try {
      return readFileSync(`/proc/${each}/cmdline`, 'utf8').split('\0')[0]?.endsWith('/postgres') === true;
    } catch {
      return false;
    }
  });
  return found ?? 0;
}
