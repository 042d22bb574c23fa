import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#server/api/context.ts';
import type { Incident, Task, TimelineEntry } from '#server/contract/incident.ts';
import type { ActionOf, IntentResult } from '#server/contract/intent.ts';
import type { Database } from '#server/database/pool.ts';
import { alertStore } from '#server/modules/alerts/store.ts';
import { readIncident } from '#server/modules/incidents/store.ts';
import { readTasks } from '#server/modules/incidents/task-store.ts';
import { readWholeTimeline } from '#server/modules/incidents/timeline-store.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createIncidentApp } from '#server/testkit/incident-app.ts';
import { anAlert, testId } from '#server/testkit/incidents.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const start = Date.parse('2026-11-21T12:00:00.000Z');
const clock = createFakeClock(start);
const random = createSeededRandom(7, clock);
const teamA = testId(501);
const teamB = testId(502);

let database: Database;
let app: ReturnType<typeof createIncidentApp>;
let mara: Actor;
let diego: Actor;
let boss: Actor;
let outsider: Actor;
let viewer: Actor;

beforeAll(async () => {
  database = await testDatabase({ max: 25 });
  app = createIncidentApp({ database, clock, random });
  mara = await app.person('Mara', 'responder', [teamA]);
  diego = await app.person('Diego', 'responder', [teamA]);
  boss = await app.person('Sam', 'manager', [teamA]);
  outsider = await app.person('Otto', 'admin', [teamB]);
  viewer = await app.person('Vera', 'viewer', [teamA]);
});
beforeEach(async () => {
  clock.set(start);
  await database.query('TRUNCATE incident, task, timeline_entry, postmortem, alert, alert_event, intent, feed CASCADE');
});

async function send(actor: Actor, action: Parameters<typeof app.intent>[0], baseVersion: number | null = null) {
  const [result] = await app.intents.submit(actor, [app.intent(action, { baseVersion })]);
  return result as IntentResult;
}

async function declare(fields: Partial<ActionOf<'incident.declare'>> = {}, actor = mara): Promise<string> {
  const incidentId = random.uuid();
  const rest = { title: 'Checkout fails', severity: 'sev2', impact: null, restrictedTo: null } as const;

  const result = await send(actor, { kind: 'incident.declare', incidentId, alertIds: [], ...rest, ...fields });
  expect(result).toMatchObject({ outcome: 'applied', version: 1 });
  return incidentId;
}

const read = async (id: string, reader = mara) => (await readIncident(database, reader, id)) as Incident;
const timeline = (id: string, reader = mara): Promise<TimelineEntry[]> => readWholeTimeline(database, reader, id);
const tasksOf = (id: string, reader = mara): Promise<Task[]> => readTasks(database, reader, id);

async function someAlerts(count: number, fields: Parameters<typeof anAlert>[0] = {}): Promise<string[]> {
  const list = Array.from({ length: count }, (_, n) => {
    const id = random.uuid();
    return anAlert({ id, dedupKey: id, title: `Alert ${n}`, service: `s${n % 2}`, ...fields });
  });
  await database.withTransaction((tx) => alertStore.save(tx, new Date(clock.now()).toISOString(), list));
  return list.map((alert) => alert.id);
}

const lockAlerts = (ids: string[]) => database.withTransaction((tx) => alertStore.lockByIds(tx, ids));

