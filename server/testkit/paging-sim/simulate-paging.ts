// One seed, one run of paging: the real alert path, decisions, worker and clock guard of two servers over the memory
// model, every interleaving chosen by the seed.
import { createHash } from 'node:crypto';
import type { PolicyDraft } from '#server/contract/policy.ts';
import { updateCadenceMinutes } from '#server/contract/severity.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { withAcknowledgement } from '#server/modules/escalation/handlers.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { withEscalation } from '#server/modules/escalation/with-escalation.ts';
import { createActing } from '#server/modules/incidents/acting.ts';
import { createIncidentHandlers } from '#server/modules/incidents/incident-handlers.ts';
import { createTraces } from '#server/modules/ledger/trace.ts';
import type { PageState } from '#server/modules/notify/state.ts';
import { isActive } from '#server/modules/silences/rules.ts';
import type { SilenceState } from '#server/modules/silences/state.ts';
import { decisions } from '#server/paging/decisions.ts';
import { aRule, createAlertWorld } from '#server/testkit/alert-world.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { createMemoryPaging, type NotificationRow, type PagingBugs } from '#server/testkit/paging-sim/memory-paging.ts';
import type { Sent } from '#server/testkit/paging-sim/model-sender.ts';
import { aPolicy, createConfigBook } from '#server/testkit/paging-sim/paging-config.ts';
import type { Answered } from '#server/testkit/paging-sim/paging-promises.ts';
import { makePagingScenario, type PagingStep } from '#server/testkit/paging-sim/paging-scenario.ts';
import { judgePaging } from '#server/testkit/paging-sim/paging-verdict.ts';
import { createPagingActs, serverNames, type ServerName } from '#server/testkit/paging-sim/paging-acts.ts';
import { createSimulatedServer, orUnknown } from '#server/testkit/paging-sim/simulated-server.ts';
import type { Random } from '#server/ports/random.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { createMemoryIncidentStores } from '#server/testkit/sim/memory-incidents.ts';
import { createMemoryDatabase, type Table } from '#server/testkit/sim/memory-database.ts';
import { createMemoryStores } from '#server/testkit/sim/memory-stores.ts';
import { startMs } from '#server/testkit/sim/scenario.ts';
import { createSchedule } from '#server/testkit/sim/schedule.ts';
import { checkConstraints } from '#server/testkit/sim/simulate.ts';

export interface PagingResult {
  seed: number;
  trace: string;
  broken: string[];
  steps: number;
  pages: number;
  sent: number;
}

