// Takes the step key out of the SQL and shows that the check which watches it notices: two workers on a real PostgreSQL.
// Row locks keep two workers apart as well, so they are taken away in both runs: the key stands, or falls, by itself.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Tx } from '#server/database/transaction.ts';
import { aPolicy, createConfigBook } from '#server/testkit/paging-sim/paging-config.ts';
import { addPeople, createSqlPaging, incidentsWithPaging } from '#server/testkit/paging-sim/sql-paging.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const database = await testDatabase({ max: 8 });
const clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
const random = createSeededRandom(3, clock);
const incidentCount = 5;

type Change = (text: string) => string;
const withoutRowLocks: [statement: string, change: Change] = [
  'escalation-lock-due',
  (text) => text.replace('FOR UPDATE SKIP LOCKED', ''),
];
const withoutStepKey: [statement: string, change: Change] = [
  'escalation-claim-steps',
  () => `SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[], $4::uuid[], $5::int[], $6::timestamptz[], $7::timestamptz[])
           AS s ("incidentId", run, "policyVersion", "stepId", loop, "dueAt", "firedAt")`,
];

/** The same transaction with named statements changed, and how often each was. */
function mutated(
  tx: Tx,
  mutations: ReadonlyMap<string, Change>,
  hits: Map<string, number>,
  decided: () => Promise<void>,
): Tx {
  const run = tx.query.bind(tx) as (...args: unknown[]) => unknown;
  const query = async (...args: unknown[]) => {
    const [config] = args as [{ name?: string; text?: string }];
    const name = config?.name ?? '';
    // Both have read before either writes.
    if (name === 'escalation-claim-steps') await decided();
    const change = mutations.get(name);
    if (change === undefined) return run(...args);
    hits.set(name, (hits.get(name) ?? 0) + 1);
    return run({ ...config, name: `${name}-mutant`, text: change(config.text ?? '') });
  };
  return { query: query as Tx['query'] };
}

/** Two workers carry the same steps on at the same moment. Answers what they did twice. */
async function twoWorkers(
  mutations: ReadonlyMap<string, Change>,
): Promise<{ violations: string[]; hits: Map<string, number> }> {
  await database.query(
    'TRUNCATE incident, escalation, escalation_step, page, notification, ledger_turn, timeline_entry, feed CASCADE',
  );
  const at = new Date(clock.now()).toISOString();
  const incidents = Array.from({ length: incidentCount }, (_, n) =>
    anIncident({ id: random.uuid(), number: n + 1, startedAt: at }),
  );
  await database.withTransaction((tx) => incidentsWithPaging.save(tx, at, incidents));
  const step = {
    roundRobin: false,
    delayMinutes: 5,
    when: { severities: [], hours: 'any' },
    priority: 'important',
  } as const;
  const steps = [
    {
      ...step,
      id: random.uuid(),
      targets: [{ type: 'user' as const, id: testId(702) }],
      when: { severities: [], hours: 'any' as const },
    },
  ];
  const book = createConfigBook(aPolicy(random, { steps, repeat: 0 }), 0, false);
  const hits = new Map<string, number>();
  let waiting = 0;
  let release = () => {};
  const both = new Promise<void>((resolve) => (release = resolve));
  const decided = async () => {
    waiting += 1;
    if (waiting >= 2) release();
    await both;
  };
  const workers = [1, 2].map(
    () =>
      createSqlPaging({
        database,
        book,
        clock,
        random,
        transact: (body) => database.withTransaction((tx) => body(mutated(tx, mutations, hits, decided))),
      }).worker,
  );
  await Promise.all(workers.map((worker) => worker.runDue()));
  const rows = await database.query<{ incident_id: string; n: number }>(
    'SELECT incident_id, count(*)::int AS n FROM page GROUP BY incident_id',
  );
  expect(rows).toHaveLength(incidentCount);
  return {
    violations: rows.filter((row) => row.n !== 1).map((row) => `${row.incident_id} was paged ${row.n} times`),
    hits,
  };
}

describe('the step key', () => {
  beforeAll(() => addPeople(database));

  test('with it, nobody is paged twice, though the row locks do not hold', async () => {
    const { violations, hits } = await twoWorkers(new Map([withoutRowLocks]));
    expect(hits.get('escalation-lock-due')).toBeGreaterThan(1);
    expect(violations).toEqual([]);
  });

  test('without it, the check fails', async () => {
    const { violations, hits } = await twoWorkers(new Map([withoutRowLocks, withoutStepKey]));
    // The statements still have these names, or the mutation proves nothing.
    expect(hits.get('escalation-claim-steps')).toBeGreaterThan(1);
    expect(violations).not.toEqual([]);
  });
});
