// Carries paging on: every second, and at once when something changed. Due rows are locked, decided and written in one
// transaction with their pages and ledger; what leaves the house is the sender's.
import { AppError } from '#server/api/app-error.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { ConfigReader, PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import {
  subjectOf,
  type PagedIncident,
  type PagingFactsReader,
  type PagingWorld,
} from '#server/modules/escalation/facts.ts';
import { afterFailure } from '#server/modules/escalation/after-failure.ts';
import { isRunning } from '#server/modules/escalation/notice.ts';
import type { EscalationState, EscalationStore, FiredStep, Turn } from '#server/modules/escalation/state.ts';
import { decideTurn, type TurnDeps, type TurnResult } from '#server/modules/escalation/turn.ts';
import type { IncidentStore } from '#server/modules/incidents/state.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { LedgerStore } from '#server/modules/ledger/state.ts';
import type { EntryDraft, Trace } from '#server/modules/ledger/trace.ts';
import type { PageStore } from '#server/modules/notify/state.ts';
import type { hasInhibitions } from '#server/modules/routing/inhibit.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

const tickMs = 1_000;
const batchSize = 500;

export interface EscalationWorker {
  start(): void;
  stop(): Promise<void>;
  /** Does everything that is due now; answers how many incidents it looked at. */
  runDue(): Promise<number>;
}

export interface EscalationWorkerDeps<T = Tx> extends Omit<TurnDeps, 'newId'> {
  transact<R>(body: (tx: T) => Promise<R>): Promise<R>;
  /** Whether due times in the database and our time are of one mind (clock-guard.ts). */
  agrees(tx: T): Promise<boolean>;
  /** Without a transaction: whether anything waits. */
  isDue(now: string): Promise<boolean>;
  store: EscalationStore<T>;
  pages: Pick<PageStore<T>, 'nextNumbers' | 'add'>;
  ledger: LedgerStore<T>;
  incidents: Pick<IncidentStore<T>, 'addTimeline'>;
  config: ConfigReader<T>;
  facts: PagingFactsReader<T>;
  settings(tx: T): Promise<Pick<PagingWorld, 'mode' | 'fallbackChannelId'>>;
  hasInhibitions: typeof hasInhibitions;
  newTrace(incidentId: string, at: string): Trace<Decisions>;
  /** In the same transaction: channels that are told that paging of an incident began. */
  tell(tx: T, at: string, told: readonly { incidentId: string; channelIds: string[] }[]): Promise<void>;
  /** After the commit, in a transaction of its own: an incident without a service gets its route's. */
  setService(incidentId: string, service: string): Promise<void>;
  /** After a commit that wrote intents. */
  intentsWritten(): void;
  wake: { on(channel: string, listener: () => void): () => void };
  clock: Clock;
  random: { uuid(): string };
  logger: Logger;
}

