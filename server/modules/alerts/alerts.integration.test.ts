import { describe, expect, it } from 'vitest';
import { createCallerFactory } from '#server/api/trpc.ts';
import type { Alert } from '#server/contract/alert.ts';
import type { AlertSignal } from '#server/contract/signal.ts';
import { alertsRouter } from '#server/modules/alerts/router.ts';
import { createAlertSearchStore, readAlertsForReplica } from '#server/modules/alerts/search-store.ts';
import { createAlerts } from '#server/modules/alerts/service.ts';
import { alertStore } from '#server/modules/alerts/store.ts';
import { createAlertTimers, expiryGraceMs } from '#server/modules/alerts/timers.ts';
import { ruleStore } from '#server/modules/grouping/store.ts';
import { aRule, aSignal, createAlertWorld, sqlStores } from '#server/testkit/alert-world.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { anActor, anIntent } from '#server/testkit/people.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import type { Database } from '#server/database/pool.ts';

type House = Awaited<ReturnType<typeof aHouse>>;
const team = '00000000-0000-7000-8000-0000000000f1';

async function withHouse(body: (house: House) => Promise<void>): Promise<void> {
  const { database, drop } = await makeDatabase();
  try {
    await body(await aHouse(database));
  } finally {
    await drop();
  }
}

async function aHouse(database: Database) {
  const clock = createFakeClock(Date.UTC(2026, 0, 1, 12));
  const random = createSeededRandom(3, clock);
  const transact = database.withTransaction;
  const logger = createMemoryLogger();
  const world = createAlertWorld({ stores: sqlStores, transact, clock, random, logger });
  const rule = aRule(random.uuid(), { reopenSeconds: 60 });
  await transact((tx) => ruleStore.save(tx, rule.updatedAt, [rule]));
  const now = () => new Date(clock.now()).toISOString();
  const router = alertsRouter(createAlerts({ search: createAlertSearchStore(database) }));
  return {
    ...world,
    database,
    clock,
    random,
    logger,
    transact,
    now,
    as: (teamIds: string[]) =>
      createCallerFactory(router)({
        actor: anActor({ role: 'viewer', teamIds }),
        ip: '',
        traceId: '',
        idempotencyKey: null,
      }),
    signal: (change: Partial<AlertSignal> = {}) => aSignal({ receivedAt: clock.now(), ...change }),
    alerts: () => database.query<Record<string, unknown> & { id: string }>('SELECT * FROM alert ORDER BY id'),
    incidents: () => database.query<Record<string, unknown>>('SELECT * FROM incident ORDER BY id'),
    act: (
      kind: 'alert.acknowledge' | 'alert.unacknowledge' | 'alert.resolve' | 'alert.reopen',
      alertIds: string[],
      teamIds: string[] = [],
    ) =>
      transact((tx) => {
        const given = { at: now(), random, actor: anActor({ teamIds }) };
        // One of four handlers that take the same thing.
        const one = kind as 'alert.resolve';
        return world.intents[one](tx, anIntent({ kind: one, alertIds }, given));
      }),
    restrict: (id: string, audience: string[] | null) =>
      transact(async (tx) => {
        const [alert] = await alertStore.lockByIds(tx, [id]);
        await alertStore.save(tx, now(), [{ ...alert!, audience, version: alert!.version + 1 }]);
      }),
    feedOf: (id: string) =>
      database.query<{ op: string; version: number; audience: string[] | null }>(
        'SELECT op, version, audience FROM feed WHERE id = $1 ORDER BY xid, seq',
        [id],
      ),
  };
}

