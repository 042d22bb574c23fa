import { describe, expect, it } from 'vitest';
import { responseTimes } from '#server/contract/response-times.ts';
import { decideMove, decideReopen, mergedElsewhere } from '#server/modules/incidents/status.ts';
import { next, someFacts } from '#server/testkit/incident-facts.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';

const facts = someFacts();
const diego = testId(602);
const acknowledged = anIncident({
  version: 4,
  status: 'acknowledged',
  acknowledgedAt: '2026-11-21T12:10:00.000Z',
  acknowledgedBy: diego,
  fieldVersions: { status: 4 },
});
const mitigated = { ...acknowledged, status: 'mitigated', mitigatedAt: '2026-11-21T12:20:00.000Z' } as const;
const resolved = {
  ...mitigated,
  status: 'resolved',
  resolvedAt: '2026-11-21T12:30:00.000Z',
  nextUpdateDueAt: null,
} as const;

describe('acknowledging', () => {
  it('takes a triggered incident on, at the time the person acted', () => {
    const decision = decideMove(anIncident(), 'acknowledge', { ...facts, actedAt: '2026-11-21T12:59:00.000Z' });
    expect(next(decision)).toMatchObject({
      status: 'acknowledged',
      acknowledgedAt: '2026-11-21T12:59:00.000Z',
      acknowledgedBy: facts.actor.userId,
      version: 2,
      fieldVersions: { status: 2 },
    });
    expect(decision).toMatchObject({ entries: [{ kind: 'status', text: 'Mara acknowledged' }] });
  });

  it('is never before the start, whatever the clock of the client says', () => {
    const decision = decideMove(anIncident(), 'acknowledge', { ...facts, actedAt: '2026-11-20T00:00:00.000Z' });
    expect(next(decision).acknowledgedAt).toBe('2026-11-21T12:00:00.000Z');
  });

  it('twice changes nothing and names who did it and when', () => {
    expect(decideMove(acknowledged, 'acknowledge', facts)).toEqual({
      outcome: 'noop',
      by: 'Diego',
      at: '2026-11-21T12:10:00.000Z',
      reason: 'Already acknowledged.',
    });
  });

  it('changes nothing when it is mitigated already, and conflicts when it is resolved', () => {
    expect(decideMove(mitigated, 'acknowledge', facts).outcome).toBe('noop');
    expect(decideMove(resolved, 'acknowledge', someFacts({ last: { status: 'Diego' } }))).toEqual({
      outcome: 'conflict',
      reason: 'It is resolved by Diego',
      entries: [{ kind: 'conflict', text: 'Mara wanted to acknowledge it; it is resolved by Diego' }],
    });
  });

  it('from before it was reopened is not taken for the new episode', () => {
    const reopened = anIncident({ version: 9, fieldVersions: { status: 9 } });
    const stale = someFacts({ baseVersion: 8, last: { status: 'Diego' } });
    expect(decideMove(reopened, 'acknowledge', stale)).toMatchObject({
      outcome: 'conflict',
      entries: [{ text: 'Mara wanted to acknowledge it from an older copy; triggered by Diego kept' }],
    });
    expect(decideMove(reopened, 'acknowledge', someFacts({ baseVersion: 9 })).outcome).toBe('applied');
  });

  it('is not disturbed by changes of other fields', () => {
    const busy = anIncident({ version: 9, fieldVersions: { severity: 9, title: 8 } });
    expect(decideMove(busy, 'acknowledge', someFacts({ baseVersion: 1 })).outcome).toBe('applied');
  });
});

describe('mitigating and resolving', () => {
  it('go forward from any earlier status and keep the times in order', () => {
    const done = next(decideMove(next(decideMove(anIncident(), 'mitigate', facts)), 'resolve', facts));
    expect(done).toMatchObject({ status: 'resolved', acknowledgedBy: facts.actor.userId, nextUpdateDueAt: null });
    expect(responseTimes(done)).toEqual({ acknowledgeMs: 3_600_000, mitigateMs: 3_600_000, resolveMs: 3_600_000 });
  });

  it('leave the first acknowledgement as it was', () => {
    expect(next(decideMove(acknowledged, 'resolve', facts))).toMatchObject({ acknowledgedBy: diego });
  });

  it('are no-ops when they are so already, and mitigating a resolved one conflicts', () => {
    expect(decideMove(mitigated, 'mitigate', facts).outcome).toBe('noop');
    expect(decideMove(resolved, 'resolve', facts).outcome).toBe('noop');
    expect(decideMove(resolved, 'mitigate', facts).outcome).toBe('conflict');
  });

  it('say how many alerts still fired', () => {
    const decision = decideMove(anIncident({ alertCount: 3, firingAlertCount: 2 }), 'resolve', facts);
    expect(decision).toMatchObject({ entries: [{ detail: '2 of its 3 alerts still fired then' }] });
  });
});

describe('reopening', () => {
  it('starts a resolved incident over, and its countdown', () => {
    expect(next(decideReopen(resolved, facts, null))).toMatchObject({
      status: 'triggered',
      acknowledgedAt: null,
      acknowledgedBy: null,
      mitigatedAt: null,
      resolvedAt: null,
      nextUpdateDueAt: '2026-11-21T13:30:00.000Z',
    });
  });

  it('keeps the first acknowledgement of all, however often it is reopened', () => {
    const again = next(decideReopen(resolved, facts, null));
    expect(again.firstAcknowledgedAt).toBe('2026-11-21T12:10:00.000Z');
    const third = next(decideReopen(next(decideMove(again, 'resolve', facts)), facts, null));
    expect(third).toMatchObject({ acknowledgedAt: null, firstAcknowledgedAt: '2026-11-21T12:10:00.000Z' });
  });

  it('takes a mitigation back', () => {
    expect(next(decideReopen(mitigated, facts, null))).toMatchObject({
      status: 'acknowledged',
      mitigatedAt: null,
      acknowledgedBy: diego,
    });
  });

  it('is a no-op on an open incident and conflicts from an older copy', () => {
    expect(decideReopen(anIncident(), facts, null).outcome).toBe('noop');
    expect(decideReopen(resolved, someFacts({ baseVersion: 3 }), null).outcome).toBe('conflict');
  });

  it('gives the group up to the incident that is open for it', () => {
    const decision = decideReopen({ ...resolved, groupKey: 'g', ruleId: testId(9) }, facts, { number: 7 });
    expect(next(decision)).toMatchObject({ groupKey: null, ruleId: null });
  });
});

it('nothing happens any more in an incident that was merged away', () => {
  expect(mergedElsewhere({ ...resolved, mergedInto: testId(2) }, 'acknowledge it', facts)?.outcome).toBe('conflict');
  expect(mergedElsewhere(resolved, 'acknowledge it', facts)).toBeNull();
});
