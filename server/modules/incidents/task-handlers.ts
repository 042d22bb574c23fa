import { type ActingDeps, createActing } from '#server/modules/incidents/acting.ts';
import type { IntentHandlers } from '#server/modules/incidents/intents.ts';
import { createPartActions } from '#server/modules/incidents/part-actions.ts';
import { publicTask } from '#server/modules/incidents/task-store.ts';
import { decideAddTask, decideAssignTask, decideEditTask, decideTaskDone } from '#server/modules/incidents/tasks.ts';

export type TaskKind = `task.${'add' | 'assign' | 'edit' | 'set-done'}`;

export function createTaskHandlers(
  deps: Pick<ActingDeps, 'incidents' | 'timeline' | 'tasks' | 'people' | 'random'>,
): IntentHandlers<TaskKind> {
  const { add, change } = createPartActions(createActing(deps), {
    entity: 'task',
    store: deps.tasks,
    toPublic: publicTask,
    id: (action) => (action as { taskId: string }).taskId,
    involved: (task) => [task.ownerId, task.doneBy],
    missing: 'There is no such task in this incident.',
  });
  return {
    'task.add': add<'task.add'>({
      id: ({ taskId }) => taskId,
      involved: ({ ownerId }) => [ownerId],
      rule: decideAddTask,
    }),
    'task.assign': change(decideAssignTask),
    'task.edit': change((_incident, task, action, facts) => decideEditTask(task, action, facts)),
    'task.set-done': change((_incident, task, action, facts) => decideTaskDone(task, action, facts)),
  };
}
