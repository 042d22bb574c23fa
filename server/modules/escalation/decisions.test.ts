import { describe, expect, it } from 'vitest';
import type { EscalationStep, PolicyDraft } from '#server/contract/policy.ts';
import { createPagingConfig } from '#server/modules/config/paging-config.ts';
import type { CheckWorld, StoredDocument } from '#server/modules/config/state.ts';
import { checkPolicy } from '#server/modules/escalation/check-policy.ts';
import { decideRecipients, type RecipientsInput } from '#server/modules/escalation/decide-recipients.ts';
import { decideStep, type StepInput, type StepOutput } from '#server/modules/escalation/decide-step.ts';
import { decideStop, type StopInput } from '#server/modules/escalation/decide-stop.ts';
import { isWorkingTime } from '#server/modules/escalation/working-hours.ts';
import { testId } from '#server/testkit/incidents.ts';

const at = '2026-11-23T12:00:00.000Z';
const aStep = (n: number, change: Partial<EscalationStep> = {}): EscalationStep => ({
  id: testId(n),
  targets: [{ type: 'user', id: testId(100 + n) }],
  roundRobin: false,
  delayMinutes: 5,
  when: { severities: [], hours: 'any' },
  priority: 'by-route',
  ...change,
});
const aPolicy = (change: Partial<PolicyDraft> = {}, version = 1) => {
  const draft: PolicyDraft = {
    name: 'p',
    description: '',
    teamId: null,
    steps: [aStep(1), aStep(2), aStep(3)],
    repeat: 1,
    acknowledgementsNeeded: 1,
    pageAgain: 'severity-rises',
    workingHours: null,
    ...change,
  };
  return {
    $document: `policy/p@${version}`,
    kind: 'policy',
    id: 'p',
    version,
    draft,
  } as unknown as StoredDocument<'policy'>;
};
const ask = (change: Partial<StepInput>): StepOutput =>
  decideStep({
    policy: aPolicy(),
    place: { stepId: null, index: 0, loop: 0 },
    severity: 'sev2',
    dueAt: at,
    at,
    turns: {},
    ...change,
  });
