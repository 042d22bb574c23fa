// S5 and S6 against the whole server: what is restricted to a team reaches its members, whatever their role, and nobody
// else, whatever theirs. Every procedure has its line here; one without a line fails.
import type { AnyTRPCProcedure } from '@trpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metaOf } from '#server/api/rest.ts';
import { createRouter, type Services } from '#server/api/router.ts';
import { Action, type Action as ActionType, actionPolicies, type IntentResult } from '#server/contract/intent.ts';
import { PermissionRole, permissionRoles, roleAtLeast } from '#server/contract/people.ts';
import { startTestApp, type TestApp, type TestPerson } from '#server/testkit/app.ts';

/** Stands in everything that is restricted, and in nothing else. */
const canary = 'canary-5f0c2b9e';
let app: TestApp;
let incidentId: string;
let alertId: string;
let sourceKey: string;
let taskId: string;
let entryId: string;
let otherIncidentId: string;
/** Of the person inside who was paged, while everybody could see the incident. */
let pageId: string;
let notificationId: string;
let policyId: string;
const inside: Partial<Record<PermissionRole, TestPerson>> = {};
let redTeam: string;
const outside: Partial<Record<PermissionRole, TestPerson>> = {};
const id = () => crypto.randomUUID();
const alertFilter = { text: '', severities: [], statuses: [], marks: [], services: [], sources: [], incidentId: null };

beforeAll(async () => {
  app = await startTestApp();
  const team = (name: string) => app.rest<{ id: string }>(app.adminKey, 'POST', '/api/v1/teams', { name });
  const [red, blue] = [await team('Red'), await team('Blue')];
  redTeam = red.id;
  for (const role of permissionRoles) {
    inside[role] = await app.person(role, [red.id]);
    outside[role] = await app.person(role, [blue.id]);
  }
  const { key } = await app.rest<{ key: string }>(app.adminKey, 'POST', '/api/v1/integrations', {
    name: 'Source',
    kind: 'generic',
  });
  sourceKey = key;
  await pageBoth();
  await app.rest(key, 'POST', '/webhooks/generic', {
    title: `Disk of ${canary} is full`,
    severity: 'sev2',
    service: canary,
    dedupKey: canary,
    labels: { env: canary },
  });
  const { items } = await until(
    () =>
      app.rest<{ items: { id: string; incidentId: string | null }[] }>(
        app.adminKey,
        'GET',
        `/api/v1/alerts?service=${canary}`,
      ),
    (page) => page.items.some((item) => item.incidentId !== null),
  );
  alertId = items[0]?.id ?? '';
  incidentId = items[0]?.incidentId ?? '';
  const pages = await pagesOf(incidentId, 2);
  const own = pages.find((page) => page.userId === inside.responder?.userId);
  pageId = own?.id ?? '';
  notificationId = own?.notifications.find((one) => one.via === 'desktop')?.id ?? '';

  // It was everybody's until now, so this also tries that what they could see is taken from them.
  await applied(insider(), { kind: 'incident.restrict', incidentId, restrictedTo: [red.id] });
  const other = { title: 'Everybody may see this', severity: 'sev2' };
  otherIncidentId = (await app.rest<{ id: string }>(insider(), 'POST', '/api/v1/incidents', other)).id;
  taskId = id();
  entryId = id();
  for (const action of [
    { kind: 'task.add', incidentId, taskId, title: `Rotate ${canary}`, ownerId: null, dueAt: null },
    { kind: 'incident.note', incidentId, entryId, text: `Seen on ${canary}`, at: null },
  ] satisfies ActionType[]) {
    await applied(insider(), action);
  }
}, 120_000);

afterAll(() => app?.stop());

async function intent(bearer: string, action: ActionType): Promise<IntentResult> {
  const { text } = await app.call(bearer, 'mutation', 'intents.submit', {
    intents: [
      {
        id: id(),
        at: new Date(performance.timeOrigin + performance.now()).toISOString(),
        baseVersion: null,
        dependsOn: null,
        action,
      },
    ],
  });
  return (JSON.parse(text) as { result: { data: IntentResult[] } }).result.data[0] as IntentResult;
}

