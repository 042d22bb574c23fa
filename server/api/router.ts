import { router } from '#server/api/trpc.ts';
import type { Paging } from '#server/paging.ts';
import { alertsRouter } from '#server/modules/alerts/router.ts';
import { createAuthRouter } from '#server/modules/auth/router.ts';
import { createPeopleRouter } from '#server/modules/auth/people-router.ts';
import { type CenterDeps, createCenterRouter } from '#server/modules/center/router.ts';
import { createChatRouter } from '#server/modules/chat-room/router.ts';
import { createConfigRouter } from '#server/modules/config/router.ts';
import { createDemoRouter } from '#server/modules/demo/router.ts';
import { createDiagnosticsRouter } from '#server/modules/diagnostics/router.ts';
import { createFatigueRouter } from '#server/modules/fatigue/router.ts';
import { groupingRouter } from '#server/modules/grouping/router.ts';
import { createImportersRouter } from '#server/modules/importers/router.ts';
import { createIncidentsRouter } from '#server/modules/incidents/router.ts';
import { createIntentsRouter } from '#server/modules/incidents/intents-router.ts';
import { createInsightsRouter } from '#server/modules/insights/router.ts';
import { createIntegrationsRouter } from '#server/modules/integrations/router.ts';
import { createLedgerRouter } from '#server/modules/ledger/router.ts';
import { createMonitorsRouter } from '#server/modules/monitors/router.ts';
import { createChannelsRouter, createPagesRouter } from '#server/modules/notify/router.ts';
import { createReviewsRouter, createTimelineRouter } from '#server/modules/postmortems/router.ts';
import { createOncallRouter } from '#server/modules/oncall/router.ts';
import { createEventsRouter, createReplicaRouter } from '#server/modules/replica/router.ts';
import { createRespondersRouter } from '#server/modules/responders/router.ts';
import { createTrialRouter } from '#server/modules/routing/trial-router.ts';
import { createServicesRouter } from '#server/modules/services/router.ts';
import { createSettingsRouter } from '#server/modules/settings/router.ts';
import { createShadowRouter } from '#server/modules/shadow/router.ts';
import { silencesRouter } from '#server/modules/silences/router.ts';
import { createUpdatesRouter } from '#server/modules/updates/router.ts';
import { createWatchdogRouter } from '#server/modules/watchdog/router.ts';

export interface Services {
  alerts: Parameters<typeof alertsRouter>[0];
  auth: Parameters<typeof createAuthRouter>[0];
  center: CenterDeps;
  chat: Parameters<typeof createChatRouter>[0];
  demo: Parameters<typeof createDemoRouter>[0];
  diagnostics: Parameters<typeof createDiagnosticsRouter>[0];
  firingAlerts: Parameters<typeof silencesRouter>[0];
  incidents: Parameters<typeof createIncidentsRouter>[0];
  insights: Parameters<typeof createInsightsRouter>[0];
  integrations: Parameters<typeof createIntegrationsRouter>[0];
  intents: Parameters<typeof createIntentsRouter>[0];
  postmortems: Parameters<typeof createIncidentsRouter>[1];
  replica: Parameters<typeof createReplicaRouter>[0];
  serviceCatalog: Parameters<typeof createServicesRouter>[0];
  settings: Parameters<typeof createSettingsRouter>[0];
  reviews: Parameters<typeof createReviewsRouter>[0];
  timelineFiles: Parameters<typeof createTimelineRouter>[0];
  tryRule: Parameters<typeof groupingRouter>[0];
  updates: Parameters<typeof createUpdatesRouter>[0];
  paging: Paging['services'];
}

/** One line a module. */
export function createRouter(services: Services) {
  const { paging } = services;
  return router({
    alerts: alertsRouter(services.alerts),
    auth: createAuthRouter(services.auth, services.settings),
    center: createCenterRouter(services.center),
    channels: createChannelsRouter(paging.channels),
    chat: createChatRouter(services.chat),
    config: createConfigRouter(paging.config),
    demo: createDemoRouter(services.demo),
    diagnostics: createDiagnosticsRouter(services.diagnostics),
    events: createEventsRouter(services.replica),
    fatigue: createFatigueRouter(paging.fatigue),
    grouping: groupingRouter(services.tryRule),
    importers: createImportersRouter(paging.importers),
    incidents: createIncidentsRouter(services.incidents, services.postmortems),
    insights: createInsightsRouter(services.insights),
    integrations: createIntegrationsRouter(services.integrations),
    intents: createIntentsRouter(services.intents),
    ledger: createLedgerRouter(paging.ledger, (actor, question) => paging.tryPaging.tryPolicy(actor, question)),
    monitors: createMonitorsRouter(paging.monitors),
    oncall: createOncallRouter(paging.oncall),
    pages: createPagesRouter(paging.pages),
    paging: createTrialRouter(paging.tryPaging),
    people: createPeopleRouter(services.auth),
    replica: createReplicaRouter(services.replica),
    reviews: createReviewsRouter(services.reviews),
    responders: createRespondersRouter(paging.responders),
    services: createServicesRouter(services.serviceCatalog),
    settings: createSettingsRouter(services.settings),
    shadow: createShadowRouter(paging.shadow),
    silences: silencesRouter(services.firingAlerts),
    timeline: createTimelineRouter(services.timelineFiles),
    updates: createUpdatesRouter(services.updates),
    watchdog: createWatchdogRouter(paging.watchdog, paging.pagingSettings),
  });
}

export type AppRouter = ReturnType<typeof createRouter>;
