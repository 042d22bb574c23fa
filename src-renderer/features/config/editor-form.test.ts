import { expect, it } from 'vitest';
import { followed, type Held, isChanged, isElsewhere, textOf } from './editor-form.ts';

interface Row {
  version: number;
  name: string;
  labels: string[];
}
interface Form {
  name: string;
  labels: string[];
}
const formOf = (row: Row | null): Form => ({ name: row?.name ?? '', labels: row?.labels ?? [] });
const began: Row = { version: 3, name: 'Ada', labels: ['b', 'a'] };
const typed: Form = { name: ' Ada L ', labels: ['b', 'a'] };
const body = { name: 'Ada L', labels: ['b', 'a'] };
/** Saved as version 4, and not come back yet. */
const saved: Held<Row, Form> = { form: typed, basis: began, sent: { text: textOf(typed), body, version: 4 } };

it('what was saved is not changed, neither before it comes back nor when the server has put it in order', () => {
  expect(isChanged({ ...saved, sent: null }, formOf)).toBe(true);
  expect(isChanged(saved, formOf)).toBe(false);
  expect(followed(saved, began, formOf)).toBe(saved);
  const back = followed(saved, { version: 4, name: 'Ada L', labels: ['a', 'b'] }, formOf);
  expect(back).toMatchObject({ form: { name: 'Ada L', labels: ['a', 'b'] }, basis: { version: 4 }, sent: null });
  expect(isChanged(back, formOf)).toBe(false);
});

it('a new one is not changed once it is saved, and becomes what comes back', () => {
  const fresh: Held<Row, Form> = { ...saved, basis: null, sent: { text: textOf(typed), body, version: 0 } };
  expect(isChanged(fresh, formOf)).toBe(false);
  expect(followed(fresh, { version: 1, name: 'Ada L', labels: [] }, formOf)).toMatchObject({ form: { name: 'Ada L' } });
});

it('what was typed while it was saved stays, and is what is changed', () => {
  const on = { ...saved, form: { ...typed, name: 'Ada Lovelace' } };
  expect(isChanged(on, formOf)).toBe(true);
  const back = followed(on, { version: 4, ...body }, formOf);
  expect(back).toMatchObject({ form: { name: 'Ada Lovelace' }, basis: { version: 4 }, sent: null });
  expect(isElsewhere(back, { version: 4, ...body }, formOf)).toBe(false);
});

it('somebody else who saved right after me is told of, though both came at once', () => {
  const on = { ...saved, form: { ...typed, name: 'Ada Lovelace' } };
  const theirs = { version: 5, name: 'Grace', labels: [] };
  const back = followed(on, theirs, formOf);
  expect(back.basis?.version).toBe(4);
  expect(isElsewhere(back, theirs, formOf)).toBe(true);
});

it('what somebody else saved is shown where nothing is typed, and told of where something is', () => {
  const theirs = { version: 4, name: 'Grace', labels: [] };
  const still: Held<Row, Form> = { form: formOf(began), basis: began, sent: null };
  expect(followed(still, theirs, formOf)).toMatchObject({ form: { name: 'Grace' }, basis: { version: 4 } });
  const busy = { ...still, form: typed };
  expect(followed(busy, theirs, formOf)).toBe(busy);
  expect(isElsewhere(busy, theirs, formOf)).toBe(true);
});

it('a newer version that reads the same is no matter', () => {
  const beaten = { ...began, version: 9 };
  const busy: Held<Row, Form> = { form: typed, basis: began, sent: null };
  expect(isElsewhere(busy, beaten, formOf)).toBe(false);
  expect(followed(busy, beaten, formOf)).toMatchObject({ form: typed, basis: { version: 9 } });
});

it('what waits for a choice between two is changed until it is made', () => {
  const asked: Held<Row, Form> = { ...saved, sent: { text: textOf(typed), body, version: null } };
  const theirs = { version: 5, name: 'Grace', labels: [] };
  expect(isChanged(asked, formOf)).toBe(true);
  expect(isElsewhere(asked, theirs, formOf)).toBe(true);
  expect(followed(asked, theirs, formOf)).toBe(asked);
});

it('the order of names in a record is no change', () => {
  expect(textOf({ a: 1, b: [{ c: 1, d: 2 }] })).toBe(textOf({ b: [{ d: 2, c: 1 }], a: 1 }));
  expect(textOf(['a', 'b'])).not.toBe(textOf(['b', 'a']));
});