interface ShownPage {
  id: string;
  userId: string;
  notifications: { id: string; via: string }[];
}

function pagesOf(incident: string, count: number): Promise<ShownPage[]> {
  return until(
    async () =>
      (await app.rest<{ items: ShownPage[] }>(inside.admin?.bearer ?? '', 'GET', `/api/v1/pages?incident=${incident}`))
        .items,
    (pages) => pages.length >= count,
  );
}

function insider(): string {
  return (inside.manager as TestPerson).bearer;
}

const twoPeople = () => [inside.responder, outside.responder].map((person) => ({ type: 'user', id: person?.userId }));

/** A step pages one person of each team. */
function policyDraft(targets: readonly unknown[]) {
  return {
    name: 'Both teams',
    teamId: null,
    steps: [
      {
        id: '00000000-0000-7000-8000-0000000000f1',
        targets,
        roundRobin: false,
        delayMinutes: 60,
        when: { severities: [], hours: 'any' },
        priority: 'by-route',
      },
    ],
    repeat: 0,
    acknowledgementsNeeded: 1,
    pageAgain: 'severity-rises',
    workingHours: null,
  };
}

async function pageBoth(): Promise<void> {
  policyId = id();
  const documents: [string, unknown][] = [
    [policyId, { kind: 'policy', draft: policyDraft(twoPeople()) }],
    [
      id(),
      {
        kind: 'route',
        draft: {
          name: 'All',
          enabled: true,
          condition: 'true',
          policyId,
          priority: 'important',
          channelIds: [],
          holdSeconds: 0,
        },
      },
    ],
    [
      id(),
      {
        kind: 'inhibition',
        draft: {
          name: 'Cause and symptom',
          enabled: true,
          cause: 'alert.labels["part"] == "cause"',
          symptom: 'alert.labels["part"] == "symptom"',
          equal: [],
        },
      },
    ],
  ];
  for (const [documentId, document] of documents) {
    await applied(insider(), Action.parse({ kind: 'config.save', documentId, document }));
  }
}

/** An alert of that service, and the incident it opens. */
async function alerted(service: string, labels: Record<string, string> = {}): Promise<string> {
  await app.rest(sourceKey, 'POST', '/webhooks/generic', {
    title: `Trouble of ${service}`,
    severity: 'sev2',
    service,
    dedupKey: service,
    labels,
  });
  const { items } = await until(
    () =>
      app.rest<{ items: { incidentId: string | null }[] }>(
        inside.admin?.bearer ?? '',
        'GET',
        `/api/v1/alerts?service=${service}`,
      ),
    (page) => page.items.some((item) => item.incidentId !== null),
  );
  return items[0]?.incidentId ?? '';
}

async function applied(bearer: string, action: ActionType): Promise<void> {
  const result = await intent(bearer, action);
  if (result.outcome !== 'applied') throw new Error(`${action.kind}: ${JSON.stringify(result)}`);
}

interface Asked {
  kind: 'query' | 'mutation';
  input: () => unknown;
  missing: 404 | 'left out';
  /** What a member finds in the answer, where that is not the canary. */
  shows?: () => string;
  /** The member who asks; the admin when it is left out. */
  by?: PermissionRole;
}

/** How a procedure is asked for what is restricted. `none`: it shows and touches nothing of incidents, alerts or teams. */
type Probe = Asked | { kind: 'stream' } | { kind: 'by action' } | { kind: 'none' };

const byIncident: Probe = { kind: 'query', input: () => ({ id: incidentId }), missing: 404 };
const act: Probe = { kind: 'mutation', input: () => ({ id: incidentId, baseVersion: null }), missing: 404 };
const none: Probe = { kind: 'none' };
const rule = {
  name: 'Trial',
  enabled: true,
  condition: 'true',
  keys: ['service'],
  windowSeconds: 60,
  minimumCount: 1,
  titleTemplate: '{{title}}',
  severityMap: {},
  resolvePolicy: 'all',
  reopenSeconds: 0,
};

