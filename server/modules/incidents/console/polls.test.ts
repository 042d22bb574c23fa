import { describe, expect, it } from 'vitest';
import type { Poll } from '#server/contract/console.ts';
import {
  decideAnswerPoll,
  decideClosePoll,
  decideOpenPoll,
  decidePollTimeUp,
} from '#server/modules/incidents/console/polls.ts';
import { next, people, someFacts, teamA } from '#server/testkit/incident-facts.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';

const { mara, diego, sam, vera, otto, gone } = people;
const ids = { incidentId: testId(1), pollId: testId(51) };
const incident = anIncident();
const at = '2026-11-21T12:59:00.000Z';
const name = (id: string) => Object.values(people).find((person) => person.id === id)?.name ?? id;
const poll: Poll = {
  id: ids.pollId,
  version: 2,
  incidentId: ids.incidentId,
  question: 'Fail over to us-1?',
  openedBy: mara.id,
  openedAt: '2026-11-21T12:58:00.000Z',
  closesAt: '2026-11-21T13:03:00.000Z',
  asked: [diego.id, sam.id],
  votes: [],
  outcome: null,
  closedAt: null,
};
const objection = { userId: diego.id, at, objects: true, reason: 'us-1 has no card keys.' };

describe('opening a poll', () => {
  const open = (asked: string[]) =>
    ({ kind: 'poll.open', ...ids, question: 'Fail over to us-1?', asked, seconds: 120 }) as const;

  it('asks others, each once, until its time', () => {
    expect(decideOpenPoll(incident, 0, open([diego.id, mara.id, diego.id]), someFacts())).toMatchObject({
      next: { asked: [diego.id], closesAt: '2026-11-21T13:02:00.000Z', outcome: null },
      entries: [{ kind: 'poll', text: 'Mara asked for objections: Fail over to us-1?' }],
    });
  });

  it.each([
    ['somebody who left', incident, gone.id, 0, 'not-found'],
    ['somebody outside of its teams', anIncident({ restrictedTo: [teamA] }), otto.id, 0, 'invalid'],
    ['a viewer, who could not answer', incident, vera.id, 0, 'invalid'],
    ['anybody, once it is resolved', anIncident({ status: 'resolved' }), diego.id, 0, 'invalid'],
    ['anybody, when ten are open', incident, diego.id, 10, 'invalid'],
  ])('cannot ask %s', (_who, where, id, others, code) => {
    expect(decideOpenPoll(where, others, open([id]), someFacts())).toMatchObject({ outcome: 'rejected', code });
  });
});

describe('a word on it', () => {
  const say = (objects: boolean, reason: string | null = null) =>
    ({ kind: 'poll.answer', ...ids, objects, reason }) as const;

  it('needs a reason to object', () => {
    expect(decideAnswerPoll(poll, say(true), someFacts({ by: 'diego' }))).toMatchObject({ code: 'invalid' });
    expect(decideAnswerPoll(poll, say(true, objection.reason), someFacts({ by: 'diego' }))).toMatchObject({
      next: { votes: [{ userId: diego.id, objects: true }], outcome: null },
      entries: [{ text: 'Diego objected: Fail over to us-1?', detail: objection.reason }],
    });
  });

  it('of everybody who was asked closes it', () => {
    const first = next(decideAnswerPoll(poll, say(false), someFacts({ by: 'diego' })));
    expect(first).toMatchObject({ outcome: null });
    expect(decideAnswerPoll(first, say(false), someFacts({ by: 'sam' }))).toMatchObject({
      next: { version: 4, outcome: 'carried', closedAt: '2026-11-21T13:00:00.000Z' },
      entries: [{ text: 'No objection: Fail over to us-1?', detail: '2 without objection' }],
    });
  });

  it('may be taken back, and both are said', () => {
    const objected = { ...poll, votes: [objection] };
    expect(decideAnswerPoll(objected, say(false), someFacts({ by: 'diego' }))).toMatchObject({
      next: { votes: [{ userId: diego.id, objects: false }] },
      entries: [{ text: 'Diego withdrew an objection: Fail over to us-1?', detail: objection.reason }],
    });
    expect(decideAnswerPoll(objected, say(true, objection.reason), someFacts({ by: 'diego' })).outcome).toBe('noop');
  });

  it('that comes late is kept as a conflict', () => {
    const over: Poll = { ...poll, outcome: 'carried', closedAt: at };
    expect(decideAnswerPoll(over, say(true, 'Not now.'), someFacts({ by: 'otto' }))).toMatchObject({
      outcome: 'conflict',
      entries: [{ text: 'Otto objected: Not now., to “Fail over to us-1?”; the poll had closed' }],
    });
  });
});

describe('its end', () => {
  it('comes with its time, and counts who was silent', () => {
    expect(decidePollTimeUp(poll, { at: '2026-11-21T13:02:59.000Z', name })).toBeNull();
    expect(decidePollTimeUp({ ...poll, votes: [objection] }, { at: poll.closesAt, name })).toMatchObject({
      next: { version: 3, outcome: 'objected', votes: [objection] },
      entry: {
        text: '1 objection: Fail over to us-1?',
        detail: 'Diego: us-1 has no card keys.\n0 without objection; no word from Sam',
      },
    });
    expect(decidePollTimeUp({ ...poll, outcome: 'carried' }, { at: poll.closesAt, name })).toBeNull();
  });

  it.each([
    ['who opened it', 'mara', 'applied'],
    ['a manager', 'sam', 'applied'],
    ['somebody else', 'diego', 'rejected'],
  ] as const)('by %s: %s %s', (_who, by, outcome) => {
    const close = { kind: 'poll.close', ...ids, withdraw: false } as const;
    expect(decideClosePoll(incident, poll, close, someFacts({ by })).outcome).toBe(outcome);
  });

  it('keeps dissent when the question is withdrawn', () => {
    const close = { kind: 'poll.close', ...ids, withdraw: true } as const;
    expect(decideClosePoll(incident, { ...poll, votes: [objection] }, close, someFacts())).toMatchObject({
      next: { outcome: 'withdrawn', votes: [objection] },
      entries: [{ text: 'Mara withdrew the poll: Fail over to us-1?', detail: 'Diego: us-1 has no card keys.' }],
    });
    expect(decideClosePoll(incident, { ...poll, outcome: 'carried' }, close, someFacts()).outcome).toBe('noop');
  });
});
