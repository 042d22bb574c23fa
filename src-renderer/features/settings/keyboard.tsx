import { Fragment, useState } from 'react';
import { t, term } from '../../language/words.ts';
import { usePreferenceValues, useSetPreference } from '../../preference.ts';
import { useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { keysOf } from '../../ui/commands.ts';
import { type CataloguedKeys, keyCatalog, keyGroups } from '../../ui/key-catalog.ts';
import { keyConflicts } from '../../ui/key-conflicts.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { isSingleKey, keyLabel, useKeymap } from '../../ui/keymap.ts';
import { KeyRecorder } from './key-recorder.tsx';
import './keyboard.css';
import { SettingsLine } from './settings-line.tsx';

/** Every key, and other keys for those that are in somebody's way. */
export function Keyboard() {
  const { host } = useSession();
  const { keymap } = usePreferenceValues();
  const singleKeys = useKeymap((state) => state.singleKeys);
  const set = useSetPreference();
  const [changing, setChanging] = useState<string | null>(null);
  const choose = (command: string, keys: string | null): void => {
    // The keys it came with are no choice: a later version may bring better ones.
    const choice = keys === (keyCatalog[command]?.keys ?? null) ? null : { keys };
    set({ name: 'keys', command, choice });
  };
  const changed = Object.keys(keymap);
  return (
    <>
      <SettingsLine
        title={t`Single keys`}
        about={t`Such as a for acknowledge. Off, only keys with Ctrl, ⌘ or Alt act, and Enter, Esc and the arrows.`}
      >
        <Checkbox isSelected={singleKeys} onChange={(on) => set({ name: 'single-keys', on })}>
          {t`Act on single keys`}
        </Checkbox>
      </SettingsLine>
      <SettingsLine
        title={t`Your keys`}
        about={
          changed.length === 0
            ? t`All are as they came. They go with you to every machine you sign in on.`
            : t`${changed.length} changed. They go with you to every machine you sign in on.`
        }
      >
        <Button
          unavailable={changed.length === 0 ? t`all keys are as they came` : null}
          onPress={() => changed.forEach((command) => set({ name: 'keys', command, choice: null }))}
        >
          {t`Put all back`}
        </Button>
      </SettingsLine>
      {keyGroups.map((group) => (
        <section key={group} className="keyboard-group" aria-label={term(group)}>
          <h3>{term(group)}</h3>
          <ul>
            {Object.entries(keyCatalog)
              .filter(([, catalogued]) => catalogued.group === group)
              .map(([id, catalogued]) => (
                <Fragment key={id}>
                  <KeyLine
                    id={id}
                    catalogued={catalogued}
                    keymap={keymap}
                    singleKeys={singleKeys}
                    changing={changing === id}
                    onChange={() => setChanging(id)}
                    onPutBack={() => set({ name: 'keys', command: id, choice: null })}
                  />
                  {changing === id ? (
                    <li>
                      <KeyRecorder
                        label={catalogued.label}
                        inBrowser={host.kind === 'browser'}
                        conflictsOf={(keys) => keyConflicts(id, keys, keymap)}
                        onKeep={(keys, taken) => {
                          for (const other of taken) choose(other.id, null);
                          choose(id, keys);
                          setChanging(null);
                        }}
                        onClose={() => setChanging(null)}
                      />
                    </li>
                  ) : null}
                </Fragment>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Keys({ keys }: { keys: string }) {
  return (
    <>
      <Kbd>{keyLabel(keys)}</Kbd>
      <span className="visually-hidden">{keyLabel(keys)}</span>
    </>
  );
}

interface KeyLineProps {
  id: string;
  catalogued: CataloguedKeys;
  keymap: Readonly<Record<string, string | null>>;
  singleKeys: boolean;
  changing: boolean;
  onChange: () => void;
  onPutBack: () => void;
}

function KeyLine({ id, catalogued, keymap, singleKeys, changing, onChange, onPutBack }: KeyLineProps) {
  const keys = keysOf({ id }, keymap);
  const own = keymap[id] !== undefined;
  const off = keys !== null && !singleKeys && isSingleKey(keys);
  // What shares its keys by chance, on two machines that did not know of each other.
  const clashes = keys === null || !own ? [] : keyConflicts(id, keys, keymap);
  return (
    <li className="keyboard-line">
      <span className="grow">
        {catalogued.label}
        {clashes.length === 0 ? null : (
          <span className="small-text muted"> {t`also ${clashes.map(({ label }) => label).join(', ')}`}</span>
        )}
      </span>
      {own ? <span className="small-text muted nowrap">{t`was ${keyLabel(catalogued.keys)}`}</span> : null}
      <span className={keys === null || off ? 'keyboard-keys faint' : 'keyboard-keys'}>
        {keys === null ? t`no keys` : off ? t`${keyLabel(keys)} (off)` : <Keys keys={keys} />}
      </span>
      {own ? (
        <Button compact look="ghost" aria-label={t`Put back: ${catalogued.label}`} onPress={onPutBack}>
          {t`Put back`}
        </Button>
      ) : null}
      <Button
        compact
        aria-label={t`Change the keys of: ${catalogued.label}`}
        aria-expanded={changing}
        unavailable={
          catalogued.keys === 'Escape' ? t`Esc closes and backs out everywhere, also where nothing else is heard` : null
        }
        onPress={onChange}
      >
        {t`Change`}
      </Button>
    </li>
  );
}
