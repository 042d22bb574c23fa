import { describe, expect, it } from 'vitest';
import {
  decideAddAsk,
  decideAnswerAsk,
  decideCancelAsk,
  decideOverdue,
  decideReassignAsk,
} from '#server/modules/incidents/console/asks.ts';
import type { AskState } from '#server/modules/incidents/console/ask-store.ts';
import { next, people, someFacts, teamA } from '#server/testkit/incident-facts.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';

const { mara, diego, sam, vera, otto, gone } = people;
const ids = { incidentId: testId(1), askId: testId(41) };
const incident = anIncident();
const name = (id: string) => Object.values(people).find((person) => person.id === id)?.name ?? id;
const ask: AskState = {
  id: ids.askId,
  version: 3,
  incidentId: ids.incidentId,
  text: 'Is the pool full?',
  ownerId: diego.id,
  askedBy: mara.id,
  askedAt: '2026-11-21T12:50:00.000Z',
  dueAt: '2026-11-21T13:05:00.000Z',
  overdueAt: null,
  answer: null,
  cancelledAt: null,
  fieldVersions: { owner: 3 },
};
const answered: AskState = {
  ...ask,
  answer: { at: '2026-11-21T12:55:00.000Z', by: diego.id, outcome: 'answered', text: 'Yes, all of it.' },
};
const cancelled: AskState = { ...ask, cancelledAt: '2026-11-21T12:58:00.000Z' };

describe('asking', () => {
  const add = (ownerId: string) =>
    ({ kind: 'ask.add', ...ids, ownerId, text: 'Is the pool full?', minutes: 10 }) as const;

  it('names the owner and counts the minutes from the server clock', () => {
    const facts = someFacts({ actedAt: '2026-11-21T11:00:00.000Z' });
    expect(decideAddAsk(incident, 0, add(diego.id), facts)).toMatchObject({
      next: { version: 1, ownerId: diego.id, askedBy: mara.id, dueAt: '2026-11-21T13:10:00.000Z', overdueAt: null },
      entries: [{ kind: 'ask', text: 'Mara asked Diego: Is the pool full?' }],
    });
  });

  it.each([
    ['somebody who left', incident, gone.id, 0, 'not-found'],
    ['somebody unknown', incident, testId(999), 0, 'not-found'],
    ['a viewer', incident, vera.id, 0, 'invalid'],
    ['somebody outside of its teams', anIncident({ restrictedTo: [teamA] }), otto.id, 0, 'invalid'],
    ['anybody, once it is resolved', anIncident({ status: 'resolved' }), diego.id, 0, 'invalid'],
    ['anybody, when fifty are open', incident, diego.id, 50, 'invalid'],
  ])('cannot ask %s', (_who, where, ownerId, open, code) => {
    expect(decideAddAsk(where, open, add(ownerId), someFacts())).toMatchObject({ outcome: 'rejected', code });
  });

  it('conflicts in an incident that was merged away', () => {
    const merged = anIncident({ status: 'resolved', mergedInto: testId(2) });
    expect(decideAddAsk(merged, 0, add(diego.id), someFacts()).outcome).toBe('conflict');
  });
});

describe('answering', () => {
  const answer = (text: string | null, outcome: 'done' | 'answered' | 'cannot' = 'answered') =>
    ({ kind: 'ask.answer', ...ids, outcome, text }) as const;

  it('ends the wait and tells the timeline what was said', () => {
    expect(decideAnswerAsk(ask, answer('Yes.'), someFacts({ by: 'diego' }))).toMatchObject({
      next: { version: 4, answer: { by: diego.id, outcome: 'answered', text: 'Yes.' } },
      entries: [{ text: 'Diego answered: Is the pool full?', detail: 'Answered: Yes.' }],
    });
    expect(decideAnswerAsk(ask, answer(null, 'cannot'), someFacts({ by: 'sam' }))).toMatchObject({
      next: { answer: { by: sam.id, outcome: 'cannot', text: '' } },
      entries: [{ text: 'Sam answered for Diego: Is the pool full?', detail: 'Cannot do it' }],
    });
  });

  it('says when it was late', () => {
    const facts = someFacts({ by: 'diego', actedAt: '2026-11-21T13:09:00.000Z', at: '2026-11-21T13:09:00.000Z' });
    expect(decideAnswerAsk(ask, answer('Yes.'), facts)).toMatchObject({
      entries: [{ text: 'Diego answered, late: Is the pool full?' }],
    });
  });

  it('of the second keeps both texts; the same again is a no-op', () => {
    expect(decideAnswerAsk(answered, answer('No.'), someFacts({ by: 'sam' }))).toMatchObject({
      outcome: 'conflict',
      entries: [{ text: 'Sam answered “Is the pool full?” with “Answered: No.”; Diego had answered it' }],
    });
    expect(decideAnswerAsk(answered, answer('Yes, all of it.'), someFacts({ by: 'diego' }))).toMatchObject({
      outcome: 'noop',
      by: 'Diego',
    });
    expect(decideAnswerAsk(cancelled, answer('No.'), someFacts({ by: 'diego' })).outcome).toBe('conflict');
  });
});

