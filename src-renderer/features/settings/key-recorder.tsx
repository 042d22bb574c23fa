import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
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
    <div className="key-recorder panel" role="group" aria-label={`Keys of: ${label}`}>
      <input
        ref={field}
        className="input mono"
        aria-label={`Press the keys for: ${label}`}
        aria-describedby={aboutId}
        placeholder="Press the keys"
        readOnly
        value={keys === null ? '' : keyLabel(keys)}
        onKeyDown={hear}
      />
      <p id={aboutId} className="small-text muted" role="status">
        {refused ??
          takenWords(taken) ??
          'One key, or two after one another. Tab to keep them, Esc to leave them as they are.'}
      </p>
      <div className="row">
        <Button
          look="primary"
          unavailable={refused ?? (keys === null ? 'no key was pressed yet' : null)}
          onPress={() => onKeep(keys, taken)}
        >
          {taken.length === 0 ? 'Keep' : 'Keep, and take them away there'}
        </Button>
        <Button onPress={() => onKeep(null, [])}>No keys</Button>
        <Button look="ghost" onPress={onClose}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

function takenWords(taken: readonly KeyConflict[]): string | null {
  if (taken.length === 0) return null;
  const names = taken.map(({ label, keys }) => `${label} (${keyLabel(keys)})`).join(' and ');
  return `${names} ${taken.length === 1 ? 'has' : 'have'} these keys. Keeping them here leaves ${taken.length === 1 ? 'it' : 'them'} without.`;
}
