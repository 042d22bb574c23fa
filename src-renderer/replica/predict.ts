// What queued actions will make of the entities on screen, as far as this client can tell. It only ever draws; the server
// decides. Recomputed from the base and the outbox whenever one of them changes, so nothing predicted can outlive its action.
import type { Action } from '#server/contract/intent.ts';
import type { Incident, RoleSlot, Task, TimelineEntry } from '#server/contract/incident.ts';
import type { Postmortem } from '#server/contract/postmortem.ts';
import type { EntityName, EntityOf } from '#server/contract/replica.ts';
import type { OutboxItem } from './outbox.ts';
import { type Row, rowKey, type RowKey } from './rows.ts';

export type ReadBase = <N extends EntityName>(entity: N, id: string) => EntityOf<N> | undefined;

export interface Base {
  read: ReadBase;
  postmortemOf: (incidentId: string) => Postmortem | undefined;
}

export interface Person {
  id: string;
  name: string;
}

/** Items that still change what is on screen: made here, and not yet seen back from the server. */
export function isExpected(item: OutboxItem): boolean {
  return item.state === 'queued' || item.state === 'waiting' || item.state === 'applied';
}

export function predict(
  items: readonly OutboxItem[],
  { read, postmortemOf }: Base,
  me: Person,
): Map<RowKey, Row | null> {
  const overlay = new Map<RowKey, Row | null>();
  const get: ReadBase = (entity, id) => {
    const key = rowKey(entity, id);
    if (!overlay.has(key)) return read(entity, id);
    return (overlay.get(key) ?? undefined) as EntityOf<typeof entity> | undefined;
  };
  const put = (entity: EntityName, row: Row) => overlay.set(rowKey(entity, row.id), row);
  const hide = (entity: EntityName, id: string) => overlay.set(rowKey(entity, id), null);
  for (const item of [...items].sort((a, b) => a.place - b.place)) {
    if (!isExpected(item)) continue;
    const { action, at } = item.intent;
    if (action.kind === 'postmortem.edit') {
      const before = postmortemOf(action.incidentId);
      const { kind: _kind, ...written } = action;
      if (before !== undefined) put('postmortem', { ...before, ...written, updatedAt: at, updatedBy: me.id } as Row);
    } else predictOne(action, at, me, get, put, hide);
  }
  return overlay;
}

type Put = (entity: EntityName, row: Row) => void;
type Hide = (entity: EntityName, id: string) => void;

function predictOne(action: Action, at: string, me: Person, get: ReadBase, put: Put, hide: Hide): void {
  if ('incidentId' in action && action.kind.startsWith('incident.')) {
    const incident = get('incident', action.incidentId);
    const next = incident === undefined ? undefined : nextIncident(incident, action, at, me);
    if (next !== undefined && next !== incident) put('incident', next);
  }
  switch (action.kind) {
    case 'incident.declare':
      if (get('incident', action.incidentId) === undefined) put('incident', declared(action, at, me));
      return;
    case 'incident.note':
      addEntry(action.entryId, action.incidentId, 'note', action.text, action.at ?? at);
      return;
    case 'incident.post-update':
      addEntry(action.entryId, action.incidentId, 'update', action.text, at);
      return;
    case 'incident.star': {
      const entry = get('timeline', action.entryId);
      if (entry !== undefined) put('timeline', starredEntry(entry, action.starred));
      return;
    }
    case 'task.add':
      if (get('task', action.taskId) === undefined) put('task', newTask(action, at, me));
      return;
    case 'task.assign':
      changeTask(action.taskId, (task) => ({ ...task, ownerId: action.ownerId }));
      return;
    case 'task.edit':
      changeTask(action.taskId, (task) => ({ ...task, title: action.title, dueAt: action.dueAt }));
      return;
    case 'task.set-done':
      changeTask(action.taskId, (task) => ({
        ...task,
        doneAt: action.done ? at : null,
        doneBy: action.done ? me.id : null,
      }));
      return;
    case 'alert.acknowledge':
      changeAlerts(action.alertIds, { acknowledged: true, acknowledgedBy: me.id, acknowledgedAt: at });
      return;
    case 'alert.unacknowledge':
      changeAlerts(action.alertIds, { acknowledged: false, acknowledgedBy: null, acknowledgedAt: null });
      return;
    case 'view.save':
      put('view', {
        id: action.viewId,
        version: get('view', action.viewId)?.version ?? 0,
        name: action.name,
        filter: action.filter,
        shared: action.shared,
        ownerId: me.id,
      } as Row);
      return;
    case 'view.delete':
      hide('view', action.viewId);
      return;
    default:
      // The rest is only sent with a server in reach and shows when the server says so.
      return;
  }

  function addEntry(id: string, incidentId: string, kind: 'note' | 'update', text: string, when: string): void {
    if (get('timeline', id) !== undefined) return;
    const entry: TimelineEntry = {
      id,
      version: 0,
      incidentId,
      at: when,
      recordedAt: at,
      kind,
      source: 'person',
      actorId: me.id,
      actor: me.name,
      text,
      detail: null,
      alertId: null,
      starred: false,
    };
    put('timeline', entry);
  }

  function changeTask(id: string, change: (task: Task) => Task): void {
    const task = get('task', id);
    if (task !== undefined) put('task', change(task));
  }

  function changeAlerts(ids: readonly string[], marks: Partial<EntityOf<'alert'>>): void {
    for (const id of ids) {
      const alert = get('alert', id);
      if (alert !== undefined) put('alert', { ...alert, ...marks });
    }
  }
}

