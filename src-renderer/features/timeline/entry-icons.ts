import type { TimelineKind } from '#server/contract/incident.ts';
import type { IconName } from '../../ui/icon.tsx';
import { isDecision, isStarred, type TimelineEvent } from './events.ts';

export const entryIcons: Readonly<Record<TimelineKind, IconName>> = {
  declared: 'incidents',
  alert: 'alerts',
  status: 'person',
  severity: 'incidents',
  edit: 'edit',
  role: 'person',
  task: 'task-done',
  ask: 'timer',
  poll: 'group',
  responder: 'person',
  note: 'log',
  update: 'update',
  publishing: 'send',
  link: 'external',
  membership: 'group',
  merge: 'group',
  restriction: 'refused',
  conflict: 'refused',
  page: 'phone-call',
};

export function eventIcon(event: TimelineEvent): IconName {
  if (isStarred(event)) return 'star';
  if (isDecision(event)) return 'check';
  return event.entry === null ? 'change' : entryIcons[event.entry.kind];
}
