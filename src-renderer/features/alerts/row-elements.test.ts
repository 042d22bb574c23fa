import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRowElements } from './row-elements.ts';

const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `r${from + i}`);

it('gives each row an element of its own, and never one that would have to move in the page', () => {
  const shown = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(shown, { maxLength: 8 }), (views) => {
      const elementsOf = createRowElements();
      let before: number[] = [];
      for (const ids of views) {
        const elements = elementsOf(ids);
        expect(elements).toHaveLength(ids.length);
        expect(new Set(elements).size).toBe(ids.length);
        const taken = elements.filter((element) => before.includes(element));
        expect(taken).toEqual(before.filter((element) => taken.includes(element)));
        before = elements;
      }
    }),
  );
});

it('leaves a row its element while the list is scrolled, or something comes at its head', () => {
  const elementsOf = createRowElements();
  const first = elementsOf(rows(0, 30));
  expect(elementsOf(rows(2, 32)).slice(0, 28)).toEqual(first.slice(2));
  expect(elementsOf(['new', ...rows(2, 31)]).slice(1, 29)).toEqual(first.slice(2));
});

it('hands on the element of a row that left to the one that came in its place', () => {
  const elementsOf = createRowElements();
  const first = elementsOf(['a', 'b', 'c']);
  expect(elementsOf(['a', 'x', 'c'])).toEqual(first);
});

it('makes nothing anew where a filter leaves few of the rows, at other places', () => {
  const elementsOf = createRowElements();
  const first = elementsOf(rows(0, 30));
  expect(elementsOf(['r20', ...rows(100, 118), 'r29', ...rows(118, 128)])).toEqual(first);
  expect(elementsOf(rows(0, 30))).toEqual(first);
});
