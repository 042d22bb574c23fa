import { expect, test } from 'vitest';
import type { ActiveCommand } from '../../ui/commands.ts';
import { commandsByBinding } from './key-bindings.ts';

const command = (id: string, keys: string | null, rest: Partial<ActiveCommand> = {}): ActiveCommand => ({
  id,
  keys,
  label: id,
  run: () => undefined,
  ...rest,
});

test('other words of a command bind no other keys, so a half-typed sequence outlives new data', () => {
  const before = commandsByBinding([command('go.now', 'g h'), command('acknowledge', 'a')], true, false);
  const after = commandsByBinding(
    [
      command('acknowledge', 'a', { label: 'Acknowledge INC-7', unavailable: 'It is resolved' }),
      command('go.now', 'g h'),
    ],
    true,
    false,
  );
  expect([...after.keys()].toSorted()).toEqual([...before.keys()].toSorted());
  expect(after.get('a')?.unavailable).toBe('It is resolved');
});

test('a command without keys binds none, one with further keys all of them', () => {
  const bound = commandsByBinding(
    [command('copy-link', null), command('list.next', 'j', { also: ['ArrowDown'] })],
    true,
    false,
  );
  expect([...bound.keys()]).toEqual(['j', 'ArrowDown']);
});

test('with single keys switched off, only those that type no character are bound', () => {
  const bound = commandsByBinding(
    [command('go.now', 'g h'), command('palette.open', '$mod+k'), command('list.next', 'j', { also: ['ArrowDown'] })],
    false,
    false,
  );
  expect([...bound.keys()]).toEqual(['$mod+k', 'ArrowDown']);
});
