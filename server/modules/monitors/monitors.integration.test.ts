import { beforeEach, describe, expect, it } from 'vitest';
import { createRateLimit } from '#server/api/rate-limit.ts';
import type { MonitorDraft } from '#server/contract/route.ts';
import { router } from '#server/api/trpc.ts';
import { configStore } from '#server/modules/config/store.ts';
import { createConfigReader } from '#server/modules/config/reader.ts';
import type { ConfigReader, PagingConfig } from '#server/modules/config/state.ts';
import { normaliseRecord } from '#server/modules/ingest/sources/registry.ts';
import { checkMonitor } from '#server/modules/monitors/check.ts';
import { registerHeartbeats } from '#server/modules/monitors/routes.ts';
import { createMonitors } from '#server/modules/monitors/service.ts';
import { type ClockGuard, createClockGuard, createClockStore } from '#server/modules/escalation/clock-guard.ts';
import type { NewRecord } from '#server/ports/event-log.ts';
import { ruleStore } from '#server/modules/grouping/store.ts';
import { aRule, createAlertWorld, sqlStores } from '#server/testkit/alert-world.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { startTestHttp } from '#server/testkit/http.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const startMs = Date.UTC(2026, 10, 21, 12);
const database = await testDatabase();
const draft: MonitorDraft = {
  name: 'nightly backup',
  enabled: true,
  severity: 'sev2',
  service: 'backup',
  intervalSeconds: 60,
  graceSeconds: 30,
  labels: { env: 'prod' },
};

beforeEach(async () => {
  await database.query('TRUNCATE monitor_key, monitor_beat, monitor_watch, config_document, config_version, feed');
});

function house(clock = createFakeClock(startMs), failing = { next: false }) {
  const random = createSeededRandom(3, clock);
  const logger = createMemoryLogger();
  const delivered = new Map<string, NewRecord[]>();
  // A new one each time: what a monitor shows changes without a revision.
  const reader: ConfigReader = { current: (sql) => createConfigReader().current(sql) };
  const clocks = { agree: true };
  const make = (guard: Pick<ClockGuard, 'clock' | 'agrees'> = { clock, agrees: () => Promise.resolve(clocks.agree) }) =>
    createMonitors({
      database,
      config: reader,
      show: (tx, at, id, change) => configStore.updateState(tx, at, 'monitor', id, change, { historic: false }),
      log: {
        async append(_topic, records, deliveryId = '') {
          const duplicate = delivered.has(deliveryId);
          if (!duplicate) delivered.set(deliveryId, records);
          if (failing.next) {
            failing.next = false;
            throw new Error('killed between the log and the row');
          }
          return { duplicate };
        },
      },
      topic: 'ingest',
      baseUrl: () => 'https://tocsin.example',
      agrees: guard.agrees,
      clock: guard.clock,
      random,
      logger,
    });
  const monitors = make();
  const id = random.uuid();

  async function save(change: Partial<MonitorDraft> | null, owner = monitors): Promise<void> {
    await database.withTransaction(async (tx) => {
      const at = new Date(clock.now()).toISOString();
      const before = (await reader.current(tx)).get('monitor', id);
      if (change === null)
        await configStore.write(tx, at, { remove: [{ kind: 'monitor', id, origin: 'ui', by: null }] });
      else {
        const state = before?.state ?? { keyHint: '', status: 'waiting', lastBeatAt: null, dueAt: null };
        const write = {
          kind: 'monitor',
          id,
          draft: { ...draft, ...change },
          state,
          findings: [],
          origin: 'ui',
          by: null,
        } as const;
        await configStore.write(tx, at, { save: [write] });
      }
      const config = await reader.current(tx);
      await owner.afterSave(tx, at, { before, after: config.get('monitor', id), config });
    });
  }
  /** Seconds pass as they do: with a tick each. */
  async function pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i += 1) {
      clock.advance(1_000);
      await monitors.runDue();
    }
  }
  const told = () =>
    [...delivered.values()].flat().map((record) => {
      const read = normaliseRecord(record);
      if (!read.ok || read.signal.kind !== 'alert') throw new Error('not an alert');
      return read.signal;
    });
  const state = async () => (await reader.current(database)).get('monitor', id)?.state;
  return { clock, clocks, monitors, make, id, save, pass, told, state, logger, failing };
}

