import { canSee } from '#server/contract/audience.ts';
import { instantWords } from '#server/contract/instant-words.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import {
  applied,
  conflict,
  type Decision,
  type Facts,
  invalid,
  isStale,
  nameOf,
  noop,
  notFound,
  type Rejected,
} from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import type { TaskState } from '#server/modules/incidents/task-store.ts';

export function decideAddTask(
  incident: IncidentState,
  action: ActionOf<'task.add'>,
  facts: Facts,
): Decision<TaskState> {
  const refused = refuseOwner(incident, action.ownerId, facts);
  if (refused !== null) return refused;
  const { taskId: id, title, ownerId, dueAt } = action;
  const owner =
    ownerId === null ? '' : ownerId === facts.actor.userId ? ' for themselves' : ` for ${nameOf(facts, ownerId)}`;
  return applied(
    {
      id,
      version: 1,
      incidentId: incident.id,
      title,
      ownerId,
      dueAt,
      doneAt: null,
      doneBy: null,
      createdBy: facts.actor.userId,
      createdAt: facts.actedAt,
      fieldVersions: {},
    },
    { kind: 'task', text: `${facts.actor.name} added a task${owner}: ${title}`, detail: due(dueAt) },
  );
}

/** Two people giving one task to two others never merge silently. The base version is the task's. */
export function decideAssignTask(
  incident: IncidentState,
  task: TaskState,
  { ownerId }: ActionOf<'task.assign'>,
  facts: Facts,
): Decision<TaskState> {
  const who = facts.actor.name;
  if (task.ownerId === ownerId) {
    return noop(
      ownerId === null ? 'Nobody has it.' : `${nameOf(facts, ownerId)} has it already.`,
      facts.lastChange('task'),
    );
  }
  if (isStale(task, 'owner', facts)) {
    return conflict(
      `${who} wanted to give “${task.title}” to ${nameOf(facts, ownerId)} from an older copy`,
      `${nameOf(facts, task.ownerId)} kept it`,
    );
  }
  const refused = refuseOwner(incident, ownerId, facts);
  if (refused !== null) return refused;
  const text =
    ownerId === null
      ? `${who} unassigned “${task.title}”, which ${nameOf(facts, task.ownerId)} had`
      : ownerId === facts.actor.userId
        ? `${who} took the task “${task.title}”`
        : `${who} gave “${task.title}” to ${nameOf(facts, ownerId)}`;
  return applied(changedTask(task, { ownerId }, 'owner'), { kind: 'task', text });
}

export function decideEditTask(
  task: TaskState,
  { title, dueAt }: ActionOf<'task.edit'>,
  facts: Facts,
): Decision<TaskState> {
  if (task.title === title && task.dueAt === dueAt) return noop('The task is the same.', facts.lastChange('task'));
  return applied(changedTask(task, { title, dueAt }), {
    kind: 'task',
    text: `${facts.actor.name} changed the task “${title}”`,
    detail: [`Before: ${task.title}`, due(task.dueAt)].filter((part) => part !== null).join(', '),
  });
}

export function decideTaskDone(
  task: TaskState,
  { done }: ActionOf<'task.set-done'>,
  facts: Facts,
): Decision<TaskState> {
  const who = facts.actor.name;
  if (done && task.doneAt !== null) {
    return noop('It is done already.', { actor: nameOf(facts, task.doneBy), at: task.doneAt });
  }
  if (!done && task.doneAt === null) return noop('It is not done.', facts.lastChange('task'));
  const state = done ? { doneAt: facts.actedAt, doneBy: facts.actor.userId } : { doneAt: null, doneBy: null };
  return applied(changedTask(task, state), {
    kind: 'task',
    text: done ? `${who} did “${task.title}”` : `${who} opened “${task.title}” again`,
  });
}

/** Whoever is to own something has to be able to see it. */
export function refuseOwner(incident: IncidentState, ownerId: string | null, facts: Facts): Rejected | null {
  if (ownerId === null) return null;
  const owner = facts.person(ownerId);
  if (owner === null || owner.disabled) return notFound('Nobody with that id is here. Pick another person.');
  if (canSee(incident.restrictedTo, owner.teamIds)) return null;
  return invalid(`${owner.name} is in none of the teams that may see this incident.`);
}

function changedTask(task: TaskState, patch: Partial<TaskState>, field?: string): TaskState {
  const version = task.version + 1;
  const fieldVersions = field === undefined ? task.fieldVersions : { ...task.fieldVersions, [field]: version };
  return { ...task, ...patch, version, fieldVersions };
}

function due(at: string | null): string | null {
  return at === null ? null : `due ${instantWords(at)}`;
}
