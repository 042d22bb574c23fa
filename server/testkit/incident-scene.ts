// One incident app on a fresh database, with its people and the few things that its tests do over and over.
import { beforeAll, beforeEach, expect } from 'vitest';
import type { Actor } from '#server/api/context.ts';
import type { Incident, Task, TimelineEntry } from '#server/contract/incident.ts';
import type { ActionOf, Intent, IntentResult } from '#server/contract/intent.ts';
import type { Database } from '#server/database/pool.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { alertStore } from '#server/modules/alerts/store.ts';
import { readIncident } from '#server/modules/incidents/store.ts';
import { readTasks } from '#server/modules/incidents/task-store.ts';
import { readWholeTimeline } from '#server/modules/incidents/timeline-store.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createIncidentApp, type IncidentApp } from '#server/testkit/incident-app.ts';
import { anAlert, testId } from '#server/testkit/incidents.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const start = Date.parse('2026-11-21T12:00:00.000Z');

export const teamA = testId(501);
export const teamB = testId(502);

/** Call it at the top of a test file. `people` and `app` are there from the first test on. */
export function incidentScene(options: Pick<Parameters<typeof createIncidentApp>[0], 'mirror'> = {}) {
  const clock = createFakeClock(start);
  const random = createSeededRandom(7, clock);
  const scene = {} as {
    database: Database;
    app: IncidentApp;
    people: Record<'mara' | 'diego' | 'boss' | 'outsider' | 'viewer', Actor>;
  };

  beforeAll(async () => {
    scene.database = await testDatabase({ max: 25 });
    scene.app = createIncidentApp({ database: scene.database, clock, random, ...options });
    scene.people = {
      mara: await scene.app.person('Mara', 'responder', [teamA]),
      diego: await scene.app.person('Diego', 'responder', [teamA]),
      boss: await scene.app.person('Sam', 'manager', [teamA]),
      outsider: await scene.app.person('Otto', 'admin', [teamB]),
      viewer: await scene.app.person('Vera', 'viewer', [teamA]),
    };
  });
  beforeEach(async () => {
    clock.set(start);
    await scene.database.query(
      'TRUNCATE incident, task, timeline_entry, postmortem, alert, alert_event, intent, feed CASCADE',
    );
  });

  async function send(
    actor: Actor,
    action: Intent['action'],
    baseVersion: number | null = null,
  ): Promise<IntentResult> {
    const [result] = await scene.app.intents.submit(actor, [scene.app.intent(action, { baseVersion })]);
    return result!;
  }

  return {
    scene,
    clock,
    random,
    send,

    async declare(fields: Partial<ActionOf<'incident.declare'>> = {}, actor = scene.people.mara): Promise<string> {
      const incidentId = random.uuid();
      const rest = { title: 'Checkout fails', severity: 'sev2', impact: null, restrictedTo: null } as const;
      const alertIds: string[] = [];
      const action = { kind: 'incident.declare', incidentId, alertIds, ...rest, ...fields } as const;
      expect(await send(actor, action)).toMatchObject({ outcome: 'applied', version: 1 });
      return incidentId;
    },

    async read(id: string, reader = scene.people.mara): Promise<Incident> {
      const incident = await readIncident(scene.database, reader, id);
      if (incident === null) throw new Error(`${reader.name} sees no incident ${id}`);
      return incident;
    },

    timeline: (id: string, reader = scene.people.mara): Promise<TimelineEntry[]> =>
      readWholeTimeline(scene.database, reader, id),

    tasksOf: (id: string, reader = scene.people.mara): Promise<Task[]> => readTasks(scene.database, reader, id),

    /** New alerts that belong to no incident. */
    async someAlerts(count: number): Promise<string[]> {
      const list = Array.from({ length: count }, (_, n) => {
        const id = random.uuid();
        return anAlert({ id, dedupKey: id, title: `Alert ${n}`, service: `s${n % 2}` });
      });
      await scene.database.withTransaction((tx) => alertStore.save(tx, new Date(clock.now()).toISOString(), list));
      return list.map((alert) => alert.id);
    },

    alertsOf: (ids: string[]): Promise<AlertState[]> =>
      scene.database.withTransaction((tx) => alertStore.lockByIds(tx, ids)),
  };
}
