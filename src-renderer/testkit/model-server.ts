// A server small enough to be right by reading: it applies intents once, keeps a chained feed per client, and can lose
// answers. The replica's histories run against it; the real one is tested with the real database.
import type { ChatMessage } from '#server/contract/chat.ts';
import type { Incident, Task, TimelineEntry } from '#server/contract/incident.ts';
import type { Intent, IntentResult } from '#server/contract/intent.ts';
import type { Change, EntityName, FeedMessage, SnapshotPage } from '#server/contract/replica.ts';
import { sampleIncident } from './sample-rows.ts';

type Row = Incident | Task | TimelineEntry | ChatMessage;

export interface ModelServer {
  submit(actor: string, intents: Intent[]): IntentResult[];
  snapshot(): SnapshotPage;
  /** What a client that holds `position` has not seen, as one message. */
  after(position: string): FeedMessage;
  row(entity: EntityName, id: string): Row | undefined;
  /** Times an intent had an effect: never more than one. */
  effects: Map<string, number>;
  results: Map<string, IntentResult>;
  /** A change made by the server itself, as an alert would. */
  touch(incidentId: string): void;
  now: () => number;
}

export function createModelServer(incidentIds: readonly string[], now: () => number): ModelServer {
  const rows = new Map<string, { entity: EntityName; row: Row }>();
  const log: Change[] = [];
  const results = new Map<string, IntentResult>();
  const effects = new Map<string, number>();
  let number = 1;
  for (const id of incidentIds) put('incident', { ...sampleIncident(id), number: number++ });

  function put(entity: EntityName, row: Row): void {
    rows.set(`${entity}:${row.id}`, { entity, row });
    log.push({ op: 'put', entity, id: row.id, version: row.version, body: row });
  }

  function get<T extends Row>(entity: EntityName, id: string): T | undefined {
    return rows.get(`${entity}:${id}`)?.row as T | undefined;
  }

  function instant(): string {
    return new Date(now()).toISOString();
  }

  function applyOnce(actor: string, intent: Intent): IntentResult {
    const before = results.get(intent.id);
    if (before !== undefined) return before;
    const { action, id } = intent;
    if (!('incidentId' in action)) return { outcome: 'rejected', id, code: 'invalid', reason: 'not in this model' };
    const incident = get<Incident>('incident', action.incidentId);
    if (incident === undefined) return { outcome: 'rejected', id, code: 'not-found', reason: 'no such incident' };
    const result = effect(actor, intent, incident);
    results.set(id, result);
    if (result.outcome === 'applied') effects.set(id, (effects.get(id) ?? 0) + 1);
    return result;
  }

  function effect(actor: string, intent: Intent, incident: Incident): IntentResult {
    const { action, id, baseVersion } = intent;
    const stale = (field: string) => baseVersion !== null && (incident.fieldVersions[field] ?? 0) > baseVersion;
    switch (action.kind) {
      case 'incident.note': {
        put('timeline', {
          id: action.entryId,
          version: 1,
          incidentId: incident.id,
          at: action.at ?? intent.at,
          recordedAt: instant(),
          kind: 'note' as const,
          source: 'person' as const,
          actorId: null,
          actor,
          text: action.text,
          detail: null,
          alertId: null,
          starred: false,
        });
        put('incident', { ...incident, version: incident.version + 1 });
        return { outcome: 'applied', id, version: incident.version + 1 };
      }
      case 'incident.acknowledge': {
        if (incident.status === 'acknowledged')
          return { outcome: 'noop', id, by: 'somebody', at: null, reason: 'already acknowledged' };
        if (stale('status'))
          return { outcome: 'conflict', id, reason: 'the status changed', entity: 'incident', current: incident };
        return setField(incident, 'status', { status: 'acknowledged' }, id);
      }
      case 'incident.set-severity': {
        if (stale('severity'))
          return { outcome: 'conflict', id, reason: 'the severity changed', entity: 'incident', current: incident };
        if (incident.severity === action.severity)
          return { outcome: 'noop', id, by: null, at: null, reason: 'already so' };
        return setField(incident, 'severity', { severity: action.severity }, id);
      }
      case 'task.add': {
        put('task', {
          id: action.taskId,
          version: 1,
          incidentId: incident.id,
          title: action.title,
          ownerId: action.ownerId,
          dueAt: action.dueAt,
          doneAt: null,
          doneBy: null,
          createdBy: null,
          createdAt: instant(),
        });
        return { outcome: 'applied', id, version: 1 };
      }
      case 'chat.post': {
        put('chat', {
          id: action.messageId,
          version: 1,
          incidentId: incident.id,
          at: intent.at,
          recordedAt: instant(),
          source: 'person' as const,
          authorId: null,
          author: actor,
          text: action.text,
          mentions: action.mentions,
          replyTo: action.replyTo,
          editedAt: null,
          deletedAt: null,
          entryId: null,
          taskId: null,
          mirror: 'none' as const,
        });
        return { outcome: 'applied', id, version: 1 };
      }
      case 'chat.edit':
      case 'chat.delete': {
        const message = get<ChatMessage>('chat', action.messageId);
        if (message === undefined) return { outcome: 'rejected', id, code: 'not-found', reason: 'no such message' };
        if (message.deletedAt !== null)
          return { outcome: 'noop', id, by: null, at: null, reason: 'it is deleted already' };
        if (baseVersion !== null && message.version > baseVersion)
          return { outcome: 'conflict', id, reason: 'the message changed', entity: 'chat', current: message };
        const version = message.version + 1;
        if (action.kind === 'chat.delete') put('chat', { ...message, version, text: '', deletedAt: instant() });
        else put('chat', { ...message, version, text: action.text, editedAt: instant() });
        return { outcome: 'applied', id, version };
      }
      case 'task.set-done': {
        const task = get<Task>('task', action.taskId);
        if (task === undefined) return { outcome: 'rejected', id, code: 'not-found', reason: 'no such task' };
        if ((task.doneAt !== null) === action.done)
          return { outcome: 'noop', id, by: null, at: null, reason: 'already so' };
        put('task', { ...task, version: task.version + 1, doneAt: action.done ? instant() : null });
        return { outcome: 'applied', id, version: task.version + 1 };
      }
      default:
        return { outcome: 'rejected', id, code: 'invalid', reason: 'not in this model' };
    }
  }

  function setField(incident: Incident, field: string, change: Partial<Incident>, id: string): IntentResult {
    const version = incident.version + 1;
    put('incident', {
      ...incident,
      ...change,
      version,
      fieldVersions: { ...incident.fieldVersions, [field]: version },
    });
    return { outcome: 'applied', id, version };
  }

  return {
    submit: (actor, intents) => intents.map((intent) => applyOnce(actor, intent)),
    snapshot: () => ({
      position: `1.${log.length}`,
      serverNow: instant(),
      changes: [...rows.values()].map(({ entity, row }) => ({
        op: 'put',
        entity,
        id: row.id,
        version: row.version,
        body: row,
      })),
      next: null,
    }),
    after(position) {
      const from = Number(position.split('.')[1]);
      return {
        previous: position,
        position: `1.${log.length}`,
        serverNow: instant(),
        changes: log.slice(from),
        reset: null,
      };
    },
    row: (entity, id) => get(entity, id),
    effects,
    results,
    touch(incidentId) {
      const incident = get<Incident>('incident', incidentId);
      if (incident !== undefined)
        put('incident', { ...incident, version: incident.version + 1, alertCount: incident.alertCount + 1 });
    },
    now,
  };
}
