import { expect, it } from 'vitest';
import type { Action } from '#server/contract/intent.ts';
import type { ReadBase } from './replica/actions/face.ts';
import type { OutboxItem } from './replica/outbox.ts';
import { sampleAlert, sampleIncident } from './testkit/sample-rows.ts';
import { inverseOf, undoOf } from './undo.ts';

const incident = sampleIncident('i1', { severity: 'sev3', title: 'Before' });
const alerts = [
  { ...sampleAlert('a1', {}), acknowledged: false },
  { ...sampleAlert('a2', {}), acknowledged: true },
];
const reading = (rows: readonly { id: string }[]): ReadBase =>
  ((_entity: string, id: string) => rows.find((row) => row.id === id)) as ReadBase;
const before = reading([incident, ...alerts]);
const severity: Action = { kind: 'incident.set-severity', incidentId: 'i1', severity: 'sev1' };
const item = (change: Partial<OutboxItem>): OutboxItem =>
  ({ intent: { id: 'x', action: severity }, state: 'queued', attempts: 0, ...change }) as OutboxItem;
const done = [{ id: 'x', action: severity, inverse: inverseOf(severity, before) }];
const after = reading([{ ...incident, severity: 'sev1' } as typeof incident]);

it('what was not sent is dropped, without an action', () => {
  expect(undoOf(done, [item({})], after)).toMatchObject({ kind: 'discard' });
  expect(undoOf(done, [item({ state: 'waiting' })], after)).toMatchObject({ kind: 'discard' });
});

it('what may have been sent is turned round', () => {
  const back = { kind: 'submit', action: { ...severity, severity: 'sev3' } };
  expect(undoOf(done, [item({ attempts: 1 })], after)).toMatchObject(back);
  expect(undoOf(done, [], after)).toMatchObject(back);
});

it('what somebody changed since, and what nothing turns round, stands', () => {
  const theirs = reading([{ ...incident, severity: 'sev2' } as typeof incident]);
  expect(undoOf(done, [], theirs)).toMatchObject({ kind: 'stands', reason: 'somebody changed it since' });
  const resolve: Action = { kind: 'incident.resolve', incidentId: 'i1' };
  expect(undoOf([{ id: 'y', action: resolve, inverse: inverseOf(resolve, before) }], [], after)).toMatchObject({
    kind: 'stands',
  });
  expect(undoOf([], [], after)).toBeNull();
});

it('turns round only what the action itself changed', () => {
  expect(inverseOf({ kind: 'alert.acknowledge', alertIds: ['a1', 'a2'] }, before)).toEqual({
    kind: 'alert.unacknowledge',
    alertIds: ['a1'],
  });
  expect(inverseOf({ kind: 'incident.set-title', incidentId: 'i1', title: 'After' }, before)).toMatchObject({
    title: 'Before',
  });
  expect(inverseOf({ kind: 'incident.set-severity', incidentId: 'i1', severity: 'sev3' }, before)).toBeNull();
});