export async function simulatePaging(
  seed: number,
  bugs: PagingBugs = {},
  given: ((random: Random) => PagingStep[]) | null = null,
): Promise<PagingResult> {
  const clock = createFakeClock(startMs);
  const random = createSeededRandom(seed, clock);
  const chance = createSeededRandom(seed ^ 0x5bd1e995, clock);
  const hash = createHash('sha256');
  const order: string[] = [];
  const schedule = createSchedule(chance, (line) => order.push(line));
  const calm = seed % 4 === 0 && given === null;
  let faults = !calm;
  let over = false;
  let cuts = 0;
  let providerFails = false;
  const passes = { a: 0, b: 0 };
  const sends = { a: 0, b: 0 };
  const frozen = new Set<string>();
  const sent: Sent[] = [];
  const answered: Answered[] = [];
  const unsettled: string[] = [];
  const forced = new Set<string>();
  const throughSilence: string[] = [];
  const broken: string[] = [];

  const database = createMemoryDatabase({
    pause: schedule.pause,
    atCommit() {
      const roll = faults ? chance.number() : 1;
      if (roll < 0.06) cuts += 20;
      return roll < 0.03 ? 'lost' : roll < 0.06 ? 'unanswered' : 'commit';
    },
    constraints: checkConstraints,
  });
  const paging = createMemoryPaging(
    database,
    schedule.pause,
    { elapsed: clock.elapsed, now: clock.now, newId: random.uuid },
    bugs,
  );
  const incidentStores = createMemoryIncidentStores(database, schedule.pause);
  const stores = createMemoryStores(database, schedule.pause);
  const incidents = withEscalation(
    { ...stores.incidents, openInGroup: () => Promise.resolve(null) },
    { escalations: paging.store, pages: paging.pages },
  );
  const logger = createMemoryLogger();
  const world = createAlertWorld({
    stores: { ...stores, incidents },
    transact: database.transact,
    clock,
    random,
    logger,
  });

  const policies = new Map<number, PolicyDraft>();
  const book = createConfigBook(aPolicy(random), random.number() < 0.3 ? 5 : 0, random.number() < 0.3);
  policies.set(1, book.policy().draft);
  const newTrace = createTraces({ decisions, newId: random.uuid });

  const actingDeps = {
    incidents,
    timeline: incidentStores.timeline,
    tasks: incidentStores.tasks,
    random,
    alerts: { ...stores.alerts, membersOf: () => Promise.resolve([]) },
    people: { read: () => Promise.resolve([]) },
    postmortems: { reissue: () => Promise.resolve() },
    chat: { reissue: () => Promise.resolve() },
    consoleKept: { waitingAsks: () => Promise.resolve([]), reissue: () => Promise.resolve() },
    cadence: () => updateCadenceMinutes,
  };
  const handlers = createIncidentHandlers(actingDeps);
  const acknowledge = withAcknowledgement(handlers['incident.acknowledge'], {
    store: paging.store,
    pages: paging.pages,
    ledger: paging.ledger,
    incidents,
    acting: createActing(actingDeps),
    newTrace,
  });

  const addPages: typeof paging.pages.add = async (tx, at, pages, notifications) => {
    // Worked out again from the silences themselves, not from the marks on the alerts.
    const active = database
      .rows<SilenceState>(tx, 'silence')
      .filter((silence) => silence.started && isActive(silence, at));
    for (const page of pages) {
      const firing = database
        .rows<AlertState>(tx, 'alert')
        .filter((alert) => alert.incidentId === page.incidentId && alert.status === 'firing');
      const covered = (alert: AlertState) =>
        active.some((silence) => silence.matcher === `alert.service == "${alert.service ?? ''}"`);
      const byHand = page.reason.includes('escalated') || forced.has(page.incidentId);
      if (firing.length > 0 && firing.every(covered) && !byHand)
        silenced.set(page.id, database.committed('silence').length);
    }
    await paging.pages.add(tx, at, pages, notifications);
  };
  const silenced = new Map<string, number>();

  function spawnServer(name: ServerName): void {
    const { guard, worker, sender } = createSimulatedServer({
      database,
      schedule,
      paging,
      book,
      clock,
      random,
      logger,
      bugs,
      addPages,
      newTrace,
      provider: () => !providerFails || chance.number() < 0.4,
      sent: (send) => sent.push(send),
      unsettled: (id) => unsettled.push(id),
    });
    schedule.spawn(`server ${name} pages`, async () => {
      while (!over) {
        if (bugs.noClockGuard !== true) await orUnknown(guard.look);
        await orUnknown(worker.runDue);
        passes[name] += 1;
        await schedule.pause();
      }
    });
    schedule.spawn(`server ${name} sends`, async () => {
      await orUnknown(guard.look);
      while (!over) {
        await orUnknown(sender.runDue);
        sends[name] += 1;
        await schedule.pause();
      }
    });
  }

  /** Lets both servers go around once, or, where time presses for nobody, lets chance decide. */
  async function settleABit(thorough: boolean): Promise<void> {
    const goals = serverNames.map((name) => [name, passes[name] + 2, sends[name] + 2] as const);
    const reached = () =>
      goals.every(([name, paged, told]) => frozen.has(name) || (passes[name] >= paged && sends[name] >= told));
    const most = thorough ? 5_000 : 10 + Math.floor(chance.number() * 40);
    for (let i = 0; i < most && !(thorough && reached()); i += 1) await schedule.pause();
  }

  function nextDue(): number | null {
    const rows = database.committed<EscalationState>('escalation');
    const dues = rows.flatMap((row) =>
      row.status === 'waiting' && row.nextAt !== null ? [Date.parse(row.nextAt)] : [],
    );
    const leaving = database.committed<NotificationRow>('notification').flatMap((row) => {
      if (row.status === 'pending') return [Date.parse(row.dueAt)];
      return row.status === 'sending' ? [Date.parse(row.claimedUntil ?? row.dueAt) + 1] : [];
    });
    return [...dues, ...leaving].toSorted((a, b) => a - b)[0] ?? null;
  }

  /** What is on its way arrives before time goes on: a claim that runs out meanwhile is a fault. */
  async function arrived(): Promise<void> {
    const leaving = () => database.committed<NotificationRow>('notification').some((row) => row.status === 'sending');
    for (let i = 0; leaving() && i < 500; i += 1) await schedule.pause();
  }

  async function goTo(target: number): Promise<void> {
    // Nobody is left behind by a jump in calm weather: what is due on the way is dealt with on the way.
    for (let left = target - clock.now(); left > 0; left = target - clock.now()) {
      if (calm) await arrived();
      const due = nextDue();
      const stop = due === null || due >= target || due <= clock.now() ? target : due;
      clock.advance(Math.min(left, Math.max(1, stop - clock.now())));
      await settleABit(calm);
    }
  }

  const act = createPagingActs({
    database,
    paging,
    world,
    book,
    clock,
    random,
    bugs,
    handlers,
    acknowledge,
    servers: {
      crash(name) {
        cuts += 20;
        frozen.delete(name);
        schedule.kill((task) => task.startsWith(`server ${name}`));
        spawnServer(name);
      },
      freeze(name) {
        cuts += 20;
        frozen.add(name);
        schedule.freeze((task) => task.startsWith(`server ${name}`));
      },
      thaw() {
        schedule.thaw();
        frozen.clear();
      },
    },
    providerFails: (fails) => (providerFails = fails),
    nextDue,
    goTo,
    policies,
    forced,
    answered,
  });

  schedule.spawn('driver', async () => {
    const rule = aRule(random.uuid());
    const seedRule = async () => {
      await database.transact((tx) => {
        database.put(tx, 'rule', rule);
        database.put(tx, 'clock', { id: 'clock', movedMs: 0 } as never);
        return Promise.resolve();
      });
    };
    faults = false;
    await seedRule();
    faults = !calm;
    for (const name of serverNames) spawnServer(name);
    await settleABit(true);
    for (const step of given === null ? makePagingScenario(random, calm) : given(random)) {
      if (step.kind === 'acknowledge' && chance.number() < 0.5) {
        // A person acts beside the rest.
        schedule.spawn('person', () => orUnknown(() => act(step)));
      } else await orUnknown(() => act(step));
      await settleABit(calm);
    }
    faults = false;
    providerFails = false;
    await settleABit(true);
    // Silences run out, then every step that is left comes due.
    for (let i = 0; i < 250; i += 1) {
      await world.timers.runDue();
      await settleABit(true);
      await arrived();
      const due = nextDue();
      const held = database.committed<EscalationState>('escalation').some((row) => row.status === 'held');
      if (due === null && !held && i > 2) break;
      if (due === null && held && i > 40) break;
      clock.advance(due === null ? 60_000 : Math.max(1, due - clock.now()));
      await settleABit(true);
    }
    await settleABit(true);
    over = true;
    for (let i = 0; i < 300; i += 1) await schedule.pause();
  });

  try {
    await schedule.run();
  } catch (error) {
    broken.push(`a task failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  const committed = new Set(database.committed<PageState>('page').map((page) => page.id));
  for (const page of silenced.keys()) if (committed.has(page)) throughSilence.push(page);
  const seen = { calm, cuts, policies, sent, answered, forced, throughSilence, unsettled };
  const verdict = await judgePaging({ database, book, logger, seen });
  broken.push(...verdict.broken);

  const tables: Table[] = ['incident', 'escalation', 'fired', 'page', 'notification', 'ledger'];
  hash.update(order.join('\n'));
  for (const table of tables) hash.update(JSON.stringify(database.committed(table)));
  return {
    seed,
    trace: hash.digest('hex'),
    broken,
    steps: verdict.steps,
    pages: verdict.pages,
    sent: sent.length,
  };
}
