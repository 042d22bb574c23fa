import { describe, expect, it } from 'vitest';
import type { Action } from '#server/contract/intent.ts';
import { admit, expireRecheck, nextBatch, type OutboxItem, reapplied, settle } from './outbox.ts';
import { baseOf } from './targets.ts';

const incident = '00000000-0000-7000-8000-0000000000a1';
const other = '00000000-0000-7000-8000-0000000000a2';

function item(place: number, action: Action, change: Partial<OutboxItem> = {}): OutboxItem {
  const id = `00000000-0000-7000-9000-${String(place).padStart(12, '0')}`;
  return {
    intent: { id, at: '2026-11-21T14:00:00.000Z', baseVersion: 5, dependsOn: null, action },
    place,
    state: 'queued',
    attempts: 0,
    confirmed: false,
    madeAt: 0,
    reason: null,
    version: null,
    current: null,
    ...change,
  };
}

const acknowledge: Action = { kind: 'incident.acknowledge', incidentId: incident };
const severity = (to: 'sev1' | 'sev2'): Action => ({
  kind: 'incident.set-severity',
  incidentId: incident,
  severity: to,
});
const note = (incidentId: string): Action => ({
  kind: 'incident.note',
  incidentId,
  entryId: other,
  text: 'x',
  at: null,
});
const placesOf = (items: OutboxItem[]) => nextBatch(items).map((intent) => Number(intent.id.slice(-3)));

describe('what may be queued', () => {
  it('takes notes and acknowledgements offline, and refuses with a reason what needs the server', () => {
    expect(admit('incident.note', false)).toEqual({ ok: true });
    expect(admit('incident.acknowledge', false)).toEqual({ ok: true });
    expect(admit('incident.post-update', false)).toMatchObject({ ok: false });
    expect(admit('incident.declare', true)).toEqual({ ok: true });
    for (const [severity, ok] of [
      ['sev1', false],
      ['sev2', false],
      ['sev3', true],
      ['info', true],
    ] as const) {
      expect(admit('incident.resolve', false, { severity }).ok).toBe(ok);
      expect(admit('incident.resolve', true, { severity }).ok).toBe(true);
      expect(admit('incident.acknowledge', false, { severity }).ok).toBe(true);
    }
  });
});

describe('what decides who is paged', () => {
  const documentId = other;
  const save: Action = {
    kind: 'config.save',
    documentId,
    document: {
      kind: 'timeOff',
      draft: { userId: incident, startsAt: '2026-11-21T14:00:00.000Z', endsAt: '2026-11-22T14:00:00.000Z', reason: '' },
    },
  };
  const escalate: Action = { kind: 'escalation.escalate', incidentId: incident, target: null };

  it('is refused offline, each with its reason', () => {
    const kinds = ['config.save', 'config.delete', 'route.order', 'swap.answer', 'escalation.escalate'] as const;
    const reasons = kinds.map((kind) => admit(kind, false)).map((each) => (each.ok ? 'admitted' : each.reason));
    expect(reasons).not.toContain('admitted');
    expect(reasons).not.toContain('this needs the server');
  });

  it('is based on the document that it changes, and escalating on nothing', () => {
    expect(baseOf(save)).toBe(`timeOff:${documentId}`);
    expect(baseOf({ kind: 'config.delete', documentKind: 'policy', documentId })).toBe(`policy:${documentId}`);
    expect(baseOf({ kind: 'swap.answer', swapId: documentId, accept: true })).toBe(`swap:${documentId}`);
    expect(baseOf(escalate)).toBeNull();
  });

  it('never goes twice for one document in a batch, and escalates after what was done to the incident before', () => {
    expect(placesOf([item(1, save), item(2, save), item(3, note(incident))])).toEqual([1, 3]);
    expect(placesOf([item(2, escalate), item(1, acknowledge)])).toEqual([1, 2]);
  });
});

