// What screens compute is kept by the identity of a table or of its rows: either has to say that something changed.
import { expect, it } from 'vitest';
import type { Change } from '#server/contract/replica.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { facing } from './rows.ts';
import { createView } from './view.ts';

const id = '01a1ff40-5b1e-7c3a-9f20-6d5b1c2a7e10';
const put = (title: string, version: number): Change => ({
  op: 'put',
  entity: 'incident',
  id,
  version,
  body: sampleIncident(id, { title, version }),
});

it('are others whenever one of them changed, and the same while none did', () => {
  const view = createView();
  view.apply([put('Checkout is slow', 1)]);
  const before = view.tables();
  expect(view.tables().incident.rows).toBe(before.incident.rows);
  view.apply([put('Checkout fails', 2)]);
  const after = view.tables();
  expect(after.incident.rows).not.toBe(before.incident.rows);
  expect(after.task.rows).toBe(before.task.rows);
  expect([...after.incident.rows.values()].map(({ title }) => title)).toEqual(['Checkout fails']);
});

it('under another identity are read as they are', () => {
  const rows = new Map([['a', 1]]);
  const face = facing(rows);
  rows.set('b', 2);
  expect([face.size, face.get('b'), face.has('a'), face.has('c')]).toEqual([2, 2, true, false]);
  expect([...face]).toEqual([...rows]);
  expect([...face.entries()]).toEqual([...rows.entries()]);
  expect([...face.keys()]).toEqual(['a', 'b']);
  expect(new Map(face)).toEqual(rows);
  const seen: unknown[] = [];
  face.forEach((row, id, all) => seen.push(row, id, all === face));
  expect(seen).toEqual([1, 'a', true, 2, 'b', true]);
});
