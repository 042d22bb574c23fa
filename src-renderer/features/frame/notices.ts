// Which new needs of mine leave the window, and how loudly. Pure.
import type { DesktopNotification } from '../../../src-main/bridge.ts';
import { plural, t } from '../../language/words.ts';
import type { Need } from '../now/needs-me.ts';

export type Notice = Pick<DesktopNotification, 'id' | 'title' | 'body' | 'tier' | 'path'>;

/** Stands for one need as long as it lasts; a need that comes again is the same one. */
export function needKey(need: Need): string {
  switch (need.kind) {
    case 'task':
      return `task ${need.task.id}`;
    case 'ask':
      return `ask ${need.ask.id} ${need.ask.dueAt}`;
    case 'unanswered':
      return `unanswered ${need.ask.id} ${need.ask.dueAt}`;
    case 'poll':
      return `poll ${need.poll.id}`;
    case 'approve':
      return `approve ${need.update.id}`;
    case 'offer':
      return `offer ${need.incident.id} ${need.role} ${need.at}`;
    case 'update':
      // Overdue is news of its own: it takes the place of the warning, and is louder.
      return `${need.overdue ? 'overdue' : 'update'} ${need.incident.id} ${need.dueAt}`;
    case 'acknowledge':
      return `acknowledge ${need.incident.id} ${need.incident.severity}`;
    case 'page':
      return `page ${need.page.id}`;
  }
}

/** Five or more within a minute are told as one. */
const digestFrom = 5;
const digestId = 'digest';

/** What was answered, here or elsewhere, is told no longer. */
export function withdrawn(before: ReadonlySet<string>, now: ReadonlySet<string>): string[] {
  const gone = [...before].filter((key) => !now.has(key));
  return gone.length > 0 && now.size === 0 ? [...gone, digestId] : gone;
}

export function noticesFor(
  fresh: readonly Need[],
  recent: number,
  me: { id: string },
  path: (incidentId: string) => string,
  muted: readonly string[] = [],
): Notice[] {
  const notices = fresh
    .flatMap((need) => noticeOf(need, me, path).map((notice) => ({ notice, quiet: muted.includes(need.incident.id) })))
    // Muting is for what may wait: a page is heard all the same.
    .filter(({ notice, quiet }) => !quiet || notice.tier === 'page')
    .map(({ notice }) => notice);
  if (notices.length === 0 || recent + notices.length < digestFrom) return notices;
  const incidents = new Set(fresh.map((need) => need.incident.id)).size;
  const loudest = notices.some((notice) => notice.tier === 'page') ? 'page' : 'direct';
  return [
    {
      id: digestId,
      title: t`${recent + notices.length} things need you`,
      body: t`${plural(incidents, { one: '1 incident', other: '# incidents' })}; the worst is ${fresh[0]?.incident.title ?? t`on Now`}`,
      tier: loudest,
      path: '/',
    },
  ];
}

/** Only severity 1 and 2, only what is asked of me, never what I gave myself. */
function noticeOf(need: Need, me: { id: string }, path: (incidentId: string) => string): Notice[] {
  const { incident } = need;
  const common = { id: needKey(need), path: path(incident.id) };
  switch (need.kind) {
    case 'acknowledge':
      if (incident.severity !== 'sev1' && incident.severity !== 'sev2') return [];
      return [
        {
          ...common,
          title: t`Severity ${incident.severity.slice(3)}: ${incident.title}`,
          body: incident.impact ?? t`Nobody has acknowledged it yet.`,
          tier: incident.severity === 'sev1' ? 'page' : 'direct',
        },
      ];
    // Pages are told by page-teller.ts, with a receipt each.
    case 'page':
      return [];
    case 'ask':
      if (need.ask.askedBy === me.id) return [];
      return [{ ...common, title: t`You are asked: ${need.ask.text}`, body: incident.title, tier: 'direct' }];
    case 'unanswered':
      return [{ ...common, title: t`No answer yet: ${need.ask.text}`, body: incident.title, tier: 'direct' }];
    case 'poll':
      return [{ ...common, title: t`Any objection? ${need.poll.question}`, body: incident.title, tier: 'direct' }];
    case 'approve':
      return [
        {
          ...common,
          title: t`Approve update ${need.update.number} of INC-${incident.number}`,
          body: incident.title,
          tier: 'direct',
        },
      ];
    case 'offer':
      return [{ ...common, title: t`You are offered the role ${need.role}`, body: incident.title, tier: 'direct' }];
    case 'update':
      return [
        need.overdue
          ? { ...common, title: t`The status update that you owe is overdue`, body: incident.title, tier: 'page' }
          : { ...common, title: t`A status update is due from you`, body: incident.title, tier: 'direct' },
      ];
    case 'task':
      if (need.task.createdBy === me.id) return [];
      return [{ ...common, title: t`Task for you: ${need.task.title}`, body: incident.title, tier: 'direct' }];
  }
}
