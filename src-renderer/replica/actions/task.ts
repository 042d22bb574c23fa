import type { Task } from '#server/contract/incident.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import { type Row, rowKey, type RowKey } from '../rows/rows.ts';
import { type Faces, type KindsOf, ofIncident, quarrelsWithNobody, type Scene } from './face.ts';

const base = (action: { taskId: string }): RowKey => rowKey('task', action.taskId);
const guard = (action: { taskId: string }): string => `task:${action.taskId}`;

export const taskActions: Faces<KindsOf<'task'>> = {
  'task.add': {
    base,
    lane: ofIncident,
    guard: quarrelsWithNobody,
    refusal: null,
    predict(action, { at, me, get, put }) {
      if (get('task', action.taskId) === undefined) put('task', newTask(action, at, me.id));
      const from = action.fromMessageId === undefined ? undefined : get('chat', action.fromMessageId);
      if (from !== undefined && from.taskId === null) put('chat', { ...from, taskId: action.taskId } as Row);
    },
  },
  'task.assign': {
    base,
    lane: ofIncident,
    guard,
    refusal: null,
    predict: (action, scene) => changeTask(action.taskId, scene, (task) => ({ ...task, ownerId: action.ownerId })),
  },
  'task.edit': {
    base,
    lane: ofIncident,
    guard,
    refusal: null,
    predict: (action, scene) =>
      changeTask(action.taskId, scene, (task) => ({ ...task, title: action.title, dueAt: action.dueAt })),
  },
  'task.set-done': {
    base,
    lane: ofIncident,
    guard,
    refusal: null,
    predict: (action, scene) =>
      changeTask(action.taskId, scene, (task) => ({
        ...task,
        doneAt: action.done ? scene.at : null,
        doneBy: action.done ? scene.me.id : null,
      })),
  },
};

function changeTask(id: string, { get, put }: Scene, change: (task: Task) => Task): void {
  const task = get('task', id);
  if (task !== undefined) put('task', change(task));
}

function newTask(action: ActionOf<'task.add'>, at: string, createdBy: string): Task {
  return {
    id: action.taskId,
    version: 0,
    incidentId: action.incidentId,
    title: action.title,
    ownerId: action.ownerId,
    dueAt: action.dueAt,
    doneAt: null,
    doneBy: null,
    createdBy,
    createdAt: at,
  };
}
