import { describe, expect, it } from 'vitest';
import { createCallerFactory } from '#server/api/trpc.ts';
import type { GroupingRuleDraft } from '#server/contract/grouping.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import type { Database } from '#server/database/pool.ts';
import { createAlertSearchStore } from '#server/modules/alerts/search-store.ts';
import { createRuleIntents, ensureBuiltInRule } from '#server/modules/grouping/intents.ts';
import { groupingRouter } from '#server/modules/grouping/router.ts';
import { readRulesForReplica, ruleStore } from '#server/modules/grouping/store.ts';
import { createTryRule } from '#server/modules/grouping/try-rule.ts';
import { createCatalogIndex } from '#server/modules/services/catalog-index.ts';
import { aSignal, createAlertWorld, sqlStores } from '#server/testkit/alert-world.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { anActor, anIntent } from '#server/testkit/people.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

type House = Awaited<ReturnType<typeof aHouse>>;
const draft: GroupingRuleDraft = {
  name: 'By zone',
  enabled: true,
  condition: '"zone" in alert.labels',
  keys: ['zone'],
  windowSeconds: 60,
  minimumCount: 1,
  titleTemplate: 'Zone {{labels.zone}}',
  severityMap: {},
  resolvePolicy: 'all',
  reopenSeconds: 60,
};

async function withHouse(body: (house: House) => Promise<void>): Promise<void> {
  const { database, drop } = await makeDatabase();
  try {
    await body(await aHouse(database));
  } finally {
    await drop();
  }
}

async function aHouse(database: Database) {
  const clock = createSystemClock();
  const random = createSeededRandom(4, clock);
  const transact = database.withTransaction;
  const now = () => new Date(clock.now()).toISOString();
  const intents = createRuleIntents({ rules: ruleStore });
  const world = createAlertWorld({ stores: sqlStores, transact, clock, random, logger: createMemoryLogger() });
  await Promise.all([1, 2].map(() => transact((tx) => ensureBuiltInRule(ruleStore, tx, random.uuid(), now()))));
  const given = (baseVersion: number | null) => ({ at: now(), random, baseVersion });
  const tryRule = createTryRule({
    database,
    rules: ruleStore,
    catalog: { index: async () => createCatalogIndex(0, []) },
    alertsSince: createAlertSearchStore(database).since,
    clock,
    random,
  });
  return {
    ...world,
    database,
    random,
    save: (ruleId: string, change: Partial<GroupingRuleDraft> = {}, baseVersion: number | null = null) =>
      transact((tx) =>
        intents['rule.save'](
          tx,
          anIntent({ kind: 'rule.save', ruleId, draft: { ...draft, ...change } }, given(baseVersion)),
        ),
      ),
    remove: (ruleId: string) =>
      transact((tx) => intents['rule.delete'](tx, anIntent({ kind: 'rule.delete', ruleId }, given(null)))),
    order: (ruleIds: ActionOf<'rule.order'>['ruleIds']) =>
      transact((tx) => intents['rule.order'](tx, anIntent({ kind: 'rule.order', ruleIds }, given(null)))),
    rules: () => transact((tx) => ruleStore.list(tx)),
    signal: (change: Partial<Parameters<typeof aSignal>[0]> = {}) => aSignal({ receivedAt: clock.now(), ...change }),
    as: (teamIds: string[]) =>
      createCallerFactory(groupingRouter(tryRule))({
        actor: anActor({ role: 'responder', teamIds }),
        ip: '',
        traceId: '',
        idempotencyKey: null,
      }),
  };
}

