// What clients keep a copy of, who may see it, and the stream that follows.
import type { Wake } from '#server/adapters/postgres/wake.ts';
import type { Actor } from '#server/api/context.ts';
import { consoleReaders } from '#server/console.ts';
import { audiencesOf } from '#server/contract/audience.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import type { Database } from '#server/database/pool.ts';
import { readAlertsForReplica } from '#server/modules/alerts/search-store.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { readChangesForReplica } from '#server/modules/changes/store.ts';
import { readChatForReplica } from '#server/modules/chat-room/store.ts';
import { readRulesForReplica } from '#server/modules/grouping/store.ts';
import { readIncidentsForReplica } from '#server/modules/incidents/store.ts';
import { readTasksForReplica } from '#server/modules/incidents/task-store.ts';
import { readTimelineForReplica } from '#server/modules/incidents/timeline-store.ts';
import { readForReplica as readIntegrationsForReplica } from '#server/modules/integrations/store.ts';
import { readPostmortemsForReplica } from '#server/modules/postmortems/store.ts';
import { readPreferencesForReplica } from '#server/modules/preferences/store.ts';
import { withConnectedUsers } from '#server/modules/replica/connected-users.ts';
import { createReplica } from '#server/modules/replica/service.ts';
import { readSilencesForReplica } from '#server/modules/silences/store.ts';
import { readViewsForReplica } from '#server/modules/views/store.ts';
import type { Paging } from '#server/paging.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { ServiceCatalog } from '#server/services.ts';
import { updateReaders } from '#server/updates.ts';

export type ClientCopies = ReturnType<typeof createClientCopies>;

export function createClientCopies(deps: {
  database: Database;
  wake: Wake;
  /** Of the things that others own. */
  readers: { catalog: ServiceCatalog['readers']; paging: Paging['readers'] };
  clock: Clock;
  logger: Logger;
}) {
  const { database, wake, readers, clock, logger } = deps;
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
        ...readers.catalog,
        ...readers.paging,
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

  return { ...replica, snapshotPage };
}
