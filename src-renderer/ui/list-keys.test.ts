import { expect, it } from 'vitest';
import { emptyList, extended, listCommands, movedTo, placeOf, toggled } from './list-keys.ts';

const ids = ['a', 'b', 'c', 'd'];

it('the keyboard stays on its row when others come or go, and on its place when its row goes', () => {
  const on = movedTo(emptyList, ids, 2);
  expect(placeOf(on, ids)).toBe(2);
  expect(placeOf(on, ['new', ...ids])).toBe(3);
  expect(placeOf(on, ['a', 'b', 'd'])).toBe(2);
  expect(placeOf(on, ['a'])).toBe(0);
  expect(placeOf(on, [])).toBe(0);
});

it('moves within the list', () => {
  expect(movedTo(emptyList, ids, -1).cursor).toBe('a');
  expect(movedTo(emptyList, ids, 9).cursor).toBe('d');
  expect(movedTo(emptyList, [], 1).cursor).toBeNull();
});

it('selects, extends both ways, and takes back', () => {
  const one = toggled(movedTo(emptyList, ids, 1), ids);
  expect([...one.chosen]).toEqual(['b']);
  const more = extended(extended(one, ids, 1), ids, 1);
  expect([[...more.chosen].sort(), more.cursor]).toEqual([['b', 'c', 'd'], 'd']);
  expect([...toggled(more, ids).chosen].sort()).toEqual(['b', 'c']);
  expect([...extended(movedTo(emptyList, ids, 0), ids, -1).chosen]).toEqual(['a']);
});

it('has a key only for what the list can do', () => {
  const move = () => undefined;
  const names = (handlers: Parameters<typeof listCommands>[0]) =>
    listCommands(handlers, { group: 'Now', count: 1 }).map(({ id }) => id);
  expect(names({ move })).toEqual(['list.next', 'list.previous']);
  expect(names({ move, open: move, detail: null, back: null })).toEqual(['list.next', 'list.previous', 'list.open']);
  expect(names({ move, detail: move })).toContain('detail.next');
});
