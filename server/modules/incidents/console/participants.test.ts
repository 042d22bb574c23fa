import { describe, expect, it } from 'vitest';
import type { Participant } from '#server/contract/console.ts';
import type { AskState } from '#server/modules/incidents/console/ask-store.ts';
import { decideJoin, decideRelease, joining } from '#server/modules/incidents/console/participants.ts';
import type { TaskState } from '#server/modules/incidents/task-store.ts';
import { next, people, someFacts } from '#server/testkit/incident-facts.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';

const { mara, diego, sam } = people;
const since = '2026-11-21T12:00:00.000Z';
const commanded = anIncident({ roles: [{ role: 'commander', userId: mara.id, since, offer: null }] });
const person: Participant = {
  id: testId(61),
  version: 1,
  incidentId: testId(1),
  userId: diego.id,
  joinedAt: since,
  via: 'task',
  releasedAt: null,
  releasedBy: null,
};
const task = { ownerId: diego.id, doneAt: null, title: 'Roll back' } as TaskState;
const ask = { ownerId: diego.id, answer: null, cancelledAt: null, text: 'Is the pool full?' } as AskState;
const nothing = { tasks: [], asks: [] };
const release = { kind: 'incident.release', incidentId: testId(1), userId: diego.id, note: null } as const;

describe('joining', () => {
  const joiner = { id: testId(62), incidentId: testId(1), userId: diego.id, via: 'ask', at: since } as const;

  it('is once, and again after a release under the same row', () => {
    expect(joining(null, joiner)).toMatchObject({ id: testId(62), version: 1, via: 'ask', releasedAt: null });
    expect(joining(person, joiner)).toBeNull();
    const released = { ...person, version: 2, releasedAt: since, releasedBy: mara.id };
    expect(joining(released, joiner)).toMatchObject({ id: person.id, version: 3, releasedAt: null, releasedBy: null });
  });

  it('by hand says so, but not into what is over', () => {
    const join = { kind: 'incident.join', incidentId: testId(1), participantId: testId(63) } as const;
    expect(decideJoin(commanded, null, join, someFacts())).toMatchObject({
      next: { id: testId(63), userId: mara.id, via: 'self' },
      entries: [{ kind: 'responder', text: 'Mara joined' }],
    });
    expect(decideJoin(anIncident({ status: 'resolved' }), null, join, someFacts())).toMatchObject({ code: 'invalid' });
    expect(decideJoin(commanded, { ...person, userId: mara.id }, join, someFacts()).outcome).toBe('noop');
  });
});

describe('a release', () => {
  it.each([
    ['the commander', 'mara', 'Mara released Diego'],
    ['a manager', 'sam', 'Sam released Diego'],
    ['the person', 'diego', 'Diego left'],
  ] as const)('by %s', (_who, by, text) => {
    const decision = decideRelease(commanded, person, nothing, { ...release, note: 'Thank you.' }, someFacts({ by }));
    expect(decision).toMatchObject({ entries: [{ kind: 'responder', text, detail: 'Thank you.' }] });
    expect(next(decision)).toMatchObject({ version: 2, releasedBy: people[by].id });
  });

  it('is not for anybody', () => {
    expect(decideRelease(commanded, person, nothing, release, someFacts({ by: 'otto' }))).toMatchObject({
      code: 'forbidden',
    });
  });

  it('names what still lies with the person', () => {
    const holding = anIncident({
      roles: [...commanded.roles, { role: 'scribe', userId: diego.id, since, offer: null }],
    });
    expect(decideRelease(holding, person, { tasks: [task], asks: [ask] }, release, someFacts())).toEqual({
      outcome: 'rejected',
      code: 'invalid',
      reason:
        'Diego still holds the role scribe, the ask “Is the pool full?” and the task “Roll back”. ' +
        'Hand that over or finish it first.',
    });
    const done = { tasks: [{ ...task, doneAt: since }], asks: [{ ...ask, cancelledAt: since }] };
    expect(decideRelease(commanded, person, done, release, someFacts()).outcome).toBe('applied');
  });

  it('of who is not there, or not any more, is a no-op', () => {
    expect(decideRelease(commanded, null, nothing, release, someFacts()).outcome).toBe('noop');
    const released = { ...person, releasedAt: since, releasedBy: sam.id };
    expect(decideRelease(commanded, released, nothing, release, someFacts())).toMatchObject({
      outcome: 'noop',
      by: 'Sam',
    });
  });
});
