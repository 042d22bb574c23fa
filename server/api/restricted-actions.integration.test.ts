// S5: an action on what is restricted to a team is answered to everybody else as if it did not exist. Every kind that names
// an incident or an alert has its line here; one without a line fails.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Action, type Action as ActionType, actionPolicies } from '#server/contract/intent.ts';
import { permissionRoles, roleAtLeast } from '#server/contract/people.ts';
import { canary, newId, type RestrictedScene, startRestrictedScene } from '#server/testkit/restricted-scene.ts';

let scene: RestrictedScene;
beforeAll(async () => {
  scene = await startRestrictedScene();
}, 120_000);
afterAll(() => scene?.app.stop());

describe('every action on a restricted thing', () => {
  const actions: ActionType[] = [];
  const add = (action: unknown) => actions.push(Action.parse(action));
  beforeAll(() => {
    const { incidentId, otherIncidentId, alertId, taskId, askId, pollId, entryId, messageId, updateId } = scene;
    const { inside, outside } = scene;
    for (const kind of ['acknowledge', 'mitigate', 'resolve', 'reopen']) add({ kind: `incident.${kind}`, incidentId });
    add({ kind: 'incident.set-severity', incidentId, severity: 'sev1' });
    add({ kind: 'incident.set-title', incidentId, title: 'Mine now' });
    add({ kind: 'incident.set-impact', incidentId, impact: 'none' });
    for (const kind of ['take-role', 'accept-role', 'decline-role', 'release-role'])
      add({ kind: `incident.${kind}`, incidentId, role: 'commander' });
    add({ kind: 'incident.offer-role', incidentId, role: 'commander', to: outside.responder.userId });
    add({ kind: 'incident.note', incidentId, entryId: newId(), text: 'hello', at: null });
    add({ kind: 'incident.star', incidentId, entryId, starred: true });
    add({ kind: 'incident.post-update', incidentId, entryId: newId(), text: 'hello', nextInMinutes: null });
    add({
      kind: 'incident.add-link',
      incidentId,
      link: { id: newId(), kind: 'other', label: 'x', url: 'https://example.com' },
    });
    add({ kind: 'incident.remove-link', incidentId, linkId: newId() });
    add({ kind: 'incident.restrict', incidentId, restrictedTo: null });
    add({ kind: 'incident.merge', incidentId, into: otherIncidentId });
    add({ kind: 'incident.merge', incidentId: otherIncidentId, into: incidentId });
    add({ kind: 'incident.split', incidentId, alertIds: [alertId], newIncidentId: newId(), title: 'x' });
    add({ kind: 'incident.attach-alerts', incidentId: otherIncidentId, alertIds: [alertId] });
    add({ kind: 'incident.detach-alerts', incidentId, alertIds: [alertId] });
    add({
      kind: 'incident.declare',
      incidentId: newId(),
      title: 'x',
      severity: 'sev3',
      impact: null,
      alertIds: [alertId],
      restrictedTo: null,
    });
    add({ kind: 'task.add', incidentId, taskId: newId(), title: 'x', ownerId: null, dueAt: null });
    add({ kind: 'task.assign', incidentId, taskId, ownerId: null });
    add({ kind: 'task.edit', incidentId, taskId, title: 'x', dueAt: null });
    add({ kind: 'task.set-done', incidentId, taskId, done: true });
    add({ kind: 'chat.post', incidentId, messageId: newId(), text: 'x', mentions: [], replyTo: messageId });
    add({ kind: 'chat.edit', incidentId, messageId, text: 'x', mentions: [] });
    add({ kind: 'chat.delete', incidentId, messageId });
    add({ kind: 'chat.promote', incidentId, messageId, entryId: newId() });
    add({ kind: 'incident.join', incidentId, participantId: newId() });
    add({ kind: 'incident.release', incidentId, userId: inside.responder.userId, note: null });
    add({ kind: 'ask.add', incidentId, askId: newId(), ownerId: inside.responder.userId, text: 'x', minutes: 5 });
    add({ kind: 'ask.answer', incidentId, askId, outcome: 'done', text: 'x' });
    add({ kind: 'ask.reassign', incidentId, askId, ownerId: outside.responder.userId, minutes: 5 });
    add({ kind: 'ask.cancel', incidentId, askId });
    add({ kind: 'poll.open', incidentId, pollId: newId(), question: 'x', asked: [], seconds: 60 });
    add({ kind: 'poll.answer', incidentId, pollId, objects: true, reason: 'x' });
    add({ kind: 'poll.close', incidentId, pollId, withdraw: true });
    add({ kind: 'update.decide', incidentId, updateId, approve: true, reason: null, incidentVersion: null });
    add({ kind: 'update.withdraw', incidentId, updateId });
    add({ kind: 'update.retry', incidentId, updateId });
    // Under the name of an incident that may be seen.
    add({ kind: 'update.withdraw', incidentId: otherIncidentId, updateId });
    add({ kind: 'ask.answer', incidentId: otherIncidentId, askId, outcome: 'done', text: 'x' });
    add({ kind: 'poll.answer', incidentId: otherIncidentId, pollId, objects: true, reason: 'x' });
    add({ kind: 'task.set-done', incidentId: otherIncidentId, taskId, done: true });
    add({ kind: 'incident.star', incidentId: otherIncidentId, entryId, starred: true });
    add({ kind: 'escalation.escalate', incidentId, target: null });
    add({ kind: 'escalation.escalate', incidentId, target: { type: 'user', id: outside.responder.userId } });
    add({ kind: 'postmortem.edit', incidentId, summary: 'x', causes: '', wentWell: '', wentBadly: '', followUps: [] });
    add({ kind: 'postmortem.set-state', incidentId, state: 'done' });
    for (const kind of ['acknowledge', 'unacknowledge', 'resolve', 'reopen'])
      add({ kind: `alert.${kind}`, alertIds: [alertId] });
  });

  test('covers every kind that names an incident or an alert', () => {
    const named = Object.keys(actionPolicies).filter((kind) =>
      /^(incident|task|ask|poll|update|chat|postmortem|alert|escalation)\./.test(kind),
    );
    expect(new Set(actions.map((action) => action.kind))).toEqual(new Set(named));
  });

  test.each(permissionRoles)(
    'is answered to a %s of another team as if it did not exist, and does nothing',
    { timeout: 30_000 },
    async (role) => {
      const before = await fingerprint();
      for (const action of actions) {
        const result = await scene.intent(scene.outside[role].bearer, action);
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
    const { incidentId, alertId, inside } = scene;
    return Promise.all(
      [
        `/api/v1/incidents/${incidentId}`,
        `/api/v1/incidents/${incidentId}/timeline`,
        `/api/v1/alerts/${alertId}`,
        '/api/v1/incidents',
      ].map((path) => scene.app.rest(inside.admin.bearer, 'GET', path)),
    );
  }
});