describe('an intent', () => {
  it('has its effect once, however often and however concurrently it is sent', async () => {
    const incidentId = await declare();
    const note = app.intent({ kind: 'incident.note', incidentId, entryId: random.uuid(), text: 'looking', at: null });
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.intents.submit(mara, [note])));
    expect(answers.flat()).toEqual(Array.from({ length: 20 }, () => ({ outcome: 'applied', id: note.id, version: 1 })));
    expect((await timeline(incidentId)).filter((entry) => entry.kind === 'note')).toHaveLength(1);
  });

  it('answers later what it answered first', async () => {
    const incidentId = await declare();
    const acknowledge = app.intent({ kind: 'incident.acknowledge', incidentId });
    const [first] = await app.intents.submit(mara, [acknowledge]);
    await send(diego, { kind: 'incident.resolve', incidentId });
    expect(await app.intents.submit(mara, [acknowledge])).toEqual([first]);
    expect((await read(incidentId)).status).toBe('resolved');
  });

  it('is refused when somebody else used its id', async () => {
    const incidentId = await declare();
    const acknowledge = app.intent({ kind: 'incident.acknowledge', incidentId });
    await app.intents.submit(mara, [acknowledge]);
    expect(await app.intents.submit(diego, [acknowledge])).toMatchObject([{ outcome: 'rejected', code: 'invalid' }]);
  });

  it('needs the role of its action', async () => {
    const incidentId = await declare();
    expect(await send(viewer, { kind: 'incident.acknowledge', incidentId })).toMatchObject({ code: 'forbidden' });
    expect(await send(mara, { kind: 'incident.restrict', incidentId, restrictedTo: [teamA] })).toMatchObject({
      code: 'forbidden',
    });
  });

  it('on an unknown incident is answered as not found', async () => {
    expect(await send(mara, { kind: 'incident.acknowledge', incidentId: random.uuid() })).toMatchObject({
      outcome: 'rejected',
      code: 'not-found',
    });
  });

  it('waits for what it builds on, and gets another chance when that comes later', async () => {
    const incidentId = random.uuid();
    const rest = {
      title: 'Later',
      severity: 'sev3',
      impact: null,
      alertIds: [] as string[],
      restrictedTo: null,
    } as const;
    const first = app.intent({ kind: 'incident.declare', incidentId, ...rest });
    const entryId = random.uuid();
    const note = app.intent(
      { kind: 'incident.note', incidentId, entryId, text: 'x', at: null },
      { dependsOn: first.id },
    );
    expect(await app.intents.submit(mara, [note])).toMatchObject([{ outcome: 'rejected', code: 'invalid' }]);
    expect(await app.intents.submit(mara, [first, note])).toMatchObject([
      { outcome: 'applied' },
      { outcome: 'applied' },
    ]);
  });

  it('is refused for good when what it builds on was refused', async () => {
    const incidentId = random.uuid();
    const refused = app.intent({ kind: 'incident.acknowledge', incidentId });
    const entryId = random.uuid();
    const note = app.intent(
      { kind: 'incident.note', incidentId, entryId, text: 'x', at: null },
      { dependsOn: refused.id },
    );
    expect(await app.intents.submit(mara, [refused, note])).toMatchObject([{ code: 'not-found' }, { code: 'invalid' }]);
  });

  it('that cannot be stored does not hold up those behind it', async () => {
    const incidentId = await declare();
    const other = await declare();
    const entryId = random.uuid();
    await send(mara, { kind: 'incident.note', incidentId, entryId, text: 'mine', at: null });
    const taken = app.intent({ kind: 'incident.note', incidentId: other, entryId, text: 'same id', at: null });
    const behind = app.intent({ kind: 'incident.acknowledge', incidentId: other });
    expect(await app.intents.submit(diego, [taken, behind])).toMatchObject([
      { outcome: 'rejected', code: 'invalid' },
      { outcome: 'applied' },
    ]);
  });

  it('happened when the person acted, but no more than 72 hours ago and not in the future', async () => {
    const incidentId = await declare();
    const note = (at: string) =>
      app.intent({ kind: 'incident.note', incidentId, entryId: random.uuid(), text: at, at: null }, { at });
    await app.intents.submit(
      mara,
      ['2026-11-21T11:00:00.000Z', '2026-11-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'].map(note),
    );
    const notes = (await timeline(incidentId)).filter((entry) => entry.kind === 'note');
    expect(notes.map((entry) => entry.at)).toEqual([
      '2026-11-18T12:00:00.000Z',
      '2026-11-21T11:00:00.000Z',
      '2026-11-21T12:00:00.000Z',
    ]);
    expect(new Set(notes.map((entry) => entry.recordedAt))).toEqual(new Set(['2026-11-21T12:00:00.000Z']));
  });

  it('drains from a long outbox in seconds: 500 in calls of 100', async () => {
    const incidentId = await declare();
    const queue = Array.from({ length: 500 }, (_, n) =>
      app.intent({ kind: 'incident.note', incidentId, entryId: random.uuid(), text: `note ${n}`, at: null }),
    );
    const began = performance.now();
    for (let n = 0; n < 500; n += 100) await app.intents.submit(mara, queue.slice(n, n + 100));
    const elapsedMs = performance.now() - began;
    expect((await timeline(incidentId)).filter((entry) => entry.kind === 'note')).toHaveLength(500);
    expect(elapsedMs).toBeLessThan(10_000);
  });
});

