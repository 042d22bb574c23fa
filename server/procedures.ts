// What may be asked of this center over its API: each router with what answers it.
import { createRouter } from '#server/api/router.ts';
import type { ClientCopies } from '#server/client-copies.ts';
import type { DiskReport } from '#server/contract/diagnostics.ts';
import type { Database } from '#server/database/pool.ts';
import type { AlertSearchStore } from '#server/modules/alerts/search-store.ts';
import { createAlerts } from '#server/modules/alerts/service.ts';
import type { Auth } from '#server/modules/auth/service.ts';
import { readChangesBetween, readChangesOf } from '#server/modules/changes/store.ts';
import { createChatRoom } from '#server/modules/chat-room/service.ts';
import { createDiagnostics } from '#server/modules/diagnostics/service.ts';
import { ruleStore } from '#server/modules/grouping/store.ts';
import { createTryRule } from '#server/modules/grouping/try-rule.ts';
import type { Intents } from '#server/modules/incidents/intents.ts';
import { createIncidents } from '#server/modules/incidents/service.ts';
import { readIncident } from '#server/modules/incidents/store.ts';
import { readTasks } from '#server/modules/incidents/task-store.ts';
import { readWholeTimeline } from '#server/modules/incidents/timeline-store.ts';
import { ingestTopic } from '#server/modules/ingest/service.ts';
import { createInsights } from '#server/modules/insights/router.ts';
import { pipelineGroup } from '#server/modules/pipeline/pipeline.ts';
import { createPostmortems } from '#server/modules/postmortems/service.ts';
import type { ReviewSources } from '#server/modules/postmortems/service.ts';
import { readPostmortem, readUnfinishedReviews } from '#server/modules/postmortems/store.ts';
import { createTimelineFiles } from '#server/modules/postmortems/timeline-file.ts';
import type { SettingsService } from '#server/modules/settings/service.ts';
import type { Updates } from '#server/modules/updates/service.ts';
import type { Paging } from '#server/paging.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { EventLog } from '#server/ports/event-log.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';
import type { ServiceCatalog } from '#server/services.ts';
import type { WaysIn } from '#server/ways-in.ts';

export function createProcedures(deps: {
  database: Database;
  log: EventLog & { waiting(): number };
  auth: Auth;
  settings: SettingsService;
  serviceCatalog: Pick<ServiceCatalog, 'catalog' | 'service'>;
  alertSearch: AlertSearchStore;
  names: ReviewSources['names'];
  intents: Intents;
  paging: Paging['services'];
  replica: ClientCopies;
  waysIn: Pick<WaysIn, 'demo' | 'integrations'>;
  updates: Updates;
  version: string;
  /** Whether the database is one that this server runs by itself. */
  embedded: boolean;
  disk(): DiskReport | null;
  clock: Clock;
  random: Random;
  logger: Logger;
}) {
  const {
    database,
    log,
    auth,
    settings,
    serviceCatalog,
    alertSearch,
    names,
    intents,
    paging,
    replica,
    waysIn,
    updates,
  } = deps;
  const { version, embedded, disk, clock, random, logger } = deps;
  return createRouter({
    alerts: createAlerts({ search: alertSearch }),
    auth,
    chat: createChatRoom({ database, intents, clock, random }),
    center: { version, clock, settings },
    demo: waysIn.demo,
    diagnostics: createDiagnostics({
      database,
      log,
      topic: ingestTopic,
      group: pipelineGroup,
      clock,
      logger,
      version,
      embedded,
      connectedClients: replica.connected,
      disk,
    }),
    firingAlerts: alertSearch.firing,
    incidents: createIncidents({ database, intents, names, clock, random }),
    insights: createInsights({ database, clock }),
    integrations: waysIn.integrations,
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
    paging,
    replica,
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
    updates,
    tryRule: createTryRule({
      database,
      rules: ruleStore,
      catalog: serviceCatalog.catalog,
      alertsSince: alertSearch.since,
      clock,
      random,
    }),
  });
}
