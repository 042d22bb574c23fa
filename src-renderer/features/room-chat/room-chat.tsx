import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { canSee } from '#server/contract/audience.ts';
import type { ChatMessage } from '#server/contract/chat.ts';
import type { Incident } from '#server/contract/incident.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { plural, t } from '../../language/words.ts';
import { useFreshness, useMe, useOfIncident, useReachable, useSession, useSubmit, useTable } from '../../session.tsx';
import { clockTime, localDay } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useClock } from '../../ui/use-clock.ts';
import { usePaced } from '../../ui/use-paced.ts';
import { useDraft } from '../incidents/draft.ts';
import { ChatComposer, type Writing } from './chat-composer.tsx';
import { inOrder, linesOf, markOf, unread } from './chat-lines.ts';
import { mentionsIn } from './mention.ts';
import { type ListHandle, MessageList } from './message-list.tsx';
import type { MessageActs } from './message-row.tsx';
import { useOlderMessages } from './older-messages.ts';
import { useReadMark } from './read-mark.ts';
import './room-chat.css';

/** Under a storm of words the list is put in order this often. */
const redrawMs = 150;
/** To a screen reader at most this often. */
const saidMs = 5_000;

/** What people say to each other in the incident: kept here, queued without a network, mirrored in Slack where one is. */
export function RoomChat({
  incident,
  inputRef,
  onTask,
}: {
  incident: Incident;
  inputRef: RefObject<HTMLTextAreaElement | null>;
  onTask: (message: ChatMessage) => void;
}) {
  const me = useMe();
  const { uuid } = useSession();
  const submit = useSubmit();
  const reachable = useReachable();
  const clock = useClock();
  const users = useTable('user');
  const kept = usePaced(useOfIncident('chat', incident.id), incident.id, redrawMs);
  const older = useOlderMessages(incident.id);
  const [mark, markRead] = useReadMark(incident.id);
  const [text, setText] = useDraft(`chat ${incident.id}`);
  const [edited, setEdited] = useState('');
  const [writing, setWriting] = useState<Writing>({ kind: 'new' });
  const [removing, setRemoving] = useState<ChatMessage | null>(null);
  const [atEnd, setAtEnd] = useState(true);
  const list = useRef<ListHandle>(null);

  const messages = useMemo(() => {
    const byId = new Map(older.items.map((message) => [message.id, message]));
    for (const message of kept) byId.set(message.id, message);
    return new Map([...byId.values()].sort(inOrder).map((message) => [message.id, message]));
  }, [kept, older.items]);
  const ordered = useMemo(() => [...messages.values()], [messages]);
  const fresh = useMemo(() => unread(ordered, mark ?? null, me.id), [ordered, mark, me.id]);
  const said = usePaced(fresh.length, incident.id, saidMs);
  const firstNew = useFirstNew(incident.id, mark, fresh[0]?.id ?? null);
  const lines = useMemo(
    () => linesOf(ordered, firstNew, (at) => (clock.zone === 'UTC' ? at.slice(0, 10) : localDay(at))),
    [ordered, firstNew, clock],
  );
  const people = useMemo(() => new Map([...users.rows].map(([id, { name }]) => [id, { id, name }])), [users]);
  const mentionable = useMemo(
    () =>
      [...users.rows.values()].filter(
        (user) => user.id !== me.id && !user.disabled && canSee(incident.restrictedTo, user.teamIds),
      ),
    [users, me.id, incident.restrictedTo],
  );
  useMarkRead(atEnd && mark !== undefined, ordered.at(-1), mark ?? null, markRead);

  const edit = useCallback(
    (message: ChatMessage) => {
      setWriting({ kind: 'edit', message });
      setEdited(message.text);
      inputRef.current?.focus();
    },
    [inputRef],
  );
  const acts = useMemo(
    (): MessageActs => ({
      reply(message) {
        setWriting({ kind: 'reply', message });
        inputRef.current?.focus();
      },
      edit,
      remove: setRemoving,
      promote: ({ id: messageId, incidentId }) =>
        void submit({ kind: 'chat.promote', incidentId, messageId, entryId: uuid() }),
      task: onTask,
      show: (id) => list.current?.toMessage(id),
    }),
    [edit, inputRef, onTask, submit, uuid],
  );

  const stopWriting = (): void => {
    setWriting({ kind: 'new' });
    setEdited('');
  };
  const send = async (): Promise<void> => {
    const words = (writing.kind === 'edit' ? edited : text).trim();
    const mentions = mentionsIn(words, mentionable);
    if (writing.kind === 'edit') {
      const { id: messageId } = writing.message;
      const same = words === writing.message.text;
      if (same || (await submit({ kind: 'chat.edit', incidentId: incident.id, messageId, text: words, mentions })).ok)
        stopWriting();
      return;
    }
    const replyTo = writing.kind === 'reply' ? writing.message.id : null;
    const action = { kind: 'chat.post', incidentId: incident.id, messageId: uuid(), text: words, mentions, replyTo };
    if (!(await submit({ ...action, kind: 'chat.post' })).ok) return;
    setText('');
    stopWriting();
    list.current?.toEnd();
  };
  const mine = ordered.findLast((message) => message.authorId === me.id && message.deletedAt === null);

  return (
    <section className="chat" aria-label={t`Room`}>
      <div className="room-head">
        <h2>{t`Room`}</h2>
        <span className="count">{ordered.length === 0 ? '' : peopleWords(ordered)}</span>
        <span className="grow" />
        {fresh.length > 0 && !atEnd ? (
          <Button compact onPress={() => list.current?.toEnd()}>
            {t`${fresh.length} new`}
          </Button>
        ) : null}
      </div>
      <div className="visually-hidden" aria-live="polite">
        {said === 0 ? '' : t`${said} new in the room`}
      </div>
      <MessageList
        lines={lines}
        messages={messages}
        people={people}
        incident={incident}
        acts={acts}
        handle={list}
        onAtEnd={setAtEnd}
        top={
          <Older
            older={older}
            // Fewer are kept here than the room may have, so nothing is missing.
            possible={
              kept.length >= replicaLimits.chatPerIncident || (incident.resolvedAt !== null && kept.length === 0)
            }
            reachable={reachable}
            onAsk={() => older.ask(ordered[0])}
          />
        }
        bottom={<Quiet empty={ordered.length === 0} />}
      />
      <ChatComposer
        incident={incident}
        writing={writing}
        text={writing.kind === 'edit' ? edited : text}
        onText={writing.kind === 'edit' ? setEdited : setText}
        onSend={() => void send()}
        onCancel={stopWriting}
        onEditLast={() => mine !== undefined && mine.source === 'person' && edit(mine)}
        people={mentionable}
        inputRef={inputRef}
      />
      {removing === null ? null : <DeleteDialog message={removing} onClose={() => setRemoving(null)} />}
    </section>
  );
}

