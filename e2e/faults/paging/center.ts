// Real servers beside one real PostgreSQL, people with verified ways to the witness, and the means to hurt each of them.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createStderrLogger } from '#server/adapters/system/logger.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#server/database/embedded/start.ts';
import { saveConfig, setPaging } from '../../harness/paging.ts';
import { mutate } from '../../harness/rest.ts';
import { freePort, type RunningServer, startServer } from '../../harness/server.ts';
import { startWitness, type Witness } from './witness.ts';

export interface Center {
  witness: Witness;
  sql: pg.Pool;
  /** How servers ended that nobody ended: always a fault. */
  deaths: string[];
  /** By number; those that run. */
  servers: Map<number, RunningServer>;
  /** Any of those that run and are not frozen. */
  some(): RunningServer;
  integrationKey: string;
  kill(number: number): Promise<void>;
  start(number: number): Promise<void>;
  freeze(number: number): void;
  thaw(number: number): void;
  killPostgres(): void;
  stopPostgres(): Promise<void>;
  startPostgres(): Promise<void>;
  stop(): Promise<void>;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export interface CenterOptions {
  servers: number;
  /** Sets up who is paged, while only the first server runs: others take a moment to hear of it. */
  prepare?(center: Center): Promise<void>;
  env?: Record<string, string>;
  /** An address that somebody else looks after, instead of a PostgreSQL of its own. */
  database?: string;
}

export async function openCenter(options: CenterOptions): Promise<Center> {
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    return await open(options, (step) => undo.push(step), stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(
  options: CenterOptions,
  atEnd: (step: () => unknown) => void,
  stop: () => Promise<void>,
): Promise<Center> {
  const witness = await startWitness();
  atEnd(() => witness.stop());
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-faults-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  let postgres: EmbeddedPostgres | null = null;
  const startPostgres = async () => {
    const clock = createSystemClock();
    postgres = await startEmbeddedPostgres({
      dataDir: folder,
      port: 0,
      clock,
      random: createSystemRandom(clock),
      logger: createStderrLogger('error', clock),
    });
  };
  if (options.database === undefined) await startPostgres();
  atEnd(() => postgres?.stop());
  const databaseUrl = options.database ?? urlOf(postgres!);
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  sql.on('error', () => undefined);
  atEnd(() => sql.end());

  const adminToken = `tsk_${randomBytes(32).toString('base64url')}`;
  const env = {
    ...options.env,
    TOCSIN_INGEST_LIMIT: 'off',
    TOCSIN_DATABASE_URL: databaseUrl,
    TOCSIN_SECRET_KEY: randomBytes(32).toString('base64'),
  };
  const places = new Map<number, { port: number; dataDir: string }>();
  const servers = new Map<number, RunningServer>();
  const frozen = new Set<number>();
  const deaths: string[] = [];
  atEnd(async () => {
    const last = [...servers.values()];
    servers.clear();
    for (const server of last) {
      server.child.kill('SIGCONT');
      await server.stop();
    }
    for (const { dataDir } of places.values()) await rm(dataDir, { recursive: true, force: true });
  });
  const start = async (number: number) => {
    const place = places.get(number) ?? {
      port: await freePort(),
      dataDir: await mkdtemp(join(tmpdir(), 'tocsin-run-')),
    };
    places.set(number, place);
    const server = await startServer({ ...place, adminToken, env });
    servers.set(number, server);
    server.child.once('exit', (code, signal) => {
      if (servers.get(number) !== server) return;
      servers.delete(number);
      deaths.push(`server ${number} ended by itself: ${signal ?? code}, after ${server.lastWords().slice(-1_000)}`);
    });
  };
  await start(0);
  const first = servers.get(0)!;
  await setPaging(first, { allowedPrivateHosts: ['127.0.0.1'] });

  const center: Center = {
    witness,
    sql,
    servers,
    deaths,
    some() {
      const able = [...servers].filter(([number]) => !frozen.has(number));
      const [, server] = able[Math.floor(Math.random() * able.length)] ?? [];
      if (server === undefined) throw new Error('no server runs');
      return server;
    },
    integrationKey: await first.integration('generic'),
    async kill(number) {
      const server = servers.get(number);
      if (server === undefined) return;
      servers.delete(number);
      const gone = new Promise((resolve) => server.child.once('exit', resolve));
      process.kill(server.pid, 'SIGKILL');
      await gone;
    },
    start,
    freeze(number) {
      frozen.add(number);
      process.kill(servers.get(number)!.pid, 'SIGSTOP');
    },
    thaw(number) {
      frozen.delete(number);
      process.kill(servers.get(number)!.pid, 'SIGCONT');
    },
    killPostgres() {
      const pid = postgres?.pid();
      if (pid !== null && pid !== undefined) process.kill(pid, 'SIGKILL');
    },
    async stopPostgres() {
      await postgres?.stop();
      postgres = null;
    },
    startPostgres,
    stop,
  };
  await options.prepare?.(center);
  await Promise.all(Array.from({ length: options.servers - 1 }, (_, index) => start(index + 1)));
  return center;
}

function urlOf(postgres: EmbeddedPostgres): string {
  const { host, user, password, database } = postgres.connection;
  return `postgres://${user}:${encodeURIComponent(password)}@${encodeURIComponent(host)}/${database}`;
}

export function webhookChannel({ witness, some }: Pick<Center, 'witness' | 'some'>, path: string): Promise<string> {
  return saveConfig(some(), {
    kind: 'channel',
    draft: {
      name: `Witness ${path}`,
      kind: 'webhook',
      enabled: true,
      settings: { url: `${witness.url}${path}` },
      secrets: { signingSecret: `whsec_${randomBytes(32).toString('base64')}` },
    },
  });
}

/** A responder who is reached at these paths of the witness, each way proven by its code. */
export async function person(
  center: Pick<Center, 'witness' | 'some'>,
  login: string,
  ways: { path: string; channelId: string; delayMinutes?: number }[],
): Promise<string> {
  const { witness } = center;
  const server = center.some();
  const { user } = (await server.api('/api/v1/users', {
    method: 'POST',
    body: { login, name: login, role: 'responder' },
  })) as { user: { id: string } };
  const methods = ways.map((way) => ({ ...way, id: uuid() }));
  const rules = methods.map(({ id, delayMinutes = 0 }) => ({ methodId: id, delayMinutes }));
  await saveConfig(
    server,
    {
      kind: 'responder',
      draft: {
        timeZone: 'Etc/UTC',
        contactMethods: methods.map(({ id, path, channelId }) => {
          return { id, kind: 'webhook', address: `${witness.url}${path}`, label: '', channelId, enabled: true };
        }),
        rules: { default: rules, important: rules },
        quietHours: null,
        doNotDisturb: null,
      },
    },
    user.id,
  );
  for (const { id, path } of methods) {
    const method = { userId: user.id, methodId: id };
    const from = witness.told.length;
    await mutate(server, 'responders.sendCode', method);
    const code = witness.told.slice(from).find((told) => told.path === path && told.code !== null)?.code;
    if (code === undefined) throw new Error(`no code arrived at ${path}`);
    await mutate(server, 'responders.confirmCode', { ...method, code });
  }
  return user.id;
}