describe('two people at once', () => {
  it('acknowledge: one does, the other learns who did', async () => {
    const incidentId = await declare();
    const results = await Promise.all([
      send(mara, { kind: 'incident.acknowledge', incidentId }, 1),
      send(diego, { kind: 'incident.acknowledge', incidentId }, 1),
    ]);
    expect(results.map((result) => result.outcome).toSorted()).toEqual(['applied', 'noop']);
    const winner = results[0]!.outcome === 'applied' ? mara : diego;
    expect(results.find((result) => result.outcome === 'noop')).toMatchObject({
      by: winner.name,
      at: '2026-11-21T12:00:00.000Z',
    });
  });

  it('set the severity: the older copy loses, and both are on the timeline', async () => {
    const incidentId = await declare();
    await send(diego, { kind: 'incident.set-severity', incidentId, severity: 'sev1' }, 1);
    const result = await send(mara, { kind: 'incident.set-severity', incidentId, severity: 'sev3' }, 1);
    expect(result).toMatchObject({
      outcome: 'conflict',
      reason: 'Sev1 by Diego kept',
      entity: 'incident',
      current: { severity: 'sev1' },
    });
    expect((await timeline(incidentId)).map((entry) => entry.text)).toContain(
      'Mara set severity to sev3 from an older copy; sev1 by Diego kept',
    );
  });

  it('take command: one holds it, the other is told who', async () => {
    const incidentId = await declare();
    const take = { kind: 'incident.take-role', incidentId, role: 'commander' } as const;
    const results = await Promise.all([send(mara, take), send(diego, take)]);
    expect(results.map((result) => result.outcome).toSorted()).toEqual(['applied', 'conflict']);
    expect((await read(incidentId)).roles).toHaveLength(1);
  });

  it('do different things to one incident, both of which stay', async () => {
    const incidentId = await declare();
    await Promise.all([
      send(mara, { kind: 'incident.acknowledge', incidentId }, 1),
      send(diego, { kind: 'incident.set-severity', incidentId, severity: 'sev1' }, 1),
      send(diego, { kind: 'incident.take-role', incidentId, role: 'scribe' }, 1),
    ]);
    expect(await read(incidentId)).toMatchObject({ status: 'acknowledged', severity: 'sev1', version: 4 });
  });
});

