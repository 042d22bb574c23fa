import { expect, it } from 'vitest';
import type { Postmortem } from '#server/contract/postmortem.ts';
import { decideState } from '#server/modules/postmortems/set-state.ts';
import { testId } from '#server/testkit/incidents.ts';

const facts = { userId: testId(601), name: 'Mara', at: '2026-11-21T15:00:00.000Z' };
const review: Postmortem = {
  id: testId(701),
  version: 3,
  incidentId: testId(1),
  summary: 'S',
  causes: '',
  wentWell: '',
  wentBadly: '',
  followUps: [],
  updatedAt: '2026-11-21T14:00:00.000Z',
  updatedBy: null,
};

it('a review goes from draft to reading to done, and back again', () => {
  expect(decideState(review, 'in-review', facts)).toMatchObject({
    outcome: 'applied',
    next: { version: 4, state: 'in-review', summary: 'S', updatedBy: facts.userId },
  });
  expect(decideState({ ...review, state: 'done' }, 'draft', facts)).toMatchObject({
    outcome: 'applied',
    text: 'Mara took the review back to a draft',
  });
});

it('one that stands there already stays, and a draft is where it begins', () => {
  expect(decideState(review, 'draft', facts)).toEqual({ outcome: 'noop' });
  expect(decideState({ ...review, state: 'done' }, 'done', facts)).toEqual({ outcome: 'noop' });
});

it('what nobody began has no state', () => {
  expect(decideState(null, 'done', facts)).toMatchObject({ outcome: 'rejected' });
});
