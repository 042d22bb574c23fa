import { describe, expect, it } from 'vitest';
import type { Escalation, Policy } from '#server/contract/policy.ts';
import type { Responder } from '#server/contract/responder.ts';
import type { TargetWorld } from '../policies/policy-words.ts';
import { nextStepOf, phonesOf } from './escalate-facts.ts';

const now = Date.parse('2026-11-21T14:00:00.000Z');
const person = (id: string) => ({
  id,
  version: 1,
  login: id,
  name: id,
  role: 'responder' as const,
  disabled: false,
  teamIds: ['team'],
});
const world: TargetWorld = {
  me: 'me',
  users: new Map(['ann', 'bob', 'cat', 'dan'].map((id) => [id, person(id)])),
  teams: new Map([['team', { id: 'team', version: 1, name: 'web', memberCount: 4 }]]),
  schedules: new Map(),
  rosters: new Map(),
  channels: new Map(),
};
const step = (id: string, targets: Policy['steps'][number]['targets']): Policy['steps'][number] => ({
  id,
  targets,
  roundRobin: false,
  delayMinutes: 5,
  when: { severities: [], hours: 'any' },
  priority: 'by-route',
});
const policy = {
  id: 'policy',
  name: 'critical',
  repeat: 0,
  steps: [
    step('one', [{ type: 'user', id: 'ann' }]),
    step('two', [
      { type: 'user', id: 'bob' },
      { type: 'user', id: 'cat' },
      { type: 'user', id: 'dan' },
    ]),
    step('three', [{ type: 'team', id: 'team' }]),
  ],
} as unknown as Policy;
const escalation: Escalation = {
  id: 'incident',
  version: 1,
  run: 1,
  status: 'waiting',
  reason: '',
  routeId: null,
  policyId: 'policy',
  policyVersion: 1,
  priority: 'default',
  step: 1,
  stepCount: 3,
  loop: 0,
  nextAt: '2026-11-21T14:05:00.000Z',
  acknowledgedBy: [],
  acknowledgementsNeeded: 1,
};

describe('the next step', () => {
  it('is named, with who stands behind it', () => {
    expect(nextStepOf(escalation, policy, { world, severity: 'sev2', atMs: now })).toMatchObject({
      kind: 'step',
      number: 2,
      names: 'bob, cat and dan',
      short: 'bob and 2 more',
      people: ['bob', 'cat', 'dan'],
    });
    expect(nextStepOf({ ...escalation, step: 2 }, policy, { world, severity: 'sev2', atMs: now })).toMatchObject({
      names: 'team web',
    });
  });

  it('passes over what is not for this severity or this hour', () => {
    const only = (when: Policy['steps'][number]['when']) =>
      ({
        ...policy,
        workingHours: { timeZone: 'UTC', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' },
        steps: [policy.steps[0], { ...policy.steps[1], when }, policy.steps[2]],
      }) as Policy;
    const number = (when: Policy['steps'][number]['when']) => {
      const next = nextStepOf(escalation, only(when), { world, severity: 'sev2', atMs: now });
      return next.kind === 'step' ? next.number : null;
    };
    // The sample's moment is a Saturday.
    expect(number({ severities: ['sev1'], hours: 'any' })).toBe(3);
    expect(number({ severities: ['sev2'], hours: 'outside' })).toBe(2);
    expect(number({ severities: [], hours: 'working' })).toBe(3);
  });

  it('is the first again after the last, and says so; what was stopped goes on where it stopped', () => {
    const ask = (change: Partial<Escalation>, repeat: number | null = 0) =>
      nextStepOf({ ...escalation, ...change }, { ...policy, repeat }, { world, severity: 'sev2', atMs: now });
    const first = { number: 1, names: 'ann', again: true, nextAt: null };
    expect(ask({ status: 'exhausted', step: 0, loop: 1 })).toMatchObject(first);
    // Everybody was paged, and the last of them still have time to answer.
    expect(ask({ step: 0, loop: 1 })).toMatchObject(first);
    expect(ask({ step: 0, loop: 1 }, 1)).toMatchObject({ number: 1, again: false, nextAt: escalation.nextAt });
    expect(ask({ step: 0, loop: 9 }, null)).toMatchObject({ number: 1, again: false });
    expect(ask({ status: 'stopped', step: 2 })).toMatchObject({ number: 3, again: false, nextAt: null });
    expect(ask({ status: 'stopped', step: 0, loop: 1 })).toMatchObject(first);
  });

  it('is none without a policy, and says why', () => {
    expect(
      nextStepOf({ ...escalation, policyId: null, reason: 'No route took it.' }, policy, {
        world,
        severity: 'sev2',
        atMs: now,
      }),
    ).toEqual({
      kind: 'none',
      why: 'No route took it.',
    });
    expect(nextStepOf(undefined, undefined, { world, severity: 'sev2', atMs: now }).kind).toBe('none');
  });
});

describe('phone numbers', () => {
  it('are those to call before those to text, each once, and people without any are named', () => {
    const method = { label: '', channelId: null, enabled: true, verifiedAt: null };
    const responders = new Map([
      [
        'ann',
        {
          contactMethods: [
            { ...method, id: '1', kind: 'sms', address: '+491' },
            { ...method, id: '2', kind: 'voice', address: '+492' },
            { ...method, id: '3', kind: 'voice', address: '+491' },
            { ...method, id: '4', kind: 'voice', address: '+493', enabled: false },
          ],
        } as unknown as Responder,
      ],
    ]);
    expect(phonesOf(['ann', 'bob', 'ann'], responders)).toEqual([
      { userId: 'ann', numbers: ['+492', '+491'] },
      { userId: 'bob', numbers: [] },
    ]);
  });
});
