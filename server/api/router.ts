import { router } from '#server/api/trpc.ts';
import { alertsRouter } from '#server/modules/alerts/router.ts';
import { createAuthRouter } from '#server/modules/auth/router.ts';
import { createPeopleRouter } from '#server/modules/auth/people-router.ts';
import { createDemoRouter } from '#server/modules/demo/router.ts';
import { createDiagnosticsRouter } from '#server/modules/diagnostics/router.ts';
import { groupingRouter } from '#server/modules/grouping/router.ts';
import { createIncidentsRouter } from '#server/modules/incidents/router.ts';
import { createIntentsRouter } from '#server/modules/incidents/intents-router.ts';
import { createIntegrationsRouter } from '#server/modules/integrations/router.ts';
import { createEventsRouter, createReplicaRouter } from '#server/modules/replica/router.ts';
import { createSettingsRouter } from '#server/modules/settings/router.ts';
import { silencesRouter } from '#server/modules/silences/router.ts';

export interface Services {
  alerts: Parameters<typeof alertsRouter>[0];
  auth: Parameters<typeof createAuthRouter>[0];
  demo: Parameters<typeof createDemoRouter>[0];
  diagnostics: Parameters<typeof createDiagnosticsRouter>[0];
  firingAlerts: Parameters<typeof silencesRouter>[0];
  incidents: Parameters<typeof createIncidentsRouter>[0];
  integrations: Parameters<typeof createIntegrationsRouter>[0];
  intents: Parameters<typeof createIntentsRouter>[0];
  postmortems: Parameters<typeof createIncidentsRouter>[1];
  replica: Parameters<typeof createReplicaRouter>[0];
  settings: Parameters<typeof createSettingsRouter>[0];
  tryRule: Parameters<typeof groupingRouter>[0];
}

/** One line a module. */
export function createRouter(services: Services) {
  return router({
    alerts: alertsRouter(services.alerts),
    auth: createAuthRouter(services.auth, services.settings),
    demo: createDemoRouter(services.demo),
    diagnostics: createDiagnosticsRouter(services.diagnostics),
    events: createEventsRouter(services.replica),
    grouping: groupingRouter(services.tryRule),
    incidents: createIncidentsRouter(services.incidents, services.postmortems),
    integrations: createIntegrationsRouter(services.integrations),
    intents: createIntentsRouter(services.intents),
    people: createPeopleRouter(services.auth),
    replica: createReplicaRouter(services.replica),
    settings: createSettingsRouter(services.settings),
    silences: silencesRouter(services.firingAlerts),
  });
}

export type AppRouter = ReturnType<typeof createRouter>;
