import type { Audience } from '#server/contract/audience.ts';
import type { Task } from '#server/contract/incident.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { appendToFeed, reissueToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { defineTable } from '#server/modules/incidents/table.ts';

/** A task with what only the server needs to know about it. */
export interface TaskState extends Task {
  /** Field → version at which it last changed. */
  fieldVersions: Record<string, number>;
}

export interface TaskStore {
  lock(tx: Tx, taskId: string): Promise<TaskState | null>;
  ofIncident(tx: Tx, incidentId: string): Promise<TaskState[]>;
  /** Inserts a new one (version 1), updates another, and writes its feed row. */
  save(tx: Tx, at: string, task: TaskState, audience: Audience): Promise<void>;
  /** After the incident's audience changed: every task once more, to those who may see it now. */
  reissue(tx: Tx, at: string, incidentId: string, before: Audience, after: Audience): Promise<void>;
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

export const taskStore: TaskStore = {
  async lock(tx, taskId) {
    const { rows } = await tx.query<TaskState>({
      name: 'task-lock',
      text: `SELECT ${table.select('t')} FROM task t WHERE t.id = $1 FOR NO KEY UPDATE`,
      values: [taskId],
    });
    return rows[0] ?? null;
  },

  async ofIncident(tx, incidentId) {
    const { rows } = await tx.query<TaskState>({
      name: 'task-of-incident',
      text: `SELECT ${table.select('t')} FROM task t WHERE t.incident_id = $1 ORDER BY t.created_at, t.id`,
      values: [incidentId],
    });
    return rows;
  },

  async save(tx, at, task, audience) {
    const statement =
      task.version === 1 ? { name: 'task-insert', text: table.insert } : { name: 'task-update', text: table.update };
    const { rowCount } = await tx.query({ ...statement, values: [table.toRows([task])] });
    if (rowCount !== 1) throw new Error('a task was saved from a copy that is not the newest');
    const { id, version } = task;
    await appendToFeed(tx, at, [{ entity: 'task', op: 'put', id, version, body: publicTask(task), audience }]);
  },

  async reissue(tx, at, incidentId, before, after) {
    const { rows } = await tx.query<TaskState>({
      name: 'task-reissue',
      text: `UPDATE task t SET version = t.version + 1 WHERE t.incident_id = $1 RETURNING ${table.select('t')}`,
      values: [incidentId],
    });
    await reissueToFeed(tx, at, { entity: 'task', states: rows.map(publicTask), before, after });
  },
};

export function publicTask(state: TaskState): Task {
  const { fieldVersions: _versions, ...task } = state;
  return task;
}

/** Tasks of the incidents that are replicated. */
export async function readTasksForReplica(
  sql: SqlReader,
  actor: { userId: string; teamIds: readonly string[] },
  after: string | null,
  limit: number,
  at: string,
): Promise<{ id: string; version: number; body: Task }[]> {
  const rows = await sql.query<TaskState>({
    name: 'task-replica',
    text: `SELECT ${table.select('t')} FROM task t JOIN incident i ON i.id = t.incident_id
           WHERE (i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])
             AND ($2::uuid IS NULL OR t.id > $2)
             AND (i.status <> 'resolved' OR i.resolved_at > $3::timestamptz - make_interval(days => $4))
           ORDER BY t.id LIMIT $5`,
    values: [actor.teamIds, after, at, replicaLimits.closedIncidentDays, limit],
  });
  return rows.map((state) => ({ id: state.id, version: state.version, body: publicTask(state) }));
}

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
