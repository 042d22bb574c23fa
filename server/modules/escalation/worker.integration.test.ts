import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#server/api/app-error.ts';
import { createClockGuard, createClockStore } from '#server/modules/escalation/clock-guard.ts';
import { createEscalateHandler, withAcknowledgement } from '#server/modules/escalation/handlers.ts';
import { pagingFacts } from '#server/modules/escalation/facts-store.ts';
import { escalationStore, readEscalationsForReplica, stepFailed } from '#server/modules/escalation/store.ts';
import { alertStore } from '#server/modules/alerts/store.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { anAlert, anIncident, testId } from '#server/testkit/incidents.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { aPolicy, aStep, createConfigBook, people, policyId } from '#server/testkit/paging-sim/paging-config.ts';
import { addPeople, createSqlPaging, incidentsWithPaging } from '#server/testkit/paging-sim/sql-paging.ts';
import { anActor, anIntent } from '#server/testkit/people.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const start = Date.parse('2026-11-21T12:00:00.000Z');
const clock = createFakeClock(start);
const random = createSeededRandom(5, clock);
const database = await testDatabase({ max: 8 });
const [ada, bo, cy] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
const stepTo = (id: string, change = {}) => ({
  ...aStep(random),
  targets: [{ type: 'user' as const, id }],
  roundRobin: false,
  delayMinutes: 5,
  when: { severities: [], hours: 'any' as const },
  ...change,
});
const twoSteps = () =>
  aPolicy(random, {
    steps: [stepTo(bo.id), stepTo(cy.id)],
    repeat: 0,
    acknowledgementsNeeded: 1,
    pageAgain: 'severity-rises',
  });

let number = 0;
const at = () => new Date(clock.now()).toISOString();

async function open(
  change: Partial<IncidentState> = {},
  alerts: Parameters<typeof anAlert>[0][] = [],
): Promise<string> {
  const id = random.uuid();
  number += 1;
  const startedAt = at();
  const incident = anIncident({
    id,
    number,
    startedAt,
    alertCount: alerts.length,
    firingAlertCount: alerts.length,
    ...change,
  });
  await database.withTransaction(async (tx) => {
    await incidentsWithPaging.save(tx, at(), [incident]);
    await alertStore.save(
      tx,
      at(),
      alerts.map((alert, n) => anAlert({ id: random.uuid(), dedupKey: `${id}${n}`, incidentId: id, ...alert })),
    );
  });
  return id;
}
const pages = () =>
  database.query<{
    user_id: string | null;
    status: string;
    reason: string;
    late: boolean;
    step: number;
    incident_id: string;
  }>('SELECT * FROM page ORDER BY number');
const names = async () =>
  (await pages()).map((page) => people.find((person) => person.id === page.user_id)?.name ?? 'channel');
const stateOf = (id: string) => database.withTransaction(async (tx) => (await escalationStore.lock(tx, id))!);

beforeAll(() => addPeople(database));
beforeEach(async () => {
  await database.query(
    'TRUNCATE incident, escalation, escalation_step, page, notification, ledger_turn, timeline_entry, alert, feed, round_robin, intent CASCADE',
  );
});

/** Of one server; the database's clock is the fake one. */
function aGuard() {
  const real = createClockStore(database);
  return createClockGuard({
    transact: (body) => database.withTransaction(body),
    store: {
      ...real,
      read: async () => ({ ...(await real.read()), nowMs: clock.now() }),
      hold: async (tx) => ({ ...(await real.hold(tx)), nowMs: clock.now() }),
    },
    record: () => Promise.resolve(),
    clock,
    logger: createMemoryLogger(),
  });
}