const query = (input: () => unknown, missing: Asked['missing'], shows?: () => string): Asked => ({
  kind: 'query',
  input,
  missing,
  ...(shows === undefined ? {} : { shows }),
});
const span = () => ({ from: at(-3_600_000), to: at(3_600_000) });
const at = (ms: number) => new Date(performance.timeOrigin + performance.now() + ms).toISOString();
const onlyInside = () => [
  {
    op: 'save',
    id: policyId,
    document: {
      kind: 'policy',
      draft: policyDraft([{ type: 'user', id: inside.viewer?.userId }]),
    },
  },
];
const ofIt = () => incidentId;

const probes: Record<string, Probe | Asked[]> = {
  'alerts.facets': { kind: 'query', input: () => alertFilter, missing: 'left out' },
  'alerts.find': { kind: 'query', input: () => ({}), missing: 'left out' },
  'alerts.get': { kind: 'query', input: () => ({ id: alertId }), missing: 404 },
  'alerts.history': { kind: 'query', input: () => ({ id: alertId }), missing: 404 },
  'alerts.list': { kind: 'query', input: () => alertFilter, missing: 'left out' },
  'auth.apiKeys.create': none,
  'auth.apiKeys.list': none,
  'auth.apiKeys.revoke': none,
  'auth.changePassword': none,
  'auth.me': none,
  'auth.sessions.list': none,
  'auth.sessions.revoke': none,
  'channels.test': none,
  'channels.types': none,
  'config.applyFile': none,
  'config.drift': none,
  'config.export': none,
  'config.findings': none,
  'config.history': none,
  'config.plan': none,
  'config.rekey': none,
  'demo.start': none,
  'demo.state': none,
  'demo.stop': none,
  'diagnostics.deadLetters': none,
  'diagnostics.discard': none,
  'diagnostics.replay': none,
  'diagnostics.report': none,
  'events.subscribe': { kind: 'stream' },
  'fatigue.csv': none,
  'fatigue.report': none,
  'grouping.check': none,
  'grouping.tryRule': { kind: 'query', input: () => ({ draft: rule, ruleId: null, days: 1 }), missing: 'left out' },
  'importers.applyExport': none,
  'importers.plan': none,
  'incidents.acknowledge': act,
  'incidents.declare': none,
  'incidents.get': byIncident,
  'incidents.list': { kind: 'query', input: () => ({}), missing: 'left out' },
  'incidents.mitigate': act,
  'incidents.postmortem': byIncident,
  'incidents.postmortemFile': byIncident,
  'incidents.resolve': act,
  'incidents.timeline': byIncident,
  'integrations.create': none,
  'integrations.delete': none,
  'integrations.list': none,
  'integrations.rotate': none,
  'integrations.starter': none,
  'integrations.tryMapping': none,
  'integrations.update': none,
  'intents.submit': { kind: 'by action' },
  'ledger.between': query(() => ({ ...span(), limit: 1_000 }), 'left out'),
  'ledger.ofAlert': query(() => ({ id: alertId }), 404),
  'ledger.ofIncident': query(() => ({ id: incidentId }), 404),
  'ledger.ofPage': query(() => ({ id: pageId }), 404, ofIt),
  'ledger.replay': query(
    () => ({ incidentId }),
    404,
    () => '"same":',
  ),
  'ledger.tryPolicy': query(() => ({ incidentId, changes: onlyInside() }), 404),
  'ledger.why': [
    query(() => ({ incidentId }), 404),
    query(() => ({ alertId }), 404),
    query(() => ({ pageId }), 404),
    query(() => ({ incidentId, userId: inside.responder?.userId }), 404),
  ],
  'ledger.whyPage': query(() => ({ id: pageId }), 404),
  'monitors.newKey': none,
  'oncall.feedAddress': none,
  'oncall.feeds': none,
  'oncall.list': none,
  'oncall.preview': none,
  'oncall.revokeFeed': none,
  'oncall.shifts': none,
  'pages.list': [
    query(() => ({ incident: incidentId }), 'left out', ofIt),
    query(() => ({ limit: 500 }), 'left out', ofIt),
    query(() => ({ user: inside.responder?.userId }), 'left out', ofIt),
  ],
  'pages.receipt': {
    kind: 'mutation',
    input: () => ({ notificationId, result: 'shown', reason: '' }),
    missing: 404,
    shows: () => 'null',
    by: 'responder',
  },
  'paging.tryDraft': { kind: 'mutation', input: () => ({ changes: onlyInside(), days: 1 }), missing: 'left out' },
  'people.createTeam': none,
  'people.createUser': none,
  'people.deleteTeam': none,
  'people.invite': none,
  'people.renameTeam': none,
  'people.setDisabled': none,
  'people.setMembers': none,
  'people.teams': none,
  'people.updateUser': none,
  'people.users': none,
  'replica.snapshot': { kind: 'query', input: () => ({ cursor: null }), missing: 'left out' },
  'replica.stream': { kind: 'stream' },
  'responders.confirmCode': none,
  'responders.sendCode': none,
  'responders.sendTest': none,
  'settings.get': none,
  'settings.set': none,
  'shadow.compareOnCall': none,
  'shadow.report': query(span, 'left out', ofIt),
  'shadow.reportCsv': query(span, 'left out', () => 'P-'),
  'shadow.take': none,
  'silences.preview': {
    kind: 'query',
    input: () => ({ matcher: `alert.service == "${canary}"` }),
    missing: 'left out',
  },
  'watchdog.set': none,
  'watchdog.settings': none,
  'watchdog.status': none,
};

