// Incidents on a real PostgreSQL, joined as the composition root joins them.
import type { Actor } from '#server/api/context.ts';
import type { ActionKind, Intent } from '#server/contract/intent.ts';
import type { PermissionRole } from '#server/contract/people.ts';
import { createConsole, keptInConsole } from '#server/console.ts';
import { updateCadenceMinutes } from '#server/contract/severity.ts';
import type { Database } from '#server/database/pool.ts';
import { alertStore } from '#server/modules/alerts/store.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { createChatHandlers, withPromotion } from '#server/modules/chat-room/handlers.ts';
import type { MirrorQueue } from '#server/modules/chat-room/state.ts';
import { chatStore, publicMessage } from '#server/modules/chat-room/store.ts';
import { createActing } from '#server/modules/incidents/acting.ts';
import { createIncidentHandlers } from '#server/modules/incidents/incident-handlers.ts';
import { intentStore } from '#server/modules/incidents/intent-store.ts';
import { createIntents, type IntentHandlers } from '#server/modules/incidents/intents.ts';
import { createRegroupHandlers } from '#server/modules/incidents/regroup-handlers.ts';
import { createIncidents } from '#server/modules/incidents/service.ts';
import { incidentStore, readIncident } from '#server/modules/incidents/store.ts';
import { createTaskHandlers } from '#server/modules/incidents/task-handlers.ts';
import { readTasks, taskStore } from '#server/modules/incidents/task-store.ts';
import { readWholeTimeline, timelineStore } from '#server/modules/incidents/timeline-store.ts';
import { withPostmortemDrafts } from '#server/modules/postmortems/draft.ts';
import { createPostmortemHandlers } from '#server/modules/postmortems/handlers.ts';
import { createPostmortems } from '#server/modules/postmortems/service.ts';
import { postmortemStore, readPostmortem } from '#server/modules/postmortems/store.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import type { FakeClock } from '#server/testkit/clock.ts';
import type { Random } from '#server/ports/random.ts';

export type IncidentApp = ReturnType<typeof createIncidentApp>;

const nowhere: MirrorQueue = { roomsFor: async () => [], add: async () => {}, follow: async () => false };

export function createIncidentApp({
  database,
  clock,
  random,
  mirror = nowhere,
}: {
  database: Database;
  clock: FakeClock;
  random: Random;
  /** Where rooms are mirrored. */
  mirror?: MirrorQueue | undefined;
}) {
  const drafts = { postmortems: postmortemStore, tasks: taskStore, random };
  const parts = {
    incidents: withPostmortemDrafts(incidentStore, drafts),
    timeline: timelineStore,
    tasks: taskStore,
    alerts: alertStore,
    people: peopleStore,
    postmortems: postmortemStore,
    chat: chatStore,
    consoleKept: keptInConsole,
    cadence: () => updateCadenceMinutes,
    random,
  };
  const logger = createMemoryLogger();
  const consoleParts = createConsole({ database, acting: parts, clock, logger });
  const incidentHandlers = createIncidentHandlers(parts);
  const taskHandlers = createTaskHandlers(parts);
  const chatHandlers = createChatHandlers({ acting: createActing(parts), chat: chatStore, mirror, publicMessage });
  const handlers = consoleParts.withParticipants({
    ...incidentHandlers,
    ...taskHandlers,
    'task.add': withPromotion(taskHandlers['task.add'], { chat: chatStore }, createActing(parts).lock),
    ...chatHandlers,
    'incident.accept-role': consoleParts.announcing(
      incidentHandlers['incident.accept-role'],
      chatHandlers['chat.post'],
    ),
    'incident.take-role': consoleParts.announcing(incidentHandlers['incident.take-role'], chatHandlers['chat.post']),
    ...consoleParts.handlers,
    ...createRegroupHandlers(parts),
    ...createPostmortemHandlers({ ...parts, acting: createActing(parts) }),
    // The other modules' actions are not this app's.
  } as IntentHandlers<ActionKind>);
  const intents = createIntents({ database, store: intentStore, handlers, clock, logger });
  const names = async (ids: string[]) =>
    new Map((await peopleStore.read(database, ids)).map((person) => [person.id, person.name]));
  const postmortems = createPostmortems({
    clock,
    sources: {
      incident: (reader, id) => readIncident(database, reader, id),
      timeline: (reader, id) => readWholeTimeline(database, reader, id),
      tasks: (reader, id) => readTasks(database, reader, id),
      postmortem: (reader, id) => readPostmortem(database, reader, id),
      alerts: async () => [],
      changes: async () => [],
      names,
    },
  });
  return {
    intents,
    consoleTimers: consoleParts.timers,
    postmortems,
    incidents: createIncidents({ database, intents, names, clock, random }),

    async person(name: string, role: PermissionRole, teamIds: string[] = []): Promise<Actor> {
      const userId = random.uuid();
      const at = new Date(clock.now()).toISOString();
      await database.withTransaction((tx) => peopleStore.insertUser(tx, { id: userId, login: userId, name, role, at }));
      for (const id of teamIds) {
        await database.query(`INSERT INTO team (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [id, `team ${id}`]);
        await database.query('INSERT INTO team_member (team_id, user_id) VALUES ($1, $2)', [id, userId]);
      }
      return { userId, name, role, teamIds, sessionId: null };
    },

    intent(action: Intent['action'], fields: Partial<Intent> = {}): Intent {
      const at = new Date(clock.now()).toISOString();
      return { id: random.uuid(), at, baseVersion: null, dependsOn: null, action, ...fields };
    },
  };
}
