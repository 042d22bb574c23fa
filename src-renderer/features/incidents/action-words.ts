import type { ConfigKind } from '#server/contract/config.ts';
import type { Action } from '#server/contract/intent.ts';
import type { PreferenceSetting } from '#server/contract/preference.ts';
import type { IconName } from '../../ui/icon.tsx';

const fixed: Partial<Record<Action['kind'], string>> = {
  'incident.acknowledge': 'Acknowledge',
  'incident.mitigate': 'Mark mitigated',
  'incident.resolve': 'Resolve',
  'incident.reopen': 'Reopen',
  'incident.join': 'Join',
  'incident.release': 'Release somebody',
  'incident.merge': 'Merge',
  'incident.split': 'Split',
  'incident.attach-alerts': 'Attach alerts',
  'incident.detach-alerts': 'Detach alerts',
  'incident.restrict': 'Restrict',
  'incident.remove-link': 'Remove a link',
  'ask.reassign': 'Ask somebody else, or give more time',
  'ask.cancel': 'Take back an ask',
  'update.withdraw': 'Withdraw an update',
  'update.retry': 'Send an update again',
  'chat.delete': 'Delete a message',
  'chat.promote': 'Take a message over to the timeline',
  'postmortem.edit': 'Edit the review',
  'postmortem.set-state': 'Change where the review stands',
  'alert.acknowledge': 'Acknowledge alerts',
  'alert.unacknowledge': 'Take back an acknowledgement',
  'alert.resolve': 'Resolve alerts',
  'alert.reopen': 'Reopen alerts',
  'silence.end': 'End a silence',
  'rule.delete': 'Delete a rule',
  'rule.order': 'Order the rules',
  'view.delete': 'Delete a view',
  'route.order': 'Order the routes',
  'service.delete': 'Delete a service',
  'service.pin': 'Move a service on the map',
};

const documentNouns: Record<ConfigKind, string> = {
  schedule: 'Schedule',
  override: 'Override',
  timeOff: 'Time off',
  swap: 'Swap request',
  policy: 'Escalation policy',
  route: 'Route',
  inhibition: 'Inhibition',
  channel: 'Channel',
  monitor: 'Heartbeat monitor',
  responder: 'Contact profile',
  stakeholderList: 'Stakeholder list',
};

/** One line for the outbox, a toast and a conflict: what the person did. */
export function actionTitle(action: Action): string {
  switch (action.kind) {
    case 'incident.declare':
      return `Declare: ${action.title}`;
    case 'incident.set-severity':
      return `Set severity ${action.severity === 'info' ? 'info' : action.severity.slice(3)}`;
    case 'incident.set-title':
      return `Rename to “${action.title}”`;
    case 'incident.set-impact':
      return action.impact === null ? 'Clear the impact' : `Impact: ${action.impact}`;
    case 'incident.take-role':
      return `Take the role ${action.role}`;
    case 'incident.offer-role':
      return `Offer the role ${action.role}`;
    case 'incident.accept-role':
      return `Accept the role ${action.role}`;
    case 'incident.decline-role':
      return `Decline the role ${action.role}`;
    case 'incident.release-role':
      return `Release the role ${action.role}`;
    case 'incident.note':
    case 'incident.post-update':
      return action.text;
    case 'incident.star':
      return action.starred ? 'Star an entry' : 'Take a star away';
    case 'incident.add-link':
      return `Link: ${action.link.label}`;
    case 'task.add':
    case 'task.edit':
      return action.title;
    case 'task.assign':
      return 'Assign a task';
    case 'task.set-done':
      return action.done ? 'Finish a task' : 'Reopen a task';
    case 'ask.add':
      return `Ask: ${action.text}`;
    case 'ask.answer':
      return action.text ?? { done: 'Done', answered: 'Answered', cannot: 'Cannot do it' }[action.outcome];
    case 'poll.open':
      return `Any objection: ${action.question}`;
    case 'poll.answer':
      return action.objects ? `Object: ${action.reason ?? ''}` : 'No objection';
    case 'poll.close':
      return action.withdraw ? 'Withdraw a poll' : 'Close a poll';
    case 'update.decide':
      return action.approve ? 'Approve an update' : `Decline an update: ${action.reason ?? ''}`;
    case 'chat.post':
    case 'chat.edit':
      return action.text;
    case 'silence.save':
      return `Silence: ${action.reason}`;
    case 'rule.save':
      return `Rule: ${action.draft.name}`;
    case 'service.save':
      return `Service: ${action.draft.name}`;
    case 'view.save':
      return `View: ${action.name}`;
    case 'preference.set':
      return preferenceTitle(action.setting);
    case 'config.save': {
      const { kind, draft } = action.document;
      const what = 'name' in draft ? draft.name : 'reason' in draft ? draft.reason : '';
      return what === '' ? `Save: ${documentNouns[kind].toLowerCase()}` : `${documentNouns[kind]}: ${what}`;
    }
    case 'config.delete':
      return `Delete: ${documentNouns[action.documentKind].toLowerCase()}`;
    case 'swap.answer':
      return action.accept ? 'Accept a swap' : 'Decline a swap';
    case 'escalation.escalate':
      return action.target === null ? 'Escalate to the next step' : 'Escalate';
    default:
      return fixed[action.kind] ?? action.kind;
  }
}

