// The composition root: every part is made here or in the files that it names, given what it needs, started in order and
// stopped in reverse.
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createActions } from '#server/actions.ts';
import { createPostgresEventLog } from '#server/adapters/postgres/event-log.ts';
import { createRetention } from '#server/adapters/postgres/retention.ts';
import { createWake } from '#server/adapters/postgres/wake.ts';
import { createAlertPath } from '#server/alert-path.ts';
import type { Actor } from '#server/api/context.ts';
import { createHttpServer } from '#server/api/http.ts';
import type { Metric } from '#server/api/metrics.ts';
import { createRateLimit } from '#server/api/rate-limit.ts';
import { createClientCopies } from '#server/client-copies.ts';
import type { Config } from '#server/config.ts';
import type { DiskReport } from '#server/contract/diagnostics.ts';
import type { DiskState } from '#server/database/embedded/disk.ts';
import { startEmbeddedPostgres } from '#server/database/embedded/start.ts';
import { migrate, programMigrations } from '#server/database/migrate.ts';
import { settleIntoThisPostgres } from '#server/database/other-postgres.ts';
import { createDatabase } from '#server/database/pool.ts';
import { countFiringAlerts, createAlertSearchStore } from '#server/modules/alerts/search-store.ts';
import { readCommonPasswords } from '#server/modules/auth/password-rules.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { registerAuthRoutes } from '#server/modules/auth/routes.ts';
import { createAuth } from '#server/modules/auth/service.ts';
import { createMetrics } from '#server/modules/diagnostics/metrics.ts';
import { ensureBuiltInRule } from '#server/modules/grouping/intents.ts';
import { ruleStore } from '#server/modules/grouping/store.ts';
import { countOpenIncidents, countRestrictedTo, readIncident } from '#server/modules/incidents/store.ts';
import { readWholeTimeline } from '#server/modules/incidents/timeline-store.ts';
import { registerIngestRoutes } from '#server/modules/ingest/routes.ts';
import { ingestTopic } from '#server/modules/ingest/service.ts';
import { pipelineGroup } from '#server/modules/pipeline/pipeline.ts';
import { rememberStart, startPlace } from '#server/modules/replica/starts-store.ts';
import { createSettings } from '#server/modules/settings/service.ts';
import { createPaging } from '#server/paging.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';
import { createProcedures } from '#server/procedures.ts';
import { createRooms } from '#server/rooms.ts';
import { loadSecretKeys } from '#server/secrets/key-file.ts';
import { secretStore } from '#server/secrets/secret-store.ts';
import { createSecrets } from '#server/secrets/secrets.ts';
import { createServiceCatalog } from '#server/services.ts';
import { createWaysIn } from '#server/ways-in.ts';

const programDir = new URL('../', import.meta.url);
const signInWindowMs = 15 * 60_000;

export interface App {
  /** `loginLink` signs the administrator in once; only for a server that nobody else can reach. */
  start(): Promise<{ url: string; loginLink?: string }>;
  /** Stops what was started, also after a start that failed half way. */
  stop(): Promise<void>;
}

export interface AppDeps {
  config: Config;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Called with words at each step that may take long. */
  progress(text: string): void;
  /** Called on the very first start with the administrator's API key, which is never told again. */
  adminKeyMade(key: string): void;
}

export function createApp(deps: AppDeps): App {
  const running: { name: string; stop(): unknown }[] = [];
  let starting: Promise<unknown> = Promise.resolve();
  return {
    start() {
      const started = run(deps, (name, stop) => running.push({ name, stop }));
      starting = started.catch(() => undefined);
      return started;
    },
    async stop() {
      await starting;
      for (const part of running.splice(0).toReversed()) {
        try {
          await part.stop();
        } catch (error) {
          deps.logger.error('a part did not stop in order', { part: part.name, error: String(error) });
        }
      }
    },
  };
}

