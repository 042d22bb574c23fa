import type { Action } from '#server/contract/intent.ts';
import { rowKey, type RowKey } from './rows.ts';

/** The entity whose version an action is based on, and on which a result's version is awaited. */
export function baseOf(action: Action): RowKey | null {
  switch (action.kind) {
    case 'task.add':
    case 'task.assign':
    case 'task.edit':
    case 'task.set-done':
      return rowKey('task', action.taskId);
    case 'postmortem.edit':
      return null;
    case 'silence.save':
    case 'silence.end':
      return rowKey('silence', action.silenceId);
    case 'rule.save':
    case 'rule.delete':
      return rowKey('rule', action.ruleId);
    case 'view.save':
    case 'view.delete':
      return rowKey('view', action.viewId);
    case 'alert.acknowledge':
    case 'alert.unacknowledge':
    case 'alert.resolve':
    case 'alert.reopen':
    case 'rule.order':
    case 'route.order':
    // What it makes is a page, and the server decides to whom.
    case 'escalation.escalate':
      return null;
    case 'config.save':
      return rowKey(action.document.kind, action.documentId);
    case 'config.delete':
      return rowKey(action.documentKind, action.documentId);
    case 'swap.answer':
      return rowKey('swap', action.swapId);
    default:
      return rowKey('incident', action.incidentId);
  }
}

/** Rows that look different while the action is queued: they are drawn dashed. */
export function touchedBy(action: Action): RowKey[] {
  switch (action.kind) {
    case 'incident.note':
    case 'incident.post-update':
    case 'incident.star':
      return [rowKey('timeline', action.entryId)];
    case 'alert.acknowledge':
    case 'alert.unacknowledge':
    case 'alert.resolve':
    case 'alert.reopen':
      return action.alertIds.map((id) => rowKey('alert', id));
    default: {
      const base = baseOf(action);
      return base === null ? [] : [base];
    }
  }
}
