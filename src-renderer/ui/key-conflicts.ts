// Which commands stand in each other's way when they have the same keys, or when one's keys begin another's.
import { keysOf } from './commands.ts';
import { keyCatalog } from './key-catalog.ts';
import { keyLabel, type Keymap } from './keymap.ts';
import { t } from '../language/words.ts';

export interface KeyConflict {
  id: string;
  label: string;
  keys: string;
}

/** The commands that a person would lose, or never reach, if `id` had these keys. */
export function keyConflicts(id: string, keys: string, keymap: Keymap): KeyConflict[] {
  const found: KeyConflict[] = [];
  for (const [other, { label }] of Object.entries(keyCatalog)) {
    const theirs = keysOf({ id: other }, keymap);
    if (other === id || theirs === null || !clash(keys, theirs) || !meet(id, other)) continue;
    // Some share their keys on purpose, one of them having no use where the other is.
    if (keys === keyCatalog[id]?.keys && theirs === keyCatalog[other]?.keys) continue;
    found.push({ id: other, label, keys: theirs });
  }
  return found;
}

/** Why keys cannot be given to any command; null where they can. */
export function refusedKeys(keys: string, inBrowser: boolean): string | null {
  const presses = keys.split(' ');
  if (presses.some((press) => ownKeys.has(press))) {
    return t`${keyLabel(keys)} moves between fields and closes what is open, so it stays with that.`;
  }
  if (presses.length > 1 && presses.some((press) => press.includes('$mod'))) {
    return t`A sequence is of keys without Ctrl or ⌘.`;
  }
  if (inBrowser && presses.some((press) => browserKeys.has(press))) {
    return t`The browser keeps ${keyLabel(keys)} for itself.`;
  }
  return null;
}

const ownKeys = new Set(['Tab', 'Shift+Tab', 'Escape']);
const browserKeys = new Set([
  ...['w', 't', 'n', 'q', 'r', 'l'].map((key) => `$mod+${key}`),
  ...['W', 'T', 'N', 'R'].map((key) => `$mod+Shift+${key}`),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((key) => `$mod+${key}`),
]);

function clash(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);
}

/** The wall has no lists, no items and no forms: only what works everywhere works there too. */
function meet(a: string, b: string): boolean {
  const onWall = (id: string): boolean => id.startsWith('wall.');
  if (onWall(a) === onWall(b)) return true;
  const other = keyCatalog[onWall(a) ? b : a]?.group;
  return other === 'Everywhere' || other === 'Go to' || other === undefined;
}