const stub = new Proxy({}, { get: () => ({}) }) as Services;
const procedures = createRouter(stub)._def.procedures as unknown as Record<string, AnyTRPCProcedure>;

function accessOf(path: string): PermissionRole {
  const procedure = procedures[path];
  return PermissionRole.parse(procedure === undefined ? null : metaOf(procedure).access);
}

test('every procedure has its line', () => {
  expect(Object.keys(procedures).sort()).toEqual(Object.keys(probes).sort());
});

const asked = Object.entries(probes).flatMap(([path, probe]) =>
  (Array.isArray(probe) ? probe : 'input' in probe ? [probe] : []).map((one) => ({ path, probe: one })),
);

describe.each(asked)('$path', ({ path, probe }) => {
  test.each(permissionRoles)('a %s of another team', async (role) => {
    const { status, text } = await askAll(outside[role] as TestPerson, path, probe);
    expect(text).not.toContain(canary);
    expect(text).not.toContain(incidentId);
    const allowed = roleAtLeast(role, accessOf(path));
    expect(status).toBe(!allowed ? 403 : probe.missing === 404 ? 404 : 200);
  });

  // The same question of a member shows it, so that its absence above means something.
  test('a member of the team', async () => {
    const { status, text } = await askAll(inside[probe.by ?? 'admin'] as TestPerson, path, probe);
    expect(status).toBe(200);
    expect(text).toContain(probe.shows?.() ?? canary);
  });
});

async function askAll(person: TestPerson, path: string, probe: Asked): Promise<{ status: number; text: string }> {
  const first = await app.call(person.bearer, probe.kind, path, probe.input());
  if (path !== 'replica.snapshot' || first.status !== 200) return first;
  let text = first.text;
  for (let next = nextOf(first.text); next !== null;) {
    const page = await app.call(person.bearer, 'query', path, { cursor: next });
    text += page.text;
    next = nextOf(page.text);
  }
  return { status: 200, text };
}

function nextOf(text: string): string | null {
  return (JSON.parse(text) as { result: { data: { next: string | null } } }).result.data.next;
}