/** Of a server whose own clock is off by so much; the database's clock is `clock`. */
function aGuard(clock: FakeClock, offMs: number): ClockGuard {
  const real = createClockStore(database);
  return createClockGuard({
    transact: database.withTransaction,
    store: {
      ...real,
      read: async () => ({ ...(await real.read()), nowMs: clock.now() }),
      hold: async (tx) => ({ ...(await real.hold(tx)), nowMs: clock.now() }),
    },
    record: () => Promise.resolve(),
    clock: { ...clock, now: () => clock.now() + offMs },
    logger: createMemoryLogger(),
  });
}

describe('a monitor', () => {
  it('waits for its first call, fires when one stays out, and resolves with the next', async () => {
    const { monitors, id, save, pass, told, state } = house();
    await save({});
    await pass(100);
    expect(told()).toEqual([]);
    const { key, url } = await monitors.newKey({ userId: id }, id);
    expect(url).toBe(`https://tocsin.example/heartbeats/${key}`);
    expect(await monitors.beat(key)).toEqual({ monitorId: id });
    await pass(1);
    expect(await state()).toMatchObject({
      status: 'healthy',
      keyHint: key.slice(-4),
      dueAt: '2026-11-21T12:03:10.000Z',
    });
    await pass(88);
    expect(told()).toEqual([]);
    await pass(3);
    expect(told()).toMatchObject([
      {
        action: 'fire',
        source: 'heartbeat',
        dedupKey: id,
        integrationId: id,
        title: 'No heartbeat from nightly backup',
        severity: 'sev2',
        service: 'backup',
        labels: { env: 'prod', monitor: 'nightly backup' },
      },
    ]);
    expect(await state()).toMatchObject({ status: 'missed' });
    await pass(60);
    expect(told()).toHaveLength(1);
    await monitors.beat(key);
    await pass(1);
    expect(told().map((signal) => signal.action)).toEqual(['fire', 'resolve']);
    expect(await state()).toMatchObject({ status: 'healthy' });
  });

  it('goes the way of every alert: into an incident, and out of it again', async () => {
    const { monitors, clock, id, save, pass, told } = house();
    await database.query('TRUNCATE alert, alert_event, incident, grouping_rule, inbox CASCADE');
    const random = createSeededRandom(5, clock);
    const transact = database.withTransaction;
    const world = createAlertWorld({ stores: sqlStores, transact, clock, random, logger: createMemoryLogger() });
    await transact((tx) => ruleStore.save(tx, new Date(startMs).toISOString(), [aRule(random.uuid())]));
    await save({});
    const { key } = await monitors.newKey({ userId: id }, id);
    await monitors.beat(key);
    await pass(92);
    await world.send(...told());
    const alerts = () => database.query('SELECT status, source, integration_id, incident_id FROM alert');
    expect(await alerts()).toEqual([
      { status: 'firing', source: 'heartbeat', integration_id: id, incident_id: expect.any(String) },
    ]);
    await monitors.beat(key);
    await pass(1);
    await world.send(...told().slice(1));
    expect(await alerts()).toMatchObject([{ status: 'resolved' }]);
  });

  it('told twice after a crash between log and row has told once', async () => {
    const { monitors, id, save, pass, told, failing } = house();
    await save({});
    const { key } = await monitors.newKey({ userId: id }, id);
    await monitors.beat(key);
    await pass(89);
    failing.next = true;
    await expect(pass(3)).rejects.toThrow('killed');
    await pass(2);
    expect(told().map((signal) => signal.action)).toEqual(['fire']);
  });

  it('does not fire for our own absence, and does when the silence goes on', async () => {
    const { monitors, clock, id, save, pass, told } = house();
    await save({});
    const { key } = await monitors.newKey({ userId: id }, id);
    await monitors.beat(key);
    await pass(5);
    clock.advance(8 * 3_600_000);
    await pass(85);
    expect(told()).toEqual([]);
    await pass(10);
    expect(told().map((signal) => signal.action)).toEqual(['fire']);
  });

  it.each([
    ['set forward', (clock: FakeClock) => clock.step(86_400_000)],
    ['set back', (clock: FakeClock) => clock.step(-86_400_000)],
    ['of a machine that slept', (clock: FakeClock) => clock.suspend(8 * 3_600_000)],
  ])('survives a clock %s, whenever that is, without a flood and without going deaf', async (_how, leap) => {
    for (const before of [10, 12]) {
      const { monitors, clock, id, save, pass, told } = house();
      await database.query('TRUNCATE monitor_watch, monitor_beat');
      await save({});
      const { key } = await monitors.newKey({ userId: id }, id);
      await monitors.beat(key);
      await pass(before);
      leap(clock);
      await pass(60);
      expect(told(), `${before} s after the call`).toEqual([]);
      await pass(40);
      expect(
        told().map((signal) => signal.action),
        `${before} s after the call`,
      ).toEqual(['fire']);
    }
  });

  it('that is switched off or deleted ends its alert and expects nothing', async () => {
    for (const end of [{ enabled: false }, null]) {
      const { monitors, id, save, pass, told } = house();
      await save({});
      const { key } = await monitors.newKey({ userId: id }, id);
      await monitors.beat(key);
      await pass(95);
      await save(end);
      await pass(100);
      expect(told().map((signal) => signal.action)).toEqual(['fire', 'resolve']);
      await monitors.beat(key);
      await pass(200);
      expect(told()).toHaveLength(2);
    }
  });

  it('of one server is watched over by the other, once', async () => {
    const { monitors, make, clock, id, save, pass, told } = house();
    const other = make();
    await save({});
    const { key } = await monitors.newKey({ userId: id }, id);
    await monitors.beat(key);
    await pass(85);
    clock.advance(6_000);
    await Promise.all([monitors.runDue(), other.runDue(), monitors.runDue(), other.runDue()]);
    await pass(2);
    expect(told().map((signal) => signal.action)).toEqual(['fire']);
  });

  it('of two servers whose clocks differ by an hour is missed when it is late, and not before', async () => {
    const { clock, make, id, save, told } = house();
    const guards = [aGuard(clock, 3_600_000), aGuard(clock, 0)];
    for (const guard of guards) await guard.look();
    const [ahead, behind] = guards.map((guard) => make(guard));
    const both = async (seconds: number) => {
      for (let i = 0; i < seconds; i += 1) {
        clock.advance(1_000);
        await ahead!.runDue();
        await behind!.runDue();
      }
    };
    await save({}, ahead);
    const { key } = await ahead!.newKey({ userId: id }, id);
    await ahead!.beat(key);
    await both(60);
    await behind!.beat(key);
    await both(89);
    expect(told()).toEqual([]);
    await both(3);
    expect(told().map((signal) => signal.action)).toEqual(['fire']);
    await ahead!.beat(key);
    await both(1);
    // The database's clock is set back, and one server sees it some seconds before the other.
    clock.step(-3_600_000);
    await guards[0]!.look();
    await both(10);
    await guards[1]!.look();
    await both(75);
    expect(told().map((signal) => signal.action)).toEqual(['fire', 'resolve']);
    await both(20);
    expect(told().map((signal) => signal.action)).toEqual(['fire', 'resolve', 'fire']);
  });

  it('is not missed while the clock was set and not everybody has seen it, and keeps what was called meanwhile', async () => {
    const { clock, clocks, monitors, id, save, pass, told, state } = house();
    await save({});
    const { key } = await monitors.newKey({ userId: id }, id);
    await monitors.beat(key);
    await pass(1);
    clocks.agree = false;
    await pass(60);
    await monitors.beat(key);
    const calledAt = new Date(clock.now()).toISOString();
    await pass(40);
    expect(told()).toEqual([]);
    clocks.agree = true;
    await pass(1);
    expect(told()).toEqual([]);
    expect(await state()).toMatchObject({ status: 'healthy', lastBeatAt: calledAt });
  });

  it('is not missed where its beats could not be written yet, though the clock is understood a moment later', async () => {
    const { clock, clocks, make, id, save, told, state } = house();
    const answers: boolean[] = [];
    const monitors = make({ clock, agrees: () => Promise.resolve(answers.shift() ?? clocks.agree) });
    await save({}, monitors);
    const { key } = await monitors.newKey({ userId: id }, id);
    await monitors.beat(key);
    for (let i = 0; i < 89; i += 1) {
      await monitors.runDue();
      clock.advance(1_000);
    }
    await monitors.beat(key);
    clock.advance(2_000);
    // The first is whoever writes that this server watches, the second whoever writes the beats.
    answers.push(true, false);
    await monitors.runDue();
    expect(told()).toEqual([]);
    await monitors.runDue();
    expect(await state()).toMatchObject({ status: 'healthy' });
    expect(told()).toEqual([]);
  });

  it('writes no version of the configuration for a beat', async () => {
    const { monitors, id, save, pass } = house();
    await save({});
    const { key } = await monitors.newKey({ userId: id }, id);
    for (let i = 0; i < 30; i += 1) {
      await monitors.beat(key);
      await pass(10);
    }
    const [versions] = await database.query<{ count: number }>('SELECT count(*) FROM config_version WHERE kind = $1', [
      'monitor',
    ]);
    expect(versions?.count).toBe(1);
    const [feed] = await database.query<{ count: number }>(`SELECT count(*) FROM feed WHERE entity = 'monitor'`);
    expect(feed?.count).toBeLessThan(12);
    // What a screen shows as the document's version is the edit's, not the beat's.
    const shown = await database.query<{ draftVersion: number }>(
      `SELECT DISTINCT (body::jsonb->>'draftVersion')::int AS "draftVersion" FROM feed WHERE entity = 'monitor' AND id = $1`,
      [id],
    );
    expect(shown).toEqual([{ draftVersion: 1 }]);
    const [row] = await database.query<{ version: number }>('SELECT version FROM config_document WHERE id = $1', [id]);
    expect(row?.version).toBeGreaterThan(2);
  });

  it('has a key that stops at once when a new one is made, and is stored as a hash', async () => {
    const { monitors, id, save } = house();
    await save({});
    const { key } = await monitors.newKey({ userId: id }, id);
    const { key: newer } = await monitors.newKey({ userId: id }, id);
    expect(await monitors.beat(key)).toBeNull();
    expect(await monitors.beat(newer)).toEqual({ monitorId: id });
    const [row] = await database.query<{ key_hash: Buffer }>('SELECT key_hash FROM monitor_key');
    expect(row?.key_hash.toString('latin1')).not.toContain(newer);
  });
});

