// Hands and rules on the same alerts: the pipeline and the actions of people over one PostgreSQL.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AlertSignal } from '#server/contract/signal.ts';
import { ensureBuiltInRule } from '#server/modules/grouping/intents.ts';
import { ruleStore } from '#server/modules/grouping/store.ts';
import { aSignal, createAlertWorld, sqlStores } from '#server/testkit/alert-world.ts';
import { incidentScene, teamA } from '#server/testkit/incident-scene.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

const { scene, clock, random, send, declare, read } = incidentScene();
let world: ReturnType<typeof createAlertWorld>;

beforeAll(async () => {
  const { withTransaction } = scene.database;
  await withTransaction((tx) => ensureBuiltInRule(ruleStore, tx, random.uuid(), new Date(clock.now()).toISOString()));
});
beforeEach(() => {
  const { withTransaction } = scene.database;
  world = createAlertWorld({
    stores: sqlStores,
    transact: withTransaction,
    clock,
    random,
    logger: createMemoryLogger(),
  });
});

async function fire(...keys: string[]): Promise<void> {
  clock.advance(1_000);
  await world.send(...keys.map((dedupKey) => signal(dedupKey, 'fire')));
}

const resolve = (key: string) => world.send(signal(key, 'resolve'));

function signal(dedupKey: string, action: AlertSignal['action']): AlertSignal {
  return aSignal({ dedupKey, action, title: dedupKey, receivedAt: clock.now() });
}

/** Title of each alert → number of its incident. */
async function places(): Promise<Record<string, number | null>> {
  const rows = await scene.database.query<{ title: string; number: number | null }>(
    `SELECT a.title, i.number FROM alert a LEFT JOIN incident i ON i.id = a.incident_id WHERE a.status = 'firing'`,
  );
  return Object.fromEntries(rows.map((row) => [row.title, row.number]));
}

async function incidentOf(title: string): Promise<{ id: string; number: number }> {
  const [row] = await scene.database.query<{ id: string; number: number }>(
    `SELECT i.id, i.number FROM alert a JOIN incident i ON i.id = a.incident_id WHERE a.title = $1`,
    [title],
  );
  return row!;
}

async function alertIds(...titles: string[]): Promise<string[]> {
  const rows = await scene.database.query<{ id: string }>('SELECT id FROM alert WHERE title = ANY($1)', [titles]);
  return rows.map((row) => row.id);
}

describe('an alert that a hand placed', () => {
  it('stays there when it is sent again, while its siblings go where the rule says', async () => {
    await fire('a', 'b');
    const grouped = await incidentOf('a');
    const byHand = await declare();
    await send(scene.people.mara, {
      kind: 'incident.attach-alerts',
      incidentId: byHand,
      alertIds: await alertIds('a'),
    });
    await send(scene.people.mara, {
      kind: 'incident.detach-alerts',
      incidentId: grouped.id,
      alertIds: await alertIds('b'),
    });
    await fire('a', 'b', 'c');
    const { number } = await read(byHand);
    expect(await places()).toEqual({ a: number, b: null, c: grouped.number });
    expect(await read(grouped.id)).toMatchObject({ alertCount: 1, firingAlertCount: 1 });
    expect(await read(byHand)).toMatchObject({ alertCount: 1, firingAlertCount: 1 });
  });

  it('is counted out where it is when it resolves', async () => {
    await fire('a');
    const byHand = await declare({ alertIds: await alertIds('a') });
    await resolve('a');
    expect(await read(byHand)).toMatchObject({ alertCount: 1, firingAlertCount: 0, status: 'triggered' });
  });
});

describe('an incident that was merged', () => {
  it('sends its group’s new alerts to the target while that is open, and no longer', async () => {
    await fire('a');
    const source = await incidentOf('a');
    const target = await declare();
    await send(scene.people.mara, { kind: 'incident.merge', incidentId: source.id, into: target });
    await fire('b');
    const { number } = await read(target);
    expect(await places()).toEqual({ a: number, b: number });
    expect(await read(target)).toMatchObject({ alertCount: 2, firingAlertCount: 2 });

    await send(scene.people.mara, { kind: 'incident.resolve', incidentId: target });
    await fire('c');
    expect((await places())['c']).toBeGreaterThan(number);
  });

  it('into a restricted one takes new alerts out of everybody’s sight', async () => {
    await fire('a');
    const source = await incidentOf('a');
    const target = await declare({ restrictedTo: [teamA] });
    await send(scene.people.mara, { kind: 'incident.merge', incidentId: source.id, into: target });
    await fire('b');
    const rows = await scene.database.query<{ audience: string[] | null }>('SELECT audience FROM alert');
    expect(rows.map((row) => row.audience)).toEqual([[teamA], [teamA]]);
  });
});

describe('hands and the pipeline at once', () => {
  it('never miscount', async () => {
    const keys = Array.from({ length: 12 }, (_, n) => `k${n}`);
    await fire(...keys);
    const grouped = await incidentOf('k0');
    const byHand = await declare();
    const ids = await alertIds(...keys);
    await Promise.all([
      ...ids.map((id) =>
        send(scene.people.mara, { kind: 'incident.attach-alerts', incidentId: byHand, alertIds: [id] }),
      ),
      ...keys.slice(0, 6).map((key) => world.send(signal(key, 'resolve'))),
      ...keys.slice(6).map((key) => world.send(signal(key, 'fire'))),
    ]);
    for (const incidentId of [grouped.id, byHand]) {
      const [row] = await scene.database.query<{ alerts: number; firing: number }>(
        `SELECT count(*) AS alerts, count(*) FILTER (WHERE status = 'firing') AS firing FROM alert WHERE incident_id = $1`,
        [incidentId],
      );
      expect(await read(incidentId)).toMatchObject({ alertCount: row!.alerts, firingAlertCount: row!.firing });
    }
  });
});
