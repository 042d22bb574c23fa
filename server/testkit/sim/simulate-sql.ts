// The same scenarios through the SQL stores on a real PostgreSQL: its locks and indexes, real concurrency between the
// consumers, timers and people of a step, the virtual clock shadowing the real one.
import type { AlertEvent } from '#server/contract/alert.ts';
import type { Database } from '#server/database/pool.ts';
import type { Tx } from '#server/database/transaction.ts';
import { alertStore } from '#server/modules/alerts/store.ts';
import { ruleStore } from '#server/modules/grouping/store.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import type { SilenceState } from '#server/modules/silences/state.ts';
import { createAlertWorld, sqlStores } from '#server/testkit/alert-world.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { brokenPromises, type Dump } from '#server/testkit/sim/invariants.ts';
import { CommitUnknown } from '#server/testkit/sim/memory-database.ts';
import { createPlayer, type Ledger } from '#server/testkit/sim/play.ts';
import { makeScenario, partitions, simulatedCatalog, startMs } from '#server/testkit/sim/scenario.ts';

// What points at incidents goes before them.
const emptied = [
  'alert_event',
  'alert',
  'timeline_entry',
  'incident',
  'grouping_rule',
  'silence',
  'inbox',
  'change_event',
  'feed',
  'sim_applied',
  'sim_offset',
];

/** Once for each database, beside the product's own tables. */
export async function prepareSimulation(database: Database): Promise<void> {
  await database.query('CREATE TABLE sim_applied (id uuid PRIMARY KEY, times int NOT NULL, kind text NOT NULL)');
  await database.query('CREATE TABLE sim_offset (partition int PRIMARY KEY, seq int NOT NULL)');
}

export async function simulateSql(database: Database, seed: number): Promise<string[]> {
  // Few rows each: deleting them takes a tenth of the time of truncating the tables.
  await database.query(emptied.map((table) => `DELETE FROM ${table}`).join('; '));
  const clock = createFakeClock(startMs);
  const random = createSeededRandom(seed, clock);
  const chance = createSeededRandom(seed ^ 0x5bd1e995, clock);
  let faults = true;

  async function transact<R>(body: (tx: Tx) => Promise<R>): Promise<R> {
    const roll = faults ? chance.number() : 1;
    const result = await database.withTransaction(async (tx) => {
      const inner = await body(tx);
      if (roll < 0.04) throw new CommitUnknown('the connection broke before the commit');
      return inner;
    });
    if (roll < 0.08) throw new CommitUnknown('the connection broke after the commit');
    return result;
  }

  const world = createAlertWorld({
    stores: sqlStores,
    transact,
    clock,
    random,
    logger: createMemoryLogger(),
    catalog: simulatedCatalog,
  });
  const player = createPlayer({
    world,
    transact,
    ledger: sqlLedger,
    alertIds: () =>
      database.query<{ id: string; dedupKey: string }>('SELECT id, dedup_key AS "dedupKey" FROM alert ORDER BY id'),
    silenceIds: async () =>
      (await database.query<{ id: string }>('SELECT id FROM silence ORDER BY id')).map((row) => row.id),
    clock,
    random,
  });

  const scenario = makeScenario(random);
  await database.withTransaction((tx) => ruleStore.save(tx, new Date(startMs).toISOString(), scenario.rules));
  for (let partition = 0; partition < partitions; partition += 1) {
    await database.query('INSERT INTO sim_offset VALUES ($1, 0)', [partition]);
  }

  for (const step of scenario.steps) {
    const together: Promise<unknown>[] = [];
    if (step.kind === 'hand' || step.kind === 'silence' || step.kind === 'end-silence') together.push(player.act(step));
    else await player.act(step);
    if (step.kind === 'wait' || chance.number() < 0.4) {
      for (let partition = 0; partition < partitions; partition += 1) together.push(player.consume(partition));
    }
    if (chance.number() < 0.3) together.push(world.timers.runDue());
    for (const outcome of await Promise.allSettled(together)) {
      if (outcome.status === 'rejected' && !(outcome.reason instanceof CommitUnknown)) throw outcome.reason;
    }
  }

  faults = false;
  await settle();
  const broken = brokenPromises(await dumpOf(database, player, clock.now()));
  clock.advance(30 * 60_000);
  await settle();
  return [
    ...broken,
    ...brokenPromises(await dumpOf(database, player, clock.now())).map((promise) => `later: ${promise}`),
  ];

  async function settle(): Promise<void> {
    for (let more = true; more;) {
      const took = await Promise.all(Array.from({ length: partitions }, (_, partition) => player.consume(partition)));
      more = took.includes(true);
    }
    while ((await world.timers.runDue()) > 0);
  }
}

const sqlLedger: Ledger = {
  async lockOffset(tx, partition) {
    const { rows } = await tx.query<{ seq: number }>('SELECT seq FROM sim_offset WHERE partition = $1 FOR UPDATE', [
      partition,
    ]);
    return rows[0]?.seq ?? 0;
  },
  async writeOffset(tx, partition, offset) {
    await tx.query('UPDATE sim_offset SET seq = $2 WHERE partition = $1', [partition, offset]);
  },
  async note(tx, records, dispositions) {
    for (const [index, record] of records.entries()) {
      const disposition = dispositions[index];
      if (disposition === undefined || (disposition.kind === 'drop' && disposition.reason === 'It was applied before.'))
        continue;
      await tx.query(
        `INSERT INTO sim_applied AS a VALUES ($1, 1, $2) ON CONFLICT (id) DO UPDATE SET times = a.times + 1, kind = excluded.kind`,
        [record.id, disposition.kind],
      );
    }
  },
};

async function dumpOf(database: Database, player: Pick<Dump, 'accepted' | 'touchedKeys'>, now: number): Promise<Dump> {
  const ids = async (table: string) =>
    (await database.query<{ id: string }>(`SELECT id FROM ${table}`)).map((row) => row.id);
  const alertIds = await ids('alert');
  const incidentIds = await ids('incident');
  const applied = await database.query<{ id: string; times: number; kind: string }>('SELECT * FROM sim_applied');
  return {
    now: new Date(now).toISOString(),
    ...(await database.withTransaction(async (tx) => ({
      alerts: await alertStore.lockByIds(tx, alertIds),
      incidents: await incidentStore.lockByIds(tx, incidentIds),
      rules: await ruleStore.list(tx),
    }))),
    events: await database.query<AlertEvent & Record<string, unknown>>(
      'SELECT id, alert_id AS "alertId", at, kind, cause, actor_id AS "actorId" FROM alert_event ORDER BY id',
    ),
    silences: await database.query<SilenceState & Record<string, unknown>>(
      `SELECT id, version, kind, matcher, starts_at AS "startsAt", ends_at AS "endsAt", reason, created_by AS "createdBy",
         created_at AS "createdAt", ended_at AS "endedAt", started, finished FROM silence`,
    ),
    changes: (await ids('change_event')).length,
    applied: new Map(applied.map((row) => [row.id, row])),
    accepted: player.accepted,
    touchedKeys: player.touchedKeys,
  };
}
