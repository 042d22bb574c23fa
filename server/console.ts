// The commander's console, joined: its actions, its timers, and what clients keep of it.
import type { Database } from '#server/database/pool.ts';
import type { ActingDeps } from '#server/modules/incidents/acting.ts';
import { withAnnouncement } from '#server/modules/incidents/console/announce.ts';
import { createAskHandlers } from '#server/modules/incidents/console/ask-handlers.ts';
import { askStore, readAsksForReplica } from '#server/modules/incidents/console/ask-store.ts';
import { createKeptInConsole } from '#server/modules/incidents/console/kept.ts';
import { createParticipantHandlers, withParticipants } from '#server/modules/incidents/console/participant-handlers.ts';
import { participantStore, readParticipantsForReplica } from '#server/modules/incidents/console/participant-store.ts';
import { createPollHandlers } from '#server/modules/incidents/console/poll-handlers.ts';
import { pollStore, readPollsForReplica } from '#server/modules/incidents/console/poll-store.ts';
import { createConsoleTimers } from '#server/modules/incidents/console/timers.ts';
import type { IntentHandler, IntentHandlers } from '#server/modules/incidents/intents.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

const stores = { asks: askStore, polls: pollStore, participants: participantStore };

export const keptInConsole = createKeptInConsole(stores);

export const consoleReaders = {
  participant: readParticipantsForReplica,
  ask: readAsksForReplica,
  poll: readPollsForReplica,
};

export function createConsole(deps: {
  database: Pick<Database, 'query' | 'withTransaction'>;
  acting: Pick<ActingDeps, 'incidents' | 'timeline' | 'tasks' | 'people' | 'random'>;
  clock: Clock;
  logger: Logger;
}) {
  const { database, acting, clock, logger } = deps;
  const parts = { ...acting, ...stores };
  return {
    handlers: { ...createAskHandlers(parts), ...createPollHandlers(parts), ...createParticipantHandlers(parts) },
    /** Around the handlers by which somebody accepts a role. */
    announcing: <K extends 'incident.accept-role' | 'incident.take-role'>(
      handler: IntentHandler<K>,
      say: IntentHandler<'chat.post'>,
    ): IntentHandler<K> => withAnnouncement(handler, { ...parts, say }),
    /** Around all handlers: whoever takes something up, or is given it, is in the incident from then on. */
    withParticipants: <H extends Partial<IntentHandlers>>(handlers: H): H => withParticipants(handlers, parts),
    timers: createConsoleTimers({ ...parts, database, clock, logger }),
  };
}
