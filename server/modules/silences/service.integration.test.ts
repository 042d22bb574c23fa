import { describe, expect, it } from 'vitest';
import { createCallerFactory } from '#server/api/trpc.ts';
import type { AlertSignal } from '#server/contract/signal.ts';
import { createAlertSearchStore } from '#server/modules/alerts/search-store.ts';
import { ruleStore } from '#server/modules/grouping/store.ts';
import { silencesRouter } from '#server/modules/silences/router.ts';
import { readSilencesForReplica } from '#server/modules/silences/store.ts';
import { aRule, aSignal, createAlertWorld, sqlStores } from '#server/testkit/alert-world.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { anActor, anIntent } from '#server/testkit/people.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import type { Database } from '#server/database/pool.ts';

type House = Awaited<ReturnType<typeof aHouse>>;

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
  const random = createSeededRandom(2, clock);
  const transact = database.withTransaction;
  const world = createAlertWorld({ stores: sqlStores, transact, clock, random, logger: createMemoryLogger() });
  const rule = aRule(random.uuid());
  await transact((tx) => ruleStore.save(tx, rule.updatedAt, [rule]));
  const now = () => new Date(clock.now()).toISOString();
  const shift = (seconds: number) => new Date(clock.now() + seconds * 1_000).toISOString();
  return {
    ...world,
    database,
    clock,
    now,
    signal: (change: Partial<AlertSignal> = {}) => aSignal({ receivedAt: clock.now(), ...change }),
    async silence(change: { silenceId?: string; matcher?: string; from?: number; to?: number } = {}) {
      const { silenceId = random.uuid(), matcher = 'alert.service == "checkout"', from = 0, to = 600 } = change;
      const action = {
        kind: 'silence.save',
        silenceId,
        silenceKind: 'silence',
        matcher,
        startsAt: shift(from),
        endsAt: shift(to),
        reason: 'Deploy',
      } as const;
      const outcome = await transact((tx) =>
        world.intents['silence.save'](tx, anIntent(action, { at: now(), random })),
      );
      return { silenceId, outcome };
    },
    endSilence: (silenceId: string) =>
      transact((tx) =>
        world.intents['silence.end'](tx, anIntent({ kind: 'silence.end', silenceId }, { at: now(), random })),
      ),
    marks: async () =>
      (
        await database.query<{ suppressed: boolean; grouped: boolean }>(
          'SELECT suppressed_by IS NOT NULL AS suppressed, incident_id IS NOT NULL AS grouped FROM alert ORDER BY dedup_key',
        )
      ).map((row) => `${row.suppressed ? 'suppressed' : 'heard'}, ${row.grouped ? 'grouped' : 'alone'}`),
    silences: () => readSilencesForReplica(database, null, null, 10, now()),
  };
}