const office = { timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' };

describe('decideStep', () => {
  it('goes from step to step and loop to loop, and is exhausted after the last repeat', () => {
    let place: StepInput['place'] | undefined = { stepId: null, index: 0, loop: 0 };
    let dueAt = at;
    const done: string[] = [];
    while (place !== undefined) {
      const output = ask({ place, dueAt });
      if (output.result !== 'fire') break;
      done.push(`${output.loop}.${output.index}`);
      place = output.next?.place;
      dueAt = output.next?.dueAt ?? dueAt;
    }
    expect(done).toEqual(['0.0', '0.1', '0.2', '1.0', '1.1', '1.2']);
    expect(dueAt).toBe('2026-11-23T12:25:00.000Z');
    expect(ask({ place: { stepId: null, index: 0, loop: 2 } }).result).toBe('exhausted');
    const forever = aPolicy({ repeat: null });
    expect(ask({ policy: forever, place: { stepId: null, index: 0, loop: 999 } }).result).toBe('fire');
  });

  it('finds its place by id after an edit; a deleted step gives it to the one now there, else to the next loop', () => {
    const edited = aPolicy({ steps: [aStep(9), aStep(1), aStep(3)] }, 2);
    expect(ask({ policy: edited, place: { stepId: testId(3), index: 2, loop: 0 } })).toMatchObject({
      index: 2,
      loop: 0,
    });
    expect(ask({ policy: edited, place: { stepId: testId(1), index: 0, loop: 0 } })).toMatchObject({
      index: 1,
      loop: 0,
    });
    expect(ask({ policy: edited, place: { stepId: testId(2), index: 1, loop: 0 } })).toMatchObject({
      index: 1,
      loop: 0,
    });
    const short = aPolicy({ steps: [aStep(1)] }, 3);
    expect(ask({ policy: short, place: { stepId: testId(3), index: 2, loop: 0 } })).toMatchObject({
      index: 0,
      loop: 1,
    });
  });

  it('passes over what is for another severity or hour, and says why', () => {
    const steps = [
      aStep(1, { when: { severities: ['sev1'], hours: 'any' } }),
      aStep(2, { when: { severities: [], hours: 'outside' } }),
      aStep(3),
    ];
    const policy = aPolicy({ steps, workingHours: office });
    const output = ask({ policy });
    expect(output).toMatchObject({ result: 'fire', index: 2 });
    expect(output.skipped.map((skipped) => skipped.why)).toEqual([
      'it is for severity 1, and this is severity 2',
      'it is for outside working hours, and these are not',
    ]);
    expect(ask({ policy, at: '2026-11-23T20:00:00.000Z' })).toMatchObject({ index: 1 });
    expect(ask({ policy, severity: 'sev1' })).toMatchObject({ index: 0 });
  });

  it('tells a policy that waits for its hours from one that is for no such severity', () => {
    const office1 = aPolicy({
      steps: [aStep(1, { when: { severities: [], hours: 'working' } })],
      workingHours: office,
    });
    expect(ask({ policy: office1, at: '2026-11-23T20:00:00.000Z' })).toMatchObject({ result: 'none', until: 'hours' });
    const sev1 = aPolicy({ steps: [aStep(1, { when: { severities: ['sev1'], hours: 'any' } })], repeat: 0 });
    expect(ask({ policy: sev1 })).toMatchObject({ result: 'none', until: 'severity' });
  });

  it('takes one target of a round-robin step, and never loops without any wait', () => {
    const targets = [1, 2, 3].map((n) => ({ type: 'user' as const, id: testId(n) }));
    const policy = aPolicy({ steps: [aStep(1, { targets, roundRobin: true, delayMinutes: 0 })], repeat: null });
    const output = ask({ policy, turns: { [testId(1)]: 4 } });
    expect(output).toMatchObject({
      targets: [targets[1]],
      turn: { index: 1, of: 3 },
      next: { dueAt: '2026-11-23T12:01:00.000Z' },
    });
  });
});

describe('isWorkingTime', () => {
  it.each([
    [office, '2026-11-23T08:00:00.000Z', true],
    [office, '2026-11-23T07:59:59.999Z', false],
    [office, '2026-11-23T16:00:00.000Z', false],
    [office, '2026-11-22T10:00:00.000Z', false],
    // Summer time: 09:00 in Berlin is 07:00 UTC.
    [office, '2026-07-06T07:00:00.000Z', true],
    [{ ...office, from: '22:00', to: '06:00' }, '2026-11-24T04:59:00.000Z', true],
    [{ ...office, days: [5], from: '22:00', to: '06:00' }, '2026-11-28T03:00:00.000Z', true],
    [{ ...office, days: [6], from: '22:00', to: '06:00' }, '2026-11-28T03:00:00.000Z', false],
  ])('%o at %s: %s', (hours, instant, expected) => {
    expect(isWorkingTime(hours, instant)).toBe(expected);
  });
});

describe('decideStop', () => {
  const input = (change: Partial<StopInput>): StopInput => ({
    incident: { status: 'triggered', severity: 'sev2', alertCount: 1 },
    seen: { status: 'triggered', severity: 'sev2', alertCount: 1 },
    paging: { status: 'waiting', run: 1, acknowledgedBy: [], acknowledgementsNeeded: 1 },
    pageAgain: 'severity-rises',
    acknowledgement: null,
    ...change,
  });
  const acknowledged = { status: 'acknowledged', severity: 'sev2', alertCount: 1 } as const;
  const stopped = { status: 'stopped', run: 1, acknowledgedBy: ['a'], acknowledgementsNeeded: 1 } as const;

  it.each<[string, Partial<StopInput>, string, string | null]>([
    ['nothing happened', {}, 'go-on', null],
    [
      'it opened',
      { paging: { status: 'waiting', run: 0, acknowledgedBy: [], acknowledgementsNeeded: 1 } },
      'begin',
      'opened',
    ],
    ['it was reopened', { paging: { ...stopped, acknowledgedBy: [] } }, 'begin', 'reopened'],
    ['it was resolved', { incident: { ...acknowledged, status: 'resolved' } }, 'stop', 'resolved'],
    [
      'acknowledged, a rise',
      {
        incident: { ...acknowledged, severity: 'sev1' },
        seen: acknowledged,
        paging: { ...stopped, acknowledgedBy: ['a'] },
      },
      'begin',
      'severity-rose',
    ],
    [
      'acknowledged, a fall',
      {
        incident: { ...acknowledged, severity: 'sev3' },
        seen: acknowledged,
        paging: { ...stopped, acknowledgedBy: ['a'] },
      },
      'rest',
      null,
    ],
    [
      'acknowledged, another alert',
      {
        incident: { ...acknowledged, alertCount: 2 },
        seen: acknowledged,
        paging: { ...stopped, acknowledgedBy: ['a'] },
      },
      'rest',
      null,
    ],
    [
      'the same where each alert pages',
      {
        incident: { ...acknowledged, alertCount: 2 },
        seen: acknowledged,
        paging: { ...stopped, acknowledgedBy: ['a'] },
        pageAgain: 'every-alert',
      },
      'begin',
      'new-alert',
    ],
    [
      'exhausted, a rise',
      {
        incident: { status: 'triggered', severity: 'sev1', alertCount: 1 },
        paging: { status: 'exhausted', run: 1, acknowledgedBy: [], acknowledgementsNeeded: 1 },
      },
      'begin',
      'severity-rose',
    ],
  ])('%s', (_name, change, action, cause) => {
    expect(decideStop(input(change))).toMatchObject({ action, cause });
  });

  it('counts different people until there are enough', () => {
    const paging = { status: 'waiting', run: 1, acknowledgedBy: ['a'], acknowledgementsNeeded: 2 } as const;
    const by = (userId: string) =>
      decideStop(input({ paging: { ...paging, acknowledgedBy: ['a'] }, acknowledgement: { userId, name: 'X' } }));
    expect(by('a')).toMatchObject({ action: 'go-on', acknowledgedBy: ['a'] });
    expect(by('b')).toMatchObject({ action: 'stop', acknowledgedBy: ['a', 'b'] });
  });
});

describe('decideRecipients', () => {
  it('says of everybody who was asked for why he is paged or not', () => {
    const input: RecipientsInput = {
      targets: [
        { type: 'schedule', id: 's' },
        { type: 'user', id: 'a' },
        { type: 'team', id: 't' },
        { type: 'user', id: 'gone' },
        { type: 'channel', id: 'c' },
        { type: 'schedule', id: 'empty' },
      ],
      schedules: [
        { id: 's', name: 'primary', userIds: ['a'] },
        { id: 'empty', name: 'nights', userIds: [] },
      ],
      teams: [{ id: 't', name: 'Payments', memberIds: ['a', 'b', 'd', 'e'] }],
      people: ['a', 'b', 'd', 'e'].map((id) => ({ id, name: id.toUpperCase(), disabled: id === 'd', teamIds: [] })),
      channels: [{ id: 'c', name: 'Hook', enabled: false }],
      acknowledgedBy: ['b'],
      pagedNow: { userIds: ['e'], channelIds: [] },
      restrictedTo: null,
    };
    const output = decideRecipients(input);
    expect(output.people).toEqual([{ id: 'a', name: 'A', why: 'on call in primary' }]);
    expect(output.channels).toEqual([]);
    expect(output.notPaged.map(({ name, why }) => `${name}: ${why}`)).toEqual([
      'A: named in the step; asked for already in this step',
      'A: member of Payments; asked for already in this step',
      'B: member of Payments; has acknowledged',
      'D: member of Payments; the account is disabled',
      'E: member of Payments; paged a moment ago by an earlier step',
      'somebody who has left: named in the step; there is no such person any more',
      'Hook: the channel is switched off',
      'nights: nobody is on call',
    ]);
    expect(decideRecipients({ ...input, restrictedTo: ['team'] }).people).toEqual([]);
  });
});

describe('checkPolicy', () => {
  const users = new Map([
    [testId(101), { id: testId(101), name: 'Bo', login: 'bo', disabled: false, teamIds: [] }],
    [testId(102), { id: testId(102), name: 'Di', login: 'di', disabled: true, teamIds: [] }],
  ]);
  const world: CheckWorld = { id: 'p', config: createPagingConfig(1, []), at, users, teams: new Map() };
  const codes = async (change: Partial<PolicyDraft>) =>
    (await checkPolicy(aPolicy(change).draft, world)).map((finding) => `${finding.level} ${finding.code}`);

  it('refuses what can page nobody or names what is not there, and warns of the rest', async () => {
    expect(await codes({ steps: [aStep(1)] })).toEqual([]);
    expect(await codes({ steps: [aStep(2)] })).toEqual([
      'warning disabled-user',
      'warning step-reaches-nobody',
      'error nobody',
    ]);
    expect(await codes({ steps: [aStep(1), aStep(3)] })).toContain('error unknown-user');
    expect(await codes({ steps: [aStep(1, { when: { severities: ['sev1'], hours: 'any' } })] })).toEqual([
      'warning severity-nobody',
    ]);
    const working = { severities: [], hours: 'working' as const };
    expect(await codes({ steps: [aStep(1, { when: working })], workingHours: office })).toEqual(['warning hours-wait']);
    expect(await codes({ steps: [aStep(1, { when: working })] })).toEqual(['warning no-working-hours']);
  });
});
