import type { ActionOf } from '#server/contract/intent.ts';
import { type ActingDeps, createActing, idTaken } from '#server/modules/incidents/acting.ts';
import { type Decision, type Facts, notFound } from '#server/modules/incidents/decision.ts';
import type { IntentHandler, IntentHandlers } from '#server/modules/incidents/intents.ts';
import { publicIncident } from '#server/modules/incidents/public.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { publicTask, type TaskState } from '#server/modules/incidents/task-store.ts';
import { decideAddTask, decideAssignTask, decideEditTask, decideTaskDone } from '#server/modules/incidents/tasks.ts';

export type TaskKind = `task.${'add' | 'assign' | 'edit' | 'set-done'}`;

export function createTaskHandlers(deps: ActingDeps): IntentHandlers<TaskKind> {
  const { tasks } = deps;
  const acting = createActing(deps);

  const add: IntentHandler<'task.add'> = async (tx, context) => {
    const { action } = context.intent;
    const incident = await acting.lock(tx, context, action.incidentId);
    if ('outcome' in incident) return incident;
    if ((await tasks.lock(tx, action.taskId)) !== null) return idTaken;
    const decision = await acting.decide(tx, context, incident, [action.ownerId], (facts) =>
      decideAddTask(incident, action, facts),
    );
    if (decision.outcome !== 'applied') {
      return acting.refuse(tx, context, incident.id, decision, { entity: 'incident', body: publicIncident(incident) });
    }
    await tasks.save(tx, context.at, decision.next, incident.restrictedTo);
    await acting.addEntries(tx, context, incident.id, decision.entries);
    return { outcome: 'applied', version: decision.next.version };
  };

  function onTask<K extends Exclude<TaskKind, 'task.add'>>(
    rule: (incident: IncidentState, task: TaskState, action: ActionOf<K>, facts: Facts) => Decision<TaskState>,
  ): IntentHandler<K> {
    return async (tx, context) => {
      const { action } = context.intent;
      const { incidentId, taskId } = action as ActionOf<TaskKind>;
      const incident = await acting.lock(tx, context, incidentId);
      if ('outcome' in incident) return incident;
      const task = await tasks.lock(tx, taskId);
      if (task?.incidentId !== incident.id) return notFound('There is no such task in this incident.');
      const newOwner = 'ownerId' in action && typeof action.ownerId === 'string' ? action.ownerId : null;
      const involved = [task.ownerId, task.doneBy, newOwner];
      const decision = await acting.decide(tx, context, incident, involved, (facts) =>
        rule(incident, task, action, facts),
      );
      if (decision.outcome !== 'applied') {
        return acting.refuse(tx, context, incident.id, decision, { entity: 'task', body: publicTask(task) });
      }
      await tasks.save(tx, context.at, decision.next, incident.restrictedTo);
      await acting.addEntries(tx, context, incident.id, decision.entries);
      return { outcome: 'applied', version: decision.next.version };
    };
  }

  return {
    'task.add': add,
    'task.assign': onTask(decideAssignTask),
    'task.edit': onTask((_incident, task, action, facts) => decideEditTask(task, action, facts)),
    'task.set-done': onTask((_incident, task, action, facts) => decideTaskDone(task, action, facts)),
  };
}