describe('a silence', () => {
  it('suppresses what fires in its window, and what outlives the window surfaces and is grouped then', () =>
    withHouse(async ({ silence, send, signal, marks, timers, clock, silences, database }) => {
      const { outcome } = await silence({ to: 60 });
      expect(outcome).toMatchObject({ outcome: 'applied', version: 1 });
      await send(signal(), signal({ dedupKey: 'other', service: 'payments' }));
      expect(await marks()).toEqual(['suppressed, alone', 'heard, grouped']);
      expect((await silences())[0]?.body).toMatchObject({ suppressedCount: 1 });
      clock.advance(59_000);
      await timers.runDue();
      expect((await marks())[0]).toBe('suppressed, alone');
      clock.advance(1_000);
      expect(await timers.runDue()).toBeGreaterThan(0);
      expect((await marks())[0]).toBe('heard, grouped');
      expect((await silences())[0]?.body).toMatchObject({ suppressedCount: 0 });
      const history = await database.query(
        'SELECT kind, cause FROM alert_event e JOIN alert a ON a.id = e.alert_id WHERE a.service = $1 ORDER BY e.id',
        ['checkout'],
      );
      expect(history).toMatchObject([
        { kind: 'fired' },
        { kind: 'suppressed', cause: expect.stringContaining('The silence “Deploy” matches it until') },
        { kind: 'unsuppressed', cause: 'The silence “Deploy” ended; it still fires.' },
        { kind: 'grouped' },
      ]);
    }));

  it('counts for everyone, so alerts of restricted incidents are not in its count', () =>
    withHouse(async ({ silence, send, signal, silences, database }) => {
      await silence();
      await send(signal({ dedupKey: 'open' }), signal({ dedupKey: 'secret' }));
      expect((await silences())[0]?.body).toMatchObject({ suppressedCount: 2 });
      await database.query(`UPDATE alert SET audience = ARRAY[gen_random_uuid()] WHERE dedup_key = 'secret'`);
      expect((await silences())[0]?.body).toMatchObject({ suppressedCount: 1 });
    }));

  it('suppresses what fires already, whose incident and place in it stay', () =>
    withHouse(async ({ silence, send, signal, marks, timers, database }) => {
      await send(signal());
      await silence();
      await timers.runDue();
      expect(await marks()).toEqual(['suppressed, grouped']);
      expect(await database.query('SELECT status, firing_alert_count FROM incident')).toEqual([
        { status: 'triggered', firing_alert_count: 1 },
      ]);
    }));

  it('is caught up with after a downtime, start and end', () =>
    withHouse(async ({ silence, send, signal, marks, timers, clock }) => {
      await send(signal());
      await silence({ from: 60, to: 120 });
      await silence({ from: 3_600, to: 7_200 });
      clock.advance(4_000_000);
      await timers.runDue();
      expect(await marks()).toEqual(['suppressed, grouped']);
      clock.advance(4_000_000);
      await timers.runDue();
      expect(await marks()).toEqual(['heard, grouped']);
    }));

  it('that is ended, or no longer matches, lets go at once', () =>
    withHouse(async ({ silence, endSilence, send, signal, marks, timers, clock }) => {
      const { silenceId } = await silence();
      await send(signal());
      await silence({ silenceId, matcher: 'alert.service == "payments"' });
      await timers.runDue();
      expect(await marks()).toEqual(['heard, grouped']);
      await silence({ silenceId });
      await timers.runDue();
      expect(await marks()).toEqual(['suppressed, grouped']);
      clock.advance(1_000);
      expect(await endSilence(silenceId)).toMatchObject({ outcome: 'applied' });
      await timers.runDue();
      expect(await marks()).toEqual(['heard, grouped']);
      expect(await endSilence(silenceId)).toMatchObject({ outcome: 'noop', reason: 'It is over already.' });
      expect((await silence({ silenceId })).outcome).toMatchObject({ outcome: 'rejected', code: 'invalid' });
    }));

  it('hands an alert to another silence that still matches it', () =>
    withHouse(async ({ silence, send, signal, marks, timers, clock }) => {
      await silence({ to: 60 });
      await send(signal());
      await silence({ to: 600 });
      clock.advance(61_000);
      await timers.runDue();
      expect(await marks()).toEqual(['suppressed, alone']);
    }));

  it('misses nothing that fires while it is made', () =>
    withHouse(async ({ silence, send, signal, marks, timers }) => {
      await Promise.all([...Array.from({ length: 6 }, (_, i) => send(signal({ dedupKey: `key ${i}` }))), silence()]);
      await timers.runDue();
      expect((await marks()).every((mark) => mark.startsWith('suppressed'))).toBe(true);
    }));

  it('is refused where it cannot work, naming the reason', () =>
    withHouse(async ({ silence, endSilence, clock }) => {
      expect((await silence({ matcher: 'alert.nothing == 1' })).outcome).toMatchObject({
        outcome: 'rejected',
        reason: expect.stringMatching(/^The matcher cannot be used: There is no field "nothing"/),
      });
      expect((await silence({ from: 10, to: 5 })).outcome).toMatchObject({
        reason: 'The end must come after the start.',
      });
      expect((await silence({ from: -20, to: -10 })).outcome).toMatchObject({
        reason: expect.stringMatching(/passed already/),
      });
      const { silenceId } = await silence();
      clock.advance(1_000);
      expect((await silence({ silenceId, from: 30 })).outcome).toMatchObject({
        reason: expect.stringMatching(/runs already/),
      });
      expect(await endSilence('00000000-0000-7000-8000-000000000000')).toMatchObject({
        outcome: 'rejected',
        code: 'not-found',
      });
    }));

  it('looks through more alerts than one page holds', { timeout: 30_000 }, () =>
    withHouse(async ({ silence, send, signal, timers, database }) => {
      await send(...Array.from({ length: 1_100 }, (_, i) => signal({ dedupKey: `key ${i}` })));
      await silence();
      await timers.runDue();
      expect(await database.query('SELECT count(*) FROM alert WHERE suppressed_by IS NOT NULL')).toEqual([
        { count: 1_100 },
      ]);
    }),
  );
});

it('a preview counts what a matcher would suppress, of what its reader may see', () =>
  withHouse(async ({ send, signal, database }) => {
    await send(
      signal(),
      signal({ dedupKey: 'b' }),
      signal({ dedupKey: 'c', service: 'payments' }),
      signal({ dedupKey: 'c', action: 'resolve' }),
    );
    await database.query(`UPDATE alert SET audience = '{00000000-0000-7000-8000-0000000000ff}' WHERE dedup_key = 'b'`);
    const caller = createCallerFactory(silencesRouter(createAlertSearchStore(database).firing))({
      actor: anActor(),
      ip: '',
      traceId: '',
      idempotencyKey: null,
    });
    expect(await caller.preview({ matcher: 'alert.service == "checkout"' })).toMatchObject({
      ok: true,
      firing: 1,
      matched: 1,
      sample: [{ service: 'checkout' }],
    });
    expect(await caller.preview({ matcher: 'alert.service ==' })).toMatchObject({
      ok: false,
      reason: expect.any(String),
    });
  }));
