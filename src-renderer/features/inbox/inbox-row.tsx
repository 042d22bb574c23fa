import { memo } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { t } from '../../language/words.ts';
import { Chip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Ago } from '../../ui/time.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import { type InboxItem, waits } from './inbox-items.ts';
import type { ItemWords } from './inbox-words.tsx';

interface InboxRowProps {
  item: InboxItem;
  words: ItemWords;
  index: number;
  focused: boolean;
  chosen: boolean;
  read: boolean;
  muted: boolean;
  meId: string;
  onFocus: (index: number) => void;
  onOpen: (item: InboxItem, to: string) => void;
  onToggle: (item: InboxItem) => void;
}

/** Words are made anew with every draw; the rows they are made of say whether they are others. */
function sameRow(a: InboxRowProps, b: InboxRowProps): boolean {
  return (
    a.item === b.item &&
    a.words.text === b.words.text &&
    a.words.incident?.severity === b.words.incident?.severity &&
    a.index === b.index &&
    a.focused === b.focused &&
    a.chosen === b.chosen &&
    a.read === b.read &&
    a.muted === b.muted
  );
}

export const InboxRow = memo(function InboxRow(props: InboxRowProps) {
  const { item, words, index, focused, chosen, read, muted, meId, onFocus, onOpen, onToggle } = props;
  const { incident, icon } = words;
  const state = `${focused ? ' focused' : ''}${chosen ? ' chosen' : ''}${read ? ' read' : ''}`;
  return (
    <li className={`inbox-row${state}`} onClick={() => onFocus(index)}>
      <AriaButton
        className="inbox-dot"
        aria-label={read ? t`Read. Mark unread` : t`Unread. Mark read`}
        onPress={() => onToggle(item)}
      >
        <span />
      </AriaButton>
      {icon === null && incident !== undefined ? (
        <Mark kind={incident.severity} />
      ) : (
        <span className="muted">
          <Icon name={icon ?? 'incidents'} />
        </span>
      )}
      <div className="two-line">
        <div className="row">
          {chosen ? (
            <>
              <Icon name="check" small />
              <span className="visually-hidden">{t`Chosen`}</span>
            </>
          ) : null}
          <a
            className={read ? 'need-title' : 'need-title strong'}
            href={words.to}
            onClick={(event) => {
              // A new window is the browser's own business; here the item is read on the way.
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              onOpen(item, words.to);
            }}
          >
            {words.title}
          </a>
          {incident === undefined ? null : <span className="mono faint nowrap">{codeOf(incident)}</span>}
        </div>
        <div className="clip">{words.second}</div>
      </div>
      <div className="row inbox-side">
        {muted ? <Chip look="outlined">{t`muted`}</Chip> : null}
        {waits(item, { id: meId }) ? <Chip>{t`waits for you`}</Chip> : null}
        <span className="small-text faint nowrap tabular inbox-time">
          <Ago at={item.at} />
        </span>
      </div>
    </li>
  );
}, sameRow);