describe('every action on a restricted thing', () => {
  const actions: ActionType[] = [];
  const add = (action: unknown) => actions.push(Action.parse(action));
  beforeAll(() => {
    for (const kind of ['acknowledge', 'mitigate', 'resolve', 'reopen']) add({ kind: `incident.${kind}`, incidentId });
    add({ kind: 'incident.set-severity', incidentId, severity: 'sev1' });
    add({ kind: 'incident.set-title', incidentId, title: 'Mine now' });
    add({ kind: 'incident.set-impact', incidentId, impact: 'none' });
    for (const kind of ['take-role', 'accept-role', 'decline-role', 'release-role'])
      add({ kind: `incident.${kind}`, incidentId, role: 'commander' });
    add({ kind: 'incident.offer-role', incidentId, role: 'commander', to: outside.responder?.userId });
    add({ kind: 'incident.note', incidentId, entryId: id(), text: 'hello', at: null });
    add({ kind: 'incident.star', incidentId, entryId, starred: true });
    add({ kind: 'incident.post-update', incidentId, entryId: id(), text: 'hello', nextInMinutes: null });
    add({
      kind: 'incident.add-link',
      incidentId,
      link: { id: id(), kind: 'other', label: 'x', url: 'https://example.com' },
    });
    add({ kind: 'incident.remove-link', incidentId, linkId: id() });
    add({ kind: 'incident.restrict', incidentId, restrictedTo: null });
    add({ kind: 'incident.merge', incidentId, into: otherIncidentId });
    add({ kind: 'incident.merge', incidentId: otherIncidentId, into: incidentId });
    add({ kind: 'incident.split', incidentId, alertIds: [alertId], newIncidentId: id(), title: 'x' });
    add({ kind: 'incident.attach-alerts', incidentId: otherIncidentId, alertIds: [alertId] });
    add({ kind: 'incident.detach-alerts', incidentId, alertIds: [alertId] });
    add({
      kind: 'incident.declare',
      incidentId: id(),
      title: 'x',
      severity: 'sev3',
      impact: null,
      alertIds: [alertId],
      restrictedTo: null,
    });
    add({ kind: 'task.add', incidentId, taskId: id(), title: 'x', ownerId: null, dueAt: null });
    add({ kind: 'task.assign', incidentId, taskId, ownerId: null });
    add({ kind: 'task.edit', incidentId, taskId, title: 'x', dueAt: null });
    add({ kind: 'task.set-done', incidentId, taskId, done: true });
    // Under the name of an incident that may be seen.
    add({ kind: 'task.set-done', incidentId: otherIncidentId, taskId, done: true });
    add({ kind: 'incident.star', incidentId: otherIncidentId, entryId, starred: true });
    add({ kind: 'escalation.escalate', incidentId, target: null });
    add({ kind: 'escalation.escalate', incidentId, target: { type: 'user', id: outside.responder?.userId } });
    add({ kind: 'postmortem.edit', incidentId, summary: 'x', causes: '', wentWell: '', wentBadly: '', followUps: [] });
    for (const kind of ['acknowledge', 'unacknowledge', 'resolve', 'reopen'])
      add({ kind: `alert.${kind}`, alertIds: [alertId] });
  });

  test('covers every kind that names an incident or an alert', () => {
    const named = Object.keys(actionPolicies).filter((kind) =>
      /^(incident|task|postmortem|alert|escalation)\./.test(kind),
    );
    expect(new Set(actions.map((action) => action.kind))).toEqual(new Set(named));
  });

  test.each(permissionRoles)(
    'is answered to a %s of another team as if it did not exist, and does nothing',
    { timeout: 30_000 },
    async (role) => {
      const before = await fingerprint();
      for (const action of actions) {
        const result = await intent((outside[role] as TestPerson).bearer, action);
        const allowed = roleAtLeast(role, actionPolicies[action.kind].role);
        expect([action.kind, result]).toEqual([
          action.kind,
          expect.objectContaining({ outcome: 'rejected', code: allowed ? 'not-found' : 'forbidden' }),
        ]);
        expect(JSON.stringify(result)).not.toContain(canary);
      }
      expect(await fingerprint()).toEqual(before);
    },
  );

  async function fingerprint(): Promise<unknown> {
    const bearer = (inside.admin as TestPerson).bearer;
    return Promise.all(
      [
        `/api/v1/incidents/${incidentId}`,
        `/api/v1/incidents/${incidentId}/timeline`,
        `/api/v1/alerts/${alertId}`,
        '/api/v1/incidents',
      ].map((path) => app.rest(bearer, 'GET', path)),
    );
  }
});

