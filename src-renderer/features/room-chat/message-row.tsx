import { memo, useMemo } from 'react';
import type { ChatMessage } from '#server/contract/chat.ts';
import type { Incident } from '#server/contract/incident.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useCan, useMe, useQueued } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Chip, Queued } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, type MenuAction } from '../../ui/menu.tsx';
import { Time } from '../../ui/time.tsx';
import { useCopyLink } from '../links/copy-link.tsx';
import { shortIdOf } from '../links/short-id.ts';
import type { Mentionable } from './mention.ts';
import { MessageText } from './message-text.tsx';

export interface MessageActs {
  reply: (message: ChatMessage) => void;
  edit: (message: ChatMessage) => void;
  remove: (message: ChatMessage) => void;
  promote: (message: ChatMessage) => void;
  task: (message: ChatMessage) => void;
  show: (id: string) => void;
}

interface MessageRowProps {
  message: ChatMessage;
  head: boolean;
  parent: ChatMessage | null;
  people: ReadonlyMap<string, Mentionable>;
  incident: Incident;
  acts: MessageActs;
}

export const MessageRow = memo(function MessageRow({ message, head, parent, people, incident, acts }: MessageRowProps) {
  const me = useMe();
  const queued = useQueued('chat', message.id);
  const mine = message.authorId === me.id;
  const mentioned = useMemo(() => message.mentions.flatMap((id) => people.get(id) ?? []), [message.mentions, people]);
  const toMe = message.mentions.includes(me.id);
  if (message.deletedAt !== null) {
    return (
      <div className="chat-message">
        <span />
        <p className="faint chat-gone">
          {rich`${message.author} deleted a message of ${<Time at={message.at} />}`}
          {queued ? <Queued /> : null}
        </p>
      </div>
    );
  }
  return (
    <div className={classesOf(head, toMe)}>
      {head ? <Avatar name={message.author} me={mine} /> : <span />}
      <div className="chat-body">
        {parent === null ? null : (
          <button type="button" className="chat-parent" onClick={() => acts.show(parent.id)}>
            <Icon name="arrow" small />
            <span className="clip">
              {parent.author}: {parent.deletedAt === null ? parent.text.replaceAll(/\s+/g, ' ') : t`deleted`}
            </span>
          </button>
        )}
        {head ? (
          <div className="chat-who">
            <span className="strong">{message.author}</span>
            {message.source === 'slack' ? <Chip look="outlined">{t`in Slack`}</Chip> : null}
            <span className="faint">
              <Time at={message.at} />
            </span>
          </div>
        ) : null}
        <MessageText text={message.text} people={mentioned} />
        <Marks message={message} queued={queued} />
      </div>
      <MessageMenu message={message} mine={mine} incident={incident} acts={acts} />
    </div>
  );
});

function classesOf(head: boolean, toMe: boolean): string {
  return ['chat-message', ...(head ? ['head'] : []), ...(toMe ? ['to-me'] : [])].join(' ');
}

function Marks({ message, queued }: { message: ChatMessage; queued: boolean }) {
  const { editedAt, entryId, taskId, mirror } = message;
  if (!queued && editedAt === null && entryId === null && taskId === null && mirror !== 'failed') return null;
  return (
    <div className="chat-marks">
      {editedAt === null ? null : <span>{rich`edited ${<Time at={editedAt} />}`}</span>}
      {entryId === null ? null : (
        <span>
          <Icon name="timeline" small /> {t`on the timeline`}
        </span>
      )}
      {taskId === null ? null : (
        <span>
          <Icon name="task" small /> {t`a task`}
        </span>
      )}
      {mirror === 'failed' ? (
        <span title={t`Slack did not take it. The log of the server says why.`}>
          <Icon name="refused" small /> {t`not in Slack`}
        </span>
      ) : null}
      {queued ? <Queued /> : null}
    </div>
  );
}

function MessageMenu({
  message,
  mine,
  incident,
  acts,
}: {
  message: ChatMessage;
  mine: boolean;
  incident: Incident;
  acts: MessageActs;
}) {
  const can = useCan();
  const copyLink = useCopyLink();
  const own = (kind: 'chat.edit' | 'chat.delete'): string | null =>
    message.source === 'slack' ? t`It was written in Slack.` : mine ? can(kind) : t`Only ${message.author} can.`;
  const actions: MenuAction[] = [
    {
      id: 'promote',
      label: t`To the timeline`,
      icon: 'timeline',
      unavailable: message.entryId === null ? can('chat.promote', incident) : t`It is there already.`,
      run: () => acts.promote(message),
    },
    {
      id: 'task',
      label: t`Make a task of it…`,
      icon: 'task',
      unavailable: message.taskId === null ? can('task.add', incident) : t`It is one already.`,
      run: () => acts.task(message),
    },
    {
      id: 'link',
      label: t`Copy the link`,
      icon: 'copy',
      run: () => copyLink(shortIdOf('chat', message.id)),
    },
    { id: 'edit', label: t`Edit`, icon: 'edit', unavailable: own('chat.edit'), run: () => acts.edit(message) },
    {
      id: 'delete',
      label: t`Delete…`,
      icon: 'trash',
      unavailable: own('chat.delete'),
      run: () => acts.remove(message),
    },
  ];
  return (
    <div className="chat-acts">
      <Button
        look="ghost"
        compact
        icon="arrow"
        aria-label={t`Reply to ${message.author}`}
        unavailable={can('chat.post', incident)}
        onPress={() => acts.reply(message)}
      />
      <Menu
        label={t`Message of ${message.author}`}
        actions={actions}
        trigger={
          <Button look="ghost" compact icon="dots" aria-label={t`More about the message of ${message.author}`} />
        }
      />
    </div>
  );
}
