import type { Task } from '#server/contract/incident.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { createPartStore, type PartStore } from '#server/database/incident-parts.ts';
import { defineTable } from '#server/database/table.ts';

/** A task with what only the server needs to know about it. */
export interface TaskState extends Task {
  /** Field → version at which it last changed. */
  fieldVersions: Record<string, number>;
}

export interface TaskStore extends PartStore<TaskState> {
  ofIncident(tx: Tx, incidentId: string): Promise<TaskState[]>;
}

const table = defineTable<TaskState>('task', {
  id: 'id',
  version: 'version',
  incidentId: 'incident_id',
  title: 'title',
  ownerId: 'owner_id',
  dueAt: 'due_at',
  doneAt: 'done_at',
  doneBy: 'done_by',
  createdBy: 'created_by',
  createdAt: 'created_at',
  fieldVersions: 'field_versions',
});

const part = createPartStore('task', table, publicTask);

export const taskStore: TaskStore = {
  ...part,

  async ofIncident(tx, incidentId) {
    const { rows } = await tx.query<TaskState>({
      name: 'task-of-incident',
      text: `SELECT ${table.select('t')} FROM task t WHERE t.incident_id = $1 ORDER BY t.created_at, t.id`,
      values: [incidentId],
    });
    return rows;
  },
};

export function publicTask(state: TaskState): Task {
  const { fieldVersions: _versions, ...task } = state;
  return task;
}

/** Tasks of the incidents that are replicated. */
export const readTasksForReplica = part.readForReplica;

/** The tasks of one incident, oldest first; none if the reader may not see it. */
export async function readTasks(
  sql: SqlReader,
  actor: { teamIds: readonly string[] },
  incidentId: string,
): Promise<Task[]> {
  const rows = await sql.query<TaskState>({
    name: 'task-list',
    text: `SELECT ${table.select('t')} FROM task t JOIN incident i ON i.id = t.incident_id
           WHERE t.incident_id = $1 AND (i.restricted_to IS NULL OR i.restricted_to && $2::uuid[])
           ORDER BY t.created_at, t.id`,
    values: [incidentId, actor.teamIds],
  });
  return rows.map(publicTask);
}
