import type { Action } from '#server/contract/intent.ts';
import type { PreferenceSetting } from '#server/contract/preference.ts';
import { capital, t, term } from '../../language/words.ts';
import type { IconName } from '../../ui/icon.tsx';
import { documentWords } from '../config/document-words.ts';

const fixed: Partial<Record<Action['kind'], string>> = {
  'incident.acknowledge': t`Acknowledge`,
  'incident.mitigate': t`Mark mitigated`,
  'incident.resolve': t`Resolve`,
  'incident.reopen': t`Reopen`,
  'incident.join': t`Join`,
  'incident.release': t`Release somebody`,
  'incident.merge': t`Merge`,
  'incident.split': t`Split`,
  'incident.attach-alerts': t`Attach alerts`,
  'incident.detach-alerts': t`Detach alerts`,
  'incident.restrict': t`Restrict`,
  'incident.remove-link': t`Remove a link`,
  'ask.reassign': t`Ask somebody else, or give more time`,
  'ask.cancel': t`Take back an ask`,
  'update.withdraw': t`Withdraw an update`,
  'update.retry': t`Send an update again`,
  'chat.delete': t`Delete a message`,
  'chat.promote': t`Take a message over to the timeline`,
  'postmortem.edit': t`Edit the review`,
  'postmortem.set-state': t`Change where the review stands`,
  'alert.acknowledge': t`Acknowledge alerts`,
  'alert.unacknowledge': t`Take back an acknowledgement`,
  'alert.resolve': t`Resolve alerts`,
  'alert.reopen': t`Reopen alerts`,
  'silence.end': t`End a silence`,
  'rule.delete': t`Delete a rule`,
  'rule.order': t`Order the rules`,
  'view.delete': t`Delete a view`,
  'route.order': t`Order the routes`,
  'service.delete': t`Delete a service`,
  'service.pin': t`Move a service on the map`,
};

/** One line for the outbox, a toast and a conflict: what the person did. */
export function actionTitle(action: Action): string {
  switch (action.kind) {
    case 'incident.declare':
      return t`Declare: ${action.title}`;
    case 'incident.set-severity':
      return action.severity === 'info' ? t`Set severity info` : t`Set severity ${action.severity.slice(3)}`;
    case 'incident.set-title':
      return t`Rename to “${action.title}”`;
    case 'incident.set-impact':
      return action.impact === null ? t`Clear the impact` : t`Impact: ${action.impact}`;
    case 'incident.take-role':
      return t`Take the role ${term(action.role)}`;
    case 'incident.offer-role':
      return t`Offer the role ${term(action.role)}`;
    case 'incident.accept-role':
      return t`Accept the role ${term(action.role)}`;
    case 'incident.decline-role':
      return t`Decline the role ${term(action.role)}`;
    case 'incident.release-role':
      return t`Release the role ${term(action.role)}`;
    case 'incident.note':
    case 'incident.post-update':
      return action.text;
    case 'incident.star':
      return action.starred ? t`Star an entry` : t`Take a star away`;
    case 'incident.add-link':
      return t`Link: ${action.link.label}`;
    case 'task.add':
    case 'task.edit':
      return action.title;
    case 'task.assign':
      return t`Assign a task`;
    case 'task.set-done':
      return action.done ? t`Finish a task` : t`Reopen a task`;
    case 'ask.add':
      return t`Ask: ${action.text}`;
    case 'ask.answer':
      return action.text ?? { done: t`Done`, answered: t`Answered`, cannot: t`Cannot do it` }[action.outcome];
    case 'poll.open':
      return t`Any objection: ${action.question}`;
    case 'poll.answer':
      return action.objects ? t`Object: ${action.reason ?? ''}` : t`No objection`;
    case 'poll.close':
      return action.withdraw ? t`Withdraw a poll` : t`Close a poll`;
    case 'update.decide':
      return action.approve ? t`Approve an update` : t`Decline an update: ${action.reason ?? ''}`;
    case 'chat.post':
    case 'chat.edit':
      return action.text;
    case 'silence.save':
      return t`Silence: ${action.reason}`;
    case 'rule.save':
      return t`Rule: ${action.draft.name}`;
    case 'service.save':
      return t`Service: ${action.draft.name}`;
    case 'view.save':
      return t`View: ${action.name}`;
    case 'preference.set':
      return preferenceTitle(action.setting);
    case 'config.save': {
      const { kind, draft } = action.document;
      const what = 'name' in draft ? draft.name : 'reason' in draft ? draft.reason : '';
      return what === '' ? t`Save: ${documentWords[kind]}` : `${capital(documentWords[kind])}: ${what}`;
    }
    case 'config.delete':
      return t`Delete: ${documentWords[action.documentKind]}`;
    case 'swap.answer':
      return action.accept ? t`Accept a swap` : t`Decline a swap`;
    case 'escalation.escalate':
      return action.target === null ? t`Escalate to the next step` : t`Escalate`;
    default:
      return fixed[action.kind] ?? action.kind;
  }
}

function preferenceTitle(setting: PreferenceSetting): string {
  switch (setting.name) {
    case 'keys':
      return t`Keys of the command ${setting.command}`;
    case 'single-keys':
      return setting.on ? t`Switch single keys on` : t`Switch single keys off`;
    case 'pins':
      return t`Pinned incidents`;
    case 'inbox':
      return t`What is read in the inbox`;
    case 'muted':
      return t`Muted incidents`;
    case 'runbooks':
      return t`Runbooks kept on your machines`;
  }
}

/** What kind of thing it is, for the second line. */
export function actionNoun(action: Action): string {
  if (action.kind === 'incident.note') return t`Note for the timeline`;
  if (action.kind === 'incident.post-update') return t`Status update`;
  if (action.kind.startsWith('update.')) return t`Status update`;
  if (action.kind === 'task.add') return t`New task`;
  if (action.kind.startsWith('task.')) return t`Task`;
  if (action.kind.startsWith('chat.')) return t`Message in the room`;
  if (action.kind.startsWith('ask.')) return action.kind === 'ask.answer' ? t`Answer to an ask` : t`Timed ask`;
  if (action.kind.startsWith('poll.')) return t`Objection poll`;
  if (action.kind.startsWith('alert.')) return t`Alerts`;
  if (action.kind.startsWith('postmortem.')) return t`Review`;
  if (action.kind.startsWith('view.')) return t`Saved view`;
  if (action.kind.startsWith('service.')) return t`Service`;
  if (action.kind === 'preference.set') return t`Preference`;
  if (action.kind === 'config.save') return capital(documentWords[action.document.kind]);
  if (action.kind === 'config.delete') return capital(documentWords[action.documentKind]);
  if (action.kind === 'swap.answer') return t`Swap request`;
  return t`Incident`;
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
