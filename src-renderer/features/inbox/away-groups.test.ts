import { expect, it } from 'vitest';
import type { TimelineEntry } from '#server/contract/incident.ts';
import { createAwayBook } from '../../replica/feed/away.ts';
import type { Row } from '../../replica/rows/rows.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { awayGroups } from './away-groups.ts';

const entry = (id: string, incidentId: string, at: string): Row =>
  ({ id, version: 1, incidentId, at, kind: 'note', actor: 'Ben', text: `said at ${at}` }) as unknown as TimelineEntry &
    Row;
const row = (value: unknown): Row => value as Row;

const words = (at: number) => ({ heardAt: at, dataAt: at, keptAt: null });

it('says what became of each incident, the newest first, and counts the rest', () => {
  const book = createAwayBook();
  book.heard(words(1_000), words(61_000));
  const before = sampleIncident('one', { version: 3, firingAlertCount: 5 });
  const after = { ...before, version: 4, status: 'mitigated' as const, severity: 'sev1' as const, firingAlertCount: 0 };
  book.note([
    { entity: 'incident', id: 'one', row: row(after), before: row(before) },
    { entity: 'timeline', id: 'e1', row: entry('e1', 'one', '2026-11-21T14:00:00.000Z') },
    { entity: 'timeline', id: 'e2', row: entry('e2', 'two', '2026-11-21T14:05:00.000Z') },
    { entity: 'incident', id: 'two', row: row(sampleIncident('two')) },
    { entity: 'alert', id: 'a', row: row({ id: 'a', version: 1, incidentId: 'one' }) },
    { entity: 'alert', id: 'b', row: row({ id: 'b', version: 1, incidentId: 'one' }) },
    { entity: 'schedule', id: 's', row: row({ id: 's', version: 2 }), before: row({ id: 's', version: 1 }) },
  ]);
  const away = book.end(61_000);
  expect(away).toMatchObject({ since: 1_000, until: 61_000, total: 7 });
  const groups = awayGroups(away ?? { changes: [] });
  expect(groups.map(({ incidentId }) => incidentId)).toEqual(['two', 'one', null]);
  expect(groups[0]?.facts).toEqual(['It was opened.']);
  expect(groups[1]?.facts).toEqual([
    'Status: triggered, now mitigated',
    'Severity: 2, now 1',
    'Alerts firing: 5, now 0',
  ]);
  expect(groups[1]?.counts).toEqual(new Map([['alert', 2]]));
  expect(groups[2]?.counts).toEqual(new Map([['schedule', 1]]));
});

it('keeps what was there first, whatever it went through, and what a snapshot only repeats is no change', () => {
  const book = createAwayBook();
  expect(book.end(1)).toBeNull();
  book.heard(words(1_000), words(61_000));
  const at = (version: number, title: string): Row => row(sampleIncident('one', { version, title }));
  book.note([{ entity: 'incident', id: 'one', row: at(2, 'second'), before: at(1, 'first') }]);
  book.note([{ entity: 'incident', id: 'one', row: at(3, 'third'), before: at(2, 'second') }]);
  book.note([{ entity: 'incident', id: 'two', row: at(3, 'same'), before: at(3, 'same') }]);
  const away = book.end(2_000);
  expect(away?.total).toBe(2);
  expect(awayGroups(away ?? { changes: [] }).map(({ facts }) => facts)).toEqual([['Renamed from “first”']]);
});
