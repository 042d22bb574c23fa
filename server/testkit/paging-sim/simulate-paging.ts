// One seed, one run of paging: the real alert path, decisions, worker and clock guard of two servers over the memory
// model, every interleaving chosen by the seed.
import { createHash } from 'node:crypto';
import { AppError } from '#server/api/app-error.ts';
import type { PolicyDraft } from '#server/contract/policy.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { createClockGuard } from '#server/modules/escalation/clock-guard.ts';
import { withAcknowledgement } from '#server/modules/escalation/handlers.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { createEscalationWorker } from '#server/modules/escalation/worker.ts';
import { withEscalation } from '#server/modules/escalation/with-escalation.ts';
import { createActing } from '#server/modules/incidents/acting.ts';
import { createIncidentHandlers } from '#server/modules/incidents/incident-handlers.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { replay } from '#server/modules/ledger/replay.ts';
import { createTrace, type EntryDraft } from '#server/modules/ledger/trace.ts';
import { addressOf } from '#server/modules/notify/address-of.ts';
import type { PageState } from '#server/modules/notify/state.ts';
import { causesOf, hasInhibitions } from '#server/modules/routing/inhibit.ts';
import { isActive } from '#server/modules/silences/rules.ts';
import type { SilenceState } from '#server/modules/silences/state.ts';
import { aRule, aSignal, createAlertWorld } from '#server/testkit/alert-world.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import {
  createMemoryPaging,
  type Fired,
  type NotificationRow,
  type PagingBugs,
} from '#server/testkit/paging-sim/memory-paging.ts';
import { createModelSender, type Sent } from '#server/testkit/paging-sim/model-sender.ts';
import { aPolicy, aStep, createConfigBook, decisions, people } from '#server/testkit/paging-sim/paging-config.ts';
import { type Answered, brokenPagingPromises, type PagingDump } from '#server/testkit/paging-sim/paging-promises.ts';
import { makePagingScenario, type PagingStep, services } from '#server/testkit/paging-sim/paging-scenario.ts';
import type { Random } from '#server/ports/random.ts';
import { anActor, anIntent } from '#server/testkit/people.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { createMemoryIncidentStores } from '#server/testkit/sim/memory-incidents.ts';
import { CommitUnknown, createMemoryDatabase, type Table } from '#server/testkit/sim/memory-database.ts';
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

