import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { listText, t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';
import { type KeyConflict, refusedKeys } from '../../ui/key-conflicts.ts';
import { keyLabel, pressOf } from '../../ui/keymap.ts';

interface KeyRecorderProps {
  label: string;
  inBrowser: boolean;
  conflictsOf: (keys: string) => KeyConflict[];
  /** Null: no keys at all. `taken` are the commands that lose theirs. */
  onKeep: (keys: string | null, taken: readonly KeyConflict[]) => void;
  onClose: () => void;
}

const pressesMax = 2;

/** Listens to the keys that a command shall have, and names what they would be taken from. */
export function KeyRecorder({ label, inBrowser, conflictsOf, onKeep, onClose }: KeyRecorderProps) {
  const [presses, setPresses] = useState<string[]>([]);
  const field = useRef<HTMLInputElement>(null);
  const aboutId = useId();
  useEffect(() => field.current?.focus(), []);
  const keys = presses.length === 0 ? null : presses.join(' ');
  const refused = keys === null ? null : refusedKeys(keys, inBrowser);
  const taken = keys === null || refused !== null ? [] : conflictsOf(keys);

  const hear = (event: KeyboardEvent): void => {
    // Tab goes on to the buttons, as from every field.
    if (event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return onClose();
    const press = pressOf(event.nativeEvent, navigator.platform.startsWith('Mac'));
    if (press === null || event.repeat) return;
    setPresses((before) => (before.length === pressesMax || press.includes('$mod') ? [press] : [...before, press]));
  };

  return (
    <div className="key-recorder panel" role="group" aria-label={t`Keys of: ${label}`}>
      <input
        ref={field}
        className="input mono"
        aria-label={t`Press the keys for: ${label}`}
        aria-describedby={aboutId}
        placeholder={t`Press the keys`}
        readOnly
        value={keys === null ? '' : keyLabel(keys)}
        onKeyDown={hear}
      />
      <p id={aboutId} className="small-text muted" role="status">
        {refused ??
          takenWords(taken) ??
          t`One key, or two after one another. Tab to keep them, Esc to leave them as they are.`}
      </p>
      <div className="row">
        <Button
          look="primary"
          unavailable={refused ?? (keys === null ? t`no key was pressed yet` : null)}
          onPress={() => onKeep(keys, taken)}
        >
          {taken.length === 0 ? t`Keep` : t`Keep, and take them away there`}
        </Button>
        <Button onPress={() => onKeep(null, [])}>{t`No keys`}</Button>
        <Button look="ghost" onPress={onClose}>
          {t`Cancel`}
        </Button>
      </div>
    </div>
  );
}

function takenWords(taken: readonly KeyConflict[]): string | null {
  if (taken.length === 0) return null;
  const names = listText(taken.map(({ label, keys }) => `${label} (${keyLabel(keys)})`));
  return taken.length === 1
    ? t`${names} has these keys. Keeping them here leaves it without.`
    : t`${names} have these keys. Keeping them here leaves them without.`;
}
