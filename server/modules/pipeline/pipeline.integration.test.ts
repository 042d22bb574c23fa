import { describe, expect, it } from 'vitest';
import type { AlertSignal } from '#server/contract/signal.ts';
import { ruleStore } from '#server/modules/grouping/store.ts';
import { aRecord, aRule, aSignal, createAlertWorld, sqlStores } from '#server/testkit/alert-world.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import type { Database } from '#server/database/pool.ts';

const startMs = Date.UTC(2026, 0, 1, 12);

async function withHouse(body: (house: Awaited<ReturnType<typeof aHouse>>) => Promise<void>): Promise<void> {
  const { database, drop } = await makeDatabase();
  try {
    await body(await aHouse(database));
  } finally {
    await drop();
  }
}

async function aHouse(database: Database) {
  const clock = createFakeClock(startMs);
  const random = createSeededRandom(1, clock);
  const transact = database.withTransaction;
  const world = createAlertWorld({ stores: sqlStores, transact, clock, random, logger: createMemoryLogger() });
  const rule = aRule(random.uuid());
  await transact((tx) => ruleStore.save(tx, rule.updatedAt, [rule]));
  const signal = (change: Partial<AlertSignal> = {}) => aSignal({ receivedAt: clock.now(), ...change });
  return {
    ...world,
    database,
    clock,
    random,
    rule,
    signal,
    alerts: () => database.query<Record<string, unknown>>('SELECT * FROM alert ORDER BY id'),
    incidents: () => database.query<Record<string, unknown>>('SELECT * FROM incident ORDER BY id'),
  };
}

describe('a batch', () => {
  it('turns signals into alerts in an incident, with their history, timeline and feed', () =>
    withHouse(async ({ send, signal, alerts, incidents, database }) => {
      const outcome = await send(signal({ dedupKey: 'a' }), signal({ dedupKey: 'b', severity: 'sev1' }));
      expect(outcome).toEqual([{ kind: 'ok' }, { kind: 'ok' }]);
      const [incident] = await incidents();
      expect(incident).toMatchObject({
        number: 1,
        severity: 'sev1',
        alert_count: 2,
        firing_alert_count: 2,
        status: 'triggered',
      });
      expect(
        (await alerts()).map((alert) => [alert['incident_id'], alert['audience'], typeof alert['group_reason']]),
      ).toEqual([
        [incident?.['id'], null, 'string'],
        [incident?.['id'], null, 'string'],
      ]);
      const events = await database.query('SELECT kind, count(*) FROM alert_event GROUP BY kind ORDER BY kind');
      expect(events).toEqual([
        { kind: 'fired', count: 2 },
        { kind: 'grouped', count: 2 },
      ]);
      const feed = await database.query(
        'SELECT entity, count(*) FROM feed WHERE entity <> $1 GROUP BY entity ORDER BY entity',
        ['rule'],
      );
      expect(feed).toEqual([
        { entity: 'alert', count: 2 },
        { entity: 'incident', count: 1 },
        { entity: 'timeline', count: 2 },
      ]);
    }));

  it('folds several signals of one key in their order', () =>
    withHouse(async ({ send, signal, alerts, incidents }) => {
      await send(
        signal(),
        signal({ action: 'acknowledge' }),
        signal({ severity: 'sev1' }),
        signal({ action: 'resolve' }),
        signal(),
      );
      expect(
        (await alerts()).map((alert) => [alert['status'], alert['count'], alert['severity'], alert['version']]),
      ).toEqual([
        ['resolved', 2, 'sev1', 1],
        ['firing', 1, 'sev2', 1],
      ]);
      expect(await incidents()).toMatchObject([{ alert_count: 2, firing_alert_count: 1, status: 'triggered' }]);
    }));

  it('parks what cannot be understood, takes the rest, and takes the parked one when it is replayed', () =>
    withHouse(async ({ handle, signal, random, alerts }) => {
      const good = aRecord(signal(), random.uuid());
      const bad = { ...good, id: random.uuid(), payload: '{' };
      expect(await handle([bad, good])).toMatchObject([{ kind: 'dlq' }, { kind: 'ok' }]);
      const mended = { ...bad, payload: aRecord(signal({ dedupKey: 'mended' }), '').payload };
      expect(await handle([mended])).toEqual([{ kind: 'ok' }]);
      expect(await handle([mended])).toMatchObject([{ kind: 'drop' }]);
      expect(await alerts()).toHaveLength(2);
    }));

  it('applies a record once, in one batch, in two, and beside itself', () =>
    withHouse(async ({ handle, signal, random, alerts }) => {
      const record = aRecord(signal(), random.uuid());
      expect(await handle([record, record])).toMatchObject([{ kind: 'ok' }, { kind: 'drop' }]);
      await Promise.all([handle([record]), handle([record])]);
      const other = aRecord(signal({ dedupKey: 'other' }), random.uuid());
      const outcomes = (await Promise.all([handle([other]), handle([other]), handle([other])])).flat();
      expect(outcomes.map((outcome) => outcome.kind).toSorted()).toEqual(['drop', 'drop', 'ok']);
      expect((await alerts()).map((alert) => alert['count'])).toEqual([1, 1]);
    }));

  it('keeps changes beside the alerts', () =>
    withHouse(async ({ send, signal, database, clock }) => {
      const { integrationId, source } = signal();
      const at = clock.now() - 5_000;
      await send({
        kind: 'change',
        integrationId,
        source,
        title: 'Deploy 42',
        service: 'checkout',
        at,
        links: [{ href: 'https://x', text: null }],
        receivedAt: clock.now(),
      });
      expect(await database.query('SELECT title, service, at, links FROM change_event')).toEqual([
        {
          title: 'Deploy 42',
          service: 'checkout',
          at: new Date(at).toISOString(),
          links: [{ href: 'https://x', text: null }],
        },
      ]);
    }));

  it('leaves nothing behind when it fails', () =>
    withHouse(async ({ pipeline, signal, random, database, alerts }) => {
      const record = aRecord(signal(), random.uuid());
      const failing = database.withTransaction(async (tx) => {
        await pipeline.handle(tx, [record]);
        throw new Error('the server died here');
      });
      await expect(failing).rejects.toThrow('died');
      expect(await alerts()).toEqual([]);
      expect(await database.query('SELECT * FROM inbox')).toEqual([]);
      expect(await database.query(`SELECT * FROM feed WHERE entity <> 'rule'`)).toEqual([]);
    }));
});

