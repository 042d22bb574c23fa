// A real small file system that is filled and emptied under the running database.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { busyness } from '#server/testkit/busy.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { startEmbeddedPostgres } from './start.ts';

const clock = createSystemClock();
const mount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', tmpdir()], { stdio: 'ignore' });
const mayMount = process.getuid?.() === 0 && mount.status === 0;

describe.skipIf(!mayMount)(
  'a disk that fills up [skipped unless root may mount a small file system]',
  { timeout: 300_000 },
  () => {
    let disk = '';
    beforeAll(async () => {
      disk = await mkdtemp(join(tmpdir(), 'tocsin-disk-'));
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=755', 'tocsin-test', disk]);
      if (mounted.status !== 0) throw new Error(`mount: ${mounted.stderr.toString()}`);
    });
    afterAll(async () => {
      spawnSync('umount', ['--lazy', disk]);
      await chmod(disk, 0o755);
      await rm(disk, { recursive: true, force: true });
    });

    it('is told in time, the database goes on working from the reserve, and all is well when space is back', async () => {
      const dataDir = join(disk, 'data');
      const logger = createMemoryLogger();
      const database = await startEmbeddedPostgres({
        dataDir,
        port: 7397,
        clock,
        random: createSystemRandom(clock),
        logger,
      });
      const client = new pg.Client(database.connection);
      client.on('error', () => undefined);
      await client.connect();
      try {
        const until = async (condition: () => boolean): Promise<void> => {
          const deadline = clock.monotonic() + 15_000 * busyness();
          while (!condition()) {
            if (clock.monotonic() > deadline) throw new Error(`${condition.toString()} never came true`);
            await clock.sleep(100);
          }
        };
        await until(() => existsSync(join(dataDir, 'reserve')));
        expect(database.diskState()).toBe('ok');
        await client.query('CREATE TABLE kept (id int PRIMARY KEY, filler text)');

        const { bavail, bsize } = await statfs(disk);
        await writeFile(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - 4 * 1024 * 1024, 1));
        await until(() => database.diskState() === 'full');
        expect(existsSync(join(dataDir, 'reserve'))).toBe(false);
        // What must still be written (pages that were due, resolutions) fits in what the reserve gave up.
        await client.query(`INSERT INTO kept SELECT n, repeat('x', 500) FROM generate_series(1, 5000) AS n`);

        await rm(join(disk, 'ballast'));
        await until(() => database.diskState() === 'ok');
        await until(() => existsSync(join(dataDir, 'reserve')));
        expect((await client.query('SELECT count(*)::int AS n FROM kept')).rows).toEqual([{ n: 5000 }]);
      } finally {
        await client.end();
        await database.stop();
      }
    });
  },
);
