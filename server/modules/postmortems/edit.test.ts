import { describe, expect, it } from 'vitest';
import { draftPostmortem } from '#server/modules/postmortems/draft.ts';
import { decideEdit } from '#server/modules/postmortems/edit.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';

const facts = {
  userId: testId(601),
  at: '2026-11-21T15:00:00.000Z',
  baseVersion: null,
  newId: testId(701),
  incidentId: testId(1),
};
const followUp = { id: testId(711), title: 'Raise the pool', ownerId: null, dueAt: null, doneAt: null };
const action = {
  kind: 'postmortem.edit',
  incidentId: testId(1),
  summary: 'S',
  causes: 'C',
  wentWell: 'W',
  wentBadly: 'B',
  followUps: [followUp],
} as const;
const edit = { ...action, followUps: [followUp] };
const current = {
  id: testId(701),
  version: 3,
  incidentId: testId(1),
  summary: 'S',
  causes: 'C',
  wentWell: 'W',
  wentBadly: 'B',
  followUps: [followUp],
  updatedAt: facts.at,
  updatedBy: testId(602),
};

describe('editing a review', () => {
  it('begins one where there is none', () => {
    expect(decideEdit(null, edit, facts)).toMatchObject({
      outcome: 'applied',
      next: { id: testId(701), version: 1, summary: 'S', updatedBy: testId(601) },
      replaced: null,
    });
  });

  it('that changes nothing is a no-op', () => {
    expect(decideEdit(current, edit, facts)).toEqual({ outcome: 'noop' });
  });

  it('goes to the last writer; what an older copy overwrites is told', () => {
    const changed = { ...edit, causes: 'Other', followUps: [] };
    expect(decideEdit(current, changed, { ...facts, baseVersion: 3 })).toMatchObject({
      next: { version: 4, causes: 'Other' },
      replaced: null,
    });
    expect(decideEdit(current, changed, { ...facts, baseVersion: 2 })).toMatchObject({
      replaced: 'causes: C\nfollow-up: Raise the pool',
    });
  });

  it('keeps one follow-up of each id', () => {
    expect(decideEdit(null, { ...edit, followUps: [followUp, followUp] }, facts)).toMatchObject({
      next: { followUps: [followUp] },
    });
  });
});

it('a draft says what is known and takes the open tasks along', () => {
  const incident = anIncident({
    impact: 'Nobody can pay.',
    resolvedAt: '2026-11-21T12:20:00.000Z',
    alertCount: 3,
    services: ['checkout'],
  });
  const task = {
    id: testId(31),
    version: 1,
    incidentId: testId(1),
    title: 'Fix',
    ownerId: testId(602),
    dueAt: null,
    doneAt: null,
    doneBy: null,
    createdBy: null,
    createdAt: facts.at,
  };
  let n = 0;
  const draft = draftPostmortem(incident, [task, { ...task, doneAt: facts.at }], facts.at, () => testId((n += 1)));
  expect(draft).toMatchObject({
    version: 1,
    summary: 'Checkout fails. Nobody can pay. It lasted 20 min. 3 alerts on checkout belonged to it.',
    followUps: [{ title: 'Fix', ownerId: testId(602), doneAt: null }],
    updatedBy: null,
  });
});
