// PostgreSQL as a child process: one owner per data folder, watched, restarted, stopped without leaving anything behind.
import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';
import { databaseAccount } from './account.ts';
import { locateBinaries, postgresPackageDir } from './binaries.ts';
import { clusterDirIn, databasePassword, ensureCluster, superuser } from './cluster.ts';
import { prepareAccountDir, prepareDataDir, prepareSocketDir } from './data-dir.ts';
import { createDiskMonitor } from './disk.ts';
import type { DiskState } from './disk.ts';
import { acquireInstanceLock } from './instance-lock.ts';
import { startPostmaster } from './postmaster.ts';
import { postgresSettings } from './settings.ts';
import { superviseDatabase } from './supervisor.ts';

export interface DatabaseConnection {
  /** The folder of the socket, or an address where there are no sockets. */
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

export interface EmbeddedPostgres {
  connection: DatabaseConnection;
  /** Of the postmaster; null while it is being restarted. */
  pid(): number | null;
  diskState(): DiskState;
  stop(): Promise<void>;
}

export async function startEmbeddedPostgres(options: {
  dataDir: string;
  /** Of the HTTP server, for the words a second opener of the data folder is refused with. */
  port: number;
  clock: Clock;
  random: Random;
  logger: Logger;
  progress?(text: string): void;
}): Promise<EmbeddedPostgres> {
  const { clock, random, logger } = options;
  const progress = (text: string): void => options.progress?.(text);
  const cleanUp: (() => unknown)[] = [];
  const unwind = async (): Promise<void> => {
    for (const undo of cleanUp.splice(0).toReversed()) await undo();
  };
  try {
    const account = databaseAccount(clusterDirIn(options.dataDir));
    prepareDataDir(options.dataDir, account);
    const dataDir = realpathSync(options.dataDir);
    const clusterDir = clusterDirIn(dataDir);

    const lock = await acquireInstanceLock({ dataDir, port: options.port, clock });
    cleanUp.push(() => lock.release());
    cleanUp.push(repeat(clock, lockRefreshMs, () => lock.refresh()));

    const disk = createDiskMonitor({ dataDir, clock, logger, random });
    cleanUp.push(() => disk.stop());
    // A full disk gives its reserve up before PostgreSQL needs it; making one can wait until it runs.
    if (existsSync(join(dataDir, 'reserve'))) await disk.check();

    const clusterName = `tocsin-${createHash('sha256').update(clusterDir).digest('hex').slice(0, 12)}`;
    const binaries = await locateBinaries({
      packageDir: postgresPackageDir(),
      account,
      stateDir: account === null ? dataDir : systemStateDir,
      progress,
    });
    prepareAccountDir(join(dataDir, 'making'), account);
    const password = databasePassword(dataDir, random);
    await ensureCluster({ dataDir, clusterDir, password, account, binaries, progress });

    const socketDir = process.platform === 'win32' ? null : prepareSocketDir(dataDir, clusterName, account);
    const connection: DatabaseConnection = {
      host: socketDir ?? '127.0.0.1',
      port: socketDir === null ? await freePort() : 5432,
      user: superuser,
      password,
      database: 'tocsin',
    };
    const { blocks, bsize } = await statfs(dataDir);
    const supervisor = await superviseDatabase({
      start: () =>
        startPostmaster({
          program: binaries.postgres,
          clusterDir,
          clusterName,
          socketDir,
          settings: postgresSettings({ clusterName, socketDir, port: connection.port, diskBytes: blocks * bsize }),
          logPath: join(dataDir, 'postgresql.log'),
          account,
          clock,
          logger,
        }),
      // A crash may come from a full disk: room is made before the next start.
      beforeRestart: async () => {
        await disk.check();
      },
      connection: { ...connection, database: 'postgres' },
      clock,
      logger,
    });
    cleanUp.push(() => supervisor.stop());
    await ensureDatabase(connection);
    disk.start();

    return { connection, pid: () => supervisor.pid(), diskState: () => disk.state(), stop: () => unwind() };
  } catch (error) {
    await unwind();
    throw error;
  }
}

const systemStateDir = '/var/lib/tocsin';
const lockRefreshMs = 5_000;

async function ensureDatabase(connection: DatabaseConnection): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [connection.database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${connection.database}`);
  } finally {
    await client.end();
  }
}

function repeat(clock: Clock, everyMs: number, work: () => Promise<void>): () => void {
  let cancel = (): void => undefined;
  let stopped = false;
  const again = (): void => {
    cancel = clock.setTimer(everyMs, () => {
      void work()
        .catch(() => undefined)
        .finally(() => {
          if (!stopped) again();
        });
    });
  };
  again();
  return () => {
    stopped = true;
    cancel();
  };
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer();
  probe.once('error', reject);
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address();
    probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
  });
  return promise;
}
