import { describe, expect, it } from 'vitest';
import type { Ask, Poll } from '#server/contract/console.ts';
import type { Action } from '#server/contract/intent.ts';
import { sampleAsks, samplePolls } from '../../testkit/sample-console.ts';
import { sampleIncidentIds, samplePeople } from '../../testkit/sample-ids.ts';
import { rowKey } from '../rows/rows.ts';
import type { Scene } from './face.ts';
import { faceOf } from './faces.ts';

const ago = (minutes: number) => `2026-11-21T13:${String(59 - minutes).padStart(2, '0')}:00.000Z`;
const ahead = (minutes: number) => `2026-11-21T14:${String(minutes).padStart(2, '0')}:00.000Z`;
const [open] = sampleAsks(ago, ahead);
const [poll] = samplePolls(ago, ahead);
const incidentId = sampleIncidentIds.checkout;
const at = '2026-11-21T14:00:00.000Z';

function drawn(action: Action, row: Ask | Poll): unknown {
  const put: unknown[] = [];
  const scene = {
    at,
    me: { id: samplePeople.priya, name: 'Priya' },
    get: () => row,
    put: (_entity: string, next: unknown) => put.push(next),
    hide: () => undefined,
    postmortemOf: () => undefined,
  } as unknown as Scene;
  faceOf(action).predict?.(action, scene);
  return put[0] ?? null;
}

describe('an answer', () => {
  const action = { kind: 'ask.answer', incidentId, askId: open!.id, outcome: 'done', text: null } as const;

  it('is drawn at once, waits for the network, and quarrels with another of the same ask', () => {
    expect(drawn(action, open!)).toEqual({
      ...open,
      answer: { at, by: samplePeople.priya, outcome: 'done', text: '' },
    });
    const face = faceOf(action);
    expect([face.refusal, face.guard(action), face.base(action), face.lane(action)]).toEqual([
      null,
      `ask:${open!.id}`,
      rowKey('ask', open!.id),
      `incident:${incidentId}`,
    ]);
  });

  it('changes nothing on screen when somebody else has answered', () => {
    const answer = { at, by: samplePeople.mara, outcome: 'answered' as const, text: 'Yes.' };
    expect(drawn(action, { ...open!, answer })).toBeNull();
  });
});

describe('a word on a poll', () => {
  const object = { kind: 'poll.answer', incidentId, pollId: poll!.id, objects: true, reason: 'Not now.' } as const;

  it('takes the place of the one before', () => {
    const mine = { userId: samplePeople.priya, at, objects: true, reason: 'Not now.' };
    expect(drawn(object, poll!)).toMatchObject({ votes: [...poll!.votes, mine] });
    const again = drawn({ ...object, objects: false, reason: null }, { ...poll!, votes: [mine] }) as Poll;
    expect(again.votes).toEqual([{ ...mine, objects: false, reason: null }]);
  });

  it('of a closed poll is not drawn', () => {
    expect(drawn(object, { ...poll!, outcome: 'carried' })).toBeNull();
  });
});

describe('asking', () => {
  it('is refused without a network, with words that tell what to do', () => {
    for (const kind of ['ask.add', 'ask.reassign', 'ask.cancel', 'poll.open', 'poll.close'] as const)
      expect([kind, faceOf({ kind }).refusal]).toEqual([kind, expect.stringMatching(/server/)]);
  });
});