const servers = ['a', 'b'] as const;

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
    { escalations: paging.store, pages: paging.pages, noticed: () => {} },
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
  const newTrace = (incidentId: string, at: string) => createTrace({ decisions, incidentId, at, newId: random.uuid });

  const actingDeps = {
    incidents,
    timeline: incidentStores.timeline,
    tasks: incidentStores.tasks,
    random,
    alerts: { ...stores.alerts, membersOf: () => Promise.resolve([]) },
    people: { read: () => Promise.resolve([]) },
    postmortems: { reissue: () => Promise.resolve() },
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

  function createServer() {
    const guard = createClockGuard({
      transact: database.transact,
      store: paging.clockStore,
      record: () => Promise.resolve(),
      clock,
      logger,
    });
    const guarded = bugs.noClockGuard === true ? clock : guard.clock;
    const agrees = bugs.noClockGuard === true ? () => Promise.resolve(true) : guard.agrees;
    const worker = createEscalationWorker({
      transact: (body) => database.transact(body).catch(asAppError),
      isDue: (now) => Promise.resolve(database.committed<EscalationState>('escalation').some((row) => isDue(row, now))),
      agrees,
      store: paging.store,
      pages: { ...paging.pages, add: addPages },
      ledger: paging.ledger,
      incidents: { addTimeline: paging.addTimeline },
      config: { current: () => Promise.resolve(book.current()) },
      facts: paging.facts,
      settings: () => Promise.resolve({ mode: 'live', fallbackChannelId: null }),
      hasInhibitions,
      causesOf,
      decisions,
      lookupInput: () => null,
      addressOf,
      newTrace,
      tell: () => Promise.resolve(),
      setService: () => Promise.resolve(),
      intentsWritten: () => {},
      wake: { on: () => () => {} },
      clock: guarded,
      random,
      logger,
    });
    const sender = createModelSender({
      database,
      transact: database.transact,
      pause: schedule.pause,
      bugs,
      agrees,
      now: guarded.now,
      elapsed: clock.elapsed,
      provider: () => !providerFails || chance.number() < 0.4,
      sent: (send) => sent.push(send),
      unsettled: (id) => unsettled.push(id),
    });
    return { guard, worker, sender };
  }

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

  function spawnServer(name: (typeof servers)[number]): void {
    const { guard, worker, sender } = createServer();
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
    const goals = servers.map((name) => [name, passes[name] + 2, sends[name] + 2] as const);
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

  async function goTo(target: number): Promise<void> {
    // Nobody is left behind by a jump in calm weather: what is due on the way is dealt with on the way.
    for (let left = target - clock.now(); left > 0; left = target - clock.now()) {
      const leaving = () => database.committed<NotificationRow>('notification').some((row) => row.status === 'sending');
      for (let i = 0; calm && leaving() && i < 500; i += 1) await schedule.pause();
      const due = nextDue();
      const stop = due === null || due >= target || due <= clock.now() ? target : due;
      clock.advance(Math.min(left, Math.max(1, stop - clock.now())));
      await settleABit(calm);
    }
  }

  const incidentAt = (index: number) => {
    const list = database.committed<IncidentState>('incident');
    return list.length === 0 ? null : list[index % list.length]!;
  };

  async function act(step: PagingStep): Promise<void> {
    const at = new Date(clock.now()).toISOString();
    switch (step.kind) {
      case 'fire':
      case 'resolve': {
        const service = services[step.key % services.length] ?? 'payments';
        const signal = aSignal({
          receivedAt: clock.now(),
          dedupKey: `key-${step.key}`,
          action: step.kind,
          severity: step.severity,
          service,
        });
        await world.send(signal);
        return;
      }
      case 'silence': {
        const matcher = `alert.service == "${services[step.service] ?? ''}"`;
        const endsAt = new Date(clock.now() + step.minutes * 60_000).toISOString();
        const { uuid } = random;
        const action = {
          kind: 'silence.save',
          silenceKind: 'silence',
          matcher,
          startsAt: at,
          endsAt,
          reason: 'quiet',
        } as const;
        const intent = anIntent<'silence.save'>({ ...action, silenceId: uuid() }, { at, random });
        await database.transact((tx) => world.intents['silence.save'](tx, intent));
        await world.timers.runDue();
        return;
      }
      case 'end-silence': {
        const open = database.committed<SilenceState>('silence').find((silence) => !silence.finished);
        if (open === undefined) return;
        const intent = anIntent<'silence.end'>({ kind: 'silence.end', silenceId: open.id }, { at, random });
        await database.transact((tx) => world.intents['silence.end'](tx, intent));
        await world.timers.runDue();
        return;
      }
      case 'acknowledge': {
        const incident = incidentAt(step.incident);
        const person = people[step.person % 3];
        if (incident === null || person === undefined) return;
        const actor = anActor({ userId: person.id, name: person.name });
        const intent = anIntent<'incident.acknowledge'>(
          { kind: 'incident.acknowledge', incidentId: incident.id },
          { at, random, actor },
        );
        const handler = bugs.ackIgnored === true ? handlers['incident.acknowledge'] : acknowledge;
        const { outcome } = await database.transact((tx) => handler(tx, intent));
        if (outcome !== 'applied' && outcome !== 'noop') return;
        const pages = database.committed<PageState>('page').filter((page) => page.incidentId === incident.id);
        const state = database.committed<EscalationState>('escalation').find((row) => row.id === incident.id);
        answered.push({
          incidentId: incident.id,
          elapsed: clock.elapsed(),
          ended: new Set(pages.filter((page) => page.status !== 'open').map((page) => page.id)),
          run: state?.status === 'stopped' ? state.run : null,
          open: pages.filter((page) => page.status === 'open').length,
        });
        return;
      }
      case 'end': {
        const incident = incidentAt(step.incident);
        if (incident === null) return;
        const intent = anIntent<'incident.resolve'>(
          { kind: 'incident.resolve', incidentId: incident.id },
          { at, random },
        );
        await database.transact((tx) => handlers['incident.resolve'](tx, intent));
        return;
      }
      case 'escalate': {
        const incident = incidentAt(step.incident);
        if (incident === null || incident.status === 'resolved') return;
        forced.add(incident.id);
        const target = step.target ? ({ type: 'user', id: people[1]!.id } as const) : null;
        await database.transact(async (tx) => {
          const state = await paging.store.lock(tx, incident.id);
          const by = { by: people[0]!.id, byName: 'Ada', at, target };
          if (state !== null) await paging.store.save(tx, at, [{ ...state, forced: by, changed: true }], new Set());
        });
        return;
      }
      case 'edit': {
        const draft = structuredClone(book.policy().draft);
        if (step.edit === 'delay') for (const one of draft.steps) one.delayMinutes += 1;
        if (step.edit === 'add') draft.steps.push(aStep(random));
        if (step.edit === 'remove' && draft.steps.length > 1)
          draft.steps.splice(Math.floor(random.number() * draft.steps.length), 1);
        book.edit(draft);
        policies.set(book.policy().version, draft);
        return;
      }
      case 'wait':
        await goTo(clock.now() + step.ms);
        return;
      case 'due': {
        const due = nextDue();
        if (due === null || due < clock.now()) return;
        await goTo(due - Math.min(step.early, due - clock.now()));
        await goTo(clock.now() + step.early + 5);
        return;
      }
      case 'clock':
        clock.step(step.ms);
        return;
      case 'sleep':
        clock.suspend(step.ms);
        return;
      case 'crash': {
        const name = servers[step.server] ?? 'a';
        cuts += 20;
        frozen.delete(name);
        schedule.kill((task) => task.startsWith(`server ${name}`));
        spawnServer(name);
        return;
      }
      case 'freeze': {
        const name = servers[step.server] ?? 'a';
        cuts += 20;
        frozen.add(name);
        schedule.freeze((task) => task.startsWith(`server ${name}`));
        await goTo(clock.now() + step.ms / 2);
        const latest = database.committed('incident').length - 1;
        if (step.answered)
          await orUnknown(() => act({ kind: 'acknowledge', person: 1, incident: Math.max(0, latest) }));
        await goTo(clock.now() + step.ms / 2);
        schedule.thaw();
        frozen.clear();
        return;
      }
      case 'provider':
        providerFails = step.fails;
        return;
    }
  }

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
    for (const name of servers) spawnServer(name);
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

  const entries = database.committed<EntryDraft>('ledger');
  const committed = new Set(database.committed<PageState>('page').map((page) => page.id));
  for (const page of silenced.keys()) if (committed.has(page)) throughSilence.push(page);
  const dump: PagingDump = {
    calm,
    cuts,
    policies,
    sent,
    answered,
    forced,
    throughSilence,
    unsettled,
    entries,
    edited: policies.size > 1,
    fired: database.committed<Fired>('fired'),
    escalations: database.committed<EscalationState>('escalation'),
    incidents: database.committed<IncidentState>('incident'),
    pages: database.committed<PageState>('page'),
    notifications: database.committed<NotificationRow>('notification'),
  };
  broken.push(...brokenPagingPromises(dump));
  const loud = logger.entries.filter((entry) => entry.level === 'error');
  broken.push(...loud.map((entry) => `logged: ${entry.message} ${JSON.stringify(entry.fields)}`));
  const again = await replay(
    entries.map((entry, sequence) => ({ ...entry, sequence })),
    decisions,
    book,
  );
  for (const different of again.different.slice(0, 3)) broken.push(`replay of ${different.kind} decided otherwise`);
  if (again.missing.length > 0) broken.push('replay misses documents');

  const tables: Table[] = ['incident', 'escalation', 'fired', 'page', 'notification', 'ledger'];
  hash.update(order.join('\n'));
  for (const table of tables) hash.update(JSON.stringify(database.committed(table)));
  return {
    seed,
    trace: hash.digest('hex'),
    broken,
    steps: dump.fired.length,
    pages: dump.pages.length,
    sent: sent.length,
  };
}

/** As `isPagingDue` asks it. */
function isDue({ changed, nextAt }: EscalationState, now: string): boolean {
  return changed || (nextAt !== null && nextAt <= now);
}

async function orUnknown(body: () => Promise<unknown>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof CommitUnknown || error instanceof AppError)) throw error;
  }
}

/** As the pool tells it. */
function asAppError(error: unknown): never {
  throw error instanceof CommitUnknown ? new AppError('unavailable', error.message) : error;
}
