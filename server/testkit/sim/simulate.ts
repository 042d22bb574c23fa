// One seed, one run: the real pipeline, timers and handlers over the memory model, every interleaving chosen by the seed.
import { createHash } from 'node:crypto';
import type { AlertEvent } from '#server/contract/alert.ts';
import type { GroupingRule } from '#server/contract/grouping.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import type { SilenceState } from '#server/modules/silences/state.ts';
import type { Random } from '#server/ports/random.ts';
import { createAlertWorld } from '#server/testkit/alert-world.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { brokenPromises, type Dump } from '#server/testkit/sim/invariants.ts';
import {
  CommitConflict,
  CommitUnknown,
  createMemoryDatabase,
  type MemoryDatabase,
  type Row,
  type Table,
} from '#server/testkit/sim/memory-database.ts';
import { type Bugs, createMemoryStores } from '#server/testkit/sim/memory-stores.ts';
import { createPlayer, type Ledger } from '#server/testkit/sim/play.ts';
import {
  makeScenario,
  partitions,
  simulatedCatalog,
  type Scenario,
  startMs,
  type Step,
} from '#server/testkit/sim/scenario.ts';
import { createSchedule } from '#server/testkit/sim/schedule.ts';

export interface SimBugs extends Bugs {
  /** Two open alerts of a key, two open incidents of a group are not refused. */
  noUnique?: boolean;
  /** The offset moves on before the effects are committed. */
  offsetApart?: boolean;
}

export interface SimResult {
  seed: number;
  /** Of every scheduling choice and of the final state. */
  trace: string;
  broken: string[];
  alerts: number;
  incidents: number;
}