describe('batches beside each other', () => {
  it('open one incident for a group, however many come first at once', () =>
    withHouse(async ({ send, signal, incidents }) => {
      await Promise.all(Array.from({ length: 8 }, (_, i) => send(signal({ dedupKey: `key ${i}` }))));
      expect(await incidents()).toMatchObject([{ alert_count: 8, firing_alert_count: 8 }]);
    }));

  it('reach a minimum count together', () =>
    withHouse(async ({ send, signal, incidents, rule, database }) => {
      await database.query('UPDATE grouping_rule SET minimum_count = 4 WHERE id = $1', [rule.id]);
      await Promise.all(Array.from({ length: 4 }, (_, i) => send(signal({ dedupKey: `key ${i}` }))));
      expect(await incidents()).toMatchObject([{ alert_count: 4 }]);
    }));

  it('bring a storm of 40 causes into 40 incidents', { timeout: 60_000 }, () =>
    withHouse(async ({ handle, signal, random, incidents, database }) => {
      const records = Array.from({ length: 4_000 }, (_, i) =>
        aRecord(signal({ dedupKey: `key ${i}`, service: `service-${i % 40}` }), random.uuid()),
      );
      const lanes = [0, 1, 2].map(async (lane) => {
        for (let from = lane * 200; from < records.length; from += 600) await handle(records.slice(from, from + 200));
      });
      await Promise.all(lanes);
      expect((await incidents()).map((incident) => incident['alert_count'])).toEqual(
        Array.from({ length: 40 }, () => 100),
      );
      expect(await database.query('SELECT count(*) FROM alert WHERE incident_id IS NULL')).toEqual([{ count: 0 }]);
      const [{ count } = { count: 0 }] = await database.query<{ count: number }>('SELECT count(*) FROM timeline_entry');
      expect(count).toBeLessThan(40 * 12);
    }),
  );
});
