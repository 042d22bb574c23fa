// One transaction of paging: what is due is locked, decided and written with its pages and its ledger.
import type { Tx } from '#server/database/transaction.ts';
import { subjectOf } from '#server/expressions/route-subject.ts';
import type { ConfigReader, PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import { afterFailure } from '#server/modules/escalation/after-failure.ts';
import type { PagedIncident, PagingFactsReader, PagingWorld } from '#server/modules/escalation/facts.ts';
import { isRunning } from '#server/modules/escalation/notice.ts';
import type { EscalationState, EscalationStore, StepKey, Turn } from '#server/modules/escalation/state.ts';
import type { TurnDeps } from '#server/modules/escalation/turn-work.ts';
import { decideTurn, type TurnResult } from '#server/modules/escalation/turn.ts';
import type { IncidentStore } from '#server/modules/incidents/state.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { LedgerStore } from '#server/modules/ledger/state.ts';
import type { EntryDraft, Trace } from '#server/modules/ledger/trace.ts';
import type { PageStore } from '#server/modules/notify/state.ts';
import type { hasInhibitions } from '#server/modules/routing/inhibit.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface TurnBatchDeps<T = Tx> extends Omit<TurnDeps, 'newId'> {
  transact<R>(body: (tx: T) => Promise<R>): Promise<R>;
  /** Whether due times in the database and our time are of one mind (clock-guard.ts). */
  agrees(tx: T): Promise<boolean>;
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
  clock: Pick<Clock, 'now'>;
  random: { uuid(): string };
  logger: Logger;
}

/** Answers how many were locked. `failure` set: whatever is locked falls back. */
export type CommitTurns<T = Tx> = (
  lock: (tx: T, now: string) => Promise<EscalationState[]>,
  failure?: Failure | null,
) => Promise<number>;

export interface Failure {
  error: unknown;
  /** The fallback could not be written with what it decided. */
  bare: boolean;
}

export function createTurnBatch<T = Tx>(deps: TurnBatchDeps<T>): CommitTurns<T> {
  const { transact, store, pages, ledger, incidents, config, facts, newTrace, clock, random, logger } = deps;
  const turnDeps: TurnDeps = { ...deps, newId: random.uuid };
  /** As it was last read: at hand for a fallback that must not ask the database for what the failure may come from. */
  let known: PagingConfig = noConfig;

  const commitTurns: CommitTurns<T> = async (lock, failure = null) => {
    const done = await transact(async (tx) => {
      if (!(await deps.agrees(tx))) return null;
      const now = new Date(clock.now()).toISOString();
      const states = await lock(tx, now);
      if (states.length === 0) return null;
      const ids = states.map((state) => state.id);
      const [paged, world] = await Promise.all([facts.incidents(tx, ids), gather(tx, now, failure !== null)]);
      return { count: states.length, ...(await turnAll(tx, now, states, paged, world, failure)) };
    });
    if (done === null) return 0;
    for (const { id, service } of done.services) {
      await deps.setService(id, service).catch((error: unknown) => {
        logger.warn('an incident did not get the service of its route', { incidentId: id, error: String(error) });
      });
    }
    return done.count;
  };
  return commitTurns;

  async function turnAll(
    tx: T,
    now: string,
    states: readonly EscalationState[],
    paged: readonly PagedIncident[],
    world: PagingWorld,
    failure: Failure | null,
  ) {
    const incidentOf = new Map(paged.map((incident) => [incident.id, incident]));
    const turns = failure === null ? await lockTurns(tx, world, states) : [];
    const results: Result[] = [];
    for (const state of states) {
      const incident = incidentOf.get(state.id);
      if (incident === undefined) continue;
      const result = oneTurn(state, incident, world, turns, now, failure);
      results.push(result);
      const self = world.open.find((other) => other.incidentId === state.id);
      if (self !== undefined) self.held = result.next.status === 'held';
    }
    await write(tx, now, results, turns);
    return { services: servicesOf(results) };
  }

  async function gather(tx: T, now: string, failed: boolean): Promise<PagingWorld> {
    // The fallback must not need what the failure may come from.
    const [current, { people, teams }, silences, settings] = await Promise.all([
      failed ? known : config.current(tx),
      facts.people(tx),
      failed ? [] : facts.silences(tx, now),
      deps.settings(tx),
    ]);
    known = current;
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
    const [fired, numbers] = await Promise.all([
      store.claimSteps(
        tx,
        results.flatMap((result) => result.steps),
      ),
      // Those of steps that had fired before stay unused.
      pages.nextNumbers(
        tx,
        results.reduce((sum, result) => sum + result.pages.length, 0),
      ),
    ]);
    const claimed = new Set(fired.map(keyOf));
    // A step that fired before has had its pages: the run goes on from there, and nobody hears of it twice.
    const fresh = results.flatMap((result) => withoutFired(result, claimed));
    const made = fresh.flatMap((result) => result.pages);
    const shown = new Set(results.filter((result) => result.shown).map((result) => result.next.id));
    await Promise.all([
      pages.add(
        tx,
        now,
        made.map((page, index) => ({ ...page, number: numbers[index] ?? 0 })),
        fresh.flatMap((result) => result.notifications),
      ),
      store.save(
        tx,
        now,
        results.map((result) => result.next),
        shown,
      ),
      turns.length > 0 ? store.saveTurns(tx, turns) : null,
      incidents.addTimeline(
        tx,
        fresh.flatMap((result) => result.timeline),
      ),
      ledger.append(
        tx,
        fresh.flatMap((result) => [...result.entries]),
      ),
    ]);
    const told = fresh.filter((result) => result.tell.length > 0);
    if (told.length > 0) {
      await deps.tell(
        tx,
        now,
        told.map((result) => ({ incidentId: result.next.id, channelIds: result.tell })),
      );
    }
  }
}

type Result = TurnResult & { before: EscalationState; entries: readonly EntryDraft[] };

const noConfig: PagingConfig = {
  revision: 0,
  list: (kind) => ({ $documents: `${kind}@0`, items: [] }),
  get: () => null,
};

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

function keyOf({ incidentId, run, policyVersion, stepId, loop }: StepKey): string {
  return `${incidentId} ${run} ${policyVersion} ${stepId} ${loop}`;
}