export function createEscalationWorker<T = Tx>(deps: EscalationWorkerDeps<T>): EscalationWorker {
  const { transact, store, pages, ledger, incidents, config, facts, newTrace, clock, random, logger } = deps;
  const turnDeps: TurnDeps = { ...deps, newId: random.uuid };
  let stopped = true;
  let ending = false;
  let cancelTimer = () => {};
  let cancelWake = () => {};
  let running: Promise<unknown> | null = null;
  let again = false;
  /** As it was last read: at hand for a fallback that must not ask the database for what the failure may come from. */
  let known: PagingConfig = noConfig;
  const instant = () => new Date(clock.now()).toISOString();

  /** Behind a full batch more is due: then two go on at once, so that one decides while the other's rows are written. */
  async function runDue(): Promise<number> {
    let total = 0;
    const goOn = async (): Promise<void> => {
      while (!ending && (await deps.isDue(instant()))) {
        const looked = await runBatch();
        total += looked;
        if (looked < batchSize) return;
        if (!doubled) {
          doubled = true;
          await Promise.all([goOn(), goOn()]);
          return;
        }
      }
    };
    let doubled = false;
    await goOn();
    return total;
  }

  async function runBatch(): Promise<number> {
    let ids: string[] = [];
    const lockDue = async (tx: T, now: string) => {
      const states = await store.lockDue(tx, now, batchSize);
      ids = states.map((state) => state.id);
      return states;
    };
    try {
      return await commitTurns(lockDue);
    } catch (error) {
      if (ids.length === 0 || isPassing(error)) throw error;
      logger.error('a batch of paging could not be written; each incident is tried by itself', {
        error: String(error),
      });
      return await oneByOne(ids);
    }
  }

  async function oneByOne(ids: readonly string[]): Promise<number> {
    let failed = 0;
    for (const id of ids) {
      const lock = async (tx: T) => [await store.lock(tx, id)].filter((state) => state !== null);
      try {
        await commitTurns(lock);
      } catch (error) {
        if (isPassing(error)) throw error;
        logger.error('paging of an incident could not be written; its fallback is', {
          incidentId: id,
          error: String(error),
        });
        try {
          await fallBackAlone(id, lock, error);
        } catch (last) {
          failed += 1;
          if (failed === ids.length) throw last;
        }
      }
    }
    return ids.length;
  }

  async function fallBackAlone(incidentId: string, lock: (tx: T) => Promise<EscalationState[]>, error: unknown) {
    try {
      await commitTurns(lock, { error, bare: false });
    } catch (second) {
      if (isPassing(second)) throw second;
      logger.error('the fallback of an incident could not be written; it goes to desktops and the channel alone', {
        incidentId,
        error: String(second),
      });
      await commitTurns(lock, { error, bare: true });
    }
  }

  /** `failure` set: whatever is locked falls back. */
  async function commitTurns(
    lock: (tx: T, now: string) => Promise<EscalationState[]>,
    failure: Failure | null = null,
  ): Promise<number> {
    const done = await transact(async (tx) => {
      const now = instant();
      const states = await lock(tx, now);
      if (states.length === 0 || !(await deps.agrees(tx))) return null;
      return { count: states.length, ...(await turnAll(tx, now, states, failure)) };
    });
    if (done === null) return 0;
    if (done.pages > 0) deps.intentsWritten();
    for (const { id, service } of done.services) {
      await deps.setService(id, service).catch((error: unknown) => {
        logger.warn('an incident did not get the service of its route', { incidentId: id, error: String(error) });
      });
    }
    return done.count;
  }

  async function turnAll(tx: T, now: string, states: readonly EscalationState[], failure: Failure | null) {
    const ids = states.map((state) => state.id);
    const paged = new Map((await facts.incidents(tx, ids)).map((incident) => [incident.id, incident]));
    const world = await gather(tx, now, failure !== null);
    const turns = failure === null ? await lockTurns(tx, world, states) : [];
    const results: Result[] = [];
    for (const state of states) {
      const incident = paged.get(state.id);
      if (incident === undefined) continue;
      const result = oneTurn(state, incident, world, turns, now, failure);
      results.push(result);
      const self = world.open.find((other) => other.incidentId === state.id);
      if (self !== undefined) self.held = result.next.status === 'held';
    }
    return { ...(await write(tx, now, results, turns)), services: servicesOf(results) };
  }

  async function gather(tx: T, now: string, failed: boolean): Promise<PagingWorld> {
    // The fallback must not need what the failure may come from.
    const current = failed ? known : await config.current(tx);
    known = current;
    const { people, teams } = await facts.people(tx);
    const silences = failed ? [] : await facts.silences(tx, now);
    const settings = await deps.settings(tx);
    const open = !failed && deps.hasInhibitions(current.list('inhibition')) ? await facts.openIncidents(tx) : [];
    const members = (teamId: string) => people.filter((person) => person.teamIds.includes(teamId)).map(({ id }) => id);
    return {
      config: current,
      people: new Map(people.map((person) => [person.id, person])),
      teams: new Map(teams.map((team) => [team.id, { ...team, memberIds: members(team.id) }])),
      silences,
      open: open.map((incident) => {
        const { id: incidentId, number, title, held, restrictedTo } = incident;
        return { incidentId, number, title, subject: subjectOf(incident), held, restrictedTo };
      }),
      ...settings,
    };
  }

  async function lockTurns(tx: T, world: PagingWorld, states: readonly EscalationState[]): Promise<Turn[]> {
    const due = states.some((state) => isRunning(state) || state.changed);
    const steps = due ? world.config.list('policy').items.flatMap(stepsInTurn) : [];
    return store.lockTurns(tx, steps);
  }

  function oneTurn(
    state: EscalationState,
    incident: PagedIncident,
    world: PagingWorld,
    turns: readonly Turn[],
    now: string,
    failure: Failure | null,
  ): Result {
    const counters = new Map(turns.map((turn) => [turn.stepId, turn.next]));
    if (failure === null) {
      const trace = newTrace(incident.id, now);
      try {
        const result = decideTurn({ incident, world, turns: counters }, state, now, trace, turnDeps);
        for (const turn of turns) turn.next = counters.get(turn.stepId) ?? turn.next;
        return { ...result, before: state, entries: trace.entries };
      } catch (error) {
        logger.error('paging of an incident could not be decided; its fallback is', {
          incidentId: incident.id,
          error: String(error),
        });
        return fallenBack({ error, bare: false });
      }
    }
    return fallenBack(failure);

    function fallenBack(given: Failure): Result {
      const bare = given.bare || world.config === noConfig;
      const failed = { state, incident, world, now, error: given.error, bare };
      const made = afterFailure(failed, { newTrace, parts: turnDeps });
      return { ...made, before: state };
    }
  }

  async function write(tx: T, now: string, results: readonly Result[], turns: readonly Turn[]) {
    const claimed = new Set(
      (
        await store.claimSteps(
          tx,
          results.flatMap((result) => result.steps),
        )
      ).map(keyOf),
    );
    // A step that fired before has had its pages: the run goes on from there, and nobody hears of it twice.
    const fresh = results.flatMap((result) => withoutFired(result, claimed));
    const made = fresh.flatMap((result) => result.pages);
    const numbers = await pages.nextNumbers(tx, made.length);
    await pages.add(
      tx,
      now,
      made.map((page, index) => ({ ...page, number: numbers[index] ?? 0 })),
      fresh.flatMap((result) => result.notifications),
    );
    const shown = new Set(results.filter((result) => result.shown).map((result) => result.next.id));
    await store.save(
      tx,
      now,
      results.map((result) => result.next),
      shown,
    );
    if (turns.length > 0) await store.saveTurns(tx, turns);
    await incidents.addTimeline(
      tx,
      fresh.flatMap((result) => result.timeline),
    );
    await ledger.append(
      tx,
      fresh.flatMap((result) => [...result.entries]),
    );
    const told = fresh.filter((result) => result.tell.length > 0);
    if (told.length > 0) {
      await deps.tell(
        tx,
        now,
        told.map((result) => ({ incidentId: result.next.id, channelIds: result.tell })),
      );
    }
    return { pages: made.length };
  }

  function look(): void {
    if (stopped) return;
    if (running !== null) {
      again = true;
      return;
    }
    cancelTimer();
    again = false;
    running = runDue()
      .catch((error: unknown) => {
        logger.error('paging could not go on; it is tried again in a second', { error: String(error) });
      })
      .then(() => {
        running = null;
        if (stopped) return;
        cancelTimer = clock.setTimer(again ? 0 : tickMs, look);
      });
  }

  return {
    start() {
      stopped = false;
      ending = false;
      cancelWake = deps.wake.on('paging', look);
      look();
    },
    async stop() {
      stopped = true;
      ending = true;
      cancelWake();
      cancelTimer();
      await running;
    },
    runDue,
  };
}

