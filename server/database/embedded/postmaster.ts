// One run of the PostgreSQL process: start it, wait until it answers, end it, and clear up after one that lost its parent.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import { StartError } from '#server/start-error.ts';
import type { Account } from './account.ts';
import { isAlive, listProcesses, signal } from './processes.ts';

export interface Postmaster {
  pid: number;
  /** Resolves with words when the process has ended, for whatever reason. */
  exited: Promise<string>;
  /** Lets running transactions end by rollback, writes everything down, leaves no process behind. */
  stop(): Promise<void>;
  /** For one that hangs: no patience, recovery at the next start. */
  kill(): Promise<void>;
}

export interface PostmasterOptions {
  program: string;
  clusterDir: string;
  clusterName: string;
  /** The folder of its socket, which holds nothing else. */
  socketDir: string | null;
  settings: string[];
  logPath: string;
  account: Account | null;
  clock: Clock;
  logger: Logger;
}

const startWithinMs = 120_000;
const largestLogBytes = 2 * 1024 * 1024;

export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  await endLeftovers(options);
  const child = spawnPostgres(options);
  const exited = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, killed) => resolve(killed === null ? `exit code ${code}` : `signal ${killed}`));
  });
  const postmaster: Postmaster = {
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      await endWithPatience(child.pid ?? 0, exited, options);
    },
    kill: async () => {
      endAtOnce(child.pid ?? 0, options.clusterName, options.clusterDir);
      await exited;
    },
  };
  try {
    await waitUntilReady(postmaster, options);
  } catch (error) {
    await postmaster.kill();
    throw error;
  }
  return postmaster;
}

function spawnPostgres(options: PostmasterOptions): ChildProcess {
  const log = openLog(options.logPath);
  const args = ['-D', options.clusterDir, ...options.settings];
  // The kernel ends PostgreSQL when this process is killed, where setpriv is there to ask for it.
  const [command, ...before] = parentDeathSignal();
  try {
    return spawn(command ?? options.program, command === undefined ? args : [...before, options.program, ...args], {
      ...(options.account === null ? {} : { uid: options.account.uid, gid: options.account.gid }),
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
      // A session of its own: Ctrl-C in the terminal reaches the server, which ends PostgreSQL last.
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

function parentDeathSignal(): string[] {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  if (process.platform !== 'linux' || setpriv === undefined) return [];
  // Busybox has a setpriv that does not know the option.
  if (!readFileSync(setpriv).includes('pdeathsig')) return [];
  return [setpriv, '--pdeathsig', 'INT', '--'];
}

function openLog(path: string): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > largestLogBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

async function waitUntilReady(
  postmaster: Postmaster,
  { clusterDir, clock, logPath }: PostmasterOptions,
): Promise<void> {
  const ending: string[] = [];
  void postmaster.exited.then((how) => ending.push(how));
  const deadline = clock.monotonic() + startWithinMs;
  while (ending.length === 0 && clock.monotonic() < deadline) {
    const found = readPidFile(clusterDir);
    if (found?.pid === postmaster.pid && found.status === 'ready') return;
    await clock.sleep(15);
  }
  const why = ending[0] === undefined ? `was not ready in ${startWithinMs / 1000} s` : `ended at start (${ending[0]})`;
  throw new StartError(`PostgreSQL ${why}. Its log, ${logPath}, ends with:\n${tail(logPath)}`);
}

/** A postmaster whose server was killed, and processes whose postmaster was: this data folder's, and no others. */
async function endLeftovers(options: PostmasterOptions): Promise<void> {
  const { clusterDir, clusterName, clock, logger } = options;
  const found = readPidFile(clusterDir);
  if (found !== null && isAlive(found.pid) && ours(clusterName, clusterDir).includes(found.pid)) {
    logger.warn('database: ending the PostgreSQL that an earlier start left running', { pid: found.pid });
    await endWithPatience(found.pid, waitForEnd(found.pid, clock), options);
  }
  for (const pid of ours(clusterName, clusterDir)) signal(pid, 'SIGKILL');
  const deadline = clock.monotonic() + 5_000;
  while (ours(clusterName, clusterDir).some(isAlive) && clock.monotonic() < deadline) await clock.sleep(20);
  // Both name a process that is gone. Not yet collected by its parent, or its number given to another program, it would
  // pass for alive, and PostgreSQL would not start.
  rmSync(join(clusterDir, 'postmaster.pid'), { force: true });
  if (options.socketDir === null) return;
  for (const name of readdirSync(options.socketDir)) {
    if (name.startsWith('.s.PGSQL.')) rmSync(join(options.socketDir, name), { force: true });
  }
}

async function endWithPatience(pid: number, ended: Promise<unknown>, options: PostmasterOptions): Promise<void> {
  const { clock, logger, clusterName, clusterDir } = options;
  let gone = false;
  void ended.then(() => {
    gone = true;
  });
  for (const [name, patienceMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 3_000],
  ] as const) {
    signal(pid, name);
    const deadline = clock.monotonic() + patienceMs;
    while (!gone && clock.monotonic() < deadline) await clock.sleep(10);
    if (gone) return;
    logger.warn('database: PostgreSQL did not stop in time', { signal: name, pid });
  }
  endAtOnce(pid, clusterName, clusterDir);
  await ended;
}

function endAtOnce(pid: number, clusterName: string, clusterDir: string): void {
  // Listed before the postmaster dies, ended after it: it must not start new ones meanwhile.
  const all = ours(clusterName, clusterDir);
  if (pid > 0) signal(pid, 'SIGKILL');
  for (const other of all) signal(other, 'SIGKILL');
}

async function waitForEnd(pid: number, clock: Clock): Promise<void> {
  while (isAlive(pid)) await clock.sleep(20);
}

/** PostgreSQL's processes carry the cluster's name in their titles, and the postmaster the folder on its command line. */
function ours(clusterName: string, clusterDir: string): number[] {
  return listProcesses()
    .filter(
      ({ command }) =>
        command.startsWith(`postgres: ${clusterName}: `) ||
        (command.includes(` -D ${clusterDir} `) && command.includes(`cluster_name=${clusterName}`)),
    )
    .map(({ pid }) => pid)
    .filter((pid) => pid !== process.pid && isAlive(pid));
}

function readPidFile(clusterDir: string): { pid: number; status: string } | null {
  try {
    const lines = readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), status: lines[7]?.trim() ?? '' };
  } catch {
    return null;
  }
}

function tail(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  } catch {
    return '(no log)';
  }
}
