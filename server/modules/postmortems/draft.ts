// A review starts as a draft made from facts as soon as its incident closes, by hand or by rule.
import type { Incident, Task, TimelineEntry } from '#server/contract/incident.ts';
import type { FollowUp, Postmortem } from '#server/contract/postmortem.ts';
import { responseTimes } from '#server/contract/response-times.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { IncidentState, IncidentStore } from '#server/modules/incidents/state.ts';
import type { TaskStore } from '#server/modules/incidents/task-store.ts';
import { duration } from '#server/modules/postmortems/duration.ts';
import type { PostmortemStore } from '#server/modules/postmortems/store.ts';
import type { Random } from '#server/ports/random.ts';

/** What is known without asking anybody. Tasks that are still open become follow-ups. */
export function draftPostmortem(
  incident: Incident,
  tasks: readonly Task[],
  at: string,
  newId: () => string,
): Postmortem {
  const { resolveMs } = responseTimes(incident);
  const lasted = resolveMs === null ? '' : ` It lasted ${duration(resolveMs)}.`;
  const services = incident.services.length === 0 ? '' : ` on ${incident.services.join(', ')}`;
  const alerts =
    incident.alertCount === 0
      ? ''
      : ` ${incident.alertCount} ${incident.alertCount === 1 ? 'alert' : 'alerts'}${services} belonged to it.`;
  const impact = incident.impact === null ? '' : ` ${incident.impact}`;
  return {
    id: newId(),
    version: 1,
    incidentId: incident.id,
    summary: `${incident.title}.${impact}${lasted}${alerts}`,
    causes: '',
    wentWell: '',
    wentBadly: '',
    followUps: tasks
      .filter((task) => task.doneAt === null)
      .map((task): FollowUp => {
        return { id: newId(), title: task.title, ownerId: task.ownerId, dueAt: task.dueAt, doneAt: null };
      }),
    updatedAt: at,
    updatedBy: null,
    state: 'draft',
  };
}

/** The same store, which makes the missing draft of every incident that it saves as resolved. */
export function withPostmortemDrafts<S extends IncidentStore>(
  incidents: S,
  deps: {
    postmortems: Pick<PostmortemStore, 'existing' | 'save'>;
    tasks: Pick<TaskStore, 'ofIncident'>;
    random: Pick<Random, 'uuid'>;
  },
): S {
  const { postmortems, tasks, random } = deps;

  async function addDrafts(tx: Tx, at: string, resolved: IncidentState[]): Promise<void> {
    const ids = resolved.map((incident) => incident.id);
    const have = new Set(await postmortems.existing(tx, ids));
    const missing = resolved.filter((incident) => !have.has(incident.id));
    for (const incident of missing) {
      const draft = draftPostmortem(incident, await tasks.ofIncident(tx, incident.id), at, random.uuid);
      await postmortems.save(tx, at, draft, incident.restrictedTo);
    }
    await incidents.addTimeline(
      tx,
      missing.map((incident) => draftEntry(incident.id, random.uuid(), at)),
    );
  }

  return {
    ...incidents,
    async save(tx: Tx, at: string, saved: IncidentState[]) {
      await incidents.save(tx, at, saved);
      const resolved = saved.filter((incident) => incident.status === 'resolved' && incident.mergedInto === null);
      if (resolved.length > 0) await addDrafts(tx, at, resolved);
    },
  };
}

function draftEntry(incidentId: string, id: string, at: string): TimelineEntry {
  return {
    id,
    version: 1,
    incidentId,
    at,
    recordedAt: at,
    kind: 'edit',
    source: 'system',
    actorId: null,
    actor: 'Tocsin',
    text: 'A draft of the review was made from the facts',
    detail: null,
    alertId: null,
    starred: false,
  };
}
