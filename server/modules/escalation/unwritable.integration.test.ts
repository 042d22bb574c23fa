// An incident whose pages PostgreSQL refuses, whatever they say: what becomes of it, and of the others.
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createFakeClock } from '#server/testkit/clock.ts';
import { anIncident } from '#server/testkit/incidents.ts';
import { aPolicy, aStep, createConfigBook, people } from '#server/testkit/paging-sim/paging-config.ts';
import { addPeople, createSqlPaging, incidentsWithPaging } from '#server/testkit/paging-sim/sql-paging.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
const random = createSeededRandom(17, clock);
const database = await testDatabase({ max: 6 });
const [ada, bo] = people as [(typeof people)[0], (typeof people)[0]];
const at = () => new Date(clock.now()).toISOString();

let number = 0;
async function open(count: number): Promise<string[]> {
  const incidents = Array.from({ length: count }, () =>
    anIncident({ id: random.uuid(), number: (number += 1), startedAt: at() }),
  );
  await database.withTransaction((tx) => incidentsWithPaging.save(tx, at(), incidents));
  return incidents.map((incident) => incident.id);
}

/** Pages of this incident whose reason is like that cannot be written. */
async function refuse(incidentId: string, reason: string): Promise<void> {
  await database.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN
    IF NEW.incident_id = '${incidentId}' AND NEW.reason LIKE '${reason}' THEN RAISE EXCEPTION 'refused'; END IF;
    RETURN NEW; END $f$`);
  await database.query('CREATE TRIGGER refuse BEFORE INSERT ON page FOR EACH ROW EXECUTE FUNCTION refuse()');
}
const allow = () => database.query('DROP FUNCTION IF EXISTS refuse CASCADE');

function paging(given: Partial<Parameters<typeof createSqlPaging>[0]> = {}) {
  const step = {
    ...aStep(random),
    targets: [{ type: 'user' as const, id: bo.id }],
    roundRobin: false,
    delayMinutes: 5,
    when: { severities: [], hours: 'any' as const },
  };
  const policy = aPolicy(random, { steps: [step], repeat: 0, acknowledgementsNeeded: 1, pageAgain: 'severity-rises' });
  let transactions = 0;
  const made = createSqlPaging({
    database,
    book: createConfigBook(policy, 0, false),
    clock,
    random,
    transact(body) {
      transactions += 1;
      return database.withTransaction(body);
    },
    ...given,
  });
  const counted = async (work: () => Promise<unknown>) => {
    const before = transactions;
    await work();
    return transactions - before;
  };
  return { ...made, counted };
}
const pagesOf = (incidentId: string) =>
  database.query('SELECT user_id AS "userId", reason FROM page WHERE incident_id = $1 ORDER BY number', [incidentId]);
const counts = async () =>
  (
    await database.query(`SELECT count(*)::int AS pages, count(DISTINCT incident_id)::int AS incidents,
      count(*) FILTER (WHERE NOT EXISTS (SELECT FROM ledger l WHERE l.page_id = p.id))::int AS unexplained FROM page p`)
  )[0];

beforeAll(() => addPeople(database));
beforeEach(async () => {
  await allow();
  await database.query(
    'TRUNCATE incident, escalation, escalation_step, page, notification, ledger_turn, timeline_entry, alert, feed, round_robin, intent CASCADE',
  );
});

it('one whose step cannot be written falls back, and each of the others is paged once', async () => {
  const [bad] = (await open(20)) as [string];
  await refuse(bad, 'step%');
  const { worker } = paging();
  await worker.runDue();
  expect(await counts()).toEqual({ pages: 20, incidents: 20, unexplained: 0 });
  expect(await pagesOf(bad)).toEqual([{ userId: ada.id, reason: expect.stringContaining('refused') }]);
});

it('one for which nothing can be written does not make each batch of the others fail, and is tried again', async () => {
  const [bad] = (await open(20)) as [string];
  await refuse(bad, '%');
  const { worker, counted } = paging();
  await worker.runDue();
  expect(await counts()).toEqual({ pages: 19, incidents: 19, unexplained: 0 });
  await open(50);
  expect(await counted(() => worker.runDue())).toBe(1);
  expect(await counts()).toEqual({ pages: 69, incidents: 69, unexplained: 0 });
  await allow();
  clock.advance(10_000);
  await worker.runDue();
  expect(await pagesOf(bad)).toEqual([{ userId: bo.id, reason: expect.stringContaining('step 1') }]);
  expect(await counts()).toEqual({ pages: 70, incidents: 70, unexplained: 0 });
});

it('when nothing can be written for anybody, nobody is left out', async () => {
  const ids = await open(3);
  await database.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $f$ BEGIN RAISE EXCEPTION 'refused'; END $f$`);
  await database.query('CREATE TRIGGER refuse BEFORE INSERT ON page FOR EACH ROW EXECUTE FUNCTION refuse()');
  const { worker } = paging();
  await expect(worker.runDue()).rejects.toThrow('refused');
  await allow();
  await worker.runDue();
  for (const id of ids) expect(await pagesOf(id)).toEqual([{ userId: bo.id, reason: expect.any(String) }]);
});

it('the reason of a failure reaches the page, also where it holds what PostgreSQL cannot keep', async () => {
  const [id] = (await open(1)) as [string];
  const book = createConfigBook(aPolicy(random), 0, false);
  const broken = {
    ...book.current(),
    get: () => {
      throw new Error('a\0b\ud83d');
    },
  };
  const { worker } = paging({ book: { ...book, current: () => broken } });
  await worker.runDue();
  expect(await pagesOf(id)).toEqual([
    { userId: ada.id, reason: expect.stringContaining('paging could not be decided: a\uFFFDb\uFFFD;') },
  ]);
});
