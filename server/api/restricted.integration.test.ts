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
let taskId: string;
let entryId: string;
let otherIncidentId: string;
const inside: Partial<Record<PermissionRole, TestPerson>> = {};
const outside: Partial<Record<PermissionRole, TestPerson>> = {};
const id = () => crypto.randomUUID();
const alertFilter = { text: '', severities: [], statuses: [], marks: [], services: [], sources: [], incidentId: null };

beforeAll(async () => {
  app = await startTestApp();
  const team = (name: string) => app.rest<{ id: string }>(app.adminKey, 'POST', '/api/v1/teams', { name });
  const [red, blue] = [await team('Red'), await team('Blue')];
  for (const role of permissionRoles) {
    inside[role] = await app.person(role, [red.id]);
    outside[role] = await app.person(role, [blue.id]);
  }
  const { key } = await app.rest<{ key: string }>(app.adminKey, 'POST', '/api/v1/integrations', {
    name: 'Source',
    kind: 'generic',
  });
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

  // It was everybody's until now, so this also tries that what they could see is taken from them.
  const insider = (inside.manager as TestPerson).bearer;
  await applied(insider, { kind: 'incident.restrict', incidentId, restrictedTo: [red.id] });
  const other = { title: 'Everybody may see this', severity: 'sev2' };
  otherIncidentId = (await app.rest<{ id: string }>(insider, 'POST', '/api/v1/incidents', other)).id;
  taskId = id();
  entryId = id();
  for (const action of [
    { kind: 'task.add', incidentId, taskId, title: `Rotate ${canary}`, ownerId: null, dueAt: null },
    { kind: 'incident.note', incidentId, entryId, text: `Seen on ${canary}`, at: null },
  ] satisfies ActionType[]) {
    await applied(insider, action);
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

async function applied(bearer: string, action: ActionType): Promise<void> {
  const result = await intent(bearer, action);
  if (result.outcome !== 'applied') throw new Error(`${action.kind}: ${JSON.stringify(result)}`);
}

/** How a procedure is asked for what is restricted. `none`: it shows and touches nothing of incidents, alerts or teams. */
type Probe =
  | { kind: 'query' | 'mutation'; input: () => unknown; missing: 404 | 'left out' }
  | { kind: 'stream' }
  | { kind: 'by action' }
  | { kind: 'none' };

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

const probes: Record<string, Probe> = {
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
  'demo.start': none,
  'demo.state': none,
  'demo.stop': none,
  'diagnostics.deadLetters': none,
  'diagnostics.discard': none,
  'diagnostics.replay': none,
  'diagnostics.report': none,
  'events.subscribe': { kind: 'stream' },
  'grouping.check': none,
  'grouping.tryRule': { kind: 'query', input: () => ({ draft: rule, ruleId: null, days: 1 }), missing: 'left out' },
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
  'settings.get': none,
  'settings.set': none,
  'silences.preview': {
    kind: 'query',
    input: () => ({ matcher: `alert.service == "${canary}"` }),
    missing: 'left out',
  },
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

const asked = Object.entries(probes).flatMap(([path, probe]) => ('input' in probe ? [{ path, probe }] : []));

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
    const { status, text } = await askAll(inside.admin as TestPerson, path, probe);
    expect(status).toBe(200);
    expect(text).toContain(canary);
  });
});

async function askAll(
  person: TestPerson,
  path: string,
  probe: Extract<Probe, { input: unknown }>,
): Promise<{ status: number; text: string }> {
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
    add({ kind: 'postmortem.edit', incidentId, summary: 'x', causes: '', wentWell: '', wentBadly: '', followUps: [] });
    for (const kind of ['acknowledge', 'unacknowledge', 'resolve', 'reopen'])
      add({ kind: `alert.${kind}`, alertIds: [alertId] });
  });

  test('covers every kind that names an incident or an alert', () => {
    const named = Object.keys(actionPolicies).filter((kind) => /^(incident|task|postmortem|alert)\./.test(kind));
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
    for (const text of others) {
      expect(text).not.toContain(canary);
      expect(text).not.toContain(incidentId);
    }
    for (const one of listeners) one.stop();
  });
});

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
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