describe.each(['replica.stream', 'events.subscribe'])('%s', (path) => {
  test('says nothing to another team and something to a member, at the same time', { timeout: 30_000 }, async () => {
    const input =
      path === 'events.subscribe' ? { names: ['TIMELINE_ADDED', 'INCIDENT_CHANGED', 'ALERT_CHANGED'] } : undefined;
    const listeners = await Promise.all(
      [inside.viewer, ...Object.values(outside)].map((person) => listen((person as TestPerson).bearer, path, input)),
    );
    const bearer = (inside.responder as TestPerson).bearer;
    await intent(bearer, { kind: 'incident.note', incidentId, entryId: id(), text: `More on ${canary}`, at: null });
    // Its escalation and a page of it are in the feed too.
    const before = await pagesOf(incidentId, 1);
    await intent(bearer, { kind: 'incident.reopen', incidentId });
    const target = { type: 'user', id: inside.manager?.userId ?? '' } as const;
    await applied(bearer, { kind: 'escalation.escalate', incidentId, target });
    await pagesOf(incidentId, before.length + 1);
    // Comes later in the same feed, so whoever has it was passed over for the one before.
    await intent(bearer, {
      kind: 'incident.note',
      incidentId: otherIncidentId,
      entryId: id(),
      text: 'For everybody',
      at: null,
    });
    await until(
      async () => listeners.map((one) => one.heard()),
      (all) => all.every((text) => text.includes('For everybody')),
    );
    const [member, ...others] = listeners.map((one) => one.heard());
    expect(member).toContain(canary);
    expect(/"entity":"page"/.test(member ?? '')).toBe(path === 'replica.stream');
    for (const text of others) {
      expect(text).not.toContain(canary);
      expect(text).not.toContain(incidentId);
    }
    for (const one of listeners) one.stop();
  });
});