describe('handing over command', () => {
  it('is offered, accepted and said on the timeline', async () => {
    const incidentId = await declare();
    const role = 'commander';
    await send(mara, { kind: 'incident.take-role', incidentId, role });
    await send(mara, { kind: 'incident.offer-role', incidentId, role, to: diego.userId });
    expect((await read(incidentId)).roles[0]).toMatchObject({ userId: mara.userId, offer: { to: diego.userId } });
    await send(diego, { kind: 'incident.accept-role', incidentId, role });
    expect((await read(incidentId)).roles).toMatchObject([{ role, userId: diego.userId, offer: null }]);
    expect((await timeline(incidentId)).map((entry) => entry.text)).toEqual([
      'Mara declared sev2: Checkout fails',
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
    await send(mara, { kind: 'task.add', ...task, title: 'Roll back', ownerId: null, dueAt: null });
    await send(diego, { kind: 'task.assign', ...task, ownerId: diego.userId }, 1);
    expect(await send(mara, { kind: 'task.assign', ...task, ownerId: boss.userId }, 1)).toMatchObject({
      outcome: 'conflict',
      entity: 'task',
      current: { ownerId: diego.userId },
    });
    expect(await send(mara, { kind: 'task.set-done', ...task, done: true }, 1)).toMatchObject({ outcome: 'applied' });
    expect(await tasksOf(incidentId)).toMatchObject([{ ownerId: diego.userId, doneBy: mara.userId, version: 3 }]);
    expect(await send(diego, { kind: 'task.set-done', ...task, done: true })).toMatchObject({
      outcome: 'noop',
      by: 'Mara',
    });
  });

  it('of another incident are not there', async () => {
    const [incidentId, other] = [await declare(), await declare()];
    const taskId = random.uuid();
    await send(mara, { kind: 'task.add', incidentId, taskId, title: 'Look', ownerId: null, dueAt: null });
    expect(await send(mara, { kind: 'task.set-done', incidentId: other, taskId, done: true })).toMatchObject({
      code: 'not-found',
    });
  });
});

describe('alerts moved by hand', () => {
  it('are counted where they are, and rules leave them there', async () => {
    const alertIds = await someAlerts(5);
    const from = await declare({ alertIds });
    expect(await read(from)).toMatchObject({ alertCount: 5, firingAlertCount: 5, services: ['s0', 's1'] });
    const to = await declare({ title: 'Other' });
    await send(mara, { kind: 'incident.attach-alerts', incidentId: to, alertIds: alertIds.slice(0, 1) });
    await send(mara, { kind: 'incident.detach-alerts', incidentId: from, alertIds: alertIds.slice(1, 2) });
    expect(await read(from)).toMatchObject({ alertCount: 3, firingAlertCount: 3 });
    expect(await read(to)).toMatchObject({ alertCount: 1, services: ['s0'] });
    const [attached, detached] = await lockAlerts(alertIds.slice(0, 2));
    expect(attached).toMatchObject({ incidentId: to, placedBy: mara.userId, groupReason: 'Attached by Mara' });
    expect(detached).toMatchObject({ incidentId: null, placedBy: mara.userId });
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
    expect(await send(mara, split)).toMatchObject({ outcome: 'applied' });
    expect(await read(incidentId)).toMatchObject({ alertCount: 1 });
    expect(await read(newIncidentId)).toMatchObject({
      version: 1,
      alertCount: 2,
      severity: 'sev2',
      declaredBy: mara.userId,
    });
    expect((await timeline(newIncidentId)).map((entry) => entry.kind)).toEqual(['declared']);
    expect((await timeline(incidentId)).at(-1)?.text).toContain('Mara moved 2 alerts to #');
  });

  it('follow a merge, after which the source is closed and says where they went', async () => {
    const alertIds = await someAlerts(3);
    const source = await declare({ alertIds, title: 'Symptom' });
    const target = await declare({ alertIds: await someAlerts(2), title: 'Cause' });
    await send(diego, { kind: 'incident.take-role', incidentId: source, role: 'commander' });
    await send(diego, {
      kind: 'task.add',
      incidentId: source,
      taskId: random.uuid(),
      title: 'Call DBA',
      ownerId: null,
      dueAt: null,
    });
    expect(await send(mara, { kind: 'incident.merge', incidentId: source, into: target })).toMatchObject({
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
      (await lockAlerts(alertIds)).every(
        (alert) => alert.incidentId === target && alert.groupReason?.startsWith('Merged from #'),
      ),
    ).toBe(true);
    expect((await timeline(target)).at(-1)?.detail).toBe('There, Diego is commander\nOpen task there: Call DBA');
    expect(await send(mara, { kind: 'incident.merge', incidentId: source, into: target })).toMatchObject({
      outcome: 'noop',
      by: 'Mara',
    });
    expect(await send(mara, { kind: 'incident.acknowledge', incidentId: source })).toMatchObject({
      outcome: 'conflict',
    });
    expect((await database.query('SELECT * FROM postmortem')).length).toBe(0);
  });

  it('end in one incident when two people merge two incidents into each other at once', async () => {
    const a = await declare({ alertIds: await someAlerts(2) });
    const b = await declare({ alertIds: await someAlerts(3) });
    const results = await Promise.all([
      send(mara, { kind: 'incident.merge', incidentId: a, into: b }),
      send(diego, { kind: 'incident.merge', incidentId: b, into: a }),
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
        send(mara, { kind: 'incident.attach-alerts', incidentId: incidents[n % 3]!, alertIds: [id] }),
        send(diego, { kind: 'incident.attach-alerts', incidentId: incidents[(n + 1) % 3]!, alertIds: [id] }),
      ]),
    );
    for (const incidentId of incidents) {
      const [row] = await database.query<{ n: number }>('SELECT count(*) AS n FROM alert WHERE incident_id = $1', [
        incidentId,
      ]);
      expect(await read(incidentId)).toMatchObject({ alertCount: row!.n, firingAlertCount: row!.n });
    }
  });
});

describe('reopening', () => {
  it('leaves the group to the incident that it feeds meanwhile', async () => {
    const incidentId = await declare();
    await send(mara, { kind: 'incident.resolve', incidentId });
    const other = await declare();
    await database.query(`UPDATE incident SET group_key = 'g' WHERE id = ANY($1)`, [[incidentId, other]]);
    expect(await send(mara, { kind: 'incident.reopen', incidentId })).toMatchObject({ outcome: 'applied' });
    expect(await read(incidentId)).toMatchObject({ status: 'triggered', groupKey: null, resolvedAt: null });
    expect((await timeline(incidentId)).at(-1)?.detail).toMatch(/which is open too/);
  });
});

describe('a review', () => {
  it('is drafted when its incident is resolved, once, with the open tasks as follow-ups', async () => {
    const incidentId = await declare({ impact: 'Nobody can pay' });
    const taskId = random.uuid();
    await send(mara, { kind: 'task.add', incidentId, taskId, title: 'Fix pool', ownerId: diego.userId, dueAt: null });
    clock.advance(600_000);
    await send(mara, { kind: 'incident.resolve', incidentId });
    const rows = await database.query<{ summary: string; follow_ups: unknown }>(
      'SELECT summary, follow_ups FROM postmortem',
    );
    expect(rows).toMatchObject([{ follow_ups: [{ title: 'Fix pool', ownerId: diego.userId }] }]);
    expect(rows[0]!.summary).toBe('Checkout fails. Nobody can pay It lasted 10 min.');
    expect((await timeline(incidentId)).at(-1)).toMatchObject({
      source: 'system',
      text: 'A draft of the review was made from the facts',
    });
    await send(mara, { kind: 'incident.reopen', incidentId });
    await send(mara, { kind: 'incident.resolve', incidentId });
    expect((await database.query('SELECT 1 FROM postmortem')).length).toBe(1);
  });

  it('is edited by the last writer, and what an older copy overwrote is kept on the timeline', async () => {
    const incidentId = await declare();
    const texts = { causes: '', wentWell: '', wentBadly: '', followUps: [] };
    await send(mara, { kind: 'postmortem.edit', incidentId, summary: 'Mara wrote this', ...texts }, 0);
    const result = await send(diego, { kind: 'postmortem.edit', incidentId, summary: 'Diego wrote that', ...texts }, 0);
    expect(result).toMatchObject({ outcome: 'applied', version: 2 });
    expect((await timeline(incidentId)).at(-1)?.detail).toBe('Replaced:\nsummary: Mara wrote this');
    expect(await app.postmortems.markdown(mara, incidentId)).toContain('Diego wrote that');
  });
});

describe('a restricted incident', () => {
  it('is not there for outsiders: not in lists, reads, timelines, reviews, the feed, nor to act on', async () => {
    const alertIds = await someAlerts(2);
    const incidentId = await declare({ alertIds });
    const entryId = random.uuid();
    await send(mara, { kind: 'incident.note', incidentId, entryId, text: 'secret', at: null });
    await send(mara, {
      kind: 'task.add',
      incidentId,
      taskId: random.uuid(),
      title: 'secret',
      ownerId: null,
      dueAt: null,
    });
    await send(mara, { kind: 'incident.resolve', incidentId });
    expect(await send(boss, { kind: 'incident.restrict', incidentId, restrictedTo: [teamA] })).toMatchObject({
      outcome: 'applied',
    });

    const none = { statuses: [], severities: [], limit: 10, cursor: null };
    expect((await app.incidents.list(outsider, none)).items).toEqual([]);
    await expect(app.incidents.get(outsider, incidentId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(app.incidents.timeline(outsider, incidentId, { limit: 10, after: null })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(app.postmortems.markdown(outsider, incidentId)).rejects.toMatchObject({ code: 'not-found' });
    expect(
      await send(outsider, { kind: 'incident.note', incidentId, entryId: random.uuid(), text: 'x', at: null }),
    ).toMatchObject({ code: 'not-found' });
    expect(await send(outsider, { kind: 'incident.star', incidentId, entryId, starred: true })).toMatchObject({
      code: 'not-found',
    });
    const elsewhere = await declare({}, outsider);
    expect(await send(outsider, { kind: 'incident.attach-alerts', incidentId: elsewhere, alertIds })).toMatchObject({
      code: 'not-found',
    });
    expect(await send(outsider, { kind: 'incident.merge', incidentId: elsewhere, into: incidentId })).toMatchObject({
      code: 'not-found',
    });

    expect((await app.incidents.list(mara, none)).items.map((item) => item.id)).toContain(incidentId);
    const visible = await database.query<{ entity: string; op: string; id: string }>(
      `SELECT entity, op, id FROM feed WHERE op <> 'delete' AND (audience IS NULL OR audience && $1::uuid[]) AND id <> $2
         AND NOT EXISTS (SELECT 1 FROM timeline_entry e WHERE e.id = feed.id AND e.incident_id = $2)`,
      [outsider.teamIds, elsewhere],
    );
    expect(visible).toEqual([]);
    // What outsiders held is taken from them: the incident, its entries, its task, its review and both alerts.
    const gone = await database.query<{ entity: string; n: number }>(
      `SELECT entity, count(*) AS n FROM feed WHERE op = 'delete' AND audience IS NULL GROUP BY entity ORDER BY entity`,
    );
    expect(gone.map((row) => row.entity)).toEqual(['alert', 'incident', 'postmortem', 'task', 'timeline']);
  });

  it('keeps its alerts to itself: only a manager can show them to more people', async () => {
    const alertIds = await someAlerts(1);
    const incidentId = await declare({ alertIds, restrictedTo: [teamA] });
    expect((await lockAlerts(alertIds))[0]?.audience).toEqual([teamA]);
    const open = await declare();
    const attach = { kind: 'incident.attach-alerts', incidentId: open, alertIds } as const;
    expect(await send(mara, attach)).toMatchObject({ code: 'forbidden' });
    expect(await send(mara, { kind: 'incident.detach-alerts', incidentId, alertIds })).toMatchObject({
      code: 'forbidden',
    });
    expect(await send(mara, { kind: 'incident.merge', incidentId, into: open })).toMatchObject({ code: 'forbidden' });
    expect(await send(boss, attach)).toMatchObject({ outcome: 'applied' });
    expect((await lockAlerts(alertIds))[0]?.audience).toBeNull();
  });

  it('cannot be declared for other teams only, nor handed to somebody who may not see it', async () => {
    const rest = {
      incidentId: random.uuid(),
      title: 'X',
      severity: 'sev3',
      impact: null,
      alertIds: [] as string[],
    } as const;
    expect(await send(mara, { kind: 'incident.declare', ...rest, restrictedTo: [teamB] })).toMatchObject({
      code: 'invalid',
    });
    const incidentId = await declare({ restrictedTo: [teamA] });
    expect(
      await send(mara, { kind: 'incident.offer-role', incidentId, role: 'commander', to: outsider.userId }),
    ).toMatchObject({ code: 'invalid' });
    const task = { incidentId, taskId: random.uuid(), title: 'T', dueAt: null, ownerId: outsider.userId };
    expect(await send(mara, { kind: 'task.add', ...task })).toMatchObject({ code: 'invalid' });
  });
});
