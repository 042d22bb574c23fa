import { expect, test } from 'vitest';
import { type EntityName, entityNames } from '#server/contract/replica.ts';
import { sampleId } from '../../testkit/sample-ids.ts';
import { sampleAlert, sampleIncident } from '../../testkit/sample-rows.ts';
import type { Held } from './bounds.ts';
import { overBytes } from './byte-bound.ts';
import { rowKey } from './rows.ts';

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T14:00:00.000Z`;
const id = (number: number) => sampleId('incident', number);

function heldOf(rows: Partial<Record<EntityName, { id: string }[]>>): Held {
  const maps = entityNames.map((name) => [name, new Map((rows[name] ?? []).map((row) => [row.id, row]))]);
  return Object.fromEntries(maps) as Held;
}

const held = heldOf({
  incident: [
    { ...sampleIncident(id(1)), status: 'resolved', resolvedAt: at(1) },
    { ...sampleIncident(id(2)), status: 'resolved', resolvedAt: at(2) },
    { ...sampleIncident(id(3)), status: 'acknowledged' },
  ] as never,
  timeline: [1, 2, 3].map((number) => ({ id: sampleId('timeline', number), incidentId: id(number), at: at(number) })),
  alert: [
    sampleAlert(sampleId('alert', 1), { status: 'firing' }),
    sampleAlert(sampleId('alert', 2), { status: 'resolved', resolvedAt: at(9) }),
    sampleAlert(sampleId('alert', 3), { status: 'resolved', resolvedAt: at(8) }),
  ],
});
const total = 9;
const sizes = { total, of: () => 1 };

const names = (max: number, keep: Iterable<`${EntityName}:${string}`> = []) =>
  overBytes(held, sizes, new Set(keep), max).map(({ entity, id: row }) => `${entity} ${Number(row.slice(-12))}`);

test('nothing goes while there is room', () => {
  expect(names(9)).toEqual([]);
});

test('timelines of closed incidents go first, the longest closed of them first, then resolved alerts, then the rest', () => {
  expect(names(8)).toEqual(['timeline 1', 'timeline 2']);
  expect(names(5)).toEqual(['timeline 1', 'timeline 2', 'alert 3', 'alert 2', 'incident 1']);
});

test('what is open, firing or needed by a queued action stays, however little room there is', () => {
  const needed = rowKey('timeline', sampleId('timeline', 1));
  expect(names(0, [needed])).toEqual(['timeline 2', 'alert 3', 'alert 2', 'incident 1', 'incident 2']);
});
