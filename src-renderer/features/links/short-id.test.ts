import { expect, it } from 'vitest';
import { createView } from '../../replica/rows/view.ts';
import { samplePage } from '../../testkit/sample-pages.ts';
import { sampleChanges } from '../../testkit/sample-state.ts';
import { isShortId, linkedBy, shortIdOf, shortIdOfKey } from './short-id.ts';

const view = createView();
view.apply(sampleChanges(Date.parse('2026-11-21T14:32:10.000Z')));
const tables = view.tables();

it('what has a short id is found by it again, however it was typed', () => {
  for (const entity of ['task', 'timeline', 'chat', 'change', 'service', 'alert', 'user', 'integration'] as const) {
    const [id = ''] = tables[entity].rows.keys();
    expect(id).not.toBe('');
    expect(linkedBy(shortIdOf(entity, id), tables)).toContainEqual({ entity, id });
    expect(linkedBy(` ${shortIdOf(entity, id).toLowerCase()} `, tables)).toContainEqual({ entity, id });
    expect(isShortId(shortIdOf(entity, id))).toBe(true);
  }
});

it('what a screen shows has one too, but for what goes by its number', () => {
  const end = '018f0000-0000-7000-8000-00003f9a21bc';
  expect(shortIdOfKey(`schedule:${end}`)).toBe('H-3f9a21bc');
  expect(isShortId('H-3f9a21bc')).toBe(true);
  for (const key of [`incident:${end}`, 'settings:keyboard', '']) expect(shortIdOfKey(key)).toBeNull();
});

it('incidents and pages go by the number that everybody says', () => {
  const [incident] = tables.incident.rows.values();
  expect(linkedBy(`INC-${incident?.number}`, tables)).toEqual([{ entity: 'incident', id: incident?.id }]);
  const page = samplePage(8821);
  const held = { ...tables, page: { rows: new Map([[page.id, page]]), revision: 1 } };
  expect(linkedBy('p-8821', held)).toEqual([{ entity: 'page', id: page.id }]);
});

it('what is no short id stands for nothing', () => {
  for (const text of ['', 'T-', 'T-12345', 'X-12345678', 'T-1234567g', 'INC-', '../../etc']) {
    expect(linkedBy(text, tables)).toEqual([]);
    expect(isShortId(text)).toBe(false);
  }
});