function Older({
  older,
  possible,
  reachable,
  onAsk,
}: {
  older: ReturnType<typeof useOlderMessages>;
  possible: boolean;
  reachable: boolean;
  onAsk: () => void;
}) {
  if (older.failure !== null) {
    const { message, traceId } = older.failure;
    return <Problem what={t`Older messages did not come`} why={message} traceId={traceId} onRetry={onAsk} />;
  }
  if (older.complete || !(possible || older.items.length > 0)) return null;
  return (
    <div className="chat-older">
      <Button
        look="ghost"
        compact
        unavailable={reachable ? null : t`Not while offline: older messages are on the server.`}
        isDisabled={older.asking}
        onPress={onAsk}
      >
        {older.asking ? t`Asking the server…` : t`Older messages`}
      </Button>
    </div>
  );
}

/** Below the last message: why it may not be the last one, or that there is none yet. */
function Quiet({ empty }: { empty: boolean }) {
  const { state, dataAt } = useFreshness();
  const known = state === 'live' || state === 'lagging';
  if (!known && dataAt !== null) {
    return (
      <div className="timeline-gap hatch">
        <Icon name="gap" small />
        <span>
          {t`Nothing known since ${clockTime(dataAt, true)}. What you write is kept and sent when the server is back.`}
        </span>
      </div>
    );
  }
  return empty ? <p className="room-none">{t`Nobody has said anything yet. @ mentions somebody.`}</p> : null;
}

function DeleteDialog({ message, onClose }: { message: ChatMessage; onClose: () => void }) {
  const submit = useSubmit();
  const { id: messageId, incidentId } = message;
  return (
    <Dialog
      title={t`Delete your message?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Keep it`}</Button>
          <Button
            look="primary"
            onPress={() => {
              void submit({ kind: 'chat.delete', incidentId, messageId });
              onClose();
            }}
          >
            {t`Delete`}
          </Button>
        </>
      }
    >
      <blockquote className="chat-quote">{message.text}</blockquote>
      <p>
        {t`Its words are gone for everybody, here and in Slack where the room is mirrored. That you wrote something stays.`}
        {message.entryId === null ? '' : ` ${t`The entry on the timeline stays as it is.`}`}
      </p>
    </Dialog>
  );
}

function peopleWords(messages: readonly ChatMessage[]): string {
  const count = new Set(messages.map(({ authorId, author }) => authorId ?? author)).size;
  return t`${plural(count, { one: '1 person', other: '# people' })}`;
}

/** The first message that was new when the room was opened; it stays marked while the room is open. */
function useFirstNew(incidentId: string, mark: string | null | undefined, first: string | null): string | null {
  const [opened, setOpened] = useState<{ incidentId: string; first: string | null } | null>(null);
  if (mark !== undefined && opened?.incidentId !== incidentId) setOpened({ incidentId, first });
  return opened?.incidentId === incidentId ? opened.first : null;
}

/** What is in sight at the end of the list, in a window that has the focus, is read. */
function useMarkRead(
  seen: boolean,
  last: ChatMessage | undefined,
  mark: string | null,
  markRead: (mark: string) => void,
): void {
  useEffect(() => {
    const read = (): void => {
      if (!seen || last === undefined || !document.hasFocus()) return;
      if (mark === null || markOf(last) > mark) markRead(markOf(last));
    };
    read();
    window.addEventListener('focus', read);
    return () => window.removeEventListener('focus', read);
  }, [seen, last, mark, markRead]);
}