async function run(
  { config, clock, random, logger, progress, adminKeyMade }: AppDeps,
  onStop: (name: string, stop: () => unknown) => void,
): ReturnType<App['start']> {
  const { version } = JSON.parse(readFileSync(new URL('package.json', programDir), 'utf8')) as { version: string };

  // Database ------------------------------------------------------------------------------------------------------
  const embedded =
    config.databaseUrl === null
      ? await startEmbeddedPostgres({ dataDir: config.dataDir, port: config.port, clock, random, logger, progress })
      : null;
  if (embedded !== null) onStop('PostgreSQL', () => embedded.stop());
  const address = embedded?.connection ?? { connectionString: config.databaseUrl ?? '' };
  const database = createDatabase({ address, logger, clock, random });
  onStop('connections', () => database.close());
  const place = await startPlace(database, new Date(clock.now()).toISOString());
  await migrate(database, await programMigrations(), logger);
  await settleIntoThisPostgres(database, logger);
  await rememberStart(database, place);
  const wake = createWake({ database, clock, random, logger });
  const log = createPostgresEventLog({ database, clock, random, logger, wake });
  onStop('event log', () => log.stop());
  wake.start();
  onStop('wake-ups', () => wake.stop());
  const base = { database, log, wake, clock, random, logger };

  // People --------------------------------------------------------------------------------------------------------
  const auth = createAuth({
    database,
    clock,
    random,
    logger,
    commonPasswords: readCommonPasswords(new URL('resources/common-passwords.txt', programDir)),
    countRestrictedTo,
  });
  const { firstAdminKey } = await auth.start(config.adminToken);
  onStop('sign-in', () => auth.stop());
  // At once: should a later step fail, the key would never be told again.
  if (firstAdminKey !== null) adminKeyMade(firstAdminKey);
  const settings = createSettings({ ...base, people: peopleStore });
  await settings.start();
  onStop('settings', () => settings.stop());
  const names = async (ids: string[]) => new Map((await peopleStore.read(database, ids)).map((p) => [p.id, p.name]));

  // From an alert to a page ---------------------------------------------------------------------------------------
  await database.withTransaction((tx) =>
    ensureBuiltInRule(ruleStore, tx, random.uuid(), new Date(clock.now()).toISOString()),
  );
  const serviceCatalog = createServiceCatalog({ database, clock, random });
  const cadence = () => settings.current().cadenceMinutes;
  const alertPath = createAlertPath({ ...base, catalog: serviceCatalog.catalog, cadence });
  const alertSearch = createAlertSearchStore(database);
  let [url, ownUrl] = [config.publicUrl ?? '', ''];
  const keys = loadSecretKeys({
    configured: config.secretKeys,
    dataDir: config.dataDir,
    inUse: await secretStore.keysInUse(database),
    random,
  });
  const paging = await createPaging({
    ...base,
    address,
    embeddedDatabase: embedded !== null,
    ingestTopic,
    secrets: createSecrets({ keys, random }),
    keys,
    publicUrl: () => url,
    intents: () => actions.intents,
    incident: (who, id) => readIncident(database, who, id),
    alertsOf: (who, id, limit) => alertSearch.ofIncident(who, id, limit),
    timelineOf: (who, id) => readWholeTimeline(database, who, id),
    connectedUsers: () => replica.connectedUsers(),
    rooms: () => rooms,
  });
  const rooms = createRooms({ ...base, slack: paging.slack });

  // What people do, and what they see -----------------------------------------------------------------------------
  const catalogHandlers = serviceCatalog.handlers;
  const actions = createActions({ ...base, alertPath, paging, rooms, catalogHandlers, cadence });
  const readers = { catalog: serviceCatalog.readers, paging: paging.readers };
  const replica = createClientCopies({ ...base, readers });
  const retention = createRetention({ database, purgeFeed: replica.purge, clock, logger });

  // Ways in -------------------------------------------------------------------------------------------------------
  const waysIn = createWaysIn({
    ...base,
    diskFull: () => embedded?.diskState() === 'full',
    publicUrl: () => url,
    ownUrl: () => ownUrl,
    limitPerMinute: config.ingestLimitPerMinute,
    fillCatalog: serviceCatalog.service.fill,
  });
  const router = createProcedures({
    ...base,
    auth,
    settings,
    serviceCatalog,
    alertSearch,
    names,
    intents: actions.intents,
    paging: paging.services,
    replica,
    waysIn,
    updates: actions.updates.service,
    version,
    embedded: embedded !== null,
    disk: () => (embedded === null ? null : diskReport(config.dataDir, embedded.diskState())),
  });
  const staticDir = fileURLToPath(new URL('out/renderer', programDir));
  const http = await createHttpServer({
    config: {
      host: config.host,
      port: config.port,
      publicUrl: config.publicUrl,
      allowedOrigins: config.allowedOrigins,
      trustedProxies: config.trustedProxies,
      callsPerMinute: 600,
    },
    version,
    router,
    auth,
    registerAuth: (app) =>
      registerAuthRoutes(app, {
        auth,
        limits: {
          account: createRateLimit({ clock, limit: 5, windowMs: signInWindowMs }),
          address: createRateLimit({ clock, limit: 20, windowMs: signInWindowMs }),
        },
        secureCookie: config.publicUrl?.startsWith('https:') ?? false,
      }),
    registerOutside: paging.registerOutside,
    registerIngest: (app) => registerIngestRoutes(app, { ingest: waysIn.ingest, logger, version }),
    staticDir: existsSync(staticDir) ? staticDir : null,
    async notReady() {
      await database.query('SELECT 1');
      return [];
    },
    metrics: joinMetrics(
      paging.metrics,
      createMetrics({
        log,
        topic: ingestTopic,
        group: pipelineGroup,
        taken: waysIn.ingest.totals,
        processed: alertPath.processed,
        firingAlerts: () => countFiringAlerts(database),
        openIncidents: () => countOpenIncidents(database),
        connectedClients: replica.connected,
        clock,
      }),
    ),
    clock,
    random,
    logger,
  });

  replica.start();
  onStop('change feed', () => replica.stop());
  alertPath.consumer.start();
  onStop('pipeline', () => alertPath.consumer.stop());
  alertPath.timers.start();
  onStop('alert timers', () => alertPath.timers.stop());
  actions.consoleTimers.start();
  onStop('console timers', () => actions.consoleTimers.stop());
  for (const part of paging.parts) {
    part.start();
    onStop(part.name, part.stop);
  }
  actions.updates.deliverer.start();
  onStop('updates on their way', () => actions.updates.deliverer.stop());
  rooms.mirror.start();
  onStop('mirror of rooms', () => rooms.mirror.stop());
  retention.start();
  onStop('retention', () => retention.stop());
  waysIn.integrations.start();
  onStop('integration counters', () => waysIn.integrations.stop());
  waysIn.ingest.start();
  onStop('ingest', () => waysIn.ingest.stop());
  onStop('demo', () => waysIn.demo.stop());
  // Before it listens: a server that said it is ready does not end because its database went away right then.
  const linkToken = isLoopback(config.host) ? await auth.adminLink() : null;
  const listening = await http.start();
  onStop('HTTP', () => http.stop());
  ownUrl = listening.url;
  url = config.publicUrl ?? listening.url;

  if (config.demo !== null) {
    const admin = await peopleStore.oldestAdmin(database);
    if (admin !== null) {
      const actor: Actor = { userId: admin, name: 'Demo', role: 'admin', teamIds: [], sessionId: null };
      await waysIn.demo.start(actor, config.demo.speed);
    }
  }

  return {
    url,
    ...(linkToken === null ? {} : { loginLink: `${listening.url}/auth/link?token=${linkToken}` }),
  };
}

function joinMetrics(...parts: (() => Promise<readonly Metric[]>)[]): () => Promise<readonly Metric[]> {
  return async () => (await Promise.all(parts.map((part) => part()))).flat();
}

function diskReport(dataDir: string, state: DiskState): DiskReport {
  const { bavail, blocks, bsize } = statfsSync(dataDir);
  return { state, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
