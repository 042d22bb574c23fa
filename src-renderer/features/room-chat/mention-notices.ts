// Which mentions of me leave the window. Pure.
import type { ChatMessage } from '#server/contract/chat.ts';
import type { Incident } from '#server/contract/incident.ts';
import type { DesktopNotification } from '../../../src-main/bridge.ts';
import { t } from '../../language/words.ts';

export type MentionNotice = Pick<DesktopNotification, 'id' | 'title' | 'body' | 'tier' | 'path'>;

const bodyMax = 140;

/** One an incident: a later mention takes the place of the one before. */
export function mentionNotices(
  fresh: readonly ChatMessage[],
  me: { id: string },
  incidentOf: (id: string) => Pick<Incident, 'title'> | undefined,
  path: (incidentId: string) => string,
): MentionNotice[] {
  const newest = new Map<string, ChatMessage>();
  for (const message of fresh) {
    if (!mentions(message, me)) continue;
    const other = newest.get(message.incidentId);
    if (other === undefined || other.at <= message.at) newest.set(message.incidentId, message);
  }
  return [...newest.values()].flatMap((message): MentionNotice[] => {
    const incident = incidentOf(message.incidentId);
    if (incident === undefined) return [];
    const text = message.text.replaceAll(/\s+/g, ' ');
    return [
      {
        id: `mention ${message.incidentId}`,
        title: t`${message.author} mentioned you: ${incident.title}`,
        body: text.length <= bodyMax ? text : `${text.slice(0, bodyMax - 1)}…`,
        tier: 'direct',
        path: path(message.incidentId),
      },
    ];
  });
}

export function mentions(message: ChatMessage, me: { id: string }): boolean {
  return message.authorId !== me.id && message.deletedAt === null && message.mentions.includes(me.id);
}
