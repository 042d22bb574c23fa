import { expect, test } from 'vitest';
import { createKeyPresses } from './key-presses.ts';

/** What each key completes, typed one after another; `~k` is `k` held, `_k` is typed into a field, a number is a pause in ms. */
function typed(...keys: (string | number)[]): (string | null)[] {
  const pressed = createKeyPresses(['a', 'c', 'n', 'r', 'h', 'Escape', 'g a', 'g c', 'g h', 'g n', 'g r'].toSorted());
  const done: (string | null)[] = [];
  let timeStamp = 5_000;
  for (const each of keys) {
    timeStamp += typeof each === 'number' ? each : 50;
    if (typeof each === 'number') continue;
    const key = each.replace(/^[~_]/, '');
    const code = `Key${key.toUpperCase()}`;
    const event = { key, code, repeat: each.startsWith('~'), timeStamp, getModifierState: () => false };
    done.push(pressed(event as unknown as KeyboardEvent, () => each === key));
  }
  return done;
}

test('the second key of a sequence is not a key of its own', () => {
  for (const key of ['a', 'c', 'n', 'r', 'h']) expect(typed('g', key)).toEqual([null, `g ${key}`]);
});

test('nothing of a sequence that is done waits for the next key', () => {
  expect(typed('g', 'h', 'r', 'n')).toEqual([null, 'g h', 'r', 'n']);
});

test('a key that does not go on begins anew, and so does one that comes late', () => {
  expect(typed('g', 'Escape', 'a')).toEqual([null, 'Escape', 'a']);
  expect(typed('g', 'g', 'a')).toEqual([null, null, 'g a']);
  expect(typed('g', 1_000, 'a')).toEqual([null, 'a']);
});

test('Shift alone and a key held a little long do not break a sequence', () => {
  expect(typed('g', 'Shift', 'a').at(-1)).toBe('g a');
  expect(typed('g', '~g', '~g', 'a').at(-1)).toBe('g a');
});

test('what is typed into a field begins no sequence', () => {
  expect(typed('_g', 'a')).toEqual([null, 'a']);
});
