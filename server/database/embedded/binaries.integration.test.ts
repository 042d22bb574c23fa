import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseAccount } from './account.ts';
import { locateBinaries, postgresPackageDir } from './binaries.ts';

const isRoot = process.getuid?.() === 0;

describe('PostgreSQL programs below a folder that only root can read', { timeout: 60_000 }, () => {
  let temp = '';
  beforeAll(async () => {
    temp = await mkdtemp(join(tmpdir(), 'tocsin-binaries-'));
    await chmod(temp, 0o755);
  });
  afterAll(() => rm(temp, { recursive: true, force: true }));

  it.skipIf(!isRoot)(
    'are copied out whole, with their links, once [skipped unless root: there is no second account]',
    async () => {
      const clone = join(temp, 'closed', 'clone');
      await mkdir(clone, { recursive: true });
      await cp(postgresPackageDir(), clone, { recursive: true, verbatimSymlinks: true });
      await chmod(join(temp, 'closed'), 0o700);
      const stateDir = join(temp, 'state');
      const said: string[] = [];
      const locate = (): Promise<{ postgres: string }> =>
        locateBinaries({
          packageDir: clone,
          account: databaseAccount(join(temp, 'no-cluster-yet')),
          stateDir,
          progress: (text) => said.push(text),
        });

      const first = await locate();
      expect(first.postgres.startsWith(stateDir)).toBe(true);
      expect(said).toHaveLength(1);
      expect((await locate()).postgres).toBe(first.postgres);
      expect(said).toHaveLength(1);
    },
  );

  it('are made runnable when the install script that links libraries did not run', async () => {
    const unlinked = join(temp, 'unlinked');
    await cp(postgresPackageDir(), unlinked, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/\.so\.\d+$/.test(path) || /crypto|ssl/.test(path),
    });
    // The real files behind the links have longer version numbers, or are named in the list; keep those.
    await cp(join(postgresPackageDir(), 'native', 'lib'), join(unlinked, 'native', 'lib'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/\.so(\.\d+)?$/.test(path) || /crypto|ssl|postgresql\//.test(path),
    });
    const located = await locateBinaries({
      packageDir: unlinked,
      account: null,
      stateDir: join(temp, 'state-2'),
      progress: () => undefined,
    });
    expect(located.postgres.startsWith(join(temp, 'state-2'))).toBe(true);
  });
});
