// The shipped server in a process of its own, on a fresh data folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunningServer {
  port: number;
  url: string;
  dataDir: string;
  adminToken: string;
  pid: number;
  child: ChildProcess;
  /** Milliseconds from spawn to the first 200 of /ready. */
  readyMs: number;
  /** The end of its log. */
  lastWords(): string;
  /** Makes an integration over REST and answers its key. */
  integration(kind: string): Promise<string>;
  /** A fresh one-time link that signs the administrator in. */
  loginLink(): Promise<string>;
  api(path: string, init?: { method?: string; body?: unknown }): Promise<unknown>;
  /** Stops it in order; the data folder stays until `remove`. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

const portLanes = 10;
const portsOfLane = 1_500;
const givenPorts = new Set<number>();

/**
 * Below the range that outgoing connections take theirs from, so that none of them is first. Nobody listens there for the
 * first seconds of a server: meanwhile no other test gets it, in this worker or in one beside it.
 */
export async function freePort(): Promise<number> {
  const lane = Number(process.env['TEST_PARALLEL_INDEX'] ?? portLanes - 1) % portLanes;
  for (;;) {
    const port = 15_000 + lane * portsOfLane + Math.floor(Math.random() * portsOfLane);
    if (givenPorts.has(port)) continue;
    if (givenPorts.size > portsOfLane / 2) givenPorts.clear();
    givenPorts.add(port);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

export async function startServer(
  options: { env?: Record<string, string>; dataDir?: string; adminToken?: string; port?: number } = {},
): Promise<RunningServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'tocsin-run-')));
  const adminToken = options.adminToken ?? `tsk_${randomBytes(32).toString('base64url')}`;
  const port = options.port ?? (await freePort());
  const began = performance.now();
  const child = spawn(process.execPath, ['server/main.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: {
      ...process.env,
      TOCSIN_PORT: String(port),
      TOCSIN_DATA_DIR: dataDir,
      TOCSIN_ADMIN_TOKEN: adminToken,
      ...options.env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr?.on('data', (text: Buffer) => {
    log = `${log}${text.toString()}`.slice(-4_000);
    if (process.env['TOCSIN_TEST_LOG'] !== undefined) process.stderr.write(text);
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(url, child, () => log);
  } catch (error) {
    // Nobody else knows of it yet.
    child.kill('SIGTERM');
    throw error;
  }
  const readyMs = performance.now() - began;

  const api: RunningServer['api'] = async (path, init = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method: init.method ?? 'GET',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    port,
    url,
    dataDir,
    adminToken,
    pid: child.pid!,
    child,
    readyMs,
    lastWords: () => log,
    api,
    async loginLink() {
      const { user } = (await api('/api/v1/me')) as { user: { id: string } };
      const { token } = (await api(`/api/v1/users/${user.id}/invite`, { method: 'POST', body: {} })) as {
        token: string;
      };
      return `${url}/auth/link?token=${token}`;
    },
    async integration(kind) {
      const made = (await api('/api/v1/integrations', { method: 'POST', body: { name: `Test ${kind}`, kind } })) as {
        key: string;
      };
      return made.key;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exited;
    },
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

async function untilReady(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = performance.now() + 100_000;
  while (performance.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`the server exited with ${child.exitCode} before it was ready:\n${log()}`);
    try {
      if ((await fetch(`${url}/ready`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the server was not ready within 100 s');
}

/** The process and everything below it. */
export function processTree(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const tree = [pid];
  for (let i = 0; i < tree.length; i += 1) {
    for (const [child, parent] of parents) if (parent === tree[i]) tree.push(child);
  }
  return tree;
}

function readKb(file: string, field: string): number {
  try {
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Megabytes of memory of all the processes, each shared page counted once over those that share it. */
export function pssMb(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + readKb(`/proc/${pid}/smaps_rollup`, 'Pss'), 0) / 1_024;
}

export function rssMb(pid: number): number {
  return readKb(`/proc/${pid}/status`, 'VmRSS') / 1_024;
}