describe('asking somebody else', () => {
  const reassign = (ownerId: string) => ({ kind: 'ask.reassign', ...ids, ownerId, minutes: 5 }) as const;
  const late: AskState = { ...ask, overdueAt: '2026-11-21T13:05:00.000Z' };

  it('starts the clock again', () => {
    expect(decideReassignAsk(incident, late, reassign(sam.id), someFacts({ baseVersion: 3 }))).toMatchObject({
      next: { ownerId: sam.id, dueAt: '2026-11-21T13:05:00.000Z', overdueAt: null, fieldVersions: { owner: 4 } },
      entries: [{ text: 'Mara asked Sam instead of Diego: Is the pool full?' }],
    });
    expect(decideReassignAsk(incident, late, reassign(diego.id), someFacts())).toMatchObject({
      entries: [{ text: 'Mara gave Diego 5 more minutes: Is the pool full?' }],
    });
  });

  it('from an older copy conflicts, and so does one that ended', () => {
    expect(decideReassignAsk(incident, ask, reassign(sam.id), someFacts({ baseVersion: 2 }))).toMatchObject({
      outcome: 'conflict',
      reason: 'Diego kept it',
    });
    expect(decideReassignAsk(incident, answered, reassign(sam.id), someFacts())).toMatchObject({
      outcome: 'conflict',
      reason: 'Diego had answered it',
    });
    expect(decideReassignAsk(incident, cancelled, reassign(sam.id), someFacts()).outcome).toBe('conflict');
  });

  it('needs a responder who may see it', () => {
    expect(decideReassignAsk(incident, ask, reassign(vera.id), someFacts())).toMatchObject({ code: 'invalid' });
    expect(decideReassignAsk(incident, ask, reassign(gone.id), someFacts())).toMatchObject({ code: 'not-found' });
  });
});

describe('taking an ask back', () => {
  const commandedByOtto = anIncident({
    roles: [{ role: 'commander', userId: otto.id, since: '2026-11-21T12:00:00.000Z', offer: null }],
  });

  it.each([
    ['who asked', 'mara', 'applied'],
    ['the commander', 'otto', 'applied'],
    ['a manager', 'sam', 'applied'],
    ['its owner', 'diego', 'rejected'],
  ] as const)('by %s: %s %s', (_who, by, outcome) => {
    expect(decideCancelAsk(commandedByOtto, ask, someFacts({ by })).outcome).toBe(outcome);
  });

  it('is a no-op when it ended', () => {
    expect(decideCancelAsk(incident, answered, someFacts())).toMatchObject({ outcome: 'noop', by: 'Diego' });
    expect(next(decideCancelAsk(incident, ask, someFacts())).cancelledAt).toBe('2026-11-21T13:00:00.000Z');
    expect(decideCancelAsk(incident, cancelled, someFacts()).outcome).toBe('noop');
  });
});

describe('time', () => {
  it('says once that no answer came, and when it was due', () => {
    expect(decideOverdue(incident, ask, { at: '2026-11-21T13:04:59.999Z', name })).toBeNull();
    const told = decideOverdue(incident, ask, { at: '2026-11-21T13:05:00.400Z', name });
    expect(told).toMatchObject({
      next: { version: 4, overdueAt: '2026-11-21T13:05:00.400Z' },
      entry: { kind: 'ask', at: ask.dueAt, text: 'No answer from Diego in time: Is the pool full?' },
    });
    expect(decideOverdue(incident, told!.next, { at: '2026-11-21T14:00:00.000Z', name })).toBeNull();
  });

  it('says nothing of what ended, nor in an incident that is over', () => {
    const at = '2026-11-21T14:00:00.000Z';
    expect(decideOverdue(incident, answered, { at, name })).toBeNull();
    expect(decideOverdue(incident, cancelled, { at, name })).toBeNull();
    expect(decideOverdue(anIncident({ status: 'resolved' }), ask, { at, name })).toMatchObject({ entry: null });
  });
});
