import { describe, expect, it } from 'vitest';
import type { Policy } from '#server/contract/policy.ts';
import {
  checkPolicy,
  formOf,
  isFor,
  isForOnly,
  newStep,
  refusalByStep,
  stepWarnings,
  withSeverity,
} from './policy-draft.ts';
import { severities } from '#server/contract/severity.ts';
import { policyWords, type TargetWorld } from './policy-words.ts';

const now = Date.parse('2026-11-21T14:00:00.000Z');
const id = (place: number): string => `00000000-0000-7000-8000-00000000000${place}`;
const [priya, diego, primary, gone, web] = [id(1), id(2), id(3), id(4), id(5)];
const document = {
  version: 3,
  findings: [],
  updatedAt: '2026-11-20T00:00:00.000Z',
  updatedBy: null,
  origin: 'ui' as const,
};
const person = (userId: string, name: string) => ({
  id: userId,
  version: 1,
  login: name,
  name,
  role: 'responder' as const,
  disabled: false,
  teamIds: [],
});

const world: TargetWorld = {
  me: id(9),
  users: new Map([
    [priya, person(priya, 'Priya Raman')],
    [diego, { ...person(diego, 'Diego Santos'), disabled: true }],
  ]),
  teams: new Map([[web, { id: web, version: 1, name: 'web', memberCount: 0 }]]),
  schedules: new Map([
    [
      primary,
      {
        ...document,
        id: primary,
        name: 'Payments primary',
        description: '',
        teamId: null,
        timeZone: 'UTC',
        layers: [],
      },
    ],
  ]),
  rosters: new Map([
    [
      primary,
      {
        id: primary,
        version: 1,
        from: '2026-11-07T00:00:00.000Z',
        to: '2026-12-05T00:00:00.000Z',
        shifts: [
          {
            userId: priya,
            startsAt: '2026-11-21T08:00:00.000Z',
            endsAt: '2026-11-21T20:00:00.000Z',
            source: { type: 'layer', id: id(8), name: 'weekly' },
          },
        ],
        quality: {
          score: 90,
          from: '2026-11-21T00:00:00.000Z',
          to: '2026-12-05T00:00:00.000Z',
          gaps: [],
          emptyShifts: [],
          doubleBookings: [],
          load: [],
        },
      },
    ],
  ]),
  channels: new Map(),
};

const policy: Policy = {
  ...document,
  id: id(7),
  name: 'payments-critical',
  description: '',
  teamId: null,
  steps: [
    {
      id: id(1),
      targets: [{ type: 'schedule', id: primary }],
      roundRobin: false,
      delayMinutes: 5,
      when: { severities: [], hours: 'any' },
      priority: 'by-route',
    },
    {
      id: id(2),
      targets: [{ type: 'user', id: diego }],
      roundRobin: false,
      delayMinutes: 10,
      when: { severities: ['sev1', 'sev2'], hours: 'any' },
      priority: 'important',
    },
  ],
  repeat: 2,
  acknowledgementsNeeded: 1,
  pageAgain: 'severity-rises',
  workingHours: null,
};

describe('a policy in words', () => {
  it('names who is paged at this moment, and when the others are', () => {
    expect(policyWords(policy, world, now)).toBe(
      'Page Priya Raman (Payments primary) now; after 5 min Diego Santos (only severity 1 or 2), as important. ' +
        '10 min after the last step it begins again, 2 times. When the severity of an acknowledged incident rises, it pages again.',
    );
  });

  it('says a gap, and says when it does not know', () => {
    expect(policyWords(policy, world, Date.parse('2026-11-21T22:00:00.000Z'))).toContain(
      'nobody (Payments primary has a gap now)',
    );
    expect(policyWords(policy, { ...world, rosters: new Map() }, now)).toContain(
      'whoever is on call in Payments primary',
    );
  });

  it('says how it ends', () => {
    expect(policyWords({ ...policy, repeat: 0 }, world, now)).toContain('Then it stops, and says so.');
    const hard = policyWords(
      { ...policy, repeat: null, acknowledgementsNeeded: 2, pageAgain: 'every-alert' },
      world,
      now,
    );
    expect(hard).toContain('until somebody acknowledges. It goes on until 2 people have acknowledged. Any new alert');
  });
});

describe('a policy in its form', () => {
  it('comes back as it went in', () => {
    const { id: _i, version: _v, findings: _f, updatedAt: _a, updatedBy: _b, origin: _o, ...draft } = policy;
    expect(checkPolicy(formOf(policy, id(6)))).toEqual({ draft, errors: { fields: {}, steps: {} } });
  });

  it('says beside which step what is missing', () => {
    const form = formOf(policy, id(6));
    const hours = { ...newStep(id(6)), delay: 'soon', when: { severities: [], hours: 'working' as const } };
    const { draft, errors } = checkPolicy({
      ...form,
      name: ' ',
      needed: '0',
      repeat: '101',
      steps: [...form.steps, hours],
    });
    expect(draft).toBeNull();
    expect(Object.keys(errors.fields).toSorted()).toEqual(['name', 'needed', 'repeat']);
    expect(errors.steps).toEqual({
      [id(6)]: [
        'Say who is paged.',
        'Minutes until the next step: 0 to 1,440.',
        'It asks for working hours, and the policy names none.',
      ],
    });
  });

  it('is for every severity until one is taken away, and keeps its last one', () => {
    const every = newStep('s');
    expect(severities.map((severity) => isFor(every, severity))).toEqual([true, true, true, true]);
    const without = { ...every, when: { ...every.when, severities: withSeverity(every, 'info', false) } };
    expect(without.when.severities).toEqual(['sev1', 'sev2', 'sev3']);
    expect(withSeverity(without, 'info', true)).toEqual([]);
    const one = { ...every, when: { ...every.when, severities: ['sev1' as const] } };
    expect([isForOnly(one, 'sev1'), isForOnly(one, 'sev2'), isForOnly(every, 'sev1')]).toEqual([true, false, false]);
  });

  it('warns of people who cannot answer', () => {
    const step = {
      ...newStep(id(6)),
      targets: [
        { type: 'user' as const, id: diego },
        { type: 'team' as const, id: web },
        { type: 'schedule' as const, id: gone },
      ],
    };
    expect(stepWarnings(step, world, now)).toEqual([
      'Diego Santos is disabled.',
      'Nobody is in team web.',
      'It names a schedule that is gone.',
    ]);
  });

  it('puts what the server says about a step beside it', () => {
    expect(refusalByStep('Step 2 can page nobody.', policy.steps)?.id).toBe(id(2));
    expect(refusalByStep('The policy can page nobody.', policy.steps)).toBeNull();
    expect(refusalByStep('Step 9 can page nobody.', policy.steps)).toBeNull();
  });
});
