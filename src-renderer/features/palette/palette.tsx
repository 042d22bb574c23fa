import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { plural, t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { useSession } from '../../session.tsx';
import { after } from '../../time.ts';
import { activeCommands, useCommandStore } from '../../ui/commands.ts';
import { Icon } from '../../ui/icon.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { keyLabel, useKeymap } from '../../ui/keymap.ts';
import { Mark } from '../../ui/mark.tsx';
import { isShortId } from '../links/short-id.ts';
import { entityEntries, entryOf } from './entries.ts';
import { controlsOnScreen } from './on-screen.ts';
import { type PaletteGroup, paletteGroups, type PaletteItem, shortIdGroup } from './palette-items.ts';
import { recentKeys, remember, usePalette } from './palette-store.ts';
import { prepareEntries } from './search.ts';
import './palette.css';

/** Everything that can be done or looked at, by its name. All of it is on this machine, so it works without a network. */
export function Palette() {
  const close = usePalette((state) => state.close);
  const { replica, serverUrl, me } = useSession();
  const place = useMemo(() => ({ serverUrl, userId: me.id }), [serverUrl, me.id]);
  const layers = useCommandStore((state) => state.layers);
  const keymap = useKeymap((state) => state.keymap);
  const query = usePalette((state) => state.query);
  const ask = usePalette((state) => state.ask);
  const [chosen, setChosen] = useState(0);
  const [refused, setRefused] = useState<string | null>(null);
  const [recent] = useState(() => recentKeys(place));
  const [controls] = useState(controlsOnScreen);
  const listId = useId();
  // What arrives while it is open is found with the next letter: rows must not move under a finger.
  const groups = useMemo(() => {
    const { tables } = replica.store.getState();
    const found = paletteGroups(query, {
      commands: activeCommands(layers, keymap),
      entries: query.trim() === '' ? [] : entityEntries(tables),
      controls,
      recent,
      entryOf: (key) => entryOf(tables, key),
    });
    return isShortId(query) ? [shortIdGroup(query.trim()), ...found] : found;
  }, [replica, layers, keymap, query, recent, controls]);
  useEffect(() => after(0, () => prepareEntries(entityEntries(replica.store.getState().tables))), [replica]);
  const items = groups.flatMap((group) => group.items);
  const at = Math.min(chosen, Math.max(0, items.length - 1));

  const run = (item: PaletteItem | undefined): void => {
    if (item === undefined) return;
    if (item.unavailable !== null) return setRefused(`${item.title}: ${item.unavailable}`);
    // A button of this screen is none of another.
    if (!item.key.startsWith('screen:')) remember(place, item.key);
    close();
    // Once the focus is back where it was: what a command focuses keeps it.
    after(0, () => (item.kind === 'thing' ? navigate(item.to) : item.run()));
  };
  const move = (to: number): void => {
    setRefused(null);
    setChosen((to + items.length) % Math.max(1, items.length));
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(at + 1),
    ArrowUp: () => move(at - 1),
    PageDown: () => move(Math.min(items.length - 1, at + 8)),
    PageUp: () => move(Math.max(0, at - 8)),
    Enter: () => run(items[at]),
  };
  const press = (event: KeyboardEvent): void => {
    const act = event.nativeEvent.isComposing ? undefined : keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return (
    <ModalOverlay className="overlay palette-overlay" isOpen isDismissable onOpenChange={close}>
      <Modal className="modal palette-modal">
        <Dialog className="dialog palette" aria-label={t`Command palette`}>
          <div className="palette-input">
            <Icon name="search" />
            <Field
              listId={listId}
              active={items.length === 0 ? null : optionId(listId, at)}
              value={query}
              onChange={(next) => {
                ask(next);
                setChosen(0);
                setRefused(null);
              }}
              onKeyDown={press}
            />
            <Kbd>{t`Esc`}</Kbd>
          </div>
          <Groups groups={groups} at={at} listId={listId} onRun={run} onPoint={setChosen} />
          <div className="palette-foot small-text" role="status">
            {refused ?? countWords(items.length, query)}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface FieldProps {
  listId: string;
  active: string | null;
  value: string;
  onChange: (value: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function Field({ listId, active, value, onChange, onKeyDown }: FieldProps) {
  const input = useRef<HTMLInputElement>(null);
  // Not by `autoFocus`: that is earlier than a dialog below lets go of the focus.
  useEffect(() => input.current?.focus(), []);
  return (
    <input
      ref={input}
      role="combobox"
      aria-label={t`Search or run a command`}
      aria-expanded="true"
      aria-controls={listId}
      aria-autocomplete="list"
      aria-activedescendant={active ?? undefined}
      placeholder={t`Search or run a command`}
      spellCheck={false}
      autoComplete="off"
      maxLength={100}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
    />
  );
}

interface GroupsProps {
  groups: readonly PaletteGroup[];
  at: number;
  listId: string;
  onRun: (item: PaletteItem) => void;
  onPoint: (index: number) => void;
}

function Groups({ groups, at, listId, onRun, onPoint }: GroupsProps) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at, groups]);
  const starts = groups.map((_, group) => groups.slice(0, group).reduce((sum, { items }) => sum + items.length, 0));
  return (
    <div id={listId} ref={list} className="palette-list" role="listbox" aria-label={t`Commands and things`}>
      {groups.map(({ section, heading, items }, group) => (
        <div key={section} role="group" aria-label={heading}>
          <div className="palette-heading clip" aria-hidden="true">
            {heading}
          </div>
          {items.map((item, place) => {
            const mine = (starts[group] ?? 0) + place;
            return (
              <div
                key={item.key}
                id={optionId(listId, mine)}
                className="palette-row"
                role="option"
                aria-selected={mine === at}
                aria-disabled={item.unavailable !== null}
                onMouseMove={() => onPoint(mine)}
                onClick={() => onRun(item)}
              >
                {item.mark === undefined ? <Icon name={item.icon} small /> : <Mark kind={item.mark} size="small" />}
                <span className="palette-title clip">{item.title}</span>
                <span className="palette-detail clip">{item.unavailable ?? item.detail}</span>
                {item.keys === null ? null : <Kbd>{keyLabel(item.keys)}</Kbd>}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}

function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

function countWords(count: number, query: string): string {
  if (query.trim() === '') return t`Type the name of anything: a command, an incident, a person, a setting.`;
  if (count === 0) return t`Nothing on this machine is called that.`;
  return t`${plural(count, { one: '1 found', other: '# found' })}`;
}