/** Until somebody waits for an advisory lock of this database. */
async function waitingForLock(): Promise<void> {
  const waits = `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  await expect.poll(() => database.query(waits)).toEqual([{ n: 1 }]);
}

describe('paging on a real PostgreSQL', () => {
  it('pages the first step at once, the next after its wait, and never the same step again', async () => {
    const { worker } = createSqlPaging({ database, book: createConfigBook(twoSteps(), 0, false), clock, random });
    const id = await open();
    expect(await worker.runDue()).toBe(1);
    expect(await worker.runDue()).toBe(0);
    expect(await names()).toEqual(['Bo']);
    clock.advance(5 * 60_000 - 1);
    await worker.runDue();
    expect(await names()).toEqual(['Bo']);
    clock.advance(1);
    await worker.runDue();
    expect(await names()).toEqual(['Bo', 'Cy']);
    clock.advance(5 * 60_000);
    await worker.runDue();
    expect(await stateOf(id)).toMatchObject({ status: 'exhausted', run: 1, nextAt: null });
    const intents = await database.query('SELECT via, status, address FROM notification');
    expect(intents).toEqual([
      { via: 'desktop', status: 'pending', address: bo.id },
      { via: 'desktop', status: 'pending', address: cy.id },
    ]);
    const told = await database.query<{ text: string }>(
      `SELECT text FROM timeline_entry WHERE kind = 'page' ORDER BY id`,
    );
    expect(told.map((entry) => entry.text)).toEqual(['Paged Bo', 'Paged Cy', 'Paging ran out']);
    const replicated = await readEscalationsForReplica(database, { teamIds: [] }, null, 10);
    expect(replicated).toMatchObject([{ id, body: { status: 'exhausted', policyId } }]);
  });

  it('a round-robin step whose turn falls on somebody who cannot be paged pages the next one, not the administrators', async () => {
    const targets = [people[3]!, bo, cy].map(({ id }) => ({ type: 'user' as const, id }));
    const policy = aPolicy(random, {
      steps: [{ ...stepTo(bo.id), targets, roundRobin: true }],
      repeat: 2,
      acknowledgementsNeeded: 1,
      pageAgain: 'severity-rises',
    });
    const { worker } = createSqlPaging({ database, book: createConfigBook(policy, 0, false), clock, random });
    const id = await open();
    for (let minute = 0; minute <= 10; minute += 1) {
      await worker.runDue();
      clock.advance(60_000);
    }
    expect(people[3]).toMatchObject({ disabled: true });
    expect(await names()).toEqual(['Bo', 'Cy', 'Bo']);
    expect(await stateOf(id)).toMatchObject({ status: 'waiting', loop: 3 });
  });

  it('an acknowledgement stops it, ends its pages and takes back what was not sent', async () => {
    const paging = createSqlPaging({ database, book: createConfigBook(twoSteps(), 0, false), clock, random });
    const id = await open();
    await paging.worker.runDue();
    const acknowledge = withAcknowledgement(
      async (tx, { at: now }) => {
        const [incident] = await incidentsWithPaging.lockByIds(tx, [id]);
        await incidentsWithPaging.save(tx, now, [
          { ...incident!, version: 2, status: 'acknowledged', acknowledgedAt: now },
        ]);
        return { outcome: 'applied', version: 2 };
      },
      { ...paging.counting, acting: { lock: () => Promise.reject(new Error('not asked')) } },
    );
    const actor = anActor({ userId: bo.id, name: 'Bo', via: 'Slack' });
    const intent = anIntent<'incident.acknowledge'>(
      { kind: 'incident.acknowledge', incidentId: id },
      { at: at(), random, actor },
    );
    await database.withTransaction((tx) => acknowledge(tx, intent));
    clock.advance(60 * 60_000);
    await paging.worker.runDue();
    expect(await pages()).toMatchObject([{ status: 'acknowledged', ended_by: 'Bo, Slack' }]);
    expect(await database.query('SELECT status FROM notification')).toEqual([{ status: 'cancelled' }]);
    expect(await stateOf(id)).toMatchObject({ status: 'stopped', reason: 'Bo acknowledged', acknowledgedBy: [bo.id] });
    const [entry] = await database.query<{ detail: string }>(
      `SELECT detail FROM ledger WHERE kind = 'acknowledgement'`,
    );
    expect(entry?.detail).toBe('by Slack');

    // A rise in severity after it begins a new run.
    await database.withTransaction(async (tx) => {
      const [incident] = await incidentsWithPaging.lockByIds(tx, [id]);
      await incidentsWithPaging.save(tx, at(), [{ ...incident!, version: 3, severity: 'sev1' }]);
    });
    await paging.worker.runDue();
    expect(await stateOf(id)).toMatchObject({ status: 'waiting', run: 2, priority: 'important' });
    expect(await names()).toEqual(['Bo', 'Bo']);
  });

  it('overdue steps come in order, one page a person, marked late', async () => {
    const steps = [stepTo(bo.id), stepTo(cy.id), stepTo(bo.id)];
    const book = createConfigBook(aPolicy(random, { steps, repeat: 1, acknowledgementsNeeded: 1 }), 0, false);
    const { worker } = createSqlPaging({ database, book, clock, random });
    await open();
    clock.suspend(8 * 3_600_000);
    await worker.runDue();
    expect((await pages()).map((page) => [page.step, page.late])).toEqual([
      [0, true],
      [1, true],
    ]);
    const fired = await database.query('SELECT loop, due_at FROM escalation_step ORDER BY due_at');
    expect(fired).toHaveLength(6);
  });

  it('is held while all its firing alerts are silenced, and pages as soon as they are not', async () => {
    const { worker } = createSqlPaging({ database, book: createConfigBook(twoSteps(), 0, false), clock, random });
    const silence = testId(77);
    await database.query(
      `INSERT INTO silence (id, version, kind, matcher, starts_at, ends_at, reason, created_by, created_at, started, finished)
       VALUES ($1, 1, 'silence', 'true', $2, '2030-01-01', 'nightly export', $3, $2, true, false)`,
      [silence, at(), ada.id],
    );
    const id = await open({}, [
      { suppressedBy: silence, suppressed: true },
      { suppressedBy: silence, suppressed: true },
    ]);
    await worker.runDue();
    expect(await stateOf(id)).toMatchObject({ status: 'held', reason: expect.stringContaining('nightly export') });
    clock.advance(6_000);
    const before = await database.query('SELECT count(*)::int AS n FROM ledger');
    await worker.runDue();
    expect(await database.query('SELECT count(*)::int AS n FROM ledger')).toEqual(before);
    expect(await pages()).toEqual([]);
    await database.query('UPDATE alert SET suppressed_by = NULL WHERE incident_id = $1', [id]);
    clock.advance(6_000);
    await worker.runDue();
    expect(await names()).toEqual(['Bo']);
    await database.query('DELETE FROM silence');
  });

  it('holds a symptom while its cause is open, and lets go when that is over', async () => {
    const { worker } = createSqlPaging({ database, book: createConfigBook(twoSteps(), 0, true), clock, random });
    const cause = await open({ services: ['net'] }, [{ service: 'net' }]);
    const symptom = await open({ services: ['payments'] }, [{ service: 'payments' }]);
    await worker.runDue();
    expect(await stateOf(symptom)).toMatchObject({ status: 'held', reason: expect.stringContaining('network first') });
    expect((await pages()).map((page) => page.incident_id)).toEqual([cause]);
    await database.withTransaction(async (tx) => {
      const [incident] = await incidentsWithPaging.lockByIds(tx, [cause]);
      await incidentsWithPaging.save(tx, at(), [{ ...incident!, version: 2, status: 'resolved', resolvedAt: at() }]);
    });
    clock.advance(6_000);
    await worker.runDue();
    expect((await pages()).map((page) => [page.incident_id, page.status])).toEqual([
      [cause, 'stopped'],
      [symptom, 'open'],
    ]);
  });

  it('pages every administrator when nobody can be reached or the decision fails, and the others as usual', async () => {
    const book = createConfigBook(aPolicy(random, { steps: [stepTo(testId(704))], repeat: 0 }), 0, false);
    await createSqlPaging({ database, book, clock, random }).worker.runDue();
    const lost = await open();
    await createSqlPaging({ database, book, clock, random }).worker.runDue();
    expect(await names()).toEqual(['Ada']);
    expect(await stateOf(lost)).toMatchObject({ status: 'nobody' });

    const good = createConfigBook(twoSteps(), 0, false);
    const bad = await open();
    await open();
    const { worker, logger } = createSqlPaging({ database, book: good, clock, random, poison: (id) => id === bad });
    await worker.runDue();
    expect((await names()).toSorted()).toEqual(['Ada', 'Ada', 'Bo']);
    expect(logger.entries.filter((entry) => entry.level === 'error')).toHaveLength(1);
    clock.advance(60_000);
    await worker.runDue();
    // Tried again, and told once.
    expect((await names()).toSorted()).toEqual(['Ada', 'Ada', 'Bo']);
  });

  it('takes round-robin turns across incidents', async () => {
    const steps = [stepTo(bo.id, { roundRobin: true, targets: [bo.id, cy.id].map((id) => ({ type: 'user', id })) })];
    const { worker } = createSqlPaging({
      database,
      book: createConfigBook(aPolicy(random, { steps, repeat: 0 }), 0, false),
      clock,
      random,
    });
    for (let i = 0; i < 3; i += 1) {
      await open();
      await worker.runDue();
    }
    expect(await names()).toEqual(['Bo', 'Cy', 'Bo']);
  });

  it('escalates by hand to the next step or to somebody named, and refuses who is not there', async () => {
    const book = createConfigBook(twoSteps(), 0, false);
    const { worker, counting } = createSqlPaging({ database, book, clock, random });
    const id = await open();
    await worker.runDue();
    const escalate = createEscalateHandler({
      ...counting,
      acting: { lock: async (tx, _context, incidentId) => (await incidentsWithPaging.lockByIds(tx, [incidentId]))[0]! },
      config: { current: () => Promise.resolve(book.current()) },
      facts: pagingFacts,
    });
    const act = (target: { type: 'user' | 'team' | 'schedule'; id: string } | null) =>
      database.withTransaction((tx) =>
        escalate(
          tx,
          anIntent<'escalation.escalate'>(
            { kind: 'escalation.escalate', incidentId: id, target },
            { at: at(), random, actor: anActor({ userId: ada.id, name: 'Ada' }) },
          ),
        ),
      );
    expect(await act({ type: 'user', id: testId(9) })).toMatchObject({
      outcome: 'rejected',
      reason: expect.stringContaining('no such person'),
    });
    expect(await act({ type: 'user', id: testId(704) })).toMatchObject({ reason: expect.stringContaining('disabled') });
    expect(await act({ type: 'schedule', id: testId(9) })).toMatchObject({
      reason: expect.stringContaining('no such schedule'),
    });
    expect(await act(null)).toMatchObject({ outcome: 'applied' });
    await worker.runDue();
    expect(await names()).toEqual(['Bo', 'Cy']);
    expect(await act({ type: 'user', id: ada.id })).toMatchObject({ outcome: 'applied' });
    await worker.runDue();
    expect((await names()).toSorted()).toEqual(['Ada', 'Bo', 'Cy']);
    const forced = await database.query(
      `SELECT input::jsonb->>'via' AS via, detail FROM ledger WHERE kind = 'forced' ORDER BY sequence`,
    );
    expect(forced).toEqual([
      { via: 'API', detail: 'the next step now via API' },
      { via: 'API', detail: 'a user now via API' },
    ]);
    expect((await pages()).map((page) => page.reason)).toEqual([
      expect.stringMatching(/^step 1 of .*; named in the step$/),
      expect.stringMatching(/^step 2 of .*, escalated by hand by Ada via API; named in the step$/),
      'escalated by hand by Ada via API; named by Ada',
    ]);
  });

  it('asked for by hand after an acknowledgement, it goes on with the next step, not with who answered', async () => {
    const { worker } = createSqlPaging({ database, book: createConfigBook(twoSteps(), 0, false), clock, random });
    const id = await open();
    await worker.runDue();
    await database.withTransaction(async (tx) => {
      const [incident] = await incidentsWithPaging.lockByIds(tx, [id]);
      const answered = { version: 2, status: 'acknowledged', acknowledgedAt: at(), acknowledgedBy: bo.id } as const;
      await incidentsWithPaging.save(tx, at(), [{ ...incident!, ...answered }]);
    });
    await worker.runDue();
    expect(await stateOf(id)).toMatchObject({ status: 'stopped', run: 1, step: 1 });
    const forced = { by: bo.id, byName: 'Bo', at: at(), target: null };
    const state = await stateOf(id);
    await database.withTransaction((tx) =>
      escalationStore.save(tx, at(), [{ ...state, forced, changed: true }], new Set()),
    );
    await worker.runDue();
    expect(await names()).toEqual(['Bo', 'Cy']);
    expect(await stateOf(id)).toMatchObject({ run: 2 });
  });

  it('brings the next step forward when every way of a step has failed, once', async () => {
    const { worker } = createSqlPaging({ database, book: createConfigBook(twoSteps(), 0, false), clock, random });
    const id = await open();
    await worker.runDue();
    const failed = { incidentId: id, run: 1, step: 0, loop: 0 };
    expect(await database.withTransaction((tx) => stepFailed(tx, at(), failed))).toBe(true);
    await worker.runDue();
    expect(await names()).toEqual(['Bo', 'Cy']);
    expect(await database.withTransaction((tx) => stepFailed(tx, at(), failed))).toBe(false);
  });

  it('moves what is pending with the clock, once for two servers', async () => {
    const { worker } = createSqlPaging({ database, book: createConfigBook(twoSteps(), 0, false), clock, random });
    const id = await open();
    await worker.runDue();
    const before = Date.parse((await stateOf(id)).nextAt!);
    const guards = [aGuard(), aGuard()];
    for (const guard of guards) await guard.look();
    clock.step(-3_600_000);
    expect(guards[0]!.clock.now()).toBe(clock.now() + 3_600_000);
    const since = await open();
    await guards[0]!.look();
    // It came after the clock was set, and has the new time already.
    expect(Date.parse((await stateOf(since)).nextAt!)).toBe(clock.now());
    // Neither knows of the next one before it has looked, and says so.
    clock.step(7_200_000);
    expect(await database.withTransaction((tx) => guards[0]!.agrees(tx))).toBe(false);
    clock.step(-7_200_000);
    expect(await database.withTransaction((tx) => guards[0]!.agrees(tx))).toBe(true);
    // The other one has not seen the first yet.
    expect(await database.withTransaction((tx) => guards[1]!.agrees(tx))).toBe(false);
    await guards[1]!.look();
    expect(await database.withTransaction((tx) => guards[1]!.agrees(tx))).toBe(true);
    expect(Date.parse((await stateOf(id)).nextAt!)).toBe(before - 3_600_000);
    clock.suspend(8 * 3_600_000);
    expect(await guards[0]!.look()).toBe(0);
    expect(Date.parse((await stateOf(id)).nextAt!)).toBe(before - 3_600_000);
    clock.set(start);
  });

  it('no due time is written while others are moved: who writes one is waited for, and who comes later sees it', async () => {
    const guard = aGuard();
    await guard.look();
    const writing = Promise.withResolvers<void>();
    const holds = Promise.withResolvers<void>();
    const turn = database.withTransaction(async (tx) => {
      expect(await guard.agrees(tx)).toBe(true);
      holds.resolve();
      await writing.promise;
    });
    await holds.promise;
    clock.step(3_600_000);
    let moved = false;
    const look = guard.look().then(() => (moved = true));
    await waitingForLock();
    expect(moved).toBe(false);
    writing.resolve();
    await Promise.all([turn, look]);
    expect(await database.withTransaction((tx) => guard.agrees(tx))).toBe(true);
    clock.set(start);
  });

  it('opens a step for 500 incidents in few statements', async () => {
    const { worker } = createSqlPaging({ database, book: createConfigBook(twoSteps(), 0, false), clock, random });
    const list = Array.from({ length: 500 }, () =>
      anIncident({ id: random.uuid(), number: (number += 1), startedAt: at() }),
    );
    await database.withTransaction((tx) => incidentsWithPaging.save(tx, at(), list));
    expect(await worker.runDue()).toBe(500);
    expect(await pages()).toHaveLength(500);
  });

  it('a burst is several batches at once, in which no step fires twice; of batches that go on beside a failed one each ends', async () => {
    const count = 1_000;
    const ids = Array.from({ length: count }, () => random.uuid());
    await database.withTransaction((tx) =>
      incidentsWithPaging.save(
        tx,
        at(),
        ids.map((id) => {
          number += 1;
          return anIncident({ id, number, startedAt: at() });
        }),
      ),
    );
    let batches = 0;
    let running = 0;
    const { worker } = createSqlPaging({
      database,
      book: createConfigBook(twoSteps(), 0, false),
      clock,
      random,
      async transact(body) {
        batches += 1;
        running += 1;
        try {
          if (batches === 2) throw new AppError('unavailable', 'The database is away.');
          return await database.withTransaction(body);
        } finally {
          running -= 1;
        }
      },
    });
    await expect(worker.runDue()).rejects.toMatchObject({ code: 'unavailable' });
    expect(running).toBe(0);
    while ((await worker.runDue()) > 0);
    const [fired] = await database.query<{ steps: number; pages: number }>(
      'SELECT (SELECT count(*)::int FROM escalation_step) AS steps, (SELECT count(*)::int FROM page) AS pages',
    );
    expect(fired).toEqual({ steps: count, pages: count });
  });
});
