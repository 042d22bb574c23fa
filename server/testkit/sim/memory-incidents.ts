// What actions of people need beside the alert path's stores, over the memory model.
import type { TimelineEntry } from '#server/contract/incident.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { IntentStore, StoredIntent } from '#server/modules/incidents/intent-store.ts';
import type { TaskState, TaskStore } from '#server/modules/incidents/task-store.ts';
import type { TimelineStore } from '#server/modules/incidents/timeline-store.ts';
import type { MemoryDatabase } from '#server/testkit/sim/memory-database.ts';

type IntentRow = StoredIntent & { id: string };

/** Guards that a test takes away, to see that the simulation notices. */
export interface IntentBugs {
  forgetsIntents?: boolean;
}

export interface MemoryIncidentStores {
  intents: IntentStore;
  timeline: TimelineStore;
  tasks: TaskStore;
}

export function createMemoryIncidentStores(
  database: MemoryDatabase,
  pause: () => Promise<void>,
  bugs: IntentBugs = {},
): MemoryIncidentStores {
  async function locked<R extends { id: string }>(
    tx: Tx,
    table: 'intent' | 'task' | 'timeline',
    id: string,
  ): Promise<R | null> {
    await pause();
    database.lockRow(tx, table, id);
    return database.get<R>(tx, table, id) ?? null;
  }

  return {
    intents: {
      async claim(tx, { id, userId, kind }) {
        const earlier = await locked<IntentRow>(tx, 'intent', id);
        if (earlier !== null && bugs.forgetsIntents !== true) return earlier;
        const result = { outcome: 'applied', id, version: null } as const;
        database.put(tx, 'intent', { id, userId, kind, result } satisfies IntentRow);
        return null;
      },
      async answer(tx, id, result) {
        await pause();
        const row = database.get<IntentRow>(tx, 'intent', id);
        if (row === undefined) throw new Error('an intent is answered before it is claimed');
        database.put(tx, 'intent', { ...row, result } satisfies IntentRow);
      },
      async find(tx, id) {
        await pause();
        return database.get<IntentRow>(tx, 'intent', id) ?? null;
      },
      async forget() {
        throw new Error('clients keep their order, so nothing comes before what it builds on');
      },
    },

    timeline: {
      find: (tx, id) => locked<TimelineEntry>(tx, 'timeline', id),
      idTaken: async (tx, id) => (await locked<TimelineEntry>(tx, 'timeline', id)) !== null,
      async save(tx, _at, entry) {
        await pause();
        database.put(tx, 'timeline', entry);
      },
      async latest(tx, incidentId) {
        await pause();
        const entries = database.rows<TimelineEntry>(tx, 'timeline').filter((entry) => entry.incidentId === incidentId);
        return [...new Map(entries.map((entry) => [entry.kind, entry])).values()];
      },
      async reissue() {
        throw new Error('nothing is restricted here');
      },
    },

    tasks: {
      lock: (tx, id) => locked<TaskState>(tx, 'task', id),
      async ofIncident(tx, incidentId) {
        await pause();
        return database.rows<TaskState>(tx, 'task').filter((task) => task.incidentId === incidentId);
      },
      async save(tx, _at, task) {
        await pause();
        database.put(tx, 'task', task);
      },
      async reissue() {
        throw new Error('nothing is restricted here');
      },
    },
  };
}
