// The real PostgreSQL, killed, stopped, hung and orphaned.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import type { Clock } from '#server/ports/clock.ts';
import { busyness } from '#server/testkit/busy.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { databaseAccount } from './account.ts';
import { locateBinaries, postgresPackageDir } from './binaries.ts';
import { clusterDirIn } from './cluster.ts';
import { isAlive, listProcesses } from './processes.ts';
import { startEmbeddedPostgres } from './start.ts';
import type { EmbeddedPostgres } from './start.ts';

const clock = createSystemClock();
const random = createSystemRandom(clock);
const isRoot = process.getuid?.() === 0;
/** For whom five seconds have passed after one: PostgreSQL gets the signals that it would get, after a fifth of the patience. */
const impatient: Clock = {
  ...clock,
  monotonic: () => clock.monotonic() * 5,
  setTimer: (ms, callback) => clock.setTimer(ms / 5, callback),
  sleep: (ms, signal) => clock.sleep(ms / 5, signal),
};

describe('the embedded PostgreSQL', { timeout: 300_000 }, () => {
  let temp = '';
  let dataDir = '';
  const running: EmbeddedPostgres[] = [];

  beforeEach(async () => {
    temp = await mkdtemp(join(tmpdir(), 'tocsin-embedded-'));
    await chmod(temp, 0o755);
    dataDir = join(temp, 'data');
  });
  afterEach(async () => {
    for (const database of running.splice(0)) await database.stop();
    await rm(temp, { recursive: true, force: true });
  });

  const start = async (dir = dataDir, watch = clock): Promise<EmbeddedPostgres> => {
    const database = await startEmbeddedPostgres({
      dataDir: dir,
      port: 7399,
      clock: watch,
      random,
      logger: createMemoryLogger(),
    });
    running.push(database);
    return database;
  };
  const ask = async (database: EmbeddedPostgres, sql: string): Promise<unknown[]> => {
    const client = new pg.Client(database.connection);
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row)[0]);
    } finally {
      await client.end();
    }
  };
  const leftovers = (): string[] =>
    listProcesses()
      .map(({ command }) => command)
      .filter((command) => command.includes(temp));
  const until = async (condition: () => boolean | Promise<boolean>, withinMs: number): Promise<void> => {
    const deadline = clock.monotonic() + withinMs;
    while (!(await condition())) {
      if (clock.monotonic() > deadline) throw new Error(`did not happen within ${withinMs} ms`);
      await clock.sleep(50);
    }
  };

  it('keeps its data over stop and start, durable, reached by its socket and password only', async () => {
    const first = await start();
    expect(
      await ask(
        first,
        `SELECT setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')`,
      ),
    ).toEqual(['on', 'on', 'on']);
    expect(await ask(first, 'SHOW listen_addresses')).toEqual(['']);
    await ask(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await expect(ask({ ...first, connection: { ...first.connection, password: 'wrong' } }, 'SELECT 1')).rejects.toThrow(
      'password',
    );
    await first.stop();
    expect(leftovers()).toEqual([]);
    expect(await ask(await start(), 'SELECT answer FROM kept')).toEqual([42]);
  });

  it('has one owner: the second opener is refused by name and harms nothing', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(`process ${process.pid} on`);
    expect(await ask(first, 'SELECT 1')).toEqual([1]);
  });

  it('is started again after its postmaster was killed', async () => {
    const database = await start();
    await ask(database, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const before = database.pid();
    process.kill(before ?? 0, 'SIGKILL');
    await until(() => database.pid() !== null && database.pid() !== before, 20_000 * busyness());
    expect(await ask(database, 'SELECT answer FROM kept')).toEqual([42]);
  });

  it('is found hanging within 10 s and runs again within 10 s more', async () => {
    const database = await start();
    const before = database.pid();
    process.kill(before ?? 0, 'SIGSTOP');
    await until(() => database.pid() === null, 10_500 * busyness());
    await until(() => database.pid() !== null, 10_000 * busyness());
    expect(database.pid()).not.toBe(before);
    expect(await ask(database, 'SELECT 1')).toEqual([1]);
  });

  it('recovers at the next start after kill -9 of the server', async () => {
    const holder = fork(
      join(dirname(fileURLToPath(import.meta.url)), '../../testkit/embedded-postgres-holder.ts'),
      [dataDir],
      {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    );
    await once(holder, 'message');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await ask(await start(), 'SELECT 1')).toEqual([1]);
  });

  it('ends an orphaned postmaster of its own folder, and one that hangs too', async () => {
    await (await start()).stop();
    const account = databaseAccount(clusterDirIn(dataDir));
    const { postgres } = await locateBinaries({
      packageDir: postgresPackageDir(),
      account,
      stateDir: '/var/lib/tocsin',
      progress: () => undefined,
    });
    const first = await start();
    const commandLine = listProcesses().find(({ pid }) => pid === first.pid())?.command ?? '';
    const clusterName = /cluster_name=(\S+)/.exec(commandLine)?.[1] ?? '';
    await first.stop();
    const orphan = spawn(
      postgres,
      [
        '-D',
        clusterDirIn(dataDir),
        '-c',
        `cluster_name=${clusterName}`,
        '-c',
        'listen_addresses=',
        '-c',
        `unix_socket_directories=${join(dataDir, 'run')}`,
      ],
      {
        ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
        cwd: '/',
        stdio: 'ignore',
        detached: true,
      },
    );
    await clock.sleep(1_500);
    process.kill(orphan.pid ?? 0, 'SIGSTOP');
    const database = await start(dataDir, impatient);
    expect(isAlive(orphan.pid ?? 0)).toBe(false);
    expect(await ask(database, 'SELECT 1')).toEqual([1]);
  });

  it('starts although the files of a killed one name a process that lives', async () => {
    const first = await start();
    const { host } = first.connection;
    const pidFile = await readFile(join(clusterDirIn(dataDir), 'postmaster.pid'), 'utf8');
    await first.stop();
    // This process stands for a program that was given the dead postmaster's number.
    const taken = pidFile.replace(/^\d+/, String(process.ppid));
    await writeFile(join(clusterDirIn(dataDir), 'postmaster.pid'), taken);
    await writeFile(join(host, '.s.PGSQL.5432.lock'), taken);
    expect(await ask(await start(), 'SELECT 1')).toEqual([1]);
    expect(isAlive(process.ppid)).toBe(true);
  });

  it('throws half made files of an interrupted first start away', async () => {
    await mkdir(join(dataDir, 'making', 'postgresql', 'base'), { recursive: true });
    if (isRoot) await chmod(dataDir, 0o755);
    expect(await ask(await start(), 'SELECT 1')).toEqual([1]);
  });

  it.skipIf(!isRoot)(
    'as root, refuses a given folder that its account cannot enter, and makes nothing there [skipped unless root]',
    async () => {
      await mkdir(join(temp, 'closed'), { mode: 0o700 });
      const given = join(temp, 'closed', 'deep', 'data');
      await expect(start(given)).rejects.toThrow(new RegExp(`${given}.*cannot enter ${join(temp, 'closed')}`));
      await chmod(join(temp, 'closed'), 0o755);
      expect(await ask(await start(given), 'SELECT 1')).toEqual([1]);
    },
  );
});
