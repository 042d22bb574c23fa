// What a person did lately and how it is taken back: what was not sent is dropped, what can be turned round is turned
// round by an action of its own, and the rest says that it stands.
import { create } from 'zustand';
import { ConfigDraft } from '#server/contract/config.ts';
import { GroupingRuleDraft } from '#server/contract/grouping.ts';
import type { Action, ActionOf } from '#server/contract/intent.ts';
import { t } from './language/words.ts';
import type { ReadBase } from './replica/actions/face.ts';
import type { OutboxItem } from './replica/outbox/outbox.ts';

export interface Done {
  /** Of the intent. */
  id: string;
  action: Action;
  /** What turns it round, made from what was there before; null where nothing does. */
  inverse: Action | null;
  /** Where a deleted route or rule was tried: what comes back goes there again. */
  place?: number | undefined;
  /** What goes after the inverse, once that has held. */
  followUp?: Action | null;
}

/** What turns an action round that its caller had to ask the server for. */
export type Back = Required<Pick<Done, 'inverse' | 'followUp'>>;

const keptMax = 30;

export const useUndoStack = create<{ done: readonly Done[] }>(() => ({ done: [] }));

export function rememberDone(entry: Done): void {
  useUndoStack.setState(({ done }) => ({ done: [...done, entry].slice(-keptMax) }));
}

export type Undoing =
  | { kind: 'discard'; done: Done }
  | { kind: 'submit'; done: Done; action: Action }
  | { kind: 'stands'; done: Done; reason: string };

export function placeOf(action: Action, read: ReadBase): number | undefined {
  if (action.kind === 'rule.delete') return read('rule', action.ruleId)?.position;
  if (action.kind !== 'config.delete' || action.documentKind !== 'route') return undefined;
  return read('route', action.documentId)?.position;
}

/** What taking back the latest would do, against the outbox and the screen as they are now. */
export function undoOf(done: readonly Done[], items: readonly OutboxItem[], read: ReadBase): Undoing | null {
  const last = done.at(-1);
  if (last === undefined) return null;
  const item = items.find(({ intent }) => intent.id === last.id);
  const unsent = item !== undefined && item.attempts === 0 && (item.state === 'queued' || item.state === 'waiting');
  if (unsent) return { kind: 'discard', done: last };
  if (item?.state === 'conflict')
    return { kind: 'stands', done: last, reason: t`it waits for your answer to a conflict` };
  if (item?.state === 'rejected') return { kind: 'stands', done: last, reason: t`the server refused it` };
  if (last.inverse === null) return { kind: 'stands', done: last, reason: t`it was sent, and nothing turns it round` };
  if (!stands(last.action, read)) return { kind: 'stands', done: last, reason: t`somebody changed it since` };
  return { kind: 'submit', done: last, action: last.inverse };
}

/** What turns an action round, from what is on screen before it. */
export function inverseOf(action: Action, read: ReadBase): Action | null {
  switch (action.kind) {
    case 'alert.acknowledge': {
      // Those that somebody had acknowledged before stay so.
      const alertIds = action.alertIds.filter((id) => read('alert', id)?.acknowledged === false);
      return alertIds.length === 0 ? null : { kind: 'alert.unacknowledge', alertIds };
    }
    case 'alert.unacknowledge': {
      const alertIds = action.alertIds.filter((id) => read('alert', id)?.acknowledged === true);
      return alertIds.length === 0 ? null : { kind: 'alert.acknowledge', alertIds };
    }
    case 'incident.star':
      return { ...action, starred: !action.starred };
    case 'incident.set-severity': {
      const severity = read('incident', action.incidentId)?.severity;
      return severity === undefined || severity === action.severity ? null : { ...action, severity };
    }
    case 'incident.set-title': {
      const title = read('incident', action.incidentId)?.title;
      return title === undefined ? null : { ...action, title };
    }
    case 'incident.set-impact': {
      const incident = read('incident', action.incidentId);
      return incident === undefined ? null : { ...action, impact: incident.impact };
    }
    case 'incident.add-link':
      return { kind: 'incident.remove-link', incidentId: action.incidentId, linkId: action.link.id };
    case 'task.set-done':
      return { ...action, done: !action.done };
    case 'task.assign': {
      const task = read('task', action.taskId);
      return task === undefined ? null : { ...action, ownerId: task.ownerId };
    }
    case 'task.edit': {
      const task = read('task', action.taskId);
      return task === undefined ? null : { ...action, title: task.title, dueAt: task.dueAt };
    }
    case 'config.delete':
      return restored(action, read);
    case 'rule.delete': {
      const rule = GroupingRuleDraft.safeParse(read('rule', action.ruleId));
      return rule.success ? { kind: 'rule.save', ruleId: action.ruleId, draft: rule.data } : null;
    }
    default:
      return null;
  }
}

/** Saved as it was. Null for what has a secret, which is on no client, or an address that only its job knows. */
function restored({ documentKind: kind, documentId }: ActionOf<'config.delete'>, read: ReadBase): Action | null {
  if (kind === 'swap') return null;
  if (kind === 'channel' && read('channel', documentId)?.secretNames.length !== 0) return null;
  if (kind === 'monitor' && read('monitor', documentId)?.keyHint !== '') return null;
  const document = ConfigDraft.safeParse({ kind, draft: read(kind, documentId) });
  return document.success ? { kind: 'config.save', documentId, document: document.data } : null;
}

/** Whether what it made is still so: what somebody else changed since is not undone with it. */
function stands(action: Action, read: ReadBase): boolean {
  switch (action.kind) {
    case 'incident.set-severity':
      return read('incident', action.incidentId)?.severity === action.severity;
    case 'incident.set-title':
      return read('incident', action.incidentId)?.title === action.title;
    case 'incident.set-impact':
      return read('incident', action.incidentId)?.impact === action.impact;
    case 'task.set-done':
      return (read('task', action.taskId)?.doneAt !== null) === action.done;
    case 'task.assign':
      return read('task', action.taskId)?.ownerId === action.ownerId;
    case 'task.edit':
      return read('task', action.taskId)?.title === action.title;
    default:
      return true;
  }
}
