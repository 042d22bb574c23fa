import { describe, expect, it } from 'vitest';
import type { ConfigKind, DraftOf } from '#server/contract/config.ts';
import type { PolicyDraft } from '#server/contract/policy.ts';
import type { RouteDraft } from '#server/contract/route.ts';
import { createPagingConfig, firstState } from '#server/modules/config/paging-config.ts';
import type { StateOf, StoredDocument } from '#server/modules/config/state.ts';
import { decideRecipients } from '#server/modules/escalation/decide-recipients.ts';
import { decideStep } from '#server/modules/escalation/decide-step.ts';
import { compareTrials } from '#server/modules/routing/compare-trials.ts';
import { type PastIncident, replayPaging, type TrialWorld } from '#server/modules/routing/time-machine.ts';
import { testId } from '#server/testkit/incidents.ts';

const [ann, ben, schedule, policy] = [testId(1), testId(2), testId(20), testId(30)];
const minute = (n: number) => new Date(Date.UTC(2026, 10, 1) + n * 60_000).toISOString();

function stored<K extends ConfigKind>(kind: K, id: string, draft: DraftOf<K>, state: StateOf<K> = firstState(kind)) {
  const at = minute(0);
  const about = { version: 1, bodyVersion: 1, findings: [], origin: 'ui', updatedAt: at, updatedBy: null } as const;
  return { $document: `${kind}/${id}@1`, kind, id, draft, state, ...about } as unknown as StoredDocument;
}
const route = (n: number, fields: Partial<RouteDraft>, builtIn = false) => {
  const draft: RouteDraft = {
    name: `route ${n}`,
    enabled: true,
    condition: 'true',
    policyId: policy,
    priority: 'by-severity',
    channelIds: [],
    service: '',
    holdSeconds: 0,
    ...fields,
  };
  return stored('route', testId(100 + n), draft, { position: n, builtIn });
};
const aPolicy = (
  steps: { target: { type: 'user' | 'schedule'; id: string }; delay: number }[],
  fields: Partial<PolicyDraft> = {},
) =>
  stored('policy', policy, {
    name: 'payments',
    description: '',
    teamId: null,
    steps: steps.map(({ target, delay }, n) => ({
      id: testId(40 + n),
      targets: [target],
      roundRobin: false,
      delayMinutes: delay,
      when: { severities: [], hours: 'any' },
      priority: 'by-route',
    })),
    repeat: 0,
    acknowledgementsNeeded: 1,
    pageAgain: 'severity-rises',
    workingHours: null,
    ...fields,
  });
const twoSteps = () =>
  aPolicy([
    { target: { type: 'user', id: ann }, delay: 5 },
    { target: { type: 'user', id: ben }, delay: 5 },
  ]);

function world(documents: StoredDocument[], onCall: TrialWorld['onCall'] = () => []): TrialWorld {
  const person = (id: string) => ({ id, name: id, disabled: false, teamIds: [] });
  return {
    config: createPagingConfig(1, documents),
    people: [ann, ben].map(person),
    teams: [],
    onCall,
    decideStep,
    decideRecipients,
  };
}
const incident = (n: number, fields: Partial<PastIncident> & { service?: string } = {}): PastIncident => {
  const { service = 'payments', ...rest } = fields;
  const about = { title: `incident ${n}`, severity: 'sev2' } as const;
  const alert = { ...about, service, source: 'generic', fingerprint: '', labels: {}, annotations: {} };
  const subject = { alert, incident: { ...about, services: [service], declared: false, alertCount: 1 } };
  return {
    id: testId(1_000 + n),
    number: n,
    ...about,
    startedAt: minute(n * 60),
    acknowledgements: [],
    endedAt: null,
    restrictedTo: null,
    subject,
    ...rest,
  };
};
const run = async (of: TrialWorld, incidents: PastIncident[], until = minute(10_000)) => {
  const outcomes = await replayPaging(of, incidents, until);
  return incidents.map((one) =>
    (outcomes.get(one.id)?.pages ?? []).map(
      (page) =>
        `${page.userId === ann ? 'ann' : page.userId === ben ? 'ben' : 'channel'} ${(Date.parse(page.at) - Date.parse(one.startedAt)) / 60_000}`,
    ),
  );
};

