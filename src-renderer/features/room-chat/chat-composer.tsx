import { type KeyboardEvent, type RefObject, useId, useMemo, useState } from 'react';
import { chatTextMax, type ChatMessage } from '#server/contract/chat.ts';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { useCan } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { candidates, type Mentionable, type MentionQuery, queryAt, withMention } from './mention.ts';

export type Writing = { kind: 'new' } | { kind: 'reply' | 'edit'; message: ChatMessage };

interface ChatComposerProps {
  incident: Incident;
  writing: Writing;
  text: string;
  onText: (text: string) => void;
  onSend: () => void;
  /** Leaves a reply or an edit. */
  onCancel: () => void;
  /** The arrow up in an empty field. */
  onEditLast: () => void;
  people: readonly Mentionable[];
  inputRef: RefObject<HTMLTextAreaElement | null>;
}

export function ChatComposer(props: ChatComposerProps) {
  const { incident, writing, text, people, inputRef } = props;
  const can = useCan();
  const listId = useId();
  const [query, setQuery] = useState<MentionQuery | null>(null);
  const [picked, setPicked] = useState(0);
  const found = useMemo(() => (query === null ? [] : candidates(people, query.text)), [query, people]);
  const choice = found[Math.min(picked, found.length - 1)];
  const tooLong = text.trim().length > chatTextMax;
  const unavailable = can(writing.kind === 'edit' ? 'chat.edit' : 'chat.post', incident);

  const look = (area: HTMLTextAreaElement): void => {
    setQuery(queryAt(area.value, area.selectionStart));
    setPicked(0);
  };
  const pick = (person: Mentionable): void => {
    if (query === null) return;
    const next = withMention(text, query, person);
    props.onText(next.text);
    setQuery(null);
    const area = inputRef.current;
    // After React has put the text in.
    if (area !== null) queueMicrotask(() => area.setSelectionRange(next.caret, next.caret));
    area?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (choice !== undefined && handlePicker(event, choice)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (text.trim() !== '' && !tooLong && unavailable === null) props.onSend();
    } else if (event.key === 'Escape') {
      if (writing.kind === 'new') event.currentTarget.blur();
      else props.onCancel();
    } else if (event.key === 'ArrowUp' && text === '' && writing.kind === 'new') {
      event.preventDefault();
      props.onEditLast();
    }
  };
  const handlePicker = (event: KeyboardEvent, current: Mentionable): boolean => {
    switch (event.key) {
      case 'ArrowDown':
        setPicked((picked + 1) % found.length);
        return true;
      case 'ArrowUp':
        setPicked((picked + found.length - 1) % found.length);
        return true;
      case 'Enter':
      case 'Tab':
        pick(current);
        return true;
      case 'Escape':
        setQuery(null);
        return true;
      default:
        return false;
    }
  };

  return (
    <form
      className="chat-composer"
      onSubmit={(event) => {
        event.preventDefault();
        props.onSend();
      }}
    >
      {writing.kind === 'new' ? null : (
        <div className="chat-writing">
          <span className="clip grow">
            {writing.kind === 'edit' ? t`Editing your message` : `${t`Reply to ${writing.message.author}:`} `}
            {writing.kind === 'edit' ? null : <span className="faint">{writing.message.text}</span>}
          </span>
          <Button look="ghost" compact icon="close" aria-label={t`Cancel`} onPress={props.onCancel} />
        </div>
      )}
      {choice === undefined ? null : (
        <ul className="chat-people" role="listbox" id={listId} aria-label={t`People to mention`}>
          {found.map((person) => (
            <li
              key={person.id}
              id={`${listId}-${person.id}`}
              role="option"
              aria-selected={person === choice}
              className={person === choice ? 'menu-item chosen' : 'menu-item'}
              // Before the field loses the focus.
              onPointerDown={(event) => {
                event.preventDefault();
                pick(person);
              }}
            >
              <Avatar name={person.name} />
              {person.name}
            </li>
          ))}
        </ul>
      )}
      <div className="chat-field">
        <textarea
          ref={inputRef}
          className="input"
          aria-label={t`Message the room`}
          placeholder={t`Message the room`}
          rows={Math.min(6, text.split('\n').length)}
          value={text}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          {...(choice === undefined
            ? {}
            : { 'aria-controls': listId, 'aria-activedescendant': `${listId}-${choice.id}` })}
          onChange={(event) => {
            props.onText(event.target.value);
            look(event.target);
          }}
          onSelect={(event) => look(event.currentTarget)}
          onBlur={() => setQuery(null)}
          onKeyDown={onKeyDown}
        />
        <Button
          type="submit"
          look="primary"
          icon="send"
          aria-label={writing.kind === 'edit' ? t`Save the message` : t`Send the message`}
          unavailable={unavailable}
          isDisabled={text.trim() === '' || tooLong}
        />
      </div>
      {tooLong ? (
        <p className="small-text" role="status">
          {t`${text.trim().length - chatTextMax} characters too many: a message takes ${chatTextMax}.`}
        </p>
      ) : null}
    </form>
  );
}
