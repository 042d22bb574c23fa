// The database files: made once, whole or not at all.
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '#server/ports/random.ts';
import { StartError } from '#server/start-error.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';

export const superuser = 'tocsin';
const majorVersion = '18';

export function clusterDirIn(dataDir: string): string {
  return join(dataDir, `postgresql-${majorVersion}`);
}

/** Makes the files at the first start. The half made ones of an interrupted start are thrown away. */
export async function ensureCluster(options: {
  dataDir: string;
  clusterDir: string;
  password: string;
  account: Account | null;
  binaries: Binaries;
  progress(text: string): void;
}): Promise<void> {
  const partial = join(options.dataDir, 'making', 'postgresql');
  if (existsSync(join(options.clusterDir, 'PG_VERSION'))) return;
  if (existsSync(options.clusterDir)) {
    throw new StartError(
      `${options.clusterDir} is there but holds no database. Move it away, or choose another folder with TOCSIN_DATA_DIR.`,
    );
  }
  options.progress('Making the database (once)');
  const passwordFile = join(options.dataDir, 'making', 'password');
  await rm(partial, { recursive: true, force: true });
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  try {
    if (options.account !== null) chownSync(passwordFile, options.account.uid, options.account.gid);
    await run(options.account, options.binaries.initdb, [
      `--pgdata=${partial}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ]);
    // One pass at the end costs a tenth of syncing along the way.
    await run(options.account, options.binaries.initdb, [`--pgdata=${partial}`, '--sync-only']);
    await rename(partial, options.clusterDir);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(partial, { recursive: true, force: true });
  }
}

/** The password of the socket's only user; it never leaves the data folder. */
export function databasePassword(dataDir: string, random: Random): string {
  const path = join(dataDir, 'database-password');
  if (existsSync(path)) {
    const stored = readFileSync(path, 'utf8').trim();
    if (stored !== '') return stored;
  }
  const made = Buffer.from(random.bytes(32)).toString('base64url');
  writeFileSync(path, `${made}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return made;
}

function run(account: Account | null, program: string, args: string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(program, args, {
    ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
    cwd: '/',
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-2_000);
  });
  child.on('error', reject);
  child.on('close', (code) => {
    if (code === 0) resolve();
    else reject(new StartError(`The database could not be made (${program} ended with ${code}): ${output.trim()}`));
  });
  return promise;
}