function preferenceTitle(setting: PreferenceSetting): string {
  switch (setting.name) {
    case 'keys':
      return `Keys of the command ${setting.command}`;
    case 'single-keys':
      return `Switch single keys ${setting.on ? 'on' : 'off'}`;
    case 'pins':
      return 'Pinned incidents';
    case 'inbox':
      return 'What is read in the inbox';
    case 'muted':
      return 'Muted incidents';
    case 'runbooks':
      return 'Runbooks kept on your machines';
  }
}

/** What kind of thing it is, for the second line. */
export function actionNoun(action: Action): string {
  if (action.kind === 'incident.note') return 'Note for the timeline';
  if (action.kind === 'incident.post-update') return 'Status update';
  if (action.kind.startsWith('update.')) return 'Status update';
  if (action.kind === 'task.add') return 'New task';
  if (action.kind.startsWith('task.')) return 'Task';
  if (action.kind.startsWith('chat.')) return 'Message in the room';
  if (action.kind.startsWith('ask.')) return action.kind === 'ask.answer' ? 'Answer to an ask' : 'Timed ask';
  if (action.kind.startsWith('poll.')) return 'Objection poll';
  if (action.kind.startsWith('alert.')) return 'Alerts';
  if (action.kind.startsWith('postmortem.')) return 'Review';
  if (action.kind.startsWith('view.')) return 'Saved view';
  if (action.kind.startsWith('service.')) return 'Service';
  if (action.kind === 'preference.set') return 'Preference';
  if (action.kind === 'config.save') return documentNouns[action.document.kind];
  if (action.kind === 'config.delete') return documentNouns[action.documentKind];
  if (action.kind === 'swap.answer') return 'Swap request';
  return 'Incident';
}

export function actionIcon(action: Action): IconName {
  if (action.kind === 'incident.note') return 'log';
  if (action.kind === 'incident.post-update' || action.kind.startsWith('update.')) return 'update';
  if (action.kind === 'task.set-done') return 'task-done';
  if (action.kind.startsWith('task.')) return 'task';
  if (action.kind.startsWith('chat.')) return 'note';
  if (action.kind.startsWith('ask.')) return 'timer';
  if (action.kind.startsWith('poll.')) return 'group';
  if (action.kind === 'incident.star') return 'star';
  if (action.kind === 'incident.add-link') return 'external';
  if (action.kind.endsWith('-role') || action.kind === 'incident.join') return 'person';
  if (action.kind.startsWith('postmortem.')) return 'review';
  if (action.kind === 'escalation.escalate') return 'phone-call';
  if (action.kind.startsWith('config.') || action.kind === 'swap.answer') return 'edit';
  return 'check';
}
