// What people do: every kind of action with its handler, joined from the modules that own them.
import type { Wake } from '#server/adapters/postgres/wake.ts';
import type { AlertPath } from '#server/alert-path.ts';
import { createConsole, keptInConsole } from '#server/console.ts';
import type { Cadence } from '#server/contract/severity.ts';
import type { Database } from '#server/database/pool.ts';
import { createAlertIntents } from '#server/modules/alerts/intents.ts';
import { alertStore } from '#server/modules/alerts/store.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { chatStore } from '#server/modules/chat-room/store.ts';
import { createRuleIntents } from '#server/modules/grouping/intents.ts';
import { ruleStore } from '#server/modules/grouping/store.ts';
import { createActing } from '#server/modules/incidents/acting.ts';
import { createIncidentHandlers } from '#server/modules/incidents/incident-handlers.ts';
import { intentStore } from '#server/modules/incidents/intent-store.ts';
import { createIntents } from '#server/modules/incidents/intents.ts';
import { createRegroupHandlers } from '#server/modules/incidents/regroup-handlers.ts';
import { createTaskHandlers } from '#server/modules/incidents/task-handlers.ts';
import { taskStore } from '#server/modules/incidents/task-store.ts';
import { timelineStore } from '#server/modules/incidents/timeline-store.ts';
import { createPostmortemHandlers } from '#server/modules/postmortems/handlers.ts';
import { postmortemStore } from '#server/modules/postmortems/store.ts';
import { createPreferenceIntents } from '#server/modules/preferences/intents.ts';
import { preferenceStore } from '#server/modules/preferences/store.ts';
import { createSilenceIntents } from '#server/modules/silences/intents.ts';
import { silenceStore } from '#server/modules/silences/store.ts';
import { createViewIntents } from '#server/modules/views/intents.ts';
import { viewStore } from '#server/modules/views/store.ts';
import type { Paging } from '#server/paging.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';
import type { Rooms } from '#server/rooms.ts';
import type { ServiceCatalog } from '#server/services.ts';
import { createStatusUpdates, withUpdatesKept } from '#server/updates.ts';

export function createActions(deps: {
  database: Database;
  alertPath: Pick<AlertPath, 'incidents' | 'silences' | 'alertChanges'>;
  paging: Pick<Paging, 'handlers' | 'updateWays'>;
  rooms: Pick<Rooms, 'handlers' | 'withPromotion'>;
  catalogHandlers: ServiceCatalog['handlers'];
  /** Minutes between updates, as they are chosen now. */
  cadence(): Cadence;
  wake: Wake;
  clock: Clock;
  random: Random;
  logger: Logger;
}) {
  const { database, alertPath, paging, rooms, catalogHandlers, cadence, wake, clock, random, logger } = deps;
  const acting = {
    incidents: alertPath.incidents,
    timeline: timelineStore,
    tasks: taskStore,
    alerts: alertStore,
    people: peopleStore,
    postmortems: postmortemStore,
    chat: chatStore,
    consoleKept: withUpdatesKept(keptInConsole),
    cadence,
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
        incidents: alertPath.incidents,
        gate: silenceStore.gate,
        silences: alertPath.silences,
        apply: alertPath.alertChanges.apply,
        random,
      }),
      ...createSilenceIntents({ silences: silenceStore }),
      ...createRuleIntents({ rules: ruleStore }),
      ...createViewIntents({ views: viewStore }),
      ...catalogHandlers,
      ...createPreferenceIntents({ preferences: preferenceStore }),
    }),
  });

  return { intents, consoleTimers: consoleParts.timers, updates: statusUpdates };
}
