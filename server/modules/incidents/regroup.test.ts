import { describe, expect, it } from 'vitest';
import { updateCadenceMinutes } from '#server/contract/severity.ts';
import { decideDeclare } from '#server/modules/incidents/declare.ts';
import { decideAttach, decideDetach, decideMerge, decideSplit } from '#server/modules/incidents/regroup.ts';
import { next, people, someFacts, teamA, teamB } from '#server/testkit/incident-facts.ts';
import { anAlert, anIncident, testId } from '#server/testkit/incidents.ts';

const facts = someFacts();
const left = { tasks: [], asks: [] };
const source = anIncident({
  id: testId(1),
  number: 11,
  title: 'Symptom',
  version: 4,
  alertCount: 3,
  firingAlertCount: 2,
  services: ['a', 'b'],
  groupKey: 'g',
});
const target = anIncident({
  id: testId(2),
  number: 12,
  title: 'Cause',
  version: 7,
  alertCount: 1,
  firingAlertCount: 1,
  services: ['c'],
});
const inSource = [
  anAlert({ id: testId(101), incidentId: source.id, service: 'a', title: 'A', groupReason: 'Same host' }),
  anAlert({ id: testId(102), incidentId: source.id, service: 'b', title: 'B' }),
  anAlert({
    id: testId(103),
    incidentId: source.id,
    service: 'b',
    title: 'C',
    status: 'resolved',
    firstSeenAt: '2026-11-21T11:00:00.000Z',
  }),
];
const loose = anAlert({ id: testId(104), service: null, title: 'D' });
const group = { incident: source, members: inSource };

describe('attaching', () => {
  it('moves alerts from anywhere, keeps every count right, and the hand is remembered', () => {
    const decision = decideAttach(target, [inSource[0]!, loose], [group], facts);
    expect(next(decision)).toMatchObject({
      incidents: [
        { id: source.id, version: 5, alertCount: 2, firingAlertCount: 1, services: ['b'] },
        { id: target.id, version: 8, alertCount: 3, firingAlertCount: 3, services: ['a', 'c'] },
      ],
      alerts: [
        {
          id: testId(101),
          version: 2,
          incidentId: target.id,
          groupReason: 'Attached by Mara',
          placedBy: people.mara.id,
        },
        { id: testId(104), incidentId: target.id },
      ],
      events: [{ kind: 'grouped', cause: 'Mara attached it to INC-12.' }, { kind: 'grouped' }],
    });
    expect(decision).toMatchObject({
      entries: [
        { incidentId: target.id, text: 'Mara attached 2 alerts', detail: 'A\nD' },
        { incidentId: source.id, text: 'Mara moved 1 alert to INC-12 Cause' },
      ],
    });
  });

  it('is a no-op for alerts that are there, and needs an open incident', () => {
    expect(decideAttach(source, inSource, [group], facts).outcome).toBe('noop');
    expect(decideAttach({ ...target, status: 'resolved' }, [loose], [], facts)).toMatchObject({ code: 'invalid' });
    expect(decideAttach({ ...target, status: 'resolved', mergedInto: testId(9) }, [loose], [], facts).outcome).toBe(
      'conflict',
    );
  });
});

describe('detaching', () => {
  it('leaves the alerts to nobody, and no rule takes them back', () => {
    const decision = decideDetach(group, [inSource[1]!, loose], facts);
    expect(next(decision)).toMatchObject({
      incidents: [{ alertCount: 2, firingAlertCount: 1, services: ['a', 'b'] }],
      alerts: [
        { id: testId(102), incidentId: null, placedBy: people.mara.id, groupReason: 'Detached from INC-11 by Mara' },
      ],
      events: [{ kind: 'ungrouped' }],
    });
    expect(decideDetach(group, [loose], facts).outcome).toBe('noop');
  });
});

describe('splitting', () => {
  const fresh = { id: testId(3), number: 13, title: 'Two' };

  it('makes a new incident like the old one, which began when its alerts did', () => {
    const decision = decideSplit(group, inSource.slice(1), fresh, facts);
    expect(next(decision)).toMatchObject({
      incidents: [
        { id: source.id, alertCount: 1, firingAlertCount: 1 },
        {
          id: fresh.id,
          version: 1,
          number: 13,
          severity: 'sev2',
          alertCount: 2,
          firingAlertCount: 1,
          groupKey: null,
          startedAt: '2026-11-21T11:00:00.000Z',
        },
      ],
    });
    expect(decision).toMatchObject({
      entries: [
        { incidentId: fresh.id, kind: 'declared', text: 'Mara split this off INC-11 Symptom' },
        { incidentId: source.id, text: 'Mara moved 2 alerts to INC-13 Two' },
      ],
    });
  });

  it('conflicts when an alert has left meanwhile', () => {
    expect(decideSplit(group, [inSource[0]!, loose], fresh, facts)).toMatchObject({ outcome: 'conflict' });
  });
});