function nextIncident(incident: Incident, action: Action, at: string, me: Person): Incident {
  switch (action.kind) {
    case 'incident.acknowledge':
      return {
        ...incident,
        status: 'acknowledged',
        acknowledgedAt: incident.acknowledgedAt ?? at,
        acknowledgedBy: incident.acknowledgedBy ?? me.id,
      };
    case 'incident.mitigate':
      return { ...incident, status: 'mitigated', mitigatedAt: at };
    case 'incident.resolve':
      return { ...incident, status: 'resolved', resolvedAt: at };
    case 'incident.reopen':
      return {
        ...incident,
        status: incident.acknowledgedAt === null ? 'triggered' : 'acknowledged',
        resolvedAt: null,
        mitigatedAt: null,
      };
    case 'incident.set-severity':
      return { ...incident, severity: action.severity };
    case 'incident.set-title':
      return { ...incident, title: action.title };
    case 'incident.set-impact':
      return { ...incident, impact: action.impact };
    case 'incident.take-role':
      return {
        ...incident,
        roles: withRole(incident.roles, { role: action.role, userId: me.id, since: at, offer: null }),
      };
    case 'incident.add-link':
      if (incident.links.some((link) => link.id === action.link.id)) return incident;
      return { ...incident, links: [...incident.links, action.link] };
    default:
      return incident;
  }
}

function starredEntry(entry: TimelineEntry, starred: boolean): TimelineEntry {
  return { ...entry, starred };
}

function withRole(roles: readonly RoleSlot[], slot: RoleSlot): RoleSlot[] {
  return [...roles.filter((other) => other.role !== slot.role), slot];
}

function newTask(action: Extract<Action, { kind: 'task.add' }>, at: string, me: Person): Task {
  return {
    id: action.taskId,
    version: 0,
    incidentId: action.incidentId,
    title: action.title,
    ownerId: action.ownerId,
    dueAt: action.dueAt,
    doneAt: null,
    doneBy: null,
    createdBy: me.id,
    createdAt: at,
  };
}

function declared(action: Extract<Action, { kind: 'incident.declare' }>, at: string, me: Person): Incident {
  return {
    id: action.incidentId,
    version: 0,
    number: 0,
    title: action.title,
    severity: action.severity,
    status: 'triggered',
    impact: action.impact,
    ruleId: null,
    groupKey: null,
    groupReason: null,
    declaredBy: me.id,
    alertCount: action.alertIds.length,
    firingAlertCount: 0,
    services: [],
    startedAt: at,
    acknowledgedAt: null,
    acknowledgedBy: null,
    mitigatedAt: null,
    resolvedAt: null,
    roles: [],
    links: [],
    updateCadenceMinutes: null,
    nextUpdateDueAt: null,
    lastUpdate: null,
    restrictedTo: action.restrictedTo,
    mergedInto: null,
    fieldVersions: {},
  };
}
