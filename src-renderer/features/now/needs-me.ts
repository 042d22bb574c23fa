// What waits for this person, most urgent first. Pure, so that the rules can be read and tested without a screen.
import type { Incident, Task } from '#server/contract/incident.ts';
import { severityRank } from '#server/contract/severity.ts';
import { commanderOf, isOpen, updateDue, warnBeforeMs } from '../incidents/incident-facts.ts';

export type Need =
  | { kind: 'acknowledge'; incident: Incident }
  | { kind: 'offer'; incident: Incident; role: string; by: string; at: string }
  | { kind: 'update'; incident: Incident; dueAt: string }
  | { kind: 'task'; task: Task; incident: Incident };

/**
 * Nobody is on call yet in this version, so an unacknowledged incident waits for everyone who may answer it.
 * Then what others asked of me, then my promises: updates that I owe as commander and my own tasks.
 */
export function needsMe(
  me: { id: string; responds: boolean },
  incidents: Iterable<Incident>,
  tasks: Iterable<Task>,
  now: number,
): Need[] {
  const needs: Need[] = [];
  const open = new Map([...incidents].filter(isOpen).map((incident) => [incident.id, incident]));
  for (const incident of open.values()) {
    if (me.responds && incident.status === 'triggered') needs.push({ kind: 'acknowledge', incident });
    for (const { role, offer } of incident.roles) {
      if (offer !== null && offer.to === me.id)
        needs.push({ kind: 'offer', incident, role, by: offer.by, at: offer.at });
    }
    if (commanderOf(incident)?.userId === me.id && owesUpdate(incident, now) && incident.nextUpdateDueAt !== null) {
      needs.push({ kind: 'update', incident, dueAt: incident.nextUpdateDueAt });
    }
  }
  for (const task of tasks) {
    const incident = open.get(task.incidentId);
    if (incident !== undefined && task.ownerId === me.id && task.doneAt === null)
      needs.push({ kind: 'task', task, incident });
  }
  return needs.sort(
    (a, b) =>
      order(a) - order(b) ||
      severityRank(a.incident.severity) - severityRank(b.incident.severity) ||
      since(a).localeCompare(since(b)),
  );
}

function owesUpdate(incident: Incident, now: number): boolean {
  const due = updateDue(incident, now);
  return due.kind === 'overdue' || (due.kind === 'due' && due.leftMs <= warnBeforeMs);
}

function order(need: Need): number {
  return { acknowledge: 0, offer: 1, update: 2, task: 3 }[need.kind];
}

function since(need: Need): string {
  if (need.kind === 'task') return need.task.dueAt ?? '9999';
  return need.kind === 'update' ? need.dueAt : need.incident.startedAt;
}
