// S5 and S6 against the whole server: what is restricted to a team reaches its members, whatever their role, and nobody
// else, whatever theirs. Every procedure has its line here; one without a line fails.
import type { AnyTRPCProcedure } from '@trpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metaOf } from '#server/api/rest.ts';
import { createRouter, type Services } from '#server/api/router.ts';
import { PermissionRole, permissionRoles, roleAtLeast } from '#server/contract/people.ts';
import type { TestPerson } from '#server/testkit/app.ts';
import {
  askAll,
  canary,
  fromNow,
  policyDraft,
  type RestrictedScene,
  startRestrictedScene,
} from '#server/testkit/restricted-scene.ts';

const alertFilter = { text: '', severities: [], statuses: [], marks: [], services: [], sources: [], incidentId: null };
let scene: RestrictedScene;
beforeAll(async () => {
  scene = await startRestrictedScene();
}, 120_000);
afterAll(() => scene?.app.stop());

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

const byIncident: Probe = { kind: 'query', input: () => ({ id: scene.incidentId }), missing: 404 };
const act: Probe = { kind: 'mutation', input: () => ({ id: scene.incidentId, baseVersion: null }), missing: 404 };
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
const span = () => ({ from: fromNow(-3_600_000), to: fromNow(3_600_000) });
const onlyInside = () => [
  {
    op: 'save',
    id: scene.policyId,
    document: {
      kind: 'policy',
      draft: policyDraft([{ type: 'user', id: scene.inside.viewer.userId }]),
    },
  },
];
const ofIt = () => scene.incidentId;

const probes: Record<string, Probe | Asked[]> = {
  'alerts.facets': { kind: 'query', input: () => alertFilter, missing: 'left out' },
  'alerts.find': { kind: 'query', input: () => ({}), missing: 'left out' },
  'alerts.get': { kind: 'query', input: () => ({ id: scene.alertId }), missing: 404 },
  'alerts.history': { kind: 'query', input: () => ({ id: scene.alertId }), missing: 404 },
  'alerts.list': { kind: 'query', input: () => alertFilter, missing: 'left out' },
  'auth.apiKeys.create': none,
  'auth.apiKeys.list': none,
  'auth.apiKeys.revoke': none,
  'auth.changePassword': none,
  'auth.me': none,
  'auth.sessions.list': none,
  'auth.sessions.revoke': none,
  'center.info': none,
  'channels.test': none,
  'channels.types': none,
  'chat.list': byIncident,
  'chat.post': {
    kind: 'mutation',
    input: () => ({ id: scene.incidentId, text: `More of ${canary}` }),
    missing: 404,
    by: 'manager',
  },
  'config.applyFile': none,
  'config.drift': none,
  'config.export': none,
  'config.findings': none,
  'config.history': none,
  'config.plan': none,
  'config.rekey': none,
  'config.unreadable': none,
  'config.unreadableText': none,
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
  'insights.csv': none,
  'insights.report': { kind: 'query', input: () => ({ days: 28 }), missing: 'left out' },
  'integrations.create': none,
  'integrations.delete': none,
  'integrations.list': none,
  'integrations.rotate': none,
  'integrations.starter': none,
  'integrations.tryMapping': none,
  'integrations.update': none,
  'intents.submit': { kind: 'by action' },
  'ledger.between': query(() => ({ ...span(), limit: 1_000 }), 'left out'),
  'ledger.ofAlert': query(() => ({ id: scene.alertId }), 404),
  'ledger.ofIncident': query(() => ({ id: scene.incidentId }), 404),
  'ledger.ofPage': query(() => ({ id: scene.pageId }), 404, ofIt),
  'ledger.replay': query(
    () => ({ incidentId: scene.incidentId }),
    404,
    () => '"same":',
  ),
  'ledger.tryPolicy': query(() => ({ incidentId: scene.incidentId, changes: onlyInside() }), 404),
  'ledger.why': [
    query(() => ({ incidentId: scene.incidentId }), 404),
    query(() => ({ alertId: scene.alertId }), 404),
    query(() => ({ pageId: scene.pageId }), 404),
    query(() => ({ incidentId: scene.incidentId, userId: scene.inside.responder.userId }), 404),
  ],
  'ledger.whyPage': query(() => ({ id: scene.pageId }), 404),
  'monitors.newKey': none,
  'oncall.feedAddress': none,
  'oncall.feeds': none,
  'oncall.list': none,
  'oncall.preview': none,
  'oncall.revokeFeed': none,
  'oncall.shifts': none,
  'pages.list': [
    query(() => ({ incident: scene.incidentId }), 'left out', ofIt),
    query(() => ({ limit: 500 }), 'left out', ofIt),
    query(() => ({ user: scene.inside.responder.userId }), 'left out', ofIt),
  ],
  'pages.receipt': {
    kind: 'mutation',
    input: () => ({ notificationId: scene.notificationId, result: 'shown', reason: '' }),
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
  // The catalog is everybody's; the health beside it is counted for its reader (server/services.integration.test.ts).
  'services.applyCatalog': none,
  'services.exportCatalog': none,
  'services.get': none,
  'services.graph': none,
  'services.list': none,
  'services.planCatalog': none,
  'services.remove': none,
  'services.save': none,
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
  'reviews.unfinished': query(() => ({}), 'left out'),
  'timeline.json': byIncident,
  'timeline.markdown': byIncident,
  'updates.preview': {
    kind: 'mutation',
    input: () => ({ incidentId: scene.incidentId, text: `More of ${canary}` }),
    missing: 404,
    by: 'responder',
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
    const { status, text } = await askAll(scene.app, scene.outside[role], path, probe);
    expect(text).not.toContain(canary);
    expect(text).not.toContain(scene.incidentId);
    const allowed = roleAtLeast(role, accessOf(path));
    expect(status).toBe(!allowed ? 403 : probe.missing === 404 ? 404 : 200);
  });

  // The same question of a member shows it, so that its absence above means something.
  test('a member of the team', async () => {
    const { status, text } = await askAll(scene.app, scene.inside[probe.by ?? 'admin'], path, probe);
    expect(status).toBe(200);
    expect(text).toContain(probe.shows?.() ?? canary);
  });
});

test('a member has each thing that is kept of it in the snapshot, and nobody else has one of them', async () => {
  const { taskId, askId, pollId, entryId, messageId, updateId, pageId, inside, outside } = scene;
  const kept = { taskId, askId, pollId, entryId, messageId, updateId, pageId };
  const input = () => ({ cursor: null });
  const seenBy = async (person: TestPerson) => {
    const { text } = await askAll(scene.app, person, 'replica.snapshot', { kind: 'query', input });
    return Object.entries(kept).flatMap(([name, id]) => (text.includes(id) ? [name] : []));
  };
  expect(await seenBy(inside.viewer)).toEqual(Object.keys(kept));
  for (const person of Object.values(outside)) expect(await seenBy(person)).toEqual([]);
});
