import { parseKeybinding } from 'tinykeys';
import { expect, it } from 'vitest';
import { keyCatalog } from './key-catalog.ts';
import { keyConflicts, refusedKeys } from './key-conflicts.ts';
import { bindingOf, isSingleKey, keyLabel, pressOf } from './keymap.ts';

const pressed = (key: string, code: string, held: string[] = []) => ({
  key,
  code,
  shiftKey: held.includes('Shift'),
  altKey: held.includes('Alt'),
  ctrlKey: held.includes('Control'),
  metaKey: held.includes('Meta'),
  getModifierState: (name: string) => held.includes(name),
});

it.each([
  ['a', pressed('a', 'KeyA'), false, 'a'],
  ['a with caps lock', pressed('A', 'KeyA'), false, 'a'],
  ['Shift and a', pressed('A', 'KeyA', ['Shift']), false, 'Shift+A'],
  ['Ctrl and k', pressed('k', 'KeyK', ['Control']), false, '$mod+k'],
  ['command and k on a Mac', pressed('k', 'KeyK', ['Meta']), true, '$mod+k'],
  ['option and f on a Mac', pressed('\u0192', 'KeyF', ['Alt']), true, 'Alt+f'],
  ['a question mark', pressed('?', 'Slash', ['Shift']), false, '?'],
  ['a bracket by AltGr, as Windows says it', pressed('[', 'Digit8', ['Control', 'Alt', 'AltGraph']), false, '['],
  ['the space bar', pressed(' ', 'Space'), false, 'Space'],
  ['Shift and an arrow', pressed('ArrowUp', 'ArrowUp', ['Shift']), false, 'Shift+ArrowUp'],
  ['Shift alone', pressed('Shift', 'ShiftLeft', ['Shift']), false, null],
  ['a dead key', pressed('Dead', 'BracketLeft'), false, null],
])('%s', (_what, event, mac, wanted) => {
  expect(pressOf(event, mac)).toBe(wanted);
});

it('what types a character is a single key, alone, with Shift or in a sequence', () => {
  for (const keys of ['a', 'Shift+A', 'g h', '/', 'Space', '1', '+'])
    expect([keys, isSingleKey(keys)]).toEqual([keys, true]);
  for (const keys of ['Escape', 'Enter', 'ArrowDown', '$mod+k', 'Alt+1', '$mod+Shift+Z'])
    expect([keys, isSingleKey(keys)]).toEqual([keys, false]);
});

it('binds every key of the catalogue, a mark also with Shift or AltGr held', () => {
  for (const { keys } of Object.values(keyCatalog))
    expect(parseKeybinding(bindingOf(keys, false)).length).toBeGreaterThan(0);
  expect(parseKeybinding(bindingOf('[', true))).toEqual([[[], ['Shift', 'Alt', 'Control'], '[']]);
  expect(bindingOf('Shift+A', false)).toBe('Shift+A');
});

it('reads keys aloud', () => {
  expect(['g h', '$mod+k', 'Shift+A', 'Escape', '$mod+,', '['].map(keyLabel)).toEqual([
    'g h',
    'Ctrl K',
    '\u21e7 A',
    'Esc',
    'Ctrl ,',
    '[',
  ]);
});

it('names what a remapping would take keys from, and what it would never let through', () => {
  const labels = (id: string, keys: string, keymap = {}) => keyConflicts(id, keys, keymap).map((each) => each.id);
  expect(labels('acknowledge', 'e')).toEqual(['escalate']);
  expect(labels('acknowledge', 'q')).toEqual([]);
  // Every sequence that begins with g would wait for it for ever.
  expect(labels('acknowledge', 'g')).toContain('go.now');
  expect(labels('acknowledge', 'o h')).toEqual(['schedule.override']);
  // Escalate moved away, so its key is free; what moved onto q is not.
  expect(labels('acknowledge', 'e', { escalate: 'q' })).toEqual([]);
  expect(labels('acknowledge', 'q', { escalate: 'q' })).toEqual(['escalate']);
  // The wall has no items to acknowledge, but everything that works everywhere.
  expect(labels('acknowledge', 'f')).toEqual([]);
  expect(labels('wall.hold', 'g h')).toEqual(['go.now']);
});

it('what the catalogue comes with is in nobody\u2019s way', () => {
  for (const [id, { keys }] of Object.entries(keyCatalog)) expect([id, keyConflicts(id, keys, {})]).toEqual([id, []]);
});

it('refuses keys that are not free to give', () => {
  expect(refusedKeys('Tab', false)).toContain('Tab');
  expect(refusedKeys('$mod+w', true)).toContain('browser');
  expect(refusedKeys('$mod+w', false)).toBeNull();
  expect(refusedKeys('Shift+A', true)).toBeNull();
});
