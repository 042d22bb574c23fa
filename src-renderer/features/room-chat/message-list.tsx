import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import type { ChatMessage } from '#server/contract/chat.ts';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import type { ChatLine } from './chat-lines.ts';
import type { Mentionable } from './mention.ts';
import { type MessageActs, MessageRow } from './message-row.tsx';

export interface ListHandle {
  toEnd: () => void;
  toMessage: (id: string) => void;
}

interface MessageListProps {
  lines: readonly ChatLine[];
  messages: ReadonlyMap<string, ChatMessage>;
  people: ReadonlyMap<string, Mentionable>;
  incident: Incident;
  acts: MessageActs;
  /** Above the first line. */
  top: ReactNode;
  /** Below the last one. */
  bottom: ReactNode;
  handle: RefObject<ListHandle | null>;
  onAtEnd: (atEnd: boolean) => void;
}

const guess = 52;
/** Near enough to the end to follow what comes. */
const nearPx = 40;

/** Down is now. Only what is in sight is in the page, however long people have talked. */
export function MessageList(props: MessageListProps) {
  const { lines, messages, people, incident, acts, onAtEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  // Nothing here is compiled or memoised around it.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => guess,
    getItemKey: (index) => lines[index]?.message.id ?? index,
    overscan: 6,
  });
  const size = virtualizer.getTotalSize();

  const toEnd = (): void => {
    const element = scroller.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  };
  useImperativeHandle(props.handle, () => ({
    toEnd() {
      pinned.current = true;
      onAtEnd(true);
      toEnd();
    },
    toMessage(id) {
      const index = lines.findIndex((line) => line.message.id === id);
      if (index >= 0) virtualizer.scrollToIndex(index, { align: 'center' });
    },
  }));
  // At every drawing: also when a line turns out higher than it was guessed, or the field below has grown.
  useLayoutEffect(() => {
    if (pinned.current) toEnd();
  });
  // What is put in above must not move what is being read.
  const first = useRef<string | undefined>(undefined);
  useEffect(() => {
    const before = first.current;
    first.current = lines[0]?.message.id;
    if (before === undefined || before === first.current || pinned.current) return;
    const index = lines.findIndex((line) => line.message.id === before);
    if (index > 0) virtualizer.scrollToIndex(index, { align: 'start' });
  }, [lines, virtualizer]);

  return (
    <div
      className="chat-scroll"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={t`Messages`}
      onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
        const atEnd = scrollHeight - scrollTop - clientHeight < nearPx;
        if (atEnd !== pinned.current) onAtEnd(atEnd);
        pinned.current = atEnd;
      }}
    >
      {props.top}
      <div className="chat-canvas" {...(lines.length > 0 ? { role: 'list' } : {})} style={{ height: size }}>
        {virtualizer.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          const { message } = line;
          return (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className="chat-line"
              role="listitem"
              aria-setsize={lines.length}
              aria-posinset={item.index + 1}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {line.day === null ? null : <div className="chat-rule">{line.day}</div>}
              {line.firstNew ? <div className="chat-rule new">{t`New`}</div> : null}
              <MessageRow
                message={message}
                head={line.head}
                parent={message.replyTo === null ? null : (messages.get(message.replyTo) ?? null)}
                people={people}
                incident={incident}
                acts={acts}
              />
            </div>
          );
        })}
      </div>
      {props.bottom}
    </div>
  );
}
