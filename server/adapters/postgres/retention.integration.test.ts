import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRetention } from '#server/adapters/postgres/retention.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import type { Database } from '#server/database/pool.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';

const random = createSystemRandom(createSystemClock());
const start = Date.parse('2026-11-21T16:00:00.000Z');
let database: Database;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ database, drop } = await makeDatabase());
});
afterEach(() => drop());

test('what was consumed, and identities and answers past their time, go; everything else stays', async () => {
  const clock = createFakeClock(start);
  const old = (hours: number) => new Date(start - hours * 3_600_000).toISOString();
  const append = (partition: number, count: number, at: string) =>
    database.query(
      `INSERT INTO event_log (topic, partition, id, key, type, payload, received_at)
       SELECT 'ingest', $1, gen_random_uuid(), 'k', 't', '{}', $3 FROM generate_series(1, $2::int)`,
      [partition, count, at],
    );
  await append(0, 23, old(2));
  await append(0, 5, old(0.5));
  await append(1, 7, old(2));
  await database.query(`INSERT INTO consumer_offset (consumer_group, topic, partition, xid, seq)
    SELECT 'pipeline', 'ingest', 0, pg_snapshot_xmax(pg_current_snapshot()), 0
    UNION ALL SELECT 'pipeline', 'ingest', 1, '0', 0`);
  for (const hours of [71, 73]) {
    await database.query('INSERT INTO delivery VALUES ($1, $2)', [Buffer.from(`${hours}`), old(hours)]);
    await database.query('INSERT INTO inbox VALUES ($1, $2, $3)', ['pipeline', random.uuid(), old(hours)]);
  }
  for (const days of [29, 31]) {
    await database.query(`INSERT INTO intent (id, user_id, kind, result, applied_at) VALUES ($1, $1, 'x', '{}', $2)`, [
      random.uuid(),
      old(days * 24),
    ]);
  }
  let feedAsked: unknown[] = [];
  const retention = createRetention({
    database,
    clock,
    logger: createMemoryLogger(),
    limits: { chunkRows: 10, restMs: 0 },
    purgeFeed: (...asked) => {
      feedAsked = asked;
      return Promise.resolve(0);
    },
  });
  const run = retention.runDue();
  let over = false;
  void run.finally(() => (over = true));
  // Rests between chunks are timers of the fake clock.
  while (!over) {
    clock.advance(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await run).toBe(23 + 1 + 1 + 1);
  expect(
    await database.query('SELECT partition, count(*) AS count FROM event_log GROUP BY partition ORDER BY partition'),
  ).toEqual([
    { partition: 0, count: 5 },
    { partition: 1, count: 7 },
  ]);
  expect(await database.query('SELECT at FROM delivery')).toEqual([{ at: old(71) }]);
  expect(await database.query('SELECT at FROM inbox')).toEqual([{ at: old(71) }]);
  expect(await database.query('SELECT applied_at AS at FROM intent')).toEqual([{ at: old(29 * 24) }]);
  expect(feedAsked).toEqual([old(1), 300_000, 10]);
});

test('of paging goes what nobody can use any more; the ledger and ended pages stay 400 days', async () => {
  const clock = createFakeClock(start);
  const ago = (hours: number) => new Date(start - hours * 3_600_000).toISOString();
  const id = () => random.uuid();
  const incident = id();
  await database.query(
    `INSERT INTO incident (id, number, title, severity, status, started_at) VALUES ($1, 1, 'x', 'sev3', 'triggered', $2)`,
    [incident, ago(0)],
  );
  for (const hours of [71, 73]) {
    await database.query('INSERT INTO callback_seen VALUES ($1, $2, $3)', [id(), `d${hours}`, ago(hours)]);
  }
  for (const hours of [23, 25]) {
    await database.query(
      `INSERT INTO contact_verification (user_id, method_id, address, code_hash, sent_at, expires_at)
       VALUES ($1, $2, 'a', '', $3, $3)`,
      [id(), id(), ago(hours)],
    );
    await database.query('INSERT INTO page_link (id, incident_id, user_id, expires_at) VALUES ($1, $2, $3, $4)', [
      id(),
      incident,
      id(),
      ago(hours),
    ]);
  }
  const update = id();
  await database.query(
    `INSERT INTO status_update (id, incident_id, number, text, state, written_by, written_at)
     VALUES ($1, $2, 1, 'x', 'sent', $1, $3)`,
    [update, incident, ago(0)],
  );
  for (const days of [399, 401]) {
    const at = ago(days * 24);
    for (const state of ['sent', 'waiting']) {
      await database.query(
        `INSERT INTO status_delivery (id, update_id, incident_id, number, kind, target_id, channel_id, address, state,
           queued_at, due_at) VALUES ($1, $2, $3, 1, 'list', $1, $1, 'a@example.com', $4, $5, $5)`,
        [id(), update, incident, state, at],
      );
    }
    for (const status of ['open', 'stopped']) {
      const page = id();
      await database.query(
        `INSERT INTO page (id, version, number, incident_id, run, step, loop, priority, reason, at, late, status)
         VALUES ($1, 1, nextval('page_number'), $2, 1, 0, 0, 'default', '', $3, false, $4)`,
        [page, incident, at, status],
      );
      await database.query(
        `INSERT INTO notification (id, page_id, incident_id, via, address, label, priority, place, planned_at, due_at, status)
         VALUES ($1, $2, $3, 'desktop', '', '', 'default', 0, $4, $4, 'delivered')`,
        [id(), page, incident, at],
      );
    }
    await database.query(
      `INSERT INTO ledger_entry (id, at, incident_id, kind, title, detail, input, output)
       VALUES ($1, $2, $3, 'trigger', '', '', '{}', '{}')`,
      [id(), at, incident],
    );
    await database.query(`INSERT INTO ledger_turn (at, incident_id, entries) VALUES ($1, $2, '')`, [at, incident]);
    await database.query(
      `INSERT INTO shadow_page (id, source, external_id, at, person, about) VALUES ($1, 's', $2, $3, 'p', '')`,
      [id(), at, at],
    );
    await database.query('INSERT INTO escalation_step VALUES ($1, 1, $2, $3, 0, $4, $4)', [incident, days, id(), at]);
  }
  const retention = createRetention({
    database,
    clock,
    logger: createMemoryLogger(),
    purgeFeed: () => Promise.resolve(0),
  });
  // One of each, of the pages the ended one, of the readers of updates the one who has it.
  expect(await retention.runDue()).toBe(9);
  const left = async (table: string) => (await database.query(`SELECT FROM ${table}`)).length;
  const tables = [
    'callback_seen',
    'contact_verification',
    'page_link',
    'ledger_entry',
    'ledger_turn',
    'shadow_page',
    'escalation_step',
  ];
  expect(await Promise.all(tables.map(left))).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect(await left('status_delivery')).toBe(3);
  expect(await database.query('SELECT status, at FROM page ORDER BY at, status')).toEqual([
    { status: 'open', at: ago(401 * 24) },
    { status: 'open', at: ago(399 * 24) },
    { status: 'stopped', at: ago(399 * 24) },
  ]);
  expect(await left('notification')).toBe(3);
});