/** `scenario` in place of the seed's own; the seed then only decides who goes on when. */
export async function simulate(
  seed: number,
  bugs: SimBugs = {},
  given: ((random: Random) => Scenario) | null = null,
): Promise<SimResult> {
  const clock = createFakeClock(startMs);
  const random = createSeededRandom(seed, clock);
  const chance = createSeededRandom(seed ^ 0x5bd1e995, clock);
  const order: string[] = [];
  const schedule = createSchedule(chance, (line) => order.push(line));
  let faults = true;

  const database = createMemoryDatabase({
    pause: schedule.pause,
    atCommit() {
      const roll = faults ? chance.number() : 1;
      return roll < 0.04 ? 'lost' : roll < 0.08 ? 'unanswered' : 'commit';
    },
    constraints: bugs.noUnique === true ? () => {} : checkConstraints,
  });
  const stores = createMemoryStores(database, schedule.pause, bugs);
  const world = createAlertWorld({
    stores,
    transact: database.transact,
    clock,
    random,
    logger: createMemoryLogger(),
    catalog: simulatedCatalog,
  });
  const player = createPlayer({
    world,
    transact: database.transact,
    ledger: memoryLedger(database, bugs),
    alertIds: () => Promise.resolve(database.committed<AlertState>('alert')),
    silenceIds: () => Promise.resolve(database.committed<SilenceState>('silence').map((silence) => silence.id)),
    clock,
    random,
  });

  const scenario = (given ?? makeScenario)(random);
  let over = false;
  const broken: string[] = [];

  function spawnWorkers(): void {
    for (let partition = 0; partition < partitions; partition += 1) {
      schedule.spawn(`consumer ${partition}`, () => forever(() => player.consume(partition)));
    }
    schedule.spawn('timers', () => forever(() => world.timers.runDue()));
  }

  async function forever(body: () => Promise<unknown>): Promise<void> {
    while (!over) {
      await orUnknown(body);
      await schedule.pause();
    }
  }

  async function drive(step: Step): Promise<void> {
    if (step.kind === 'crash') {
      schedule.kill((name) => name !== 'driver');
      spawnWorkers();
    } else if (step.kind === 'hand' || step.kind === 'silence' || step.kind === 'end-silence') {
      // A person acts beside the rest, and may be cut off by a crash.
      schedule.spawn('person', () => orUnknown(() => player.act(step)));
    } else await player.act(step);
    const waits = step.kind === 'wait' ? step.steps : Math.floor(chance.number() * 6);
    for (let i = 0; i < waits; i += 1) await schedule.pause();
  }

  async function settle(): Promise<void> {
    for (let partition = 0; partition < partitions; partition += 1) while (await player.consume(partition));
    while ((await world.timers.runDue()) > 0);
    while ((await world.timers.runDue()) > 0);
  }

  schedule.spawn('driver', async () => {
    await database
      .transact((tx) => {
        for (const rule of scenario.rules) database.put(tx, 'rule', rule);
        return Promise.resolve();
      })
      .catch(ignoreUnknown);
    while (database.committed('rule').length === 0) {
      await database
        .transact((tx) => {
          for (const rule of scenario.rules) database.put(tx, 'rule', rule);
          return Promise.resolve();
        })
        .catch(ignoreUnknown);
    }
    spawnWorkers();
    for (const step of scenario.steps) await drive(step);
    over = true;
    faults = false;
    // Whatever still runs finishes; then all that is left is applied, and once more after everything ran out.
    for (let i = 0; i < 400; i += 1) await schedule.pause();
    await settle();
    broken.push(...brokenPromises(dumpOf(database, player, clock.now())));
    clock.advance(30 * 60_000);
    await settle();
    broken.push(...brokenPromises(dumpOf(database, player, clock.now())).map((promise) => `later: ${promise}`));
  });

  try {
    await schedule.run();
  } catch (error) {
    broken.push(`a task failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  const hash = createHash('sha256').update(`${order.join('\n')}\n`);
  const tables: Table[] = ['alert', 'alert_event', 'incident', 'timeline', 'silence'];
  for (const table of tables) hash.update(JSON.stringify(database.committed(table)));
  return {
    seed,
    trace: hash.digest('hex'),
    broken,
    alerts: database.committed('alert').length,
    incidents: database.committed('incident').length,
  };
}

async function orUnknown(body: () => Promise<unknown>): Promise<void> {
  try {
    await body();
  } catch (error) {
    ignoreUnknown(error);
  }
}

function ignoreUnknown(error: unknown): void {
  if (!(error instanceof CommitUnknown)) throw error;
}

interface OffsetRow extends Row {
  offset: number;
}
interface AppliedRow extends Row {
  times: number;
  kind: string;
}

function memoryLedger(database: MemoryDatabase, bugs: SimBugs): Ledger {
  const apart = new Map<number, number>();
  return {
    lockOffset(tx, partition) {
      database.lockRow(tx, 'offset', String(partition));
      const offset =
        bugs.offsetApart === true
          ? apart.get(partition)
          : database.get<OffsetRow>(tx, 'offset', String(partition))?.offset;
      return Promise.resolve(offset ?? 0);
    },
    writeOffset(tx, partition, offset) {
      if (bugs.offsetApart === true) apart.set(partition, offset);
      database.put(tx, 'offset', { id: String(partition), offset } satisfies OffsetRow);
      return Promise.resolve();
    },
    note(tx, records, dispositions) {
      records.forEach((record, index) => {
        const disposition = dispositions[index];
        if (
          disposition === undefined ||
          (disposition.kind === 'drop' && disposition.reason === 'It was applied before.')
        )
          return;
        const times = (database.get<AppliedRow>(tx, 'applied', record.id)?.times ?? 0) + 1;
        database.put(tx, 'applied', { id: record.id, times, kind: disposition.kind } satisfies AppliedRow);
      });
      return Promise.resolve();
    },
  };
}

function dumpOf(database: MemoryDatabase, player: Pick<Dump, 'accepted' | 'touchedKeys'>, now: number): Dump {
  return {
    now: new Date(now).toISOString(),
    alerts: database.committed<AlertState>('alert'),
    events: database.committed<AlertEvent>('alert_event'),
    incidents: database.committed<IncidentState>('incident'),
    rules: database.committed<GroupingRule>('rule'),
    silences: database.committed<SilenceState>('silence'),
    changes: database.committed('change').length,
    applied: new Map(database.committed<AppliedRow>('applied').map((row) => [row.id, row])),
    accepted: player.accepted,
    touchedKeys: player.touchedKeys,
  };
}

/** The unique indexes of the schema: whoever comes second is refused, and tries again. */
export function checkConstraints(written: (table: Table) => Row[], all: (table: Table) => Row[]): void {
  if (written('alert').length > 0) {
    const open = (all('alert') as AlertState[]).filter((alert) => alert.status === 'firing');
    refuseDoubles(
      open.map((alert) => `${alert.integrationId} ${alert.dedupKey}`),
      'alert_open_key',
    );
  }
  if (written('incident').length > 0) {
    const open = (all('incident') as IncidentState[]).filter((incident) => incident.status !== 'resolved');
    refuseDoubles(
      open.map((incident) => incident.groupKey).filter((key) => key !== null),
      'incident_open_group',
    );
  }
}

function refuseDoubles(keys: string[], index: string): void {
  if (new Set(keys).size < keys.length) throw new CommitConflict(`duplicate key value violates ${index}`);
}