describe('merging', () => {
  it('closes the source, moves its alerts with their reasons, and tells both what happened', () => {
    const commander = {
      role: 'commander',
      userId: people.diego.id,
      since: null,
      offer: { to: people.sam.id, by: people.diego.id, at: facts.at },
    };
    const decision = decideMerge(
      { incident: { ...source, roles: [commander] }, members: inSource },
      target,
      left,
      facts,
    );
    expect(next(decision)).toMatchObject({
      incidents: [
        {
          id: source.id,
          status: 'resolved',
          resolvedAt: facts.at,
          mergedInto: target.id,
          alertCount: 0,
          firingAlertCount: 0,
          services: [],
          groupKey: 'g',
          roles: [{ offer: null }],
        },
        { id: target.id, alertCount: 4, firingAlertCount: 3, services: ['a', 'b', 'c'] },
      ],
      alerts: [
        { groupReason: 'Merged from INC-11 by Mara; before: Same host' },
        { groupReason: 'Merged from INC-11 by Mara' },
        {},
      ],
    });
    expect(decision).toMatchObject({
      entries: [
        { incidentId: source.id, kind: 'merge', text: 'Mara merged this into INC-12 Cause' },
        {
          incidentId: target.id,
          kind: 'merge',
          text: 'Mara merged INC-11 Symptom into this: 3 alerts',
          detail: 'There, Diego is commander',
        },
      ],
    });
  });

  it('is refused into itself or into a closed one, a no-op the second time, a conflict into a third', () => {
    expect(decideMerge(group, source, left, facts)).toMatchObject({ code: 'invalid' });
    expect(decideMerge(group, { ...target, status: 'resolved' }, left, facts)).toMatchObject({ code: 'invalid' });
    const merged = { incident: { ...source, status: 'resolved' as const, mergedInto: target.id }, members: [] };
    expect(decideMerge(merged, target, left, facts).outcome).toBe('noop');
    expect(decideMerge(merged, { ...target, id: testId(5) }, left, facts).outcome).toBe('conflict');
  });

  it('does not name a restricted incident to people who may not see it', () => {
    const secret = { ...target, restrictedTo: [teamA] };
    expect(decideMerge(group, secret, left, facts)).toMatchObject({
      entries: [
        { text: 'Mara merged this into a restricted incident' },
        { text: 'Mara merged INC-11 Symptom into this: 3 alerts' },
      ],
    });
  });

  it('shows restricted alerts to more people only by a manager', () => {
    const secret = {
      incident: { ...source, restrictedTo: [teamA] },
      members: inSource.map((alert) => ({ ...alert, audience: [teamA] })),
    };
    expect(decideMerge(secret, target, left, facts)).toMatchObject({ code: 'forbidden' });
    const byManager = decideMerge(secret, target, left, someFacts({ by: 'sam' }));
    expect(next(byManager).alerts.every((alert) => alert.audience === null)).toBe(true);
    expect(byManager).toMatchObject({
      entries: [{}, { text: 'Sam merged a restricted incident into this: 3 alerts' }],
    });
  });
});

describe('declaring', () => {
  const action = {
    kind: 'incident.declare',
    incidentId: testId(4),
    title: 'New',
    severity: 'sev1',
    impact: 'EU',
    alertIds: [],
    restrictedTo: null,
  } as const;

  it('opens it with the cadence of its severity', () => {
    expect(
      next(decideDeclare({ ...action, alertIds: [] }, 14, [], [], updateCadenceMinutes, facts)).incidents,
    ).toMatchObject([
      {
        id: testId(4),
        version: 1,
        number: 14,
        status: 'triggered',
        impact: 'EU',
        declaredBy: people.mara.id,
        startedAt: facts.actedAt,
        updateCadenceMinutes: 15,
        nextUpdateDueAt: '2026-11-21T13:15:00.000Z',
        resolvePolicy: 'never',
      },
    ]);
    const chosen = { ...updateCadenceMinutes, sev1: 10 };
    expect(next(decideDeclare({ ...action, alertIds: [] }, 14, [], [], chosen, facts)).incidents).toMatchObject([
      { updateCadenceMinutes: 10, nextUpdateDueAt: '2026-11-21T13:10:00.000Z' },
    ]);
  });

  it('takes alerts along and counts them', () => {
    const decision = decideDeclare(
      { ...action, alertIds: [] },
      14,
      [inSource[0]!, loose],
      [group],
      updateCadenceMinutes,
      facts,
    );
    expect(next(decision).incidents).toMatchObject([
      { id: source.id, alertCount: 2 },
      { id: testId(4), version: 1, alertCount: 2 },
    ]);
    expect(decision).toMatchObject({
      entries: [{ kind: 'declared' }, { kind: 'membership' }, { incidentId: source.id }],
    });
  });

  it('is not for other teams only', () => {
    expect(
      decideDeclare({ ...action, alertIds: [], restrictedTo: [teamB] }, 14, [], [], updateCadenceMinutes, facts),
    ).toMatchObject({
      code: 'invalid',
    });
  });
});
