import { describe, expect, it } from 'vitest';
import { incidentScene, teamA, teamB } from '#server/testkit/incident-scene.ts';

const { scene, random, send, declare, someAlerts, alertsOf } = incidentScene();

describe('a restricted incident', () => {
  it('is not there for outsiders: not in lists, reads, timelines, reviews, the feed, nor to act on', async () => {
    const alertIds = await someAlerts(2);
    const incidentId = await declare({ alertIds });
    const entryId = random.uuid();
    await send(scene.people.mara, { kind: 'incident.note', incidentId, entryId, text: 'secret', at: null });
    await send(scene.people.mara, {
      kind: 'task.add',
      incidentId,
      taskId: random.uuid(),
      title: 'secret',
      ownerId: null,
      dueAt: null,
    });
    await send(scene.people.mara, { kind: 'incident.resolve', incidentId });
    expect(
      await send(scene.people.boss, { kind: 'incident.restrict', incidentId, restrictedTo: [teamA] }),
    ).toMatchObject({
      outcome: 'applied',
    });

    const none = { statuses: [], severities: [], limit: 10, cursor: null };
    expect((await scene.app.incidents.list(scene.people.outsider, none)).items).toEqual([]);
    await expect(scene.app.incidents.get(scene.people.outsider, incidentId)).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(
      scene.app.incidents.timeline(scene.people.outsider, incidentId, { limit: 10, after: null }),
    ).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(scene.app.postmortems.markdown(scene.people.outsider, incidentId)).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(
      await send(scene.people.outsider, {
        kind: 'incident.note',
        incidentId,
        entryId: random.uuid(),
        text: 'x',
        at: null,
      }),
    ).toMatchObject({ code: 'not-found' });
    expect(
      await send(scene.people.outsider, { kind: 'incident.star', incidentId, entryId, starred: true }),
    ).toMatchObject({
      code: 'not-found',
    });
    const elsewhere = await declare({}, scene.people.outsider);
    expect(
      await send(scene.people.outsider, { kind: 'incident.attach-alerts', incidentId: elsewhere, alertIds }),
    ).toMatchObject({
      code: 'not-found',
    });
    expect(
      await send(scene.people.outsider, { kind: 'incident.merge', incidentId: elsewhere, into: incidentId }),
    ).toMatchObject({
      code: 'not-found',
    });

    expect((await scene.app.incidents.list(scene.people.mara, none)).items.map((item) => item.id)).toContain(
      incidentId,
    );
    const visible = await scene.database.query<{ entity: string; op: string; id: string }>(
      `SELECT entity, op, id FROM feed WHERE op <> 'delete' AND (audience IS NULL OR audience && $1::uuid[]) AND id <> $2
         AND NOT EXISTS (SELECT 1 FROM timeline_entry e WHERE e.id = feed.id AND e.incident_id = $2)
         AND NOT EXISTS (SELECT 1 FROM participant p WHERE p.id = feed.id AND p.incident_id = $2)`,
      [scene.people.outsider.teamIds, elsewhere],
    );
    expect(visible).toEqual([]);
    // What outsiders held is taken from them: the incident, its entries, who is in it, its task, its review and both alerts.
    const gone = await scene.database.query<{ entity: string; n: number }>(
      `SELECT entity, count(*) AS n FROM feed WHERE op = 'delete' AND audience IS NULL GROUP BY entity ORDER BY entity`,
    );
    expect(gone.map((row) => row.entity)).toEqual([
      'alert',
      'incident',
      'participant',
      'postmortem',
      'task',
      'timeline',
    ]);
  });

  it('keeps its alerts to itself: only a manager can show them to more people', async () => {
    const alertIds = await someAlerts(1);
    const incidentId = await declare({ alertIds, restrictedTo: [teamA] });
    expect((await alertsOf(alertIds))[0]?.audience).toEqual([teamA]);
    const open = await declare();
    const attach = { kind: 'incident.attach-alerts', incidentId: open, alertIds } as const;
    expect(await send(scene.people.mara, attach)).toMatchObject({ code: 'forbidden' });
    expect(await send(scene.people.mara, { kind: 'incident.detach-alerts', incidentId, alertIds })).toMatchObject({
      code: 'forbidden',
    });
    expect(await send(scene.people.mara, { kind: 'incident.merge', incidentId, into: open })).toMatchObject({
      code: 'forbidden',
    });
    expect(await send(scene.people.boss, attach)).toMatchObject({ outcome: 'applied' });
    expect((await alertsOf(alertIds))[0]?.audience).toBeNull();
  });

  it('cannot be declared for other teams only, nor handed to somebody who may not see it', async () => {
    const rest = {
      incidentId: random.uuid(),
      title: 'X',
      severity: 'sev3',
      impact: null,
      alertIds: [] as string[],
    } as const;
    expect(await send(scene.people.mara, { kind: 'incident.declare', ...rest, restrictedTo: [teamB] })).toMatchObject({
      code: 'invalid',
    });
    const incidentId = await declare({ restrictedTo: [teamA] });
    expect(
      await send(scene.people.mara, {
        kind: 'incident.offer-role',
        incidentId,
        role: 'commander',
        to: scene.people.outsider.userId,
      }),
    ).toMatchObject({ code: 'invalid' });
    const task = { incidentId, taskId: random.uuid(), title: 'T', dueAt: null, ownerId: scene.people.outsider.userId };
    expect(await send(scene.people.mara, { kind: 'task.add', ...task })).toMatchObject({ code: 'invalid' });
  });
});