interface Failure {
  error: unknown;
  /** The fallback could not be written with what it decided. */
  bare: boolean;
}

type Result = TurnResult & { before: EscalationState; entries: readonly EntryDraft[] };

const noConfig: PagingConfig = {
  revision: 0,
  list: (kind) => ({ $documents: `${kind}@0`, items: [] }),
  get: () => null,
};

/** The database is away or asks for another try: no incident is to blame, and nobody is paged for it. */
function isPassing(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'unavailable' || error.code === 'disk-full';
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('40');
}

function servicesOf(results: readonly Result[]): { id: string; service: string }[] {
  return results.flatMap(({ next, service }) => (service === null ? [] : [{ id: next.id, service }]));
}

/** One that is broken, whatever it is, is the matter of the incidents that use it. */
function stepsInTurn({ id: policyId, draft }: StoredDocument<'policy'>): { policyId: string; stepId: string }[] {
  const steps: unknown = (draft as Partial<typeof draft> | null)?.steps;
  if (!Array.isArray(steps)) return [];
  return (steps as typeof draft.steps).flatMap((step) => (step.roundRobin ? [{ policyId, stepId: step.id }] : []));
}

/** Without the pages of steps that had fired before; nothing is left when that was all it did. */
function withoutFired(result: Result, claimed: ReadonlySet<string>): Result[] {
  const had = result.steps.filter((step) => !claimed.has(keyOf(step)));
  if (had.length === 0) return [result];
  const gone = new Set(had.flatMap((step) => step.pageIds));
  const pages = result.pages.filter((page) => !gone.has(page.id));
  if (had.length === result.steps.length && pages.length === 0) return [];
  return [
    {
      ...result,
      pages,
      notifications: result.notifications.filter((notification) => !gone.has(notification.pageId)),
      entries: result.entries.filter((entry) => entry.pageId === null || !gone.has(entry.pageId)),
    },
  ];
}

function keyOf({ incidentId, run, policyVersion, stepId, loop }: FiredStep): string {
  return `${incidentId} ${run} ${policyVersion} ${stepId} ${loop}`;
}
