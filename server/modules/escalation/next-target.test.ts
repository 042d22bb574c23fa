import { expect, it } from 'vitest';
import type { EscalationStep, PolicyDraft } from '#server/contract/policy.ts';
import type { PagingConfig } from '#server/modules/config/state.ts';
import { nextTargetInWords } from '#server/modules/escalation/next-target.ts';
import { noticed } from '#server/modules/escalation/notice.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';

const at = '2026-11-21T12:00:00.000Z';
const [ada, bo, cy, web] = [testId(1), testId(2), testId(3), testId(9)];
const [primary, nights, hook] = [testId(11), testId(12), testId(13)];
const step = (n: number, targets: EscalationStep['targets'], change: Partial<EscalationStep> = {}): EscalationStep => ({
  id: testId(100 + n),
  targets,
  roundRobin: false,
  delayMinutes: 5,
  when: { severities: [], hours: 'any' },
  priority: 'by-route',
  ...change,
});
const user = (id: string) => ({ type: 'user' as const, id });
const schedule = (id: string) => ({ type: 'schedule' as const, id });
const steps = [step(1, [schedule(primary)]), step(2, [user(bo), user(cy)])];
const running: EscalationState = {
  ...noticed(null, anIncident({ id: testId(50) }), at).next,
  run: 1,
  routeId: testId(60),
  policyId: testId(61),
  step: 1,
  stepId: testId(102),
  stepCount: 2,
};

function ask(state: Partial<EscalationState>, draft: Partial<PolicyDraft> = {}, away: string[] = []): string | null {
  const policy = { name: 'critical', steps, repeat: 0, workingHours: null, ...draft };
  const documents: Record<string, unknown> = {
    [testId(61)]: { draft: policy },
    [primary]: { draft: { name: 'primary' } },
    [nights]: { draft: { name: 'nights' } },
    [hook]: { draft: { name: 'Hook', enabled: true } },
  };
  const config = { get: (_kind: string, id: string) => documents[id] ?? null } as unknown as PagingConfig;
  const named = (name: string, id: string) => [id, { name, disabled: away.includes(id), teamIds: [web] }] as const;
  return nextTargetInWords({ ...running, ...state }, at, {
    config,
    people: new Map([named('Ada', ada), named('Bo', bo), named('Cy', cy)]),
    teams: new Map([[web, { name: 'web' }]]),
    onCall: (id) => (id === primary ? [ada] : []),
  });
}
const done = { step: 0, stepId: null, loop: 1 };

it('names whom the step that is left reaches, and whose turn it may be', () => {
  expect(ask({})).toBe('Bo and Cy');
  expect(ask({ step: 0, stepId: testId(101) })).toBe('Ada (primary)');
  expect(ask({ acknowledgedBy: [bo] })).toBe('Cy');
  expect(ask({}, { steps: [steps[0]!, step(2, [user(bo), user(cy)], { roundRobin: true })] })).toBe('one of Bo and Cy');
  const team = step(2, [
    { type: 'team', id: web },
    { type: 'channel', id: hook },
  ]);
  expect(ask({}, { steps: [steps[0]!, team] })).toBe('web and Hook');
  expect(ask({ status: 'stopped', acknowledgedBy: [bo] })).toBe('Bo and Cy');
});

it('says that it begins with the first step again where none is left', () => {
  expect(ask(done)).toBe('Ada (primary), from the first step again');
  expect(ask(done, { repeat: 1 })).toBe('Ada (primary)');
  expect(ask({ ...done, status: 'exhausted' })).toBe('Ada (primary), from the first step again');
  expect(ask({ ...done, status: 'stopped' })).toBe('Ada (primary), from the first step again');
  // The step that is left is for another severity.
  const sev1 = step(2, [user(bo)], { when: { severities: ['sev1'], hours: 'any' } });
  expect(ask({}, { steps: [steps[0]!, sev1] })).toBe('Ada (primary), from the first step again');
});

it('passes over who is not there, and says who is paged instead of nobody', () => {
  const empty = [step(1, [schedule(nights)]), step(2, [user(bo)])];
  expect(ask({ step: 0, stepId: testId(101) }, { steps: empty })).toBe('Bo');
  const instead = 'every administrator, because no step of critical reaches anybody now';
  expect(ask({}, {}, [bo, cy])).toBe(instead);
  expect(ask({ audience: [web] }, {}, [bo, cy])).toMatch(/^everybody of its teams, because/);
  expect(ask({ fallbackRun: 1 }, {}, [bo, cy])).toMatch(/^nobody: .* every administrator was paged already$/);
  expect(ask({ ...done, fallbackRun: 1 }, { steps: empty }, [bo])).toBe(instead);
  expect(ask({ policyId: null, routeId: null })).toBe('every administrator, because it has no policy');
  expect(ask({ policyId: null, status: 'nobody', reason: 'the route “x” pages nobody' })).toBe(
    'nobody: the route “x” pages nobody',
  );
  expect(ask({}, { steps: [step(1, [user(bo)], { when: { severities: ['sev1'], hours: 'any' } })] })).toMatch(
    /^nobody: no step of critical is for severity \d now$/,
  );
  expect(ask({ run: 0 })).toBeNull();
});
