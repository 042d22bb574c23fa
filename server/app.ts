// The composition root: every part is made here, given what it needs, started in order and stopped in reverse.
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createPostgresEventLog } from '#server/adapters/postgres/event-log.ts';
import { createRetention } from '#server/adapters/postgres/retention.ts';
import { createWake } from '#server/adapters/postgres/wake.ts';
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import { createHttpServer } from '#server/api/http.ts';
import { createRateLimit } from '#server/api/rate-limit.ts';
import type { Metric } from '#server/api/metrics.ts';
import { createRouter } from '#server/api/router.ts';
import type { Config } from '#server/config.ts';
import { consoleReaders, createConsole, keptInConsole } from '#server/console.ts';
import { audiencesOf } from '#server/contract/audience.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import type { DiskReport } from '#server/contract/diagnostics.ts';
import type { IntegrationKind } from '#server/contract/integration.ts';
import type { DiskState } from '#server/database/embedded/disk.ts';
import { startEmbeddedPostgres } from '#server/database/embedded/start.ts';
import { migrate, programMigrations } from '#server/database/migrate.ts';
import { createDatabase } from '#server/database/pool.ts';
import { createAlertChanges } from '#server/modules/alerts/changes.ts';
import { createAlertIntents } from '#server/modules/alerts/intents.ts';
import { decideSignal } from '#server/modules/alerts/lifecycle.ts';
import {
  countFiringAlerts,
  createAlertSearchStore,
  readAlertsForReplica,
} from '#server/modules/alerts/search-store.ts';
import { createAlerts } from '#server/modules/alerts/service.ts';
import { alertStore } from '#server/modules/alerts/store.ts';
import { createAlertTimers } from '#server/modules/alerts/timers.ts';
import { readCommonPasswords } from '#server/modules/auth/password-rules.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { registerAuthRoutes } from '#server/modules/auth/routes.ts';
import { createAuth } from '#server/modules/auth/service.ts';
import { createChatRoom } from '#server/modules/chat-room/service.ts';
import { chatStore, readChatForReplica } from '#server/modules/chat-room/store.ts';
import {
  changeStore,
  readChangesBetween,
  readChangesForReplica,
  readChangesOf,
} from '#server/modules/changes/store.ts';
import { createDemo } from '#server/modules/demo/service.ts';
import { createMetrics } from '#server/modules/diagnostics/metrics.ts';
import { createDiagnostics } from '#server/modules/diagnostics/service.ts';
import { createRuleIntents, ensureBuiltInRule } from '#server/modules/grouping/intents.ts';
import { createGrouping } from '#server/modules/grouping/service.ts';
import { readRulesForReplica, ruleStore } from '#server/modules/grouping/store.ts';
import { createTryRule } from '#server/modules/grouping/try-rule.ts';
import { createActing } from '#server/modules/incidents/acting.ts';
import { withChosenCadence } from '#server/modules/incidents/chosen-cadence.ts';
import { createIncidentHandlers } from '#server/modules/incidents/incident-handlers.ts';
import { intentStore } from '#server/modules/incidents/intent-store.ts';
import { createIntents } from '#server/modules/incidents/intents.ts';
import { createRegroupHandlers } from '#server/modules/incidents/regroup-handlers.ts';
import { createIncidents } from '#server/modules/incidents/service.ts';
import {
  countOpenIncidents,
  countRestrictedTo,
  incidentStore,
  readIncident,
  readIncidentsForReplica,
} from '#server/modules/incidents/store.ts';
import { createTaskHandlers } from '#server/modules/incidents/task-handlers.ts';
import { readTasks, readTasksForReplica, taskStore } from '#server/modules/incidents/task-store.ts';
import { readTimelineForReplica, readWholeTimeline, timelineStore } from '#server/modules/incidents/timeline-store.ts';
import { ingestLimits } from '#server/modules/ingest/limits.ts';
import { previewGeneric } from '#server/modules/ingest/preview.ts';
import { registerIngestRoutes } from '#server/modules/ingest/routes.ts';
import { createIngest, ingestTopic } from '#server/modules/ingest/service.ts';
import { normaliseRecord } from '#server/modules/ingest/sources/registry.ts';
import { createInsights } from '#server/modules/insights/router.ts';
import { createIntegrations } from '#server/modules/integrations/service.ts';
import { readForReplica as readIntegrationsForReplica } from '#server/modules/integrations/store.ts';
import { createPipeline, pipelineGroup } from '#server/modules/pipeline/pipeline.ts';
import { inbox } from '#server/modules/pipeline/store.ts';
import { withPostmortemDrafts } from '#server/modules/postmortems/draft.ts';
import { createPostmortemHandlers } from '#server/modules/postmortems/handlers.ts';
import { createPostmortems } from '#server/modules/postmortems/service.ts';
import { createTimelineFiles } from '#server/modules/postmortems/timeline-file.ts';
import {
  postmortemStore,
  readPostmortem,
  readPostmortemsForReplica,
  readUnfinishedReviews,
} from '#server/modules/postmortems/store.ts';
import { withConnectedUsers } from '#server/modules/replica/connected-users.ts';
import { createReplica } from '#server/modules/replica/service.ts';
import { createSettings } from '#server/modules/settings/service.ts';
import { createSilenceIntents } from '#server/modules/silences/intents.ts';
import { createSilences } from '#server/modules/silences/service.ts';
import { readSilencesForReplica, silenceStore } from '#server/modules/silences/store.ts';
import { createPreferenceIntents } from '#server/modules/preferences/intents.ts';
import { preferenceStore, readPreferencesForReplica } from '#server/modules/preferences/store.ts';
import { createViewIntents } from '#server/modules/views/intents.ts';
import { readViewsForReplica, viewStore } from '#server/modules/views/store.ts';
import { createPaging, pagedIncidents } from '#server/paging.ts';
import { createRooms } from '#server/rooms.ts';
import { createServiceCatalog } from '#server/services.ts';
import { createStatusUpdates, updateReaders, withUpdatesKept } from '#server/updates.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { LogRecord } from '#server/ports/event-log.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';
import { loadSecretKeys } from '#server/secrets/key-file.ts';
import { secretStore } from '#server/secrets/secret-store.ts';
import { createSecrets } from '#server/secrets/secrets.ts';

