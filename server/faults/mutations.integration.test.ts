// Takes one guard at a time out of the SQL and shows that the check which watches it notices: on a real PostgreSQL.
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { createPostgresEventLog } from '#server/adapters/postgres/event-log.ts';
import { createWake, type Wake } from '#server/adapters/postgres/wake.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { entityNames, type EntityName } from '#server/contract/replica.ts';
import type { Database } from '#server/database/pool.ts';
import { ruleStore } from '#server/modules/grouping/store.ts';
import { createReplica } from '#server/modules/replica/service.ts';
import type { ReplicaReader } from '#server/modules/replica/reader.ts';
import type { NewRecord } from '#server/ports/event-log.ts';
import { aRule, aSignal, createAlertWorld, sqlStores } from '#server/testkit/alert-world.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { type Mutation, mutateSql, testsOfGuard, type Watched } from '#server/testkit/sql-mutation.ts';

const clock = createSystemClock();
const random = createSystemRandom(clock);
const logger = createMemoryLogger();

const withoutInboxKey: Mutation = {
  statement: 'inbox-claim',
  becomes: 'SELECT id FROM unnest($2::uuid[]) AS id WHERE $1::text IS NOT NULL AND $3::timestamptz IS NOT NULL',
};
const withoutOffset: Mutation = { statement: 'log-move-offsets', becomes: null };
const withoutFeedRow: Mutation = { statement: 'feed-append', becomes: null };

let database: Database;
let drop: () => Promise<void>;
let wake: Wake;
beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 12 }));
  wake = createWake({ database, clock, random, logger });
  wake.start();
});
afterEach(async () => {
  await wake.stop();
  await drop();
});

function saveRule(target: Database): Promise<void> {
  return target.withTransaction((tx) =>
    ruleStore.save(tx, new Date(clock.now()).toISOString(), [aRule(random.uuid())]),
  );
}

function recordOf(payload: string, id = random.uuid()): NewRecord {
  return { id, key: 'one-key', type: 'test', payload, receivedAt: clock.now() };
}

/** R2, second half: a record that the log hands out twice has its effect once. Answers what it found wrong. */
async function watchInbox(mutation: Mutation): Promise<Watched> {
  const mutant = mutateSql(database, mutation);
  const world = createAlertWorld({
    stores: sqlStores,
    transact: (body) => mutant.database.withTransaction(body),
    clock,
    random,
    logger,
  });
  await saveRule(mutant.database);
  const log = createPostgresEventLog({ database: mutant.database, clock, random, logger, wake });
  const consumer = log.consumer({ topic: 'ingest', group: 'pipeline', batchSize: 100, handle: world.pipeline.handle });
  consumer.start();
  const record = recordOf(JSON.stringify(aSignal({ receivedAt: clock.now() })));
  // In one batch, and again in a later one, as a replay or a transport that delivers twice would.
  await log.append('ingest', [record, record]);
  await consumer.drained();
  await log.append('ingest', [record]);
  await consumer.drained();
  await consumer.stop();
  await log.stop();
  const alerts = await database.query<{ count: number }>('SELECT count FROM alert');
  const violations: string[] = [];
  if (alerts.length !== 1) violations.push(`${alerts.length} alerts instead of 1`);
  if (alerts[0]?.count !== 1) violations.push(`applied ${alerts[0]?.count} times instead of once`);
  return { violations, hits: mutant.hits() };
}

/** R1 and exactly-once: each record has its effect once, though the consumer is stopped and started between. */
async function watchOffset(mutation: Mutation): Promise<Watched> {
  const mutant = mutateSql(database, mutation);
  await database.query('CREATE TABLE effect (record_id uuid NOT NULL)');
  const log = createPostgresEventLog({ database: mutant.database, clock, random, logger, wake });
  const records = Array.from({ length: 20 }, (_, i) => recordOf(String(i)));
  await log.append('ingest', records);
  const applied = async () => {
    const [row] = await database.query<{ count: number }>('SELECT count(*) AS count FROM effect');
    return row?.count ?? 0;
  };
  for (let starts = 0; starts < 3; starts += 1) {
    const consumer = log.consumer({
      topic: 'ingest',
      group: 'pipeline',
      batchSize: 100,
      async handle(tx, batch) {
        await tx.query('INSERT INTO effect SELECT unnest($1::uuid[])', [batch.map((record) => record.id)]);
        return batch.map(() => ({ kind: 'ok' }));
      },
    });
    consumer.start();
    // All of them at the first start; without the guard the first of them comes again. Later starts find nothing to do.
    if (starts === 0) await expect.poll(applied).toBeGreaterThanOrEqual(records.length + (mutation === null ? 0 : 1));
    else await clock.sleep(400);
    await consumer.stop();
  }
  await log.stop();
  const rows = await database.query<{ id: string; times: number }>(
    'SELECT record_id AS id, count(*) AS times FROM effect GROUP BY record_id',
  );
  const violations = rows.filter((row) => row.times !== 1).map((row) => `${row.id} applied ${row.times} times`);
  if (rows.length !== records.length) violations.push(`${records.length - rows.length} records without effect`);
  return { violations, hits: mutant.hits() };
}

/** What committed is seen by a connected client. */
async function watchFeed(mutation: Mutation): Promise<Watched> {
  const mutant = mutateSql(database, mutation);
  const world = createAlertWorld({
    stores: sqlStores,
    transact: (body) => mutant.database.withTransaction(body),
    clock,
    random,
    logger,
  });
  await saveRule(mutant.database);
  const nothing: ReplicaReader = () => Promise.resolve([]);
  const entities = Object.fromEntries(entityNames.map((name) => [name, nothing])) as Record<EntityName, ReplicaReader>;
  const replica = createReplica({
    database,
    wake,
    entities,
    refreshActor: (actor) => Promise.resolve(actor),
    clock,
    logger,
  });
  replica.start();
  const actor = { userId: random.uuid(), teamIds: [] };
  const from = (await replica.snapshotPage(actor, null)).position;
  const closer = new AbortController();
  const seen = new Map<string, number>();
  const listening = (async () => {
    for await (const message of replica.stream(actor, from, closer.signal)) {
      for (const change of message.changes) seen.set(`${change.entity} ${change.id}`, change.version);
    }
  })();
  await world.send(aSignal({ receivedAt: clock.now() }), aSignal({ receivedAt: clock.now(), dedupKey: 'another' }));
  const rows = await database.query<{ key: string; version: number }>(
    `SELECT 'alert ' || id AS key, version FROM alert UNION ALL SELECT 'incident ' || id, version FROM incident`,
  );
  expect(rows.length).toBeGreaterThanOrEqual(3);
  const late = () => rows.filter((row) => seen.get(row.key) !== row.version);
  // Without the guard they never come.
  if (mutation === null) await expect.poll(late).toEqual([]);
  else await clock.sleep(500);
  closer.abort();
  await listening;
  await replica.stop();
  const violations = late().map((row) => `${row.key} is at ${row.version}, the screen at ${seen.get(row.key)}`);
  return { violations, hits: mutant.hits() };
}

describe.each([
  { guard: 'the inbox key', watch: watchInbox, mutation: withoutInboxKey },
  { guard: 'the offset write', watch: watchOffset, mutation: withoutOffset },
  { guard: 'the change-feed row', watch: watchFeed, mutation: withoutFeedRow },
])('$guard', ({ watch, mutation }) => {
  testsOfGuard(watch, mutation);
});
