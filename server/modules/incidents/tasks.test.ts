import { describe, expect, it } from 'vitest';
import type { TaskState } from '#server/modules/incidents/task-store.ts';
import { decideAddTask, decideAssignTask, decideEditTask, decideTaskDone } from '#server/modules/incidents/tasks.ts';
import { next, people, someFacts, teamA } from '#server/testkit/incident-facts.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';

const { mara, diego, sam, otto, gone } = people;
const ids = { incidentId: testId(1), taskId: testId(31) };
const incident = anIncident();
const task: TaskState = {
  id: ids.taskId,
  version: 3,
  incidentId: ids.incidentId,
  title: 'Roll back',
  ownerId: diego.id,
  dueAt: null,
  doneAt: null,
  doneBy: null,
  createdBy: mara.id,
  createdAt: '2026-11-21T12:30:00.000Z',
  fieldVersions: { owner: 3 },
};

describe('adding a task', () => {
  const add = (ownerId: string | null) =>
    ({ kind: 'task.add', ...ids, title: 'Roll back', ownerId, dueAt: null }) as const;

  it('makes it with its owner and says so', () => {
    expect(decideAddTask(incident, add(diego.id), someFacts())).toMatchObject({
      next: { id: ids.taskId, version: 1, ownerId: diego.id, createdBy: mara.id },
      entries: [{ kind: 'task', text: 'Mara added a task for Diego: Roll back' }],
    });
  });

  it('needs an owner who is here and may see it', () => {
    expect(decideAddTask(incident, add(gone.id), someFacts())).toMatchObject({ code: 'not-found' });
    expect(decideAddTask(incident, add(testId(999)), someFacts())).toMatchObject({ code: 'not-found' });
    expect(decideAddTask(anIncident({ restrictedTo: [teamA] }), add(otto.id), someFacts())).toMatchObject({
      code: 'invalid',
    });
  });
});

describe('assigning a task', () => {
  const assign = (ownerId: string | null) => ({ kind: 'task.assign', ...ids, ownerId }) as const;

  it('gives it to one person, and a second from an older copy conflicts', () => {
    expect(next(decideAssignTask(incident, task, assign(sam.id), someFacts({ baseVersion: 3 })))).toMatchObject({
      ownerId: sam.id,
      version: 4,
      fieldVersions: { owner: 4 },
    });
    expect(decideAssignTask(incident, task, assign(sam.id), someFacts({ baseVersion: 2 }))).toMatchObject({
      outcome: 'conflict',
      entries: [{ text: 'Mara wanted to give “Roll back” to Sam from an older copy; Diego kept it' }],
    });
  });

  it('to its owner is a no-op, to nobody takes it away', () => {
    expect(decideAssignTask(incident, task, assign(diego.id), someFacts()).outcome).toBe('noop');
    expect(decideAssignTask(incident, task, assign(null), someFacts())).toMatchObject({
      next: { ownerId: null },
      entries: [{ text: 'Mara unassigned “Roll back”, which Diego had' }],
    });
  });
});

describe('editing a task', () => {
  it('goes to the last writer and keeps what was there', () => {
    const edit = { kind: 'task.edit', ...ids, title: 'Roll forward', dueAt: '2026-11-21T14:00:00.000Z' } as const;
    expect(decideEditTask(task, edit, someFacts({ baseVersion: 1 }))).toMatchObject({
      next: { title: 'Roll forward', dueAt: '2026-11-21T14:00:00.000Z' },
      entries: [{ detail: 'Before: Roll back' }],
    });
    expect(decideEditTask(task, { ...edit, title: 'Roll back', dueAt: null }, someFacts()).outcome).toBe('noop');
  });
});

describe('doing a task', () => {
  const set = (done: boolean) => ({ kind: 'task.set-done', ...ids, done }) as const;

  it('notes who and when, also from an older copy', () => {
    expect(next(decideTaskDone(task, set(true), someFacts({ baseVersion: 1 })))).toMatchObject({
      doneBy: mara.id,
      doneAt: '2026-11-21T13:00:00.000Z',
    });
  });

  it('twice is a no-op that names who did it', () => {
    const done = { ...task, doneAt: '2026-11-21T12:50:00.000Z', doneBy: diego.id };
    expect(decideTaskDone(done, set(true), someFacts())).toMatchObject({
      outcome: 'noop',
      by: 'Diego',
      at: '2026-11-21T12:50:00.000Z',
    });
    expect(next(decideTaskDone(done, set(false), someFacts()))).toMatchObject({ doneAt: null, doneBy: null });
    expect(decideTaskDone(task, set(false), someFacts()).outcome).toBe('noop');
  });
});
