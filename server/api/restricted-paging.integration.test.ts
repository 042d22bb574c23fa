// S5 and S6 of what is pushed and of paging: the streams, the replicas, the reports and the figures say nothing of what is
// restricted to those outside, while those inside go on hearing of it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestPerson } from '#server/testkit/app.ts';
import {
  askAll,
  canary,
  fromNow,
  newId,
  type RestrictedScene,
  startRestrictedScene,
  until,
} from '#server/testkit/restricted-scene.ts';

let scene: RestrictedScene;
beforeAll(async () => {
  scene = await startRestrictedScene();
}, 120_000);
afterAll(() => scene?.app.stop());

describe.each(['replica.stream', 'events.subscribe'])('%s', (path) => {
  test('says nothing to another team and something to a member, at the same time', { timeout: 30_000 }, async () => {
    const input =
      path === 'events.subscribe' ? { names: ['TIMELINE_ADDED', 'INCIDENT_CHANGED', 'ALERT_CHANGED'] } : undefined;
    const listeners = await Promise.all(
      [scene.inside.viewer, ...Object.values(scene.outside)].map((person) => scene.listen(person.bearer, path, input)),
    );
    const bearer = scene.inside.responder.bearer;
    await scene.intent(bearer, {
      kind: 'incident.note',
      incidentId: scene.incidentId,
      entryId: newId(),
      text: `More on ${canary}`,
      at: null,
    });
    // Its escalation and a page of it are in the feed too.
    const before = await scene.pagesOf(scene.incidentId, 1);
    await scene.intent(bearer, { kind: 'incident.reopen', incidentId: scene.incidentId });
    const target = { type: 'user', id: scene.inside.manager.userId } as const;
    await scene.applied(bearer, { kind: 'escalation.escalate', incidentId: scene.incidentId, target });
    await scene.pagesOf(scene.incidentId, before.length + 1);
    // Comes later in the same feed, so whoever has it was passed over for the one before.
    await scene.intent(bearer, {
      kind: 'incident.note',
      incidentId: scene.otherIncidentId,
      entryId: newId(),
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
      expect(text).not.toContain(scene.incidentId);
    }
    for (const one of listeners) one.stop();
  });
});

describe('paging of what is restricted', () => {
  test('its pages and its paging go from the replicas of those outside, and who was paged there is not any more', async () => {
    const later = await scene.alerted(`later-${newId()}`);
    const pages = await scene.pagesOf(later, 2);
    const listeners = await Promise.all(
      Object.values(scene.outside).map((person) => scene.listen(person.bearer, 'replica.stream', undefined)),
    );
    await scene.applied(scene.inside.manager.bearer, {
      kind: 'incident.restrict',
      incidentId: later,
      restrictedTo: [scene.redTeamId],
    });
    await until(
      async () => listeners.map((one) => one.heard()),
      (all) => all.every((text) => [later, ...pages.map((page) => page.id)].every((gone) => isDeleted(text, gone))),
    );
    for (const one of listeners) one.stop();
    const foreign = (await scene.pagesOf(later, 2)).find((page) => page.userId === scene.outside.responder.userId);
    expect(foreign).toMatchObject({ status: 'stopped', endedBy: 'its incident was restricted' });
    const snapshots = await Promise.all(
      Object.values(scene.outside).map((person) =>
        askAll(scene.app, person, 'replica.snapshot', { kind: 'query', input: () => ({ cursor: null }) }),
      ),
    );
    for (const { text } of snapshots) for (const one of pages) expect(text).not.toContain(one.id);
  });

  test('it holds back nothing that others see, and what it held before says nothing of it any more', async () => {
    const [causing, suffering] = [`cause-${newId()}`, `symptom-${newId()}`];
    const cause = await scene.alerted(causing, { part: 'cause' });
    const before = await scene.alerted(suffering, { part: 'symptom' });
    const ledgerOf = (person: TestPerson | undefined, incident: string) =>
      scene.app.call(person?.bearer ?? '', 'query', 'ledger.ofIncident', { id: incident, limit: 1_000 });
    await until(
      () => ledgerOf(scene.outside.viewer, before),
      ({ text }) => text.includes('An inhibition holds it') && text.includes(`Trouble of ${causing}`),
    );
    await scene.applied(scene.inside.manager.bearer, {
      kind: 'incident.restrict',
      incidentId: cause,
      restrictedTo: [scene.redTeamId],
    });
    const after = await scene.alerted(`${suffering}-after`, { part: 'symptom' });
    // The one is freed, the other never held.
    await scene.pagesOf(before, 2);
    await scene.pagesOf(after, 2);
    for (const incident of [before, after]) {
      const { status, text } = await ledgerOf(scene.outside.manager, incident);
      expect(status).toBe(200);
      expect(text).not.toContain(`Trouble of ${causing}`);
    }
    expect((await ledgerOf(scene.inside.manager, before)).text).toContain(`Trouble of ${causing}`);
    const { text } = await scene.app.call(scene.outside.manager.bearer, 'query', 'ledger.replay', {
      incidentId: before,
    });
    expect(text).toContain('"different":[]');
  });

  test('reports count it for its people only', async () => {
    const pagesIn = async (person: TestPerson | undefined) => {
      const { text } = await scene.app.call(person?.bearer ?? '', 'query', 'fatigue.report', {});
      const { people } = (JSON.parse(text) as { result: { data: { people: { userId: string; pages: number }[] } } })
        .result.data;
      return people.find((one) => one.userId === scene.inside.responder.userId)?.pages ?? 0;
    };
    expect(await pagesIn(scene.inside.manager)).toBeGreaterThan(await pagesIn(scene.outside.manager));
    const entries = async (person: TestPerson | undefined) => {
      const { text } = await scene.app.call(person?.bearer ?? '', 'query', 'ledger.replay', { days: 1 });
      return (JSON.parse(text) as { result: { data: { entries: number } } }).result.data.entries;
    };
    expect(await entries(scene.inside.manager)).toBeGreaterThan(await entries(scene.outside.manager));
  });

  test('nothing of it is in the answer for a minute, by whomever', async () => {
    const minutes = [-120_000, -60_000, 0];
    for (const ms of minutes) {
      for (const person of Object.values(scene.outside)) {
        const { status, text } = await scene.app.call(person.bearer, 'query', 'ledger.why', { at: fromNow(ms) });
        expect(status).toBe(200);
        expect(text).not.toContain(canary);
        expect(text).not.toContain(scene.incidentId);
        expect(text).not.toContain(scene.pageId);
      }
    }
  });

  test('it is not counted where everybody can look', async () => {
    const pages = async () => {
      const text = await (
        await fetch(`${scene.app.url}/metrics`, { headers: { authorization: `Bearer ${scene.app.adminKey}` } })
      ).text();
      expect(text).not.toContain(canary);
      return text
        .split('\n')
        .filter((line) => line.startsWith('tocsin_pages{'))
        .reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
    };
    const before = await pages();
    const hidden = await scene.app.rest<{ id: string }>(scene.inside.manager.bearer, 'POST', '/api/v1/incidents', {
      title: 'Hidden from the start',
      severity: 'sev1',
      restrictedTo: [scene.redTeamId],
    });
    await scene.pagesOf(hidden.id, 1);
    expect(await pages()).toBe(before);
  });
});

function isDeleted(stream: string, gone: string): boolean {
  return new RegExp(`"op":"delete"[^{}]*"id":"${gone}"`).test(stream);
}
