import { Fragment, useState } from 'react';
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
      <div className="settings-line">
        <div className="two-line">
          <div className="medium">Single keys</div>
          <div>Such as a for acknowledge. Off, only keys with Ctrl, ⌘ or Alt act, and Enter, Esc and the arrows.</div>
        </div>
        <Checkbox isSelected={singleKeys} onChange={(on) => set({ name: 'single-keys', on })}>
          Act on single keys
        </Checkbox>
      </div>
      <div className="settings-line">
        <div className="two-line">
          <div className="medium">Your keys</div>
          <div>
            {changed.length === 0
              ? 'All are as they came. They go with you to every machine you sign in on.'
              : `${changed.length} changed. They go with you to every machine you sign in on.`}
          </div>
        </div>
        <Button
          unavailable={changed.length === 0 ? 'all keys are as they came' : null}
          onPress={() => changed.forEach((command) => set({ name: 'keys', command, choice: null }))}
        >
          Put all back
        </Button>
      </div>
      {keyGroups.map((group) => (
        <section key={group} className="keyboard-group" aria-label={group}>
          <h3>{group}</h3>
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
          <span className="small-text muted"> also {clashes.map(({ label }) => label).join(', ')}</span>
        )}
      </span>
      {own ? <span className="small-text muted nowrap">was {keyLabel(catalogued.keys)}</span> : null}
      <span className={keys === null || off ? 'keyboard-keys faint' : 'keyboard-keys'}>
        {keys === null ? 'no keys' : off ? `${keyLabel(keys)} (off)` : <Keys keys={keys} />}
      </span>
      {own ? (
        <Button compact look="ghost" aria-label={`Put back: ${catalogued.label}`} onPress={onPutBack}>
          Put back
        </Button>
      ) : null}
      <Button
        compact
        aria-label={`Change the keys of: ${catalogued.label}`}
        aria-expanded={changing}
        unavailable={
          catalogued.keys === 'Escape' ? 'Esc closes and backs out everywhere, also where nothing else is heard' : null
        }
        onPress={onChange}
      >
        Change
      </Button>
    </li>
  );
}
