// The data folder: made, and checked that PostgreSQL's account can enter it, before anything is put there.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StartError } from '#server/start-error.ts';
import type { Account } from './account.ts';

export function prepareDataDir(dataDir: string, account: Account | null): void {
  if (account !== null) {
    const existing = nearestExisting(dirname(dataDir));
    if (!canEnter(existing, account)) throw cannotEnter(dataDir, existing, account);
  }
  make(dataDir, account === null ? 0o700 : 0o711);
  if (account === null || canEnter(dataDir, account)) return;
  // Root's own new folder, e.g. from mktemp -d: ours to open for passing through. One with other things in it is not.
  if (isOurs(dataDir)) chmodSync(dataDir, (statSync(dataDir).mode & 0o7777) | 0o011);
  if (!canEnter(dataDir, account)) throw cannotEnter(dataDir, dataDir, account);
}

/** A folder inside the data folder that belongs to PostgreSQL's account alone. */
export function prepareAccountDir(path: string, account: Account | null): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (account !== null) chownSync(path, account.uid, account.gid);
  chmodSync(path, 0o700);
}

/** A socket's whole path may be 107 bytes, so one for a deep data folder lies in the temporary folder. */
export function prepareSocketDir(dataDir: string, clusterName: string, account: Account | null): string {
  const inside = join(dataDir, 'run');
  if (Buffer.byteLength(join(inside, '.s.PGSQL.5432.lock')) < 100) {
    prepareAccountDir(inside, account);
    return inside;
  }
  const owner = account?.uid ?? process.getuid?.() ?? 0;
  const outside = join(tmpdir(), `${clusterName}-${owner}`);
  try {
    mkdirSync(outside, { mode: 0o700 });
    if (account !== null) chownSync(outside, account.uid, account.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { uid, mode } = lstatSync(outside);
  if (uid !== owner || (mode & 0o7777) !== 0o700 || !lstatSync(outside).isDirectory()) {
    throw new StartError(
      `${outside}, where the database's socket belongs, was made by someone else. Remove it, ` +
        'or choose a data folder with a shorter path with TOCSIN_DATA_DIR.',
    );
  }
  return outside;
}

function make(dataDir: string, mode: number): void {
  try {
    mkdirSync(dirname(dataDir), { recursive: true, mode: 0o755 });
    mkdirSync(dataDir, { recursive: true, mode });
  } catch (error) {
    throw new StartError(
      `The data folder ${dataDir} cannot be made: ${error instanceof Error ? error.message : String(error)}. ` +
        'Choose another with TOCSIN_DATA_DIR.',
      { cause: error },
    );
  }
}

function cannotEnter(dataDir: string, closed: string, account: Account): StartError {
  return new StartError(
    `The data folder ${dataDir} cannot be used: PostgreSQL does not run as root, and the account it runs as ` +
      `(${account.name}) cannot enter ${closed}. Choose another folder with TOCSIN_DATA_DIR (or unset it), ` +
      `or let others pass: chmod o+x ${closed}`,
  );
}

/** Asked by trying, as the account itself: mode bits, access lists and mounts all count. */
function canEnter(dir: string, account: Account): boolean {
  const result = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', dir], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    stdio: 'ignore',
  });
  return result.status === 0;
}

function isOurs(dataDir: string): boolean {
  const names = readdirSync(dataDir);
  return names.length === 0 || names.includes('database-password');
}

function nearestExisting(dir: string): string {
  if (statSync(dir, { throwIfNoEntry: false }) !== undefined) return dir;
  const parent = dirname(dir);
  return parent === dir ? dir : nearestExisting(parent);
}
