// Which keys a person gave to which command, and how keys are written, read aloud and bound.
import { create } from 'zustand';

/** By command: other keys than its own; null for none at all. */
export type Keymap = Readonly<Record<string, string | null>>;

interface KeymapStore {
  keymap: Keymap;
  /** Whether keys that type a character do anything (WCAG 2.1.4). */
  singleKeys: boolean;
}

/** Follows the person's preferences: frame/follow-preference.tsx. */
export const useKeymap = create<KeymapStore>(() => ({ keymap: {}, singleKeys: true }));

/** Keys as a person reads them: `⇧ A`, `Ctrl Enter`, `g h`. */
export function keyLabel(keys: string): string {
  const mac = navigator.platform.startsWith('Mac');
  const names: Record<string, string> = {
    $mod: mac ? '⌘' : 'Ctrl',
    Alt: mac ? '⌥' : 'Alt',
    Shift: '⇧',
    Escape: 'Esc',
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
  };
  return keys
    .split(' ')
    .flatMap(partsOf)
    .map((part) => (part.length === 1 && keys.includes('$mod') ? part.toUpperCase() : (names[part] ?? part)))
    .join(' ');
}

/** Keys that type a character: speech software and a leaning elbow send them too. */
export function isSingleKey(keys: string): boolean {
  return keys.split(' ').some((press) => {
    const parts = partsOf(press);
    const key = parts.at(-1) ?? '';
    return (key.length === 1 || key === 'Space') && parts.slice(0, -1).every((part) => part === 'Shift');
  });
}

interface PressedKey {
  key: string;
  code: string;
  shiftKey: boolean;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  getModifierState: (name: string) => boolean;
}

const modifierKeys = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Unidentified']);

/** One press in the notation of the bindings; null while only Shift and the like are held. */
export function pressOf(event: PressedKey, mac: boolean): string | null {
  if (modifierKeys.has(event.key)) return null;
  const typedByAltGr = event.getModifierState('AltGraph');
  const mod = !typedByAltGr && (mac ? event.metaKey : event.ctrlKey);
  const alt = !typedByAltGr && event.altKey;
  // With Alt a Mac types another letter; the key itself is meant.
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  const plain = event.key === ' ' ? 'Space' : alt && letter !== undefined ? letter : event.key;
  const isLetter = /^\p{L}$/u.test(plain);
  const shift = event.shiftKey && (plain.length > 1 || isLetter);
  const key = isLetter ? (shift ? plain.toUpperCase() : plain.toLowerCase()) : plain;
  const held = [mod ? '$mod' : '', alt ? 'Alt' : '', shift ? 'Shift' : ''].filter((name) => name !== '');
  return [...held, key].join('+');
}

/**
 * For tinykeys. A mark such as `/` or `[` needs Shift or AltGr on some keyboards, so these may be held; they are part of
 * how it is typed, not of what is meant.
 */
export function bindingOf(keys: string, windows: boolean): string {
  // Windows reports AltGr as Ctrl and Alt together.
  const held = windows ? '[Shift]+[Alt]+[Control]+' : '[Shift]+[Alt]+';
  return keys
    .split(' ')
    .map((press) => (/^[^\p{L}\p{N}\s]$/u.test(press) ? `${held}${press}` : press))
    .join(' ');
}

/** `Shift+A` → `['Shift', 'A']`; the plus sign itself is a key too. */
function partsOf(press: string): string[] {
  return press.split(/(?<=.)\+(?=.)/);
}