describe('the rules', () => {
  it('begin with the built-in one, made once however many servers start', () =>
    withHouse(async ({ rules }) => {
      expect(await rules()).toMatchObject([{ name: 'By service', builtIn: true, version: 1 }]);
    }));

  it('are added before the built-in one, ordered and deleted, each with its place in the feed', () =>
    withHouse(async ({ rules, save, order, remove, random, database }) => {
      const [a, b] = [random.uuid(), random.uuid()];
      expect(await save(a)).toEqual({ outcome: 'applied', version: 1 });
      await save(b, { name: 'By env' });
      expect((await rules()).map((rule) => [rule.name, rule.position])).toEqual([
        ['By zone', 0],
        ['By env', 1],
        ['By service', 2],
      ]);
      expect(await order([b, a])).toMatchObject({ outcome: 'applied' });
      expect(await order([b, a])).toMatchObject({ outcome: 'noop' });
      expect(await order([b])).toMatchObject({ outcome: 'conflict', reason: expect.stringMatching(/every rule/) });
      expect((await rules()).map((rule) => rule.name)).toEqual(['By env', 'By zone', 'By service']);
      expect(await remove(b)).toMatchObject({ outcome: 'applied' });
      expect(await remove(b)).toMatchObject({ outcome: 'noop' });
      expect(await readRulesForReplica(database, null, null, 10)).toHaveLength(2);
      expect(
        await database.query(`SELECT op FROM feed WHERE id = $1 ORDER BY xid DESC, seq DESC LIMIT 1`, [b]),
      ).toEqual([{ op: 'delete' }]);
      // Readers who were away get the newest version: one that comes back is above its deletion.
      const back = await save(b);
      const versions = await database.query('SELECT version FROM feed WHERE id = $1 ORDER BY xid, seq', [b]);
      expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
      expect(back).toEqual({ outcome: 'applied', version: 4 });
    }));

  it('are edited against a version, and conflict when somebody was first', () =>
    withHouse(async ({ save, random }) => {
      const id = random.uuid();
      await save(id);
      expect(await save(id, { windowSeconds: 90 }, 1)).toEqual({ outcome: 'applied', version: 2 });
      expect(await save(id, { windowSeconds: 30 }, 1)).toMatchObject({
        outcome: 'conflict',
        current: { windowSeconds: 90 },
      });
    }));

  it('are refused with the field that is wrong', () =>
    withHouse(async ({ save, remove, rules, random }) => {
      const reason = async (change: Partial<GroupingRuleDraft>, id = random.uuid()) => {
        const outcome = await save(id, change);
        return outcome.outcome === 'rejected' ? outcome.reason : outcome.outcome;
      };
      expect(await reason({ condition: 'alert.severity' })).toMatch(/^Condition: /);
      expect(await reason({ keys: ['zone', 'zone'] })).toMatch(/^Keys: /);
      expect(await reason({ titleTemplate: '{{host}}' })).toMatch(/^Title: \{\{host\}\} stands for nothing/);
      const [builtIn] = await rules();
      const same = { name: builtIn!.name, condition: builtIn!.condition, keys: builtIn!.keys };
      expect(await reason({ ...same, enabled: false }, builtIn!.id)).toMatch(/^Enabled: /);
      expect(await reason({ ...same, keys: ['env'] }, builtIn!.id)).toMatch(/^Keys: /);
      expect(await reason({ ...same, windowSeconds: 10 }, builtIn!.id)).toBe('applied');
      expect(await remove(builtIn!.id)).toMatchObject({ outcome: 'rejected', code: 'invalid' });
    }));

  it('apply to alerts that look for a group from then on, and leave those that have one', () =>
    withHouse(async ({ send, signal, save, random, database }) => {
      const zone = { labels: { zone: 'a' } };
      await send(signal({ dedupKey: '1', ...zone }));
      await save(random.uuid());
      await send(signal({ dedupKey: '1', ...zone }), signal({ dedupKey: '2', ...zone }));
      expect(await database.query('SELECT title, alert_count FROM incident ORDER BY number')).toEqual([
        { title: 'checkout: HighLatency: p99 latency above 2 s', alert_count: 1 },
        { title: 'Zone a', alert_count: 1 },
      ]);
    }));
});

describe('trying a rule', () => {
  it('replays the stored alerts that the asker may see, and changes nothing', () =>
    withHouse(async ({ send, signal, as, database }) => {
      await send(
        ...['a', 'a', 'b'].map((zone, i) => signal({ dedupKey: String(i), service: `s${i}`, labels: { zone } })),
      );
      await send(signal({ dedupKey: 'secret', labels: { zone: 'c' } }));
      await database.query(
        `UPDATE alert SET audience = '{00000000-0000-7000-8000-0000000000ff}' WHERE dedup_key = 'secret'`,
      );
      const before = await database.query('SELECT * FROM alert ORDER BY id');
      const trial = await as([]).tryRule({ draft, ruleId: null, days: 1 });
      expect(trial).toMatchObject({
        alertsReplayed: 3,
        alertsMatched: 3,
        incidentsBefore: 3,
        incidentsAfter: 2,
        truncated: false,
      });
      expect(trial.samples.map((sample) => [sample.title, sample.alertCount]).toSorted()).toEqual([
        ['Zone a', 2],
        ['Zone b', 1],
      ]);
      expect(await database.query('SELECT * FROM alert ORDER BY id')).toEqual(before);
      await expect(as([]).tryRule({ draft: { ...draft, condition: '1' }, ruleId: null, days: 1 })).rejects.toThrow(
        /^Condition: /,
      );
    }));

  it('checks a condition while it is written', () =>
    withHouse(async ({ as }) => {
      expect(await as([]).check({ condition: 'alert.severity == "sev1"' })).toEqual({ ok: true });
      expect(await as([]).check({ condition: 'alert.severity ==' })).toMatchObject({
        ok: false,
        reason: expect.any(String),
      });
    }));
});
