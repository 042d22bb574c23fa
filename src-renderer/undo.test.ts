import { expect, it } from 'vitest';
import type { Action } from '#server/contract/intent.ts';
import type { ReadBase } from './replica/actions/face.ts';
import type { OutboxItem } from './replica/outbox/outbox.ts';
import { sampleAlert, sampleIncident } from './testkit/sample-rows.ts';
import { inverseOf, placeOf, undoOf } from './undo.ts';

const sampleRoute = {
  name: 'Payments',
  enabled: true,
  condition: 'true',
  policyId: null,
  priority: 'by-severity',
  channelIds: [],
  service: '',
  holdSeconds: 0,
};
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

it('a deleted document comes back as it was, unless it had what no client holds', () => {
  const route = { id: 'r1', version: 7, position: 2, builtIn: false, findings: [], ...sampleRoute };
  const gone: Action = { kind: 'config.delete', documentKind: 'route', documentId: 'r1' };
  const read = reading([route]);
  expect(inverseOf(gone, read)).toEqual({
    kind: 'config.save',
    documentId: 'r1',
    document: { kind: 'route', draft: sampleRoute },
  });
  expect(placeOf(gone, read)).toBe(2);
  const beat = { id: 'm1', name: 'backup', keyHint: 'x3f9' };
  expect(inverseOf({ ...gone, documentKind: 'monitor', documentId: 'm1' }, reading([beat]))).toBeNull();
  const mail = { id: 'c1', name: 'mail', secretNames: ['password'] };
  expect(inverseOf({ ...gone, documentKind: 'channel', documentId: 'c1' }, reading([mail]))).toBeNull();
});

it('a deleted grouping rule comes back as it was, where it was', () => {
  const draft = {
    name: 'Storm',
    enabled: true,
    condition: 'true',
    keys: ['service'],
    windowSeconds: 300,
    minimumCount: 1,
    titleTemplate: '{{title}}',
    severityMap: {},
    resolvePolicy: 'all',
    reopenSeconds: 900,
  };
  const rule = { id: 'g1', version: 4, position: 3, builtIn: false, updatedBy: null, ...draft };
  const read = reading([rule]);
  const gone: Action = { kind: 'rule.delete', ruleId: 'g1' };
  expect(inverseOf(gone, read)).toEqual({ kind: 'rule.save', ruleId: 'g1', draft });
  expect(placeOf(gone, read)).toBe(3);
});
