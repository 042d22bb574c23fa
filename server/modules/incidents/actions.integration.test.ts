import { describe, expect, it } from 'vitest';
import { incidentScene } from '#server/testkit/incident-scene.ts';

const { scene, clock, random, send, declare, read, timeline, tasksOf } = incidentScene();

describe('handing over command', () => {
  it('is offered, accepted and said on the timeline', async () => {
    const incidentId = await declare();
    const role = 'commander';
    await send(scene.people.mara, { kind: 'incident.take-role', incidentId, role });
    await send(scene.people.mara, { kind: 'incident.offer-role', incidentId, role, to: scene.people.diego.userId });
    expect((await read(incidentId)).roles[0]).toMatchObject({
      userId: scene.people.mara.userId,
      offer: { to: scene.people.diego.userId },
    });
    await send(scene.people.diego, { kind: 'incident.accept-role', incidentId, role });
    expect((await read(incidentId)).roles).toMatchObject([{ role, userId: scene.people.diego.userId, offer: null }]);
    expect((await timeline(incidentId)).map((entry) => entry.text)).toEqual([
      'Mara declared severity 2: Checkout fails',
      'Mara took command',
      'Mara offered commander to Diego',
      'Diego accepted commander from Mara',
    ]);
  });
});

describe('tasks', () => {
  it('are added, given away, done, and told apart by their own versions', async () => {
    const incidentId = await declare();
    const taskId = random.uuid();
    const task = { incidentId, taskId };
    await send(scene.people.mara, { kind: 'task.add', ...task, title: 'Roll back', ownerId: null, dueAt: null });
    await send(scene.people.diego, { kind: 'task.assign', ...task, ownerId: scene.people.diego.userId }, 1);
    expect(
      await send(scene.people.mara, { kind: 'task.assign', ...task, ownerId: scene.people.boss.userId }, 1),
    ).toMatchObject({
      outcome: 'conflict',
      entity: 'task',
      current: { ownerId: scene.people.diego.userId },
    });
    expect(await send(scene.people.mara, { kind: 'task.set-done', ...task, done: true }, 1)).toMatchObject({
      outcome: 'applied',
    });
    expect(await tasksOf(incidentId)).toMatchObject([
      { ownerId: scene.people.diego.userId, doneBy: scene.people.mara.userId, version: 3 },
    ]);
    expect(await send(scene.people.diego, { kind: 'task.set-done', ...task, done: true })).toMatchObject({
      outcome: 'noop',
      by: 'Mara',
    });
  });

  it('of another incident are not there', async () => {
    const [incidentId, other] = [await declare(), await declare()];
    const taskId = random.uuid();
    await send(scene.people.mara, { kind: 'task.add', incidentId, taskId, title: 'Look', ownerId: null, dueAt: null });
    expect(
      await send(scene.people.mara, { kind: 'task.set-done', incidentId: other, taskId, done: true }),
    ).toMatchObject({
      code: 'not-found',
    });
  });
});

describe('reopening', () => {
  it('leaves the group to the incident that it feeds meanwhile', async () => {
    const incidentId = await declare();
    await send(scene.people.mara, { kind: 'incident.resolve', incidentId });
    const other = await declare();
    await scene.database.query(`UPDATE incident SET group_key = 'g' WHERE id = ANY($1)`, [[incidentId, other]]);
    expect(await send(scene.people.mara, { kind: 'incident.reopen', incidentId })).toMatchObject({
      outcome: 'applied',
    });
    expect(await read(incidentId)).toMatchObject({ status: 'triggered', groupKey: null, resolvedAt: null });
    expect((await timeline(incidentId)).at(-1)?.detail).toMatch(/which is open too/);
  });
});

describe('a review', () => {
  it('is drafted when its incident is resolved, once, with the open tasks as follow-ups', async () => {
    const incidentId = await declare({ impact: 'Nobody can pay' });
    const taskId = random.uuid();
    await send(scene.people.mara, {
      kind: 'task.add',
      incidentId,
      taskId,
      title: 'Fix pool',
      ownerId: scene.people.diego.userId,
      dueAt: null,
    });
    clock.advance(600_000);
    await send(scene.people.mara, { kind: 'incident.resolve', incidentId });
    const rows = await scene.database.query<{ summary: string; follow_ups: unknown }>(
      'SELECT summary, follow_ups FROM postmortem',
    );
    expect(rows).toMatchObject([{ follow_ups: [{ title: 'Fix pool', ownerId: scene.people.diego.userId }] }]);
    expect(rows[0]!.summary).toBe('Checkout fails. Nobody can pay It lasted 10 min.');
    expect((await timeline(incidentId)).at(-1)).toMatchObject({
      source: 'system',
      text: 'A draft of the review was made from the facts',
    });
    await send(scene.people.mara, { kind: 'incident.reopen', incidentId });
    await send(scene.people.mara, { kind: 'incident.resolve', incidentId });
    expect((await scene.database.query('SELECT 1 FROM postmortem')).length).toBe(1);
  });

  it('is edited by the last writer, and what an older copy overwrote is kept on the timeline', async () => {
    const incidentId = await declare();
    const texts = { causes: '', wentWell: '', wentBadly: '', followUps: [] };
    await send(scene.people.mara, { kind: 'postmortem.edit', incidentId, summary: 'Mara wrote this', ...texts }, 0);
    const result = await send(
      scene.people.diego,
      { kind: 'postmortem.edit', incidentId, summary: 'Diego wrote that', ...texts },
      0,
    );
    expect(result).toMatchObject({ outcome: 'applied', version: 2 });
    expect((await timeline(incidentId)).at(-1)?.detail).toBe('Replaced:\nsummary: Mara wrote this');
    expect(await scene.app.postmortems.markdown(scene.people.mara, incidentId)).toContain('Diego wrote that');
  });
});
