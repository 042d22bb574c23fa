import { describe, expect, it } from 'vitest';
import { AppError } from '#server/api/app-error.ts';
import { intentStore } from '#server/modules/incidents/intent-store.ts';
import { createIntents } from '#server/modules/incidents/intents.ts';
import { busyness } from '#server/testkit/busy.ts';
import { incidentScene, teamA } from '#server/testkit/incident-scene.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

const { scene, clock, random, send, declare, read, timeline } = incidentScene();

describe('an intent', () => {
  it('has its effect once, however often and however concurrently it is sent', async () => {
    const incidentId = await declare();
    const note = scene.app.intent({
      kind: 'incident.note',
      incidentId,
      entryId: random.uuid(),
      text: 'looking',
      at: null,
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => scene.app.intents.submit(scene.people.mara, [note])),
    );
    expect(answers.flat()).toEqual(Array.from({ length: 20 }, () => ({ outcome: 'applied', id: note.id, version: 1 })));
    expect((await timeline(incidentId)).filter((entry) => entry.kind === 'note')).toHaveLength(1);
  });

  it('answers later what it answered first', async () => {
    const incidentId = await declare();
    const acknowledge = scene.app.intent({ kind: 'incident.acknowledge', incidentId });
    const [first] = await scene.app.intents.submit(scene.people.mara, [acknowledge]);
    await send(scene.people.diego, { kind: 'incident.resolve', incidentId });
    expect(await scene.app.intents.submit(scene.people.mara, [acknowledge])).toEqual([first]);
    expect((await read(incidentId)).status).toBe('resolved');
  });

  it('is refused when somebody else used its id', async () => {
    const incidentId = await declare();
    const acknowledge = scene.app.intent({ kind: 'incident.acknowledge', incidentId });
    await scene.app.intents.submit(scene.people.mara, [acknowledge]);
    expect(await scene.app.intents.submit(scene.people.diego, [acknowledge])).toMatchObject([
      { outcome: 'rejected', code: 'invalid' },
    ]);
  });

  it('needs the role of its action', async () => {
    const incidentId = await declare();
    expect(await send(scene.people.viewer, { kind: 'incident.acknowledge', incidentId })).toMatchObject({
      code: 'forbidden',
    });
    expect(
      await send(scene.people.mara, { kind: 'incident.restrict', incidentId, restrictedTo: [teamA] }),
    ).toMatchObject({
      code: 'forbidden',
    });
  });

  it('on an unknown incident is answered as not found', async () => {
    expect(await send(scene.people.mara, { kind: 'incident.acknowledge', incidentId: random.uuid() })).toMatchObject({
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
    const first = scene.app.intent({ kind: 'incident.declare', incidentId, ...rest });
    const entryId = random.uuid();
    const note = scene.app.intent(
      { kind: 'incident.note', incidentId, entryId, text: 'x', at: null },
      { dependsOn: first.id },
    );
    expect(await scene.app.intents.submit(scene.people.mara, [note])).toMatchObject([
      { outcome: 'rejected', code: 'invalid' },
    ]);
    expect(await scene.app.intents.submit(scene.people.mara, [first, note])).toMatchObject([
      { outcome: 'applied' },
      { outcome: 'applied' },
    ]);
  });

  it('is refused for good when what it builds on was refused', async () => {
    const incidentId = random.uuid();
    const refused = scene.app.intent({ kind: 'incident.acknowledge', incidentId });
    const entryId = random.uuid();
    const note = scene.app.intent(
      { kind: 'incident.note', incidentId, entryId, text: 'x', at: null },
      { dependsOn: refused.id },
    );
    expect(await scene.app.intents.submit(scene.people.mara, [refused, note])).toMatchObject([
      { code: 'not-found' },
      { code: 'invalid' },
    ]);
  });

  it('that cannot be stored does not hold up those behind it', async () => {
    const incidentId = await declare();
    const other = await declare();
    const entryId = random.uuid();
    await send(scene.people.mara, { kind: 'incident.note', incidentId, entryId, text: 'mine', at: null });
    const taken = scene.app.intent({ kind: 'incident.note', incidentId: other, entryId, text: 'same id', at: null });
    const behind = scene.app.intent({ kind: 'incident.acknowledge', incidentId: other });
    expect(await scene.app.intents.submit(scene.people.diego, [taken, behind])).toMatchObject([
      { outcome: 'rejected', code: 'invalid' },
      { outcome: 'applied' },
    ]);
  });

  describe('at which the server itself fails', () => {
    const failing = (error: unknown) =>
      createIntents({
        database: scene.database,
        store: intentStore,
        handlers: {
          'incident.acknowledge': () => Promise.reject(error),
          'incident.note': async () => ({ outcome: 'applied', version: 1 }),
        } as never,
        clock,
        logger: createMemoryLogger(),
      });
    const note = (incidentId: string) =>
      scene.app.intent({ kind: 'incident.note', incidentId, entryId: random.uuid(), text: 'x', at: null });

    it('is answered so, after what went before it and before what stands behind it, and may be sent again', async () => {
      const incidentId = await declare();
      const acknowledge = scene.app.intent({ kind: 'incident.acknowledge', incidentId });
      const [before, behind] = [note(incidentId), note(incidentId)];
      const broken = failing(new TypeError('undefined is not a function'));
      expect(await broken.drain(scene.people.mara, [before, acknowledge, behind])).toEqual([
        { outcome: 'applied', id: before.id, version: 1 },
        { outcome: 'failed', id: acknowledge.id, reason: expect.stringContaining(acknowledge.id) },
      ]);
      expect(await scene.app.intents.drain(scene.people.mara, [acknowledge, behind])).toMatchObject([
        { outcome: 'applied', id: acknowledge.id },
        { outcome: 'applied', id: behind.id },
      ]);
    });

    it('is no refusal for whoever asks for it alone, so that they ask again', async () => {
      const incidentId = await declare();
      const acknowledge = scene.app.intent({ kind: 'incident.acknowledge', incidentId });
      await expect(failing(new TypeError('broken')).submit(scene.people.mara, [acknowledge])).rejects.toThrow('broken');
    });

    it('is refused where it never can be done, and all of them wait where the database is away', async () => {
      const incidentId = await declare();
      const acknowledge = scene.app.intent({ kind: 'incident.acknowledge', incidentId });
      const taken = failing(new AppError('conflict', 'That name is taken.'));
      expect(await taken.drain(scene.people.mara, [acknowledge])).toMatchObject([
        { outcome: 'rejected', code: 'invalid', reason: 'That name is taken.' },
      ]);
      const away = failing(Object.assign(new Error('terminating connection'), { code: '57P01' }));
      await expect(away.drain(scene.people.mara, [acknowledge])).rejects.toMatchObject({ code: 'unavailable' });
    });
  });

  it('happened when the person acted, but no more than 72 hours ago and not in the future', async () => {
    const incidentId = await declare();
    const note = (at: string) =>
      scene.app.intent({ kind: 'incident.note', incidentId, entryId: random.uuid(), text: at, at: null }, { at });
    await scene.app.intents.submit(
      scene.people.mara,
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

  it('drains from a long outbox within 10 s: 500 in calls of 100', { timeout: 180_000 }, async () => {
    const incidentId = await declare();
    const queue = Array.from({ length: 500 }, (_, n) =>
      scene.app.intent({ kind: 'incident.note', incidentId, entryId: random.uuid(), text: `note ${n}`, at: null }),
    );
    const began = performance.now();
    for (let n = 0; n < 500; n += 100) await scene.app.intents.submit(scene.people.mara, queue.slice(n, n + 100));
    const elapsedMs = performance.now() - began;
    expect((await timeline(incidentId)).filter((entry) => entry.kind === 'note')).toHaveLength(500);
    expect(elapsedMs).toBeLessThan(10_000 * busyness());
  });
});

describe('two people at once', () => {
  it('acknowledge: one does, the other learns who did', async () => {
    const incidentId = await declare();
    const results = await Promise.all([
      send(scene.people.mara, { kind: 'incident.acknowledge', incidentId }, 1),
      send(scene.people.diego, { kind: 'incident.acknowledge', incidentId }, 1),
    ]);
    expect(results.map((result) => result.outcome).toSorted()).toEqual(['applied', 'noop']);
    const winner = results[0]!.outcome === 'applied' ? scene.people.mara : scene.people.diego;
    expect(results.find((result) => result.outcome === 'noop')).toMatchObject({
      by: winner.name,
      at: '2026-11-21T12:00:00.000Z',
    });
  });

  it('set the severity: the older copy loses, and both are on the timeline', async () => {
    const incidentId = await declare();
    await send(scene.people.diego, { kind: 'incident.set-severity', incidentId, severity: 'sev1' }, 1);
    const result = await send(scene.people.mara, { kind: 'incident.set-severity', incidentId, severity: 'sev3' }, 1);
    expect(result).toMatchObject({
      outcome: 'conflict',
      reason: 'Severity 1 by Diego kept',
      entity: 'incident',
      current: { severity: 'sev1' },
    });
    expect((await timeline(incidentId)).map((entry) => entry.text)).toContain(
      'Mara set the severity to 3 from an older copy; severity 1 by Diego kept',
    );
  });

  it('take command: one holds it, the other is told who', async () => {
    const incidentId = await declare();
    const take = { kind: 'incident.take-role', incidentId, role: 'commander' } as const;
    const results = await Promise.all([send(scene.people.mara, take), send(scene.people.diego, take)]);
    expect(results.map((result) => result.outcome).toSorted()).toEqual(['applied', 'conflict']);
    expect((await read(incidentId)).roles).toHaveLength(1);
  });

  it('do different things to one incident, both of which stay', async () => {
    const incidentId = await declare();
    await Promise.all([
      send(scene.people.mara, { kind: 'incident.acknowledge', incidentId }, 1),
      send(scene.people.diego, { kind: 'incident.set-severity', incidentId, severity: 'sev1' }, 1),
      send(scene.people.diego, { kind: 'incident.take-role', incidentId, role: 'scribe' }, 1),
    ]);
    expect(await read(incidentId)).toMatchObject({ status: 'acknowledged', severity: 'sev1', version: 4 });
  });
});
