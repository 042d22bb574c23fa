import { describe, expect, it } from 'vitest';
import { incidentScene } from '#server/testkit/incident-scene.ts';

const { scene, random, send, declare, read, timeline, someAlerts, alertsOf } = incidentScene();

describe('alerts moved by hand', () => {
  it('are counted where they are, and rules leave them there', async () => {
    const alertIds = await someAlerts(5);
    const from = await declare({ alertIds });
    expect(await read(from)).toMatchObject({ alertCount: 5, firingAlertCount: 5, services: ['s0', 's1'] });
    const to = await declare({ title: 'Other' });
    await send(scene.people.mara, { kind: 'incident.attach-alerts', incidentId: to, alertIds: alertIds.slice(0, 1) });
    await send(scene.people.mara, { kind: 'incident.detach-alerts', incidentId: from, alertIds: alertIds.slice(1, 2) });
    expect(await read(from)).toMatchObject({ alertCount: 3, firingAlertCount: 3 });
    expect(await read(to)).toMatchObject({ alertCount: 1, services: ['s0'] });
    const [attached, detached] = await alertsOf(alertIds.slice(0, 2));
    expect(attached).toMatchObject({
      incidentId: to,
      placedBy: scene.people.mara.userId,
      groupReason: 'Attached by Mara',
    });
    expect(detached).toMatchObject({ incidentId: null, placedBy: scene.people.mara.userId });
  });

  it('are split off into an incident of their own', async () => {
    const alertIds = await someAlerts(3);
    const incidentId = await declare({ alertIds });
    const newIncidentId = random.uuid();
    const split = {
      kind: 'incident.split',
      incidentId,
      newIncidentId,
      alertIds: alertIds.slice(0, 2),
      title: 'Two',
    } as const;
    expect(await send(scene.people.mara, split)).toMatchObject({ outcome: 'applied' });
    expect(await read(incidentId)).toMatchObject({ alertCount: 1 });
    expect(await read(newIncidentId)).toMatchObject({
      version: 1,
      alertCount: 2,
      severity: 'sev2',
      declaredBy: scene.people.mara.userId,
    });
    expect((await timeline(newIncidentId)).map((entry) => entry.kind)).toEqual(['declared']);
    expect((await timeline(incidentId)).at(-1)?.text).toContain('Mara moved 2 alerts to INC-');
  });

  it('follow a merge, after which the source is closed and says where they went', async () => {
    const alertIds = await someAlerts(3);
    const source = await declare({ alertIds, title: 'Symptom' });
    const target = await declare({ alertIds: await someAlerts(2), title: 'Cause' });
    await send(scene.people.diego, { kind: 'incident.take-role', incidentId: source, role: 'commander' });
    await send(scene.people.diego, {
      kind: 'task.add',
      incidentId: source,
      taskId: random.uuid(),
      title: 'Call DBA',
      ownerId: null,
      dueAt: null,
    });
    expect(await send(scene.people.mara, { kind: 'incident.merge', incidentId: source, into: target })).toMatchObject({
      outcome: 'applied',
    });
    expect(await read(source)).toMatchObject({
      status: 'resolved',
      mergedInto: target,
      alertCount: 0,
      firingAlertCount: 0,
    });
    expect(await read(target)).toMatchObject({ alertCount: 5, firingAlertCount: 5 });
    expect(
      (await alertsOf(alertIds)).every(
        (alert) => alert.incidentId === target && alert.groupReason?.startsWith('Merged from INC-'),
      ),
    ).toBe(true);
    expect((await timeline(target)).at(-1)?.detail).toBe('There, Diego is commander\nOpen task there: Call DBA');
    expect(await send(scene.people.mara, { kind: 'incident.merge', incidentId: source, into: target })).toMatchObject({
      outcome: 'noop',
      by: 'Mara',
    });
    expect(await send(scene.people.mara, { kind: 'incident.acknowledge', incidentId: source })).toMatchObject({
      outcome: 'conflict',
    });
    expect((await scene.database.query('SELECT * FROM postmortem')).length).toBe(0);
  });

  it('end in one incident when two people merge two incidents into each other at once', async () => {
    const a = await declare({ alertIds: await someAlerts(2) });
    const b = await declare({ alertIds: await someAlerts(3) });
    const results = await Promise.all([
      send(scene.people.mara, { kind: 'incident.merge', incidentId: a, into: b }),
      send(scene.people.diego, { kind: 'incident.merge', incidentId: b, into: a }),
    ]);
    expect(results.filter((result) => result.outcome === 'applied')).toHaveLength(1);
    const states = [await read(a), await read(b)];
    expect(states.map((incident) => incident.alertCount).toSorted()).toEqual([0, 5]);
  });

  it('never have more alerts than there are when many hands move them at once', async () => {
    const alertIds = await someAlerts(6);
    const incidents = [await declare({ alertIds }), await declare(), await declare()];
    await Promise.all(
      alertIds.flatMap((id, n) => [
        send(scene.people.mara, { kind: 'incident.attach-alerts', incidentId: incidents[n % 3]!, alertIds: [id] }),
        send(scene.people.diego, {
          kind: 'incident.attach-alerts',
          incidentId: incidents[(n + 1) % 3]!,
          alertIds: [id],
        }),
      ]),
    );
    for (const incidentId of incidents) {
      const [row] = await scene.database.query<{ n: number }>(
        'SELECT count(*) AS n FROM alert WHERE incident_id = $1',
        [incidentId],
      );
      expect(await read(incidentId)).toMatchObject({ alertCount: row!.n, firingAlertCount: row!.n });
    }
  });
});