describe('paging of what is restricted', () => {
  test('its pages and its paging go from the replicas of those outside, and who was paged there is not any more', async () => {
    const later = await alerted('later');
    const pages = await pagesOf(later, 2);
    const listeners = await Promise.all(
      Object.values(outside).map((person) => listen((person as TestPerson).bearer, 'replica.stream', undefined)),
    );
    await applied(insider(), { kind: 'incident.restrict', incidentId: later, restrictedTo: [redTeam] });
    await until(
      async () => listeners.map((one) => one.heard()),
      (all) => all.every((text) => [later, ...pages.map((page) => page.id)].every((gone) => isDeleted(text, gone))),
    );
    for (const one of listeners) one.stop();
    const foreign = (await pagesOf(later, 2)).find((page) => page.userId === outside.responder?.userId);
    expect(foreign).toMatchObject({ status: 'stopped', endedBy: 'its incident was restricted' });
    const snapshots = await Promise.all(
      Object.values(outside).map((person) =>
        askAll(
          person as TestPerson,
          'replica.snapshot',
          query(() => ({ cursor: null }), 'left out'),
        ),
      ),
    );
    for (const { text } of snapshots) for (const one of pages) expect(text).not.toContain(one.id);
  });

  test('it holds back nothing that others see, and what it held before says nothing of it any more', async () => {
    const cause = await alerted('cause-of-it', { part: 'cause' });
    const before = await alerted('symptom-before', { part: 'symptom' });
    const ledgerOf = (person: TestPerson | undefined, incident: string) =>
      app.call(person?.bearer ?? '', 'query', 'ledger.ofIncident', { id: incident, limit: 1_000 });
    await until(
      () => ledgerOf(outside.viewer, before),
      ({ text }) => text.includes('An inhibition holds it') && text.includes('Trouble of cause-of-it'),
    );
    await applied(insider(), { kind: 'incident.restrict', incidentId: cause, restrictedTo: [redTeam] });
    const after = await alerted('symptom-after', { part: 'symptom' });
    // The one is freed, the other never held.
    await pagesOf(before, 2);
    await pagesOf(after, 2);
    for (const incident of [before, after]) {
      const { status, text } = await ledgerOf(outside.manager, incident);
      expect(status).toBe(200);
      expect(text).not.toContain('Trouble of cause-of-it');
    }
    expect((await ledgerOf(inside.manager, before)).text).toContain('Trouble of cause-of-it');
    const { text } = await app.call(outside.manager?.bearer ?? '', 'query', 'ledger.replay', { incidentId: before });
    expect(text).toContain('"different":[]');
  });

  test('reports count it for its people only', async () => {
    const pagesIn = async (person: TestPerson | undefined) => {
      const { text } = await app.call(person?.bearer ?? '', 'query', 'fatigue.report', {});
      const { people } = (JSON.parse(text) as { result: { data: { people: { userId: string; pages: number }[] } } })
        .result.data;
      return people.find((one) => one.userId === inside.responder?.userId)?.pages ?? 0;
    };
    expect(await pagesIn(inside.manager)).toBeGreaterThan(await pagesIn(outside.manager));
    const entries = async (person: TestPerson | undefined) => {
      const { text } = await app.call(person?.bearer ?? '', 'query', 'ledger.replay', { days: 1 });
      return (JSON.parse(text) as { result: { data: { entries: number } } }).result.data.entries;
    };
    expect(await entries(inside.manager)).toBeGreaterThan(await entries(outside.manager));
  });

  test('nothing of it is in the answer for a minute, by whomever', async () => {
    const minutes = [-120_000, -60_000, 0];
    for (const ms of minutes) {
      for (const person of Object.values(outside)) {
        const { status, text } = await app.call((person as TestPerson).bearer, 'query', 'ledger.why', { at: at(ms) });
        expect(status).toBe(200);
        expect(text).not.toContain(canary);
        expect(text).not.toContain(incidentId);
        expect(text).not.toContain(pageId);
      }
    }
  });

  test('it is not counted where everybody can look', async () => {
    const pages = async () => {
      const text = await (
        await fetch(`${app.url}/metrics`, { headers: { authorization: `Bearer ${app.adminKey}` } })
      ).text();
      expect(text).not.toContain(canary);
      return text
        .split('\n')
        .filter((line) => line.startsWith('tocsin_pages{'))
        .reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
    };
    const before = await pages();
    const hidden = await app.rest<{ id: string }>(insider(), 'POST', '/api/v1/incidents', {
      title: 'Hidden from the start',
      severity: 'sev1',
      restrictedTo: [redTeam],
    });
    await pagesOf(hidden.id, 1);
    expect(await pages()).toBe(before);
  });
});

function isDeleted(stream: string, gone: string): boolean {
  return new RegExp(`"op":"delete"[^{}]*"id":"${gone}"`).test(stream);
}

async function listen(bearer: string, path: string, input: unknown): Promise<{ heard(): string; stop(): void }> {
  const abort = new AbortController();
  const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  const answer = await fetch(`${app.url}/trpc/${path}${query}`, {
    headers: { authorization: `Bearer ${bearer}`, accept: 'text/event-stream' },
    signal: abort.signal,
  });
  expect(answer.status).toBe(200);
  let heard = '';
  const decoder = new TextDecoder();
  void (async () => {
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>)
      heard += decoder.decode(chunk, { stream: true });
  })().catch(() => {});
  return { heard: () => heard, stop: () => abort.abort() };
}

async function until<T>(ask: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  const began = performance.now();
  for (;;) {
    const value = await ask();
    if (done(value)) return value;
    if (performance.now() - began > 20_000)
      throw new Error(`waited 20 s in vain: ${JSON.stringify(value).slice(0, 2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