describe('its address', () => {
  it('takes GET, HEAD and POST, does not know a wrong key, and bounds how often it is called', async () => {
    const { monitors, id, save, clock } = house();
    await save({});
    const { key } = await monitors.newKey({ userId: id }, id);
    const limits = {
      key: createRateLimit({ clock, limit: 5, windowMs: 60_000 }),
      address: createRateLimit({ clock, limit: 3, windowMs: 60_000 }),
    };
    const { server, url } = await startTestHttp({
      router: router({}),
      registerIngest: (app) => registerHeartbeats(app, { monitors, limits }) as unknown as void,
    });
    const call = async (name: string, method = 'GET') => {
      const answer = await fetch(`${url}/heartbeats/${name}`, {
        method,
        ...(method === 'POST' ? { body: '<done/>', headers: { 'content-type': 'text/xml' } } : {}),
      });
      await answer.text();
      return answer.status;
    };
    expect([await call(key), await call(key, 'HEAD'), await call(key, 'POST'), await call(key, 'POST')]).toEqual([
      200, 200, 200, 200,
    ]);
    expect([await call('tsh_nonsense'), await call(`tsh_${'x'.repeat(43)}`), await call('..%2f..')]).toEqual([
      404, 404, 404,
    ]);
    expect([await call('tsh_a'), await call(key), await call(key)]).toEqual([429, 429, 429]);
    await server.stop();
  });
});

it('the check names what makes an alert useless or noisy', async () => {
  const config = {
    list: () => ({ $documents: 'monitor@1', items: [] }),
    get: () => null,
    revision: 1,
  } as unknown as PagingConfig;
  const world = { id: 'x', config, at: '', users: new Map(), teams: new Map() };
  const found = await checkMonitor({ ...draft, graceSeconds: 0, severity: 'info', labels: { ' ': 'x' } }, world);
  expect(found.map(({ level, code }) => `${level} ${code}`)).toEqual([
    'error empty-label',
    'warning tight',
    'warning info',
  ]);
});
