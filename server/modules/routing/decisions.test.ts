import { describe, expect, it } from 'vitest';
import type { InhibitionDraft, RouteDraft } from '#server/contract/route.ts';
import type { RouteSubject } from '#server/expressions/cel.ts';
import { createPagingConfig } from '#server/modules/config/paging-config.ts';
import type { CheckWorld, StoredDocument } from '#server/modules/config/state.ts';
import { checkRoute, createInhibitionCheck } from '#server/modules/routing/checks.ts';
import { decideHold, type HoldInput } from '#server/modules/routing/decide-hold.ts';
import { decideRoute } from '#server/modules/routing/decide-route.ts';
import { causesOf } from '#server/modules/routing/inhibit.ts';
import { testId } from '#server/testkit/incidents.ts';

const subject = (service: string, labels: Record<string, string> = {}): RouteSubject => ({
  alert: { title: 'T', severity: 'sev2', service, source: 's', fingerprint: '', labels, annotations: {} },
  incident: { title: 'T', severity: 'sev2', services: [service], declared: false, alertCount: 1 },
});
const route = (n: number, condition: string, change: Partial<RouteDraft> = {}, builtIn = false) =>
  ({
    $document: `route/${n}@1`,
    kind: 'route',
    id: testId(n),
    version: 1,
    draft: {
      name: `route ${n}`,
      enabled: true,
      condition,
      policyId: testId(50 + n),
      priority: 'by-severity',
      channelIds: [],
      service: '',
      holdSeconds: 0,
      ...change,
    },
    state: { position: n, builtIn },
  }) as unknown as StoredDocument;
const inhibition = (n: number, cause: string, symptom: string, equal: string[] = []) => {
  const draft: InhibitionDraft = { name: `rule ${n}`, enabled: true, cause, symptom, equal };
  return {
    $document: `inhibition/${n}@1`,
    kind: 'inhibition',
    id: testId(n),
    version: 1,
    draft,
    state: {},
  } as unknown as StoredDocument;
};

describe('decideRoute', () => {
  it('takes the first that holds, and says of each other one why not', () => {
    const config = createPagingConfig(7, [
      route(1, 'alert.labels.env != "prod"'),
      route(2, 'alert.service == "search"'),
      route(3, 'true', { enabled: false }),
      route(4, 'alert.nonsense'),
      route(5, 'alert.service == "payments"', { holdSeconds: 10 }),
      route(6, 'true', {}, true),
    ]);
    const output = decideRoute({ subject: subject('payments', { env: 'prod' }), routes: config.list('route') });
    expect(output).toMatchObject({ position: 5, policyId: testId(55), priority: 'important', holdSeconds: 10 });
    expect(output.tried.map(({ result, why }) => [result, why.slice(0, 19)])).toEqual([
      ['no', 'env is prod'],
      ['no', 'service is payments'],
      ['off', ''],
      ['broken', 'There is no field "'],
      ['match', ''],
      ['not-reached', ''],
    ]);
    const empty = createPagingConfig(8, []);
    expect(decideRoute({ subject: subject('x'), routes: empty.list('route') })).toMatchObject({
      routeId: null,
      policyId: null,
    });
  });
});