const programDir = new URL('../', import.meta.url);
const batchSize = 500;
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
  const version = (JSON.parse(readFileSync(new URL('package.json', programDir), 'utf8')) as { version: string })
    .version;
  const now = () => new Date(clock.now()).toISOString();

  // Database ------------------------------------------------------------------------------------------------------
  const embedded =
    config.databaseUrl === null
      ? await startEmbeddedPostgres({ dataDir: config.dataDir, port: config.port, clock, random, logger, progress })
      : null;
  if (embedded !== null) onStop('PostgreSQL', () => embedded.stop());
  const address = embedded?.connection ?? { connectionString: config.databaseUrl ?? '' };
  const database = createDatabase({ address, logger, clock, random });
  onStop('connections', () => database.close());
  await migrate(database, await programMigrations(), logger);
  const wake = createWake({ database, clock, random, logger });
  const log = createPostgresEventLog({ database, clock, random, logger, wake });
  onStop('event log', () => log.stop());
  wake.start();
  onStop('wake-ups', () => wake.stop());

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
  const settings = createSettings({ database, clock, logger });
  await settings.start();
  onStop('settings', () => settings.stop());
  const names = async (ids: string[]) => new Map((await peopleStore.read(database, ids)).map((p) => [p.id, p.name]));

  // Alerts to incidents -------------------------------------------------------------------------------------------
  await database.withTransaction((tx) => ensureBuiltInRule(ruleStore, tx, random.uuid(), now()));
  const serviceCatalog = createServiceCatalog({ database, clock, random });
  const paged = withChosenCadence(pagedIncidents(incidentStore), () => settings.current().cadenceMinutes);
  const incidentsWithDrafts = withPostmortemDrafts(paged, {
    postmortems: postmortemStore,
    tasks: taskStore,
    random,
  });
  const grouping = createGrouping({
    alerts: alertStore,
    incidents: incidentsWithDrafts,
    rules: ruleStore,
    catalog: serviceCatalog.catalog,
    random,
    logger,
  });
  const alertChanges = createAlertChanges({
    alerts: alertStore,
    incidents: incidentsWithDrafts,
    plan: grouping.plan,
    recount: silenceStore.recount,
  });
  const silences = createSilences({
    transact: database.withTransaction,
    silences: silenceStore,
    alerts: alertStore,
    apply: alertChanges.apply,
    clock,
    random,
  });
  const pipeline = createPipeline({
    normalise,
    inbox,
    changes: changeStore,
    alerts: alertStore,
    lifecycle: { decideSignal },
    gate: silenceStore.gate,
    silences,
    catalog: serviceCatalog.catalog,
    grouping,
    alertChanges,
    clock,
    random,
  });
  let processed = 0;
  const consumer = log.consumer({
    topic: ingestTopic,
    group: pipelineGroup,
    batchSize,
    handle: pipeline.handle,
    committed: (records) => (processed += records.length),
  });
  const timers = createAlertTimers({
    transact: database.withTransaction,
    alerts: alertStore,
    silences,
    apply: alertChanges.apply,
    lag: () => log.lag(ingestTopic, pipelineGroup),
    clock,
    random,
    logger,
  });

  const alertSearch = createAlertSearchStore(database);

  // Paging --------------------------------------------------------------------------------------------------------
  let url = config.publicUrl ?? '';
  const keys = loadSecretKeys({
    configured: config.secretKeys,
    dataDir: config.dataDir,
    inUse: await secretStore.keysInUse(database),
    random,
  });
  const paging = await createPaging({
    database,
    address,
    embeddedDatabase: embedded !== null,
    log,
    ingestTopic,
    wake,
    secrets: createSecrets({ keys, random }),
    keys,
    publicUrl: () => url,
    intents: () => intents,
    incident: (who, id) => readIncident(database, who, id),
    alertsOf: (who, id, limit) => alertSearch.ofIncident(who, id, limit),
    timelineOf: (who, id) => readWholeTimeline(database, who, id),
    connectedUsers: () => replica.connectedUsers(),
    rooms: () => rooms,
    clock,
    random,
    logger,
  });

  const rooms = createRooms({ database, wake, slack: paging.slack, clock, random, logger });

  // Actions of people ---------------------------------------------------------------------------------------------
  const acting = {
    incidents: incidentsWithDrafts,
    timeline: timelineStore,
    tasks: taskStore,
    alerts: alertStore,
    people: peopleStore,
    postmortems: postmortemStore,
    chat: chatStore,
    consoleKept: withUpdatesKept(keptInConsole),
    random,
  };
  const consoleParts = createConsole({ database, acting, clock, logger });
  const statusUpdates = createStatusUpdates({ database, acting, ways: paging.updateWays, wake, clock, random, logger });
  const { withAcknowledgement, ...pagingHandlers } = paging.handlers(createActing(acting));
  const incidentHandlers = createIncidentHandlers(acting);
  const taskHandlers = createTaskHandlers(acting);
  const roomHandlers = rooms.handlers(createActing(acting));
  const intents = createIntents({
    database,
    store: intentStore,
    clock,
    logger,
    handlers: consoleParts.withParticipants({
      ...incidentHandlers,
      'incident.acknowledge': withAcknowledgement(incidentHandlers['incident.acknowledge']),
      ...pagingHandlers,
      ...taskHandlers,
      'task.add': rooms.withPromotion(taskHandlers['task.add'], createActing(acting)),
      ...roomHandlers,
      'incident.accept-role': consoleParts.announcing(
        incidentHandlers['incident.accept-role'],
        roomHandlers['chat.post'],
      ),
      'incident.take-role': consoleParts.announcing(incidentHandlers['incident.take-role'], roomHandlers['chat.post']),
      ...consoleParts.handlers,
      ...statusUpdates.handlers,
      ...createRegroupHandlers(acting),
      ...createPostmortemHandlers({ ...acting, acting: createActing(acting) }),
      ...createAlertIntents({
        alerts: alertStore,
        incidents: incidentsWithDrafts,
        gate: silenceStore.gate,
        silences,
        apply: alertChanges.apply,
        random,
      }),
      ...createSilenceIntents({ silences: silenceStore }),
      ...createRuleIntents({ rules: ruleStore }),
      ...createViewIntents({ views: viewStore }),
      ...serviceCatalog.handlers,
      ...createPreferenceIntents({ preferences: preferenceStore }),
    }),
  });

  // What clients see ----------------------------------------------------------------------------------------------
  const replica = withConnectedUsers(
    createReplica<Actor>({
      database,
      wake,
      entities: {
        user: peopleStore.readUsers,
        team: peopleStore.readTeams,
        integration: readIntegrationsForReplica,
        rule: readRulesForReplica,
        silence: readSilencesForReplica,
        view: readViewsForReplica,
        preference: readPreferencesForReplica,
        ...serviceCatalog.readers,
        ...paging.readers,
        incident: readIncidentsForReplica,
        task: readTasksForReplica,
        ...consoleReaders,
        ...updateReaders,
        postmortem: readPostmortemsForReplica,
        timeline: readTimelineForReplica,
        chat: readChatForReplica,
        change: readChangesForReplica,
        alert: readAlertsForReplica,
      },
      async refreshActor({ userId, role }) {
        const user = await peopleStore.user(database, userId);
        if (user === null || user.disabled) return null;
        // A key can carry a smaller role than its owner.
        const smaller = roleAtLeast(user.role, role) ? role : user.role;
        return { userId, teamIds: audiencesOf({ role: smaller, teamIds: user.teamIds }) };
      },
      clock,
      logger,
    }),
  );
  // A snapshot is read with the same rights as the stream that follows it.
  const snapshotPage: typeof replica.snapshotPage = (actor, cursor, reads) =>
    replica.snapshotPage({ ...actor, teamIds: audiencesOf(actor) }, cursor, reads);
  const retention = createRetention({ database, purgeFeed: replica.purge, clock, logger });

  // Ways in -------------------------------------------------------------------------------------------------------
  const integrations = createIntegrations({
    database,
    clock,
    random,
    logger,
    baseUrl: () => url,
    preview: (mapping, body) => previewGeneric(mapping, body, clock.now()),
  });
  const ingest = createIngest({
    log: {
      lag: log.lag,
      append(topic, records, deliveryId) {
        if (embedded?.diskState() === 'full') {
          throw new AppError(
            'disk-full',
            'The disk of this server is full, so nothing was taken. Free some space, then send it again.',
            {
              retryAfterSeconds: 30,
            },
          );
        }
        return log.append(topic, records, deliveryId);
      },
    },
    integrations,
    clock,
    random,
    limits: ingestLimits(config.ingestLimitPerMinute),
    logger,
  });
  let ownUrl = '';
  const demo = createDemo({
    createIntegration: (actor, name, kind: IntegrationKind) =>
      integrations.create(actor, { name, kind, mapping: null }),
    fillCatalog: serviceCatalog.service.fill,
    async post(path, key, body, signal) {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const answer = await fetch(`${ownUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body), signal });
      await answer.arrayBuffer();
      return answer.status;
    },
    clock,
    logger,
  });

  const router = createRouter({
    alerts: createAlerts({ search: alertSearch }),
    auth,
    chat: createChatRoom({ database, intents, clock, random }),
    center: { version, clock, settings },
    demo,
    diagnostics: createDiagnostics({
      database,
      log,
      topic: ingestTopic,
      group: pipelineGroup,
      clock,
      logger,
      version,
      embedded: embedded !== null,
      connectedClients: replica.connected,
      disk: () => (embedded === null ? null : diskReport(config.dataDir, embedded.diskState())),
    }),
    firingAlerts: alertSearch.firing,
    incidents: createIncidents({ database, intents, names, clock, random }),
    insights: createInsights({ database, clock }),
    integrations,
    intents,
    postmortems: createPostmortems({
      clock,
      sources: {
        incident: (reader, id) => readIncident(database, reader, id),
        timeline: (reader, id) => readWholeTimeline(database, reader, id),
        tasks: (reader, id) => readTasks(database, reader, id),
        postmortem: (reader, id) => readPostmortem(database, reader, id),
        alerts: (reader, id, limit) => alertSearch.ofIncident(reader, id, limit),
        changes: (from, to, limit) => readChangesBetween(database, from, to, limit),
        names,
      },
    }),
    paging: paging.services,
    replica: { ...replica, snapshotPage },
    serviceCatalog: serviceCatalog.service,
    settings,
    reviews: { unfinished: (reader, limit) => readUnfinishedReviews(database, reader, limit) },
    timelineFiles: createTimelineFiles({
      clock,
      sources: {
        incident: (reader, id) => readIncident(database, reader, id),
        timeline: (reader, id, limit) => readWholeTimeline(database, reader, id, limit),
        changesOf: (services, from, to, limit) => readChangesOf(database, services, from, to, limit),
      },
    }),
    updates: statusUpdates.service,
    tryRule: createTryRule({
      database,
      rules: ruleStore,
      catalog: serviceCatalog.catalog,
      alertsSince: alertSearch.since,
      clock,
      random,
    }),
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
    registerIngest: (app) => registerIngestRoutes(app, { ingest, logger, version }),
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
        taken: ingest.totals,
        processed: () => processed,
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
  consumer.start();
  onStop('pipeline', () => consumer.stop());
  timers.start();
  onStop('alert timers', () => timers.stop());
  consoleParts.timers.start();
  onStop('console timers', () => consoleParts.timers.stop());
  for (const part of paging.parts) {
    part.start();
    onStop(part.name, part.stop);
  }
  statusUpdates.deliverer.start();
  onStop('updates on their way', () => statusUpdates.deliverer.stop());
  rooms.mirror.start();
  onStop('mirror of rooms', () => rooms.mirror.stop());
  retention.start();
  onStop('retention', () => retention.stop());
  integrations.start();
  onStop('integration counters', () => integrations.stop());
  ingest.start();
  onStop('ingest', () => ingest.stop());
  onStop('demo', () => demo.stop());
  const listening = await http.start();
  onStop('HTTP', () => http.stop());
  ownUrl = listening.url;
  url = config.publicUrl ?? listening.url;

  if (config.demo !== null) {
    const admin = await peopleStore.oldestAdmin(database);
    if (admin !== null) {
      const actor: Actor = { userId: admin, name: 'Demo', role: 'admin', teamIds: [], sessionId: null };
      await demo.start(actor, config.demo.speed);
    }
  }

  const linkToken = isLoopback(config.host) ? await auth.adminLink() : null;
  return {
    url,
    ...(linkToken === null ? {} : { loginLink: `${listening.url}/auth/link?token=${linkToken}` }),
  };
}

function joinMetrics(...parts: (() => Promise<readonly Metric[]>)[]): () => Promise<readonly Metric[]> {
  return async () => (await Promise.all(parts.map((part) => part()))).flat();
}

function normalise(record: LogRecord) {
  const read = normaliseRecord(record);
  if (!read.ok) throw new Error(read.reason);
  return read.signal;
}

function diskReport(dataDir: string, state: DiskState): DiskReport {
  const { bavail, blocks, bsize } = statfsSync(dataDir);
  return { state, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