describe('the list of alerts', () => {
  it('comes in pages that neither miss nor repeat one', () =>
    withHouse(async ({ send, signal, as }) => {
      await send(...Array.from({ length: 25 }, (_, i) => signal({ dedupKey: `key ${i}` })));
      const seen: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await as([]).find({ limit: 10, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.items.map((alert) => alert.id));
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      expect(new Set(seen).size).toBe(25);
      expect(seen).toHaveLength(25);
      await expect(as([]).find({ limit: 10, cursor: 'nonsense' })).rejects.toThrow('not one of ours');
    }));

  it('filters by each facet, by words, and counts the facets', () =>
    withHouse(async ({ send, signal, as, act, alerts }) => {
      await send(
        signal({ dedupKey: 'a', severity: 'sev1', title: 'Disk 100% full' }),
        signal({ dedupKey: 'b', service: 'payments', labels: { pod: 'db-7' } }),
        signal({ dedupKey: 'c', service: null }),
        signal({ dedupKey: 'c', service: null, action: 'resolve' }),
      );
      await act('alert.acknowledge', [(await alerts())[0]!.id]);
      const found = async (filter: Parameters<ReturnType<House['as']>['find']>[0]) =>
        (await as([]).find(filter)).items.map((alert) => alert.title + (alert.service ?? ''));
      expect(await found({ severity: ['sev1'] })).toEqual(['Disk 100% fullcheckout']);
      expect(await found({ status: ['resolved'] })).toEqual(['HighLatency']);
      expect(await found({ service: ['payments', ''] })).toHaveLength(2);
      expect(await found({ q: 'DB-7 latency' })).toEqual(['HighLatencypayments']);
      expect(await found({ q: '0% f' })).toEqual(['Disk 100% fullcheckout']);
      expect(await found({ q: '1%0' })).toEqual([]);
      expect(await found({ mark: ['acknowledged'] })).toEqual(['Disk 100% fullcheckout']);
      expect(await as([]).list({ text: 'db-7', services: ['payments'] })).toMatchObject({
        items: [{ labels: { pod: 'db-7' } }],
        nextCursor: null,
      });
      expect(await as([]).facets({})).toEqual({
        total: 3,
        severities: { sev1: 1, sev2: 2 },
        statuses: { firing: 2, resolved: 1 },
        services: { checkout: 1, payments: 1, '': 1 },
        sources: { alertmanager: 3 },
      });
    }));

  it('counts arrivals in each five minutes, also where nothing else changed, and tells the feed', () =>
    withHouse(async ({ send, signal, as, clock, database, alerts }) => {
      const from = new Date(clock.now()).toISOString();
      await send(signal());
      await send(signal(), signal());
      clock.set(clock.now() + 11 * 60_000);
      await send(signal());
      const recent = { from, counts: [3, 0, 1] };
      const [alert] = await alerts();
      expect((await as([]).get({ id: alert!.id })).recent).toEqual(recent);
      const feed = await database.query<{ body: { count: number; recent: unknown } }>(
        'SELECT body::jsonb AS body FROM feed WHERE id = $1 ORDER BY xid DESC, seq DESC LIMIT 1',
        [alert!.id],
      );
      expect(feed[0]?.body).toMatchObject({ count: 4, recent });
    }));

  it('shows one with its history, each change with its cause', () =>
    withHouse(async ({ send, signal, as, alerts }) => {
      await send(signal());
      await send(signal({ severity: 'sev1' }), signal({ action: 'resolve' }));
      const [row] = await alerts();
      expect(await as([]).get({ id: row!.id })).toMatchObject({
        status: 'resolved',
        groupReason: expect.stringMatching(/By service/),
        count: 2,
      } satisfies Partial<Record<keyof Alert, unknown>>);
      const history = await as([]).history({ id: row!.id });
      expect(history.items.map((event) => event.kind)).toEqual(['fired', 'grouped', 'severity-changed', 'resolved']);
      expect(history.items.every((event) => event.cause.length > 10)).toBe(true);
    }));

  it('holds nothing of a restricted incident for others, in no answer', () =>
    withHouse(async ({ send, signal, as, alerts, restrict, database, now, act }) => {
      await send(signal(), signal({ dedupKey: 'open', service: 'payments' }));
      const [secret] = await alerts();
      await restrict(secret!.id, [team]);
      for (const [teams, count] of [
        [[], 1],
        [[team], 2],
      ] as [string[], number][]) {
        expect((await as(teams).find({})).items).toHaveLength(count);
        expect((await as(teams).facets({})).total).toBe(count);
        expect(await readAlertsForReplica(database, { userId: '', teamIds: teams }, null, 10, now())).toHaveLength(
          count,
        );
      }
      await expect(as([]).get({ id: secret!.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(as([]).history({ id: secret!.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await act('alert.resolve', [secret!.id])).toMatchObject({ outcome: 'rejected', code: 'not-found' });
      expect(await act('alert.resolve', [secret!.id], [team])).toMatchObject({ outcome: 'applied' });
    }));
});

describe('the store', () => {
  it('refuses a second open alert of a key, and a save from an old copy', () =>
    withHouse(async ({ send, signal, transact, alerts, random, now }) => {
      await send(signal());
      const [{ id } = { id: '' }] = await alerts();
      const [alert] = await transact((tx) => alertStore.lockByIds(tx, [id]));
      await expect(
        transact((tx) => alertStore.save(tx, now(), [{ ...alert!, id: random.uuid(), version: 1 }])),
      ).rejects.toThrow(/alert_open_key/);
      await expect(
        transact((tx) => alertStore.save(tx, now(), [{ ...alert! }, { ...alert!, id: random.uuid(), version: 2 }])),
      ).rejects.toThrow(/not the newest/);
    }));

  it('tells those who may not see an alert any more that it is gone', () =>
    withHouse(async ({ send, signal, alerts, restrict, feedOf }) => {
      await send(signal());
      const [{ id } = { id: '' }] = await alerts();
      await restrict(id, [team]);
      const rows = await feedOf(id);
      expect(rows.at(-2)).toEqual({ op: 'delete', version: 1, audience: null });
      expect(rows.at(-1)).toEqual({ op: 'put', version: 2, audience: [team] });
    }));

  it('gives the replica firing alerts first, then the newest resolved, page by page', () =>
    withHouse(async ({ send, signal, database, clock, now }) => {
      for (const key of ['a', 'b', 'c', 'd', 'e']) {
        await send(signal({ dedupKey: key, title: key }));
        clock.advance(1_000);
      }
      for (const key of ['a', 'c', 'd']) {
        await send(signal({ dedupKey: key, title: key, action: 'resolve' }));
        clock.advance(1_000);
      }
      const read = async (at: string) => {
        const titles: string[] = [];
        for (let after: string | null = null; ;) {
          const page = await readAlertsForReplica(database, { userId: '', teamIds: [] }, after, 2, at);
          titles.push(...page.map((row) => row.body.title));
          after = page.at(-1)?.cursor ?? null;
          if (page.length < 2) return titles.join('');
        }
      };
      expect(await read(now())).toBe('bedca');
      expect(await read(new Date(clock.now() + 25 * 3_600_000).toISOString())).toBe('be');
    }));
});

describe('a person', () => {
  it('acknowledges many at once; a second time changes nothing', () =>
    withHouse(async ({ send, signal, alerts, act, clock }) => {
      await send(signal({ dedupKey: 'a' }), signal({ dedupKey: 'b' }));
      const ids = (await alerts()).map((alert) => alert.id);
      expect(await act('alert.acknowledge', ids)).toEqual({ outcome: 'applied', version: null });
      clock.advance(5_000);
      expect(await act('alert.acknowledge', ids)).toMatchObject({ outcome: 'noop', at: '2026-01-01T12:00:00.000Z' });
      expect(await act('alert.unacknowledge', [ids[0]!])).toEqual({ outcome: 'applied', version: 3 });
      expect((await alerts()).map((alert) => alert['acknowledged_by'] !== null)).toEqual([false, true]);
    }));

  it('resolves the last alert, and so the incident; reopening brings both back', () =>
    withHouse(async ({ send, signal, alerts, incidents, act, clock }) => {
      await send(signal());
      const [{ id } = { id: '' }] = await alerts();
      await act('alert.resolve', [id]);
      expect(await incidents()).toMatchObject([{ status: 'resolved', firing_alert_count: 0 }]);
      clock.advance(30_000);
      expect(await act('alert.reopen', [id])).toMatchObject({ outcome: 'applied' });
      expect(await incidents()).toMatchObject([{ status: 'triggered', alert_count: 1, firing_alert_count: 1 }]);
      await act('alert.resolve', [id]);
      clock.advance(3_600_000);
      await act('alert.reopen', [id]);
      expect(await incidents()).toMatchObject([
        { status: 'resolved', alert_count: 0, firing_alert_count: 0 },
        { status: 'triggered', alert_count: 1, firing_alert_count: 1 },
      ]);
    }));
});

describe('the timers', () => {
  it('expire what its source stopped sending, not before sources had time to be heard after a start', () =>
    withHouse(async ({ send, signal, timers, clock, incidents, database }) => {
      await send(signal({ endsAt: clock.now() + 1_000 }));
      clock.advance(expiryGraceMs - 1);
      expect(await timers.runDue()).toBe(0);
      clock.advance(1);
      expect(await timers.runDue()).toBe(1);
      expect(await incidents()).toMatchObject([{ status: 'resolved' }]);
      expect(await database.query(`SELECT cause FROM alert_event WHERE kind = 'expired'`)).toEqual([
        { cause: 'Its source stopped sending it; the end time it gave, 12:00:01 UTC, passed.' },
      ]);
    }));

  it('do not expire while signals that may say otherwise wait to be read', () =>
    withHouse(async ({ send, signal, clock, random, logger, transact, silences, apply }) => {
      let oldestAgeMs = 60_000;
      const lag = () => Promise.resolve({ oldestAgeMs });
      const timers = createAlertTimers({ transact, alerts: alertStore, silences, apply, lag, clock, random, logger });
      await send(signal({ endsAt: clock.now() + 1_000 }));
      clock.advance(expiryGraceMs);
      expect(await timers.runDue()).toBe(0);
      oldestAgeMs = 0;
      expect(await timers.runDue()).toBe(1);
    }));

  it('go on by themselves each second, also after a failure, until they are stopped', () =>
    withHouse(async ({ clock, random, logger, transact, apply }) => {
      let runs = 0;
      const silences = {
        runDue() {
          runs += 1;
          return runs === 1 ? Promise.reject(new Error('the database is away')) : Promise.resolve(0);
        },
      };
      const timers = createAlertTimers({
        transact,
        alerts: alertStore,
        silences,
        apply,
        lag: () => Promise.resolve({ oldestAgeMs: 0 }),
        clock,
        random,
        logger,
      });
      timers.start();
      for (let i = 0; i < 3; i += 1) {
        clock.advance(1_000);
        await new Promise((resolve) => void setImmediate(resolve));
        await transact((tx) => tx.query('SELECT 1'));
      }
      await timers.stop();
      const before = runs;
      expect(before).toBeGreaterThan(1);
      clock.advance(10_000);
      expect(runs).toBe(before);
    }));
});
