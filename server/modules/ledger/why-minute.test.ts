import { expect, it } from 'vitest';
import type { StoredEntry } from '#server/modules/ledger/store.ts';
import { whyMinute } from '#server/modules/ledger/why-minute.ts';

let sequence = 0;
function entry(kind: string, title: string, detail: string, output: unknown, incidentId: string): StoredEntry {
  sequence += 1;
  const at = '2026-11-21T03:12:01.000Z';
  const about = { id: `e${sequence}`, sequence, at, pageId: null, userId: null, input: '{}' };
  return { ...about, incidentId, kind, title, detail, output: JSON.stringify(output) } as unknown as StoredEntry;
}
function told(entries: StoredEntry[], mode: 'live' | 'paused' = 'live', userId: string | null = null): string {
  const span = { from: '2026-11-21T03:12:00.000Z', to: '2026-11-21T03:13:00.000Z' };
  const nobody = { userId, reader: 'me', pages: [], onCall: [], names: new Map([['d', 'Dana']]) };
  return whyMinute({ ...span, ...nobody, entries, mode }).answer[2] ?? '';
}
const begins = entry('stop', 'Paging begins', 'the incident opened', { action: 'begin' }, 'a');
const muted = entry('stop', 'Nothing is paged', 'its route pages nobody', { action: 'rest' }, 'b');
const silenced = entry('hold', 'A silence holds it', 'nightly export', { held: true }, 'c');

it('says what kept pages back, and never that paging began', () => {
  expect(told([])).toBe('Nothing happened in it that could page anybody: the ledger has no entry of that minute.');
  expect(told([begins])).toBe('The ledger has one entry of that minute, about one incident; none of them made a page.');
  expect(told([begins, muted])).toBe(
    'The ledger has 2 entries of that minute, about 2 incidents. What kept pages back: Nothing is paged (its route pages nobody).',
  );
  expect(told([begins, muted, silenced], 'paused')).toBe(
    'The ledger has 3 entries of that minute, about 3 incidents. What kept pages back: Nothing is paged (its route pages nobody), and 1 more, below. Paging is paused now.',
  );
});

it('says of one person that nothing paged them: others may have been paged', () => {
  const about = 'The ledger has one entry of that minute, about one incident; none of them made a page for';
  expect(told([begins], 'live', 'd')).toBe(`${about} Dana.`);
  expect(told([begins], 'live', 'me')).toBe(`${about} you.`);
});
