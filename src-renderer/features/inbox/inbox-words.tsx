import type { ReactNode } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { rich } from '../../language/rich.ts';
import { t, term } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useNameOf, useSession, useTable } from '../../session.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import { allFailed, deliveryWords } from '../paging/page-words.ts';
import type { InboxItem } from './inbox-items.ts';
import { resolverOf } from './use-inbox.ts';

export interface ItemWords {
  title: string;
  second: ReactNode;
  /** Its incident's mark is drawn where there is none. */
  icon: IconName | null;
  incident: Incident | undefined;
  to: string;
  /** What the filter looks through. */
  text: string;
}

/** What an item says. Titles are those of now: an incident may have been renamed since. */
export function useItemWords(): (item: InboxItem) => ItemWords {
  const nameOf = useNameOf();
  const { view } = useSession().replica;
  const incidents = useTable('incident');
  const services = useTable('service');
  return (item) => {
    const incident = item.incidentId === null ? undefined : incidents.rows.get(item.incidentId);
    const title = incident?.title ?? t`an incident that is not on this machine`;
    const to = item.incidentId === null ? paths.now() : paths.incident(item.incidentId);
    /** `second` is searched; what has an element in it is shown instead of it. */
    const say = (words: { title: string; second: string; shown?: ReactNode; icon: IconName | null; to?: string }) => ({
      title: words.title,
      second: words.shown ?? words.second,
      icon: words.icon,
      incident,
      to: words.to ?? to,
      text: `${words.title} ${words.second} ${incident === undefined ? '' : codeOf(incident)}`.toLowerCase(),
    });
    switch (item.kind) {
      case 'page': {
        const { page } = item;
        const none = page.notifications.every(({ status }) => status === 'cancelled');
        const ways = none ? t`No way to reach you is set up` : deliveryWords(page);
        const sentences = [
          t`You were paged: ${page.reason}. ${ways}.`,
          ...(allFailed(page) ? [t`Nothing reached you.`] : []),
          ...(page.late ? [t`It came late: the center slept or was down.`] : []),
          ...(page.endedBy === null ? [] : [t`Answered by ${page.endedBy}.`]),
        ];
        const second = sentences.join(' ');
        return say({
          title,
          second,
          shown: (
            <>
              {second}{' '}
              <a className="need-why" href={paths.page(page.id)}>
                {t`Why was I paged?`}
              </a>
            </>
          ),
          icon: 'phone-call',
        });
      }
      case 'mention':
        return say({
          title: t`${item.message.author} mentioned you in “${title}”`,
          second: item.message.text.replaceAll(/\s+/g, ' '),
          icon: 'note',
        });
      case 'offer':
        return say({
          title: t`${nameOf(item.by)} offers you the role ${term(item.role)}`,
          second: t`In “${title}”. Accept or decline it in the room.`,
          icon: 'person',
        });
      case 'update':
        return say({
          title: t`A status update is due from you: ${title}`,
          second: t`You command this incident.`,
          shown: rich`You command this incident. Due at ${<Time at={item.dueAt} zone />}`,
          icon: 'update',
        });
      case 'ask': {
        const { answer, dueAt } = item.ask;
        return say({
          title: t`${nameOf(item.ask.askedBy)} asks you: ${item.ask.text}`,
          second: answer === null ? t`In “${title}”` : t`Answered in “${title}”`,
          shown:
            answer === null
              ? rich`In “${title}”, until ${<Time at={dueAt} zone />}`
              : rich`Answered in “${title}”, at ${<Time at={answer.at} zone />}`,
          icon: 'timer',
        });
      }
      case 'answered': {
        const { answer } = item.ask;
        const outcome = { done: t`Done`, answered: t`Answered`, cannot: t`Cannot do it` }[
          answer?.outcome ?? 'answered'
        ];
        return say({
          title: t`${nameOf(answer?.by ?? item.ask.ownerId)} answered you: ${answer?.text || outcome}`,
          second: t`You asked “${item.ask.text}” in “${title}”.`,
          icon: 'timer',
        });
      }
      case 'late-ask':
        return say({
          title: t`No answer from ${nameOf(item.ask.ownerId)}: ${item.ask.text}`,
          second: t`You asked this in “${title}”. Ask somebody else, or give more time.`,
          icon: 'timer',
        });
      case 'poll':
        return say({
          title: t`${nameOf(item.poll.openedBy)} asks for objections: ${item.poll.question}`,
          second: t`In “${title}”.`,
          icon: 'group',
        });
      case 'approve':
        return say({
          title: t`${nameOf(item.update.writtenBy)} wants your yes before an update is published`,
          second: `“${title}”: ${item.update.text.replaceAll(/\s+/g, ' ')}`,
          icon: 'update',
        });
      case 'decided': {
        const by = nameOf(item.update.decidedBy);
        const words =
          item.update.state === 'declined'
            ? t`${by} declined your update: ${title}`
            : t`${by} approved your update: ${title}`;
        return say({ title: words, second: item.update.decision ?? item.update.text, icon: 'update' });
      }
      case 'task':
        return say({
          title: t`${nameOf(item.task.createdBy)} gave you a task: ${item.task.title}`,
          second: t`In “${title}”.`,
          icon: item.task.doneAt === null ? 'task' : 'task-done',
        });
      case 'opened':
        return say({
          title,
          second:
            item.incident.declaredBy === null
              ? t`Opened by alerts. ${item.incident.impact ?? item.incident.groupReason ?? ''}`
              : t`Declared by ${nameOf(item.incident.declaredBy)}. ${item.incident.impact ?? ''}`,
          icon: null,
        });
      case 'resolved': {
        const by = resolverOf(view, item.incident);
        return say({ title, second: by === null ? t`Resolved.` : t`Resolved by ${nameOf(by)}.`, icon: 'check' });
      }
      case 'deploy': {
        const name = item.change.service ?? '';
        const service = [...services.rows.values()].find(
          (each) => each.name.toLowerCase() === name.toLowerCase() || each.aliases.includes(name),
        );
        return say({
          title: item.change.title,
          second: t`A change on ${name}, told by ${item.change.source}.`,
          icon: 'change',
          to: service === undefined ? paths.services() : paths.service(service.id),
        });
      }
    }
  };
}