describe('decideHold', () => {
  const rules = createPagingConfig(1, [
    inhibition(1, 'alert.service == "net"', 'alert.service != "net"', ['region']),
  ]).list('inhibition');
  const cause = {
    incidentId: 'c',
    number: 4,
    title: 'Net is down',
    subject: subject('net', { region: 'eu' }),
    held: false,
    restrictedTo: null,
  };
  const ask = (change: Partial<HoldInput>) =>
    decideHold({
      incidentId: 'i',
      subject: subject('payments', { region: 'eu' }),
      firing: 2,
      suppressed: 0,
      silences: [],
      inhibitions: rules,
      causes: [],
      ...change,
    });

  it('is held when every firing alert is silenced, and not by a part of them', () => {
    const silences = [{ id: 's', name: 'the silence “nightly”', suppresses: 2 }];
    expect(ask({ suppressed: 2, silences })).toMatchObject({ held: true, by: 'silence', silenceIds: ['s'] });
    expect(ask({ suppressed: 1, silences })).toMatchObject({ held: false, text: expect.stringContaining('1 of 2') });
    expect(ask({ firing: 0 })).toMatchObject({ held: false });
  });

  it('is held by an open cause with equal labels that is not held itself', () => {
    expect(ask({ causes: [cause] })).toMatchObject({
      held: true,
      by: 'inhibition',
      causeIncidentId: 'c',
      text: '“rule 1” holds it while INC-4 is open, same region eu',
    });
    expect(ask({ causes: [{ ...cause, held: true }] }).held).toBe(false);
    expect(ask({ causes: [{ ...cause, subject: subject('net', { region: 'us' }) }] }).held).toBe(false);
    expect(ask({ causes: [{ ...cause, incidentId: 'i' }] }).held).toBe(false);
  });

  it('of two that are cause and symptom both, neither holds the other', () => {
    const both = createPagingConfig(1, [inhibition(1, 'alert.title == "T"', 'alert.severity == "sev2"')]).list(
      'inhibition',
    );
    const open = { id: 'i', restrictedTo: null };
    expect(causesOf(both, open, subject('a'), [{ ...cause, subject: subject('b') }])).toEqual([]);
  });

  it('what is held is seen by nobody who may not see its cause', () => {
    const held = (restrictedTo: string[] | null, by: string[] | null) =>
      causesOf(rules, { id: 'i', restrictedTo }, subject('payments', { region: 'eu' }), [
        { ...cause, restrictedTo: by },
      ]).length === 1;
    expect([held(null, null), held(['a'], null), held(['a'], ['a', 'b'])]).toEqual([true, true, true]);
    expect([held(null, ['a']), held(['a', 'b'], ['a']), held(['b'], ['a'])]).toEqual([false, false, false]);
  });
});

describe('checks', () => {
  const worldOf = (documents: StoredDocument[], id: string): CheckWorld => ({
    id,
    config: createPagingConfig(1, documents),
    at: '2026-11-23T12:00:00.000Z',
    users: new Map(),
    teams: new Map(),
  });
  const check = async (documents: StoredDocument[], recent: RouteSubject[] = []) => {
    const last = documents.at(-1) as unknown as StoredDocument<'inhibition'>;
    const findings = await createInhibitionCheck(() => Promise.resolve(recent))(
      last.draft,
      worldOf(documents, last.id),
    );
    return findings.map((finding) => `${finding.level} ${finding.code}: ${finding.text}`);
  };

  it('names a circle of inhibitions, in the text and in what came in', async () => {
    const [a, b, c] = ['alert.service == "a"', 'alert.service == "b"', 'alert.service == "c"'] as const;
    expect(await check([inhibition(1, a, a)])).toEqual([expect.stringMatching(/^error cycle/)]);
    expect(await check([inhibition(1, a, b), inhibition(2, b, c)])).toEqual([]);
    expect(await check([inhibition(1, a, b), inhibition(2, b, c), inhibition(3, c, a)])).toEqual([
      'error cycle: These inhibitions go around in a circle: “rule 3” → “rule 1” → “rule 2” → “rule 3”. Narrow a cause or a symptom.',
    ]);
    const wide = [inhibition(1, a, 'alert.severity == "sev2"'), inhibition(2, b, 'alert.title == "T"')];
    expect(await check(wide, [subject('a'), subject('b')])).toEqual([
      expect.stringMatching(/^warning cycle.*“rule 2” → “rule 1” → “rule 2”/),
    ]);
    expect(await check(wide, [subject('c')])).toEqual([]);
  });

  it('a route needs a condition that can be read, a policy that is there and channels that are', async () => {
    const codes = async (change: Partial<RouteDraft>) => {
      const draft = (route(1, 'true', change) as unknown as StoredDocument<'route'>).draft;
      return (await checkRoute(draft, worldOf([], testId(1)))).map((finding) => `${finding.level} ${finding.code}`);
    };
    expect(await codes({ policyId: null })).toEqual(['warning nobody']);
    expect(await codes({})).toEqual(['error unknown-policy']);
    expect(await codes({ policyId: null, condition: 'alert.x', channelIds: [testId(3)] })).toEqual([
      'error condition',
      'warning nobody',
      'error unknown-channel',
    ]);
  });
});