describe('a replay', () => {
  it('pages step by step until the real acknowledgement, or the real end', async () => {
    const of = world([route(0, {}, true), twoSteps()]);
    expect(
      await run(of, [
        incident(1),
        incident(2, { acknowledgements: [{ userId: ann, at: minute(123) }] }),
        incident(3, { endedAt: minute(180) }),
      ]),
    ).toEqual([['ann 0', 'ben 5'], ['ann 0'], []]);
  });

  it('waits for as many acknowledgements as the policy needs, and leaves alone who gave one', async () => {
    const of = world([
      route(0, {}, true),
      aPolicy(
        [
          { target: { type: 'user', id: ann }, delay: 5 },
          { target: { type: 'user', id: ben }, delay: 5 },
        ],
        { repeat: 1, acknowledgementsNeeded: 2 },
      ),
    ]);
    const acknowledgements = [
      { userId: ann, at: minute(61) },
      { userId: ben, at: minute(72) },
    ];
    expect(await run(of, [incident(1, { acknowledgements })])).toEqual([['ann 0', 'ben 5']]);
  });

  it('asks who was on call then, and names a gap', async () => {
    const of = world(
      [
        route(0, {}, true),
        aPolicy([{ target: { type: 'schedule', id: schedule }, delay: 5 }]),
        stored('schedule', schedule, { name: 'primary', description: '', teamId: null, timeZone: 'UTC', layers: [] }),
      ],
      (_id, at) => (at < minute(100) ? [ben] : []),
    );
    expect(await run(of, [incident(1), incident(2)])).toEqual([['ben 0'], []]);
    const outcomes = await replayPaging(of, [incident(2)], minute(10_000));
    expect(outcomes.get(incident(2).id)?.reason).toContain('primary nobody is on call');
  });

  it('holds a symptom while its cause is open, and lets it go when that ends', async () => {
    const inhibition = stored('inhibition', testId(60), {
      name: 'database first',
      enabled: true,
      cause: 'alert.service == "db"',
      symptom: 'alert.service == "web"',
      equal: [],
    });
    const of = world([route(0, {}, true), twoSteps(), inhibition]);
    const cause = incident(1, {
      service: 'db',
      endedAt: minute(150),
      acknowledgements: [{ userId: ann, at: minute(61) }],
    });
    expect(await run(of, [cause, incident(2, { service: 'web' })])).toEqual([['ann 0'], ['ann 30', 'ben 35']]);
    const over = incident(2, { service: 'web', endedAt: minute(140) });
    expect(await run(of, [cause, over])).toEqual([['ann 0'], []]);
  });

  it('ends, also when a policy goes on until somebody acknowledges and nobody ever did', async () => {
    const [pages] = await run(
      world([route(0, {}, true), aPolicy([{ target: { type: 'user', id: ann }, delay: 1 }], { repeat: null })]),
      [incident(1)],
      minute(1e6),
    );
    expect(pages).toHaveLength(100);
  });
});

describe('two replays compared', () => {
  it('say what is added, removed and missed, and for whom', async () => {
    const incidents = [incident(1), incident(2, { service: 'search' }), incident(3)];
    const routes = (policyId: string | null) => [
      route(0, { condition: 'alert.service == "search"', policyId }),
      route(1, {}, true),
    ];
    const before = await replayPaging(world([...routes(policy), twoSteps()]), incidents, minute(10_000));
    const quiet = await replayPaging(world([...routes(null), twoSteps()]), incidents, minute(10_000));
    const trial = compareTrials(incidents, before, quiet);
    expect(trial).toMatchObject({ pagesBefore: 6, pagesAfter: 4, added: 0, removed: 2, missed: 1 });
    expect(trial.people).toEqual([
      { userId: ann, before: 3, after: 2 },
      { userId: ben, before: 3, after: 2 },
    ]);
    expect(trial.samples.map((sample) => [sample.number, sample.reasonAfter])).toEqual([
      [2, 'route 1 “route 0” pages nobody'],
    ]);
    expect(compareTrials(incidents, quiet, before)).toMatchObject({ added: 2, removed: 0, missed: 0 });
    expect(compareTrials(incidents, before, before)).toMatchObject({ added: 0, removed: 0, missed: 0, samples: [] });
  });
});