describe('what is sent next', () => {
  it('keeps the order of making', () => {
    expect(placesOf([item(3, note(other)), item(1, note(incident)), item(2, acknowledge)])).toEqual([1, 2, 3]);
  });

  it('holds the second action on the same field until the first is answered, and all that follows it there', () => {
    expect(
      placesOf([item(1, severity('sev1')), item(2, severity('sev2')), item(3, note(incident)), item(4, note(other))]),
    ).toEqual([1, 4]);
  });

  it('sends at most a hundred in a call', () => {
    expect(nextBatch(Array.from({ length: 250 }, (_, i) => item(i + 1, note(incident))))).toHaveLength(100);
  });

  it('waits for the action it depends on', () => {
    const first = item(1, severity('sev1'), { state: 'conflict' });
    const second = item(2, note(other));
    second.intent.dependsOn = first.intent.id;
    expect(placesOf([first, second])).toEqual([]);
    expect(placesOf([{ ...first, state: 'applied' }, second])).toEqual([2]);
    expect(placesOf([second])).toEqual([2]);
  });

  it('sends no old acknowledgement without a yes, but an old note', () => {
    const late = 6 * 60_000;
    const aged = expireRecheck([item(1, acknowledge), item(2, note(incident))], late);
    expect(aged.map((each) => each.state)).toEqual(['waiting', 'queued']);
    expect(placesOf(aged)).toEqual([2]);
    const yes = aged.map((each) => ({ ...each, state: 'queued' as const, confirmed: true }));
    expect(expireRecheck(yes, late).map((each) => each.state)).toEqual(['queued', 'queued']);
  });
});

it('an action of the future was made before the clock was set back: how old it is a person has to say', () => {
  const made = item(1, acknowledge, { madeAt: 3_600_000 });
  expect(expireRecheck([made], 0).map((each) => each.state)).toEqual(['waiting']);
  expect(expireRecheck([{ ...made, madeAt: 30_000 }], 0).map((each) => each.state)).toEqual(['queued']);
});

describe('what an answer does', () => {
  it('keeps a conflict for a person, with what the server has', () => {
    const one = item(1, severity('sev1'));
    const { items } = settle(
      [one],
      [{ outcome: 'conflict', id: one.intent.id, reason: 'changed', entity: 'incident', current: { version: 9 } }],
    );
    expect(items[0]).toMatchObject({ state: 'conflict', reason: 'changed', current: { version: 9 } });
  });

  it('builds my next action on the same field on the version that mine made', () => {
    const one = item(1, severity('sev1'));
    const two = item(2, severity('sev2'));
    const three = item(3, acknowledge);
    const { items } = settle([one, two, three], [{ outcome: 'applied', id: one.intent.id, version: 8 }]);
    expect(items.map((each) => each.intent.baseVersion)).toEqual([5, 8, 5]);
  });

  it('refuses what depends on a refused action, through the whole chain', () => {
    const one = item(1, note(incident));
    const two = item(2, note(incident));
    const three = item(3, note(incident));
    two.intent.dependsOn = one.intent.id;
    three.intent.dependsOn = two.intent.id;
    // Waiting for a yes, it would hold up all that comes after it on this incident.
    two.state = 'waiting';
    const { items } = settle(
      [one, two, three],
      [{ outcome: 'rejected', id: one.intent.id, code: 'forbidden', reason: 'no' }],
    );
    expect(items.map((each) => each.state)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('ignores an answer to something given up meanwhile', () => {
    expect(settle([], [{ outcome: 'applied', id: incident, version: 1 }])).toEqual({ items: [], news: [] });
  });

  it('applies mine again as a new action on what the server has now', () => {
    const again = reapplied(
      item(1, severity('sev1'), { state: 'conflict', current: { version: 9 }, attempts: 2 }),
      other,
      '2026-11-21T15:00:00.000Z',
      42,
    );
    expect(again).toMatchObject({ state: 'queued', attempts: 0, confirmed: true });
    expect(again.intent).toMatchObject({ id: other, baseVersion: 9 });
  });
});
