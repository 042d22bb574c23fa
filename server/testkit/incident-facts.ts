import type { Decision, Facts } from '#server/modules/incidents/decision.ts';
import type { Person } from '#server/modules/incidents/people.ts';
import { testId } from '#server/testkit/incidents.ts';

export const teamA = testId(501);
export const teamB = testId(502);

export const people = {
  mara: { id: testId(601), name: 'Mara', role: 'responder', disabled: false, teamIds: [teamA] },
  diego: { id: testId(602), name: 'Diego', role: 'responder', disabled: false, teamIds: [teamA] },
  sam: { id: testId(603), name: 'Sam', role: 'manager', disabled: false, teamIds: [teamA] },
  vera: { id: testId(604), name: 'Vera', role: 'viewer', disabled: false, teamIds: [teamA] },
  otto: { id: testId(605), name: 'Otto', role: 'responder', disabled: false, teamIds: [teamB] },
  gone: { id: testId(606), name: 'Gwen', role: 'responder', disabled: true, teamIds: [teamA] },
} as const satisfies Record<string, Person>;

/** Mara acts at 13:00 on 2026-11-21, unless told otherwise. */
export function someFacts(
  fields: Partial<Omit<Facts, 'actor' | 'lastChange'>> & {
    by?: keyof typeof people;
    /** Kind of entry → who made the newest one. */
    last?: Record<string, string>;
  } = {},
): Facts {
  const { by = 'mara', last = {}, ...rest } = fields;
  const { id: userId, name, role, teamIds } = people[by];
  return {
    actor: { userId, name, role, teamIds },
    at: '2026-11-21T13:00:00.000Z',
    actedAt: '2026-11-21T13:00:00.000Z',
    baseVersion: null,
    person: (id) => Object.values(people).find((person) => person.id === id) ?? null,
    lastChange: (kind) => {
      const actor = last[kind];
      return actor === undefined ? null : { actor, at: '2026-11-21T12:45:00.000Z' };
    },
    ...rest,
  };
}

/** The next state of a decision that has to be `applied`. */
export function next<S>(decision: Decision<S>): S {
  if (decision.outcome !== 'applied') throw new Error(`not applied: ${JSON.stringify(decision)}`);
  return decision.next;
}
