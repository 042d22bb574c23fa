// One server of the simulation: the product's own clock guard and escalation worker, and a model of its sender.
import { AppError } from '#server/api/app-error.ts';
import { createClockGuard } from '#server/modules/escalation/clock-guard.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { createEscalationWorker } from '#server/modules/escalation/worker.ts';
import type { Trace } from '#server/modules/ledger/trace.ts';
import { addressOf } from '#server/modules/notify/planning/address-of.ts';
import type { PageStore } from '#server/modules/notify/state.ts';
import { causesOf, hasInhibitions } from '#server/modules/routing/inhibit.ts';
import type { Random } from '#server/ports/random.ts';
import { decisions } from '#server/paging/decisions.ts';
import type { FakeClock } from '#server/testkit/clock.ts';
import type { MemoryLogger } from '#server/testkit/logger.ts';
import type { createMemoryPaging, PagingBugs } from '#server/testkit/paging-sim/memory-paging.ts';
import { createModelSender, type Sent } from '#server/testkit/paging-sim/model-sender.ts';
import type { ConfigBook } from '#server/testkit/paging-sim/paging-config.ts';
import { CommitUnknown, type MemoryDatabase } from '#server/testkit/sim/memory-database.ts';
import type { Schedule } from '#server/testkit/sim/schedule.ts';

export interface SimulatedServerDeps {
  database: MemoryDatabase;
  schedule: Schedule;
  paging: ReturnType<typeof createMemoryPaging>;
  book: ConfigBook;
  clock: FakeClock;
  random: Random;
  logger: MemoryLogger;
  bugs: PagingBugs;
  addPages: PageStore['add'];
  newTrace(incidentId: string, at: string): Trace<typeof decisions>;
  /** Whether the provider takes the message that is sent now. */
  provider(): boolean;
  sent(send: Sent): void;
  unsettled(id: string): void;
}

export function createSimulatedServer(deps: SimulatedServerDeps) {
  const { database, schedule, paging, book, clock, random, logger, bugs, addPages, newTrace } = deps;
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
    nextDue: () => Promise.resolve(nextDue(database.committed<EscalationState>('escalation'))),
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
    provider: deps.provider,
    sent: deps.sent,
    unsettled: deps.unsettled,
  });
  return { guard, worker, sender };
}

/** What a server and a person live with: a commit that nobody answered for, and a refusal. */
export async function orUnknown(body: () => Promise<unknown>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof CommitUnknown || error instanceof AppError)) throw error;
  }
}

/** As `nextPagingDue` asks it. */
function nextDue(rows: readonly EscalationState[]): { changed: boolean; at: string | null } {
  const due = rows.map((row) => row.nextAt).filter((at) => at !== null);
  return { changed: rows.some((row) => row.changed), at: due.toSorted()[0] ?? null };
}

/** As the pool tells it. */
function asAppError(error: unknown): never {
  throw error instanceof CommitUnknown ? new AppError('unavailable', error.message) : error;
}
