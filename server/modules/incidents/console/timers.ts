// What the passing of time does in the commander's console: asks become overdue, polls close. Every due time is a row; the
// timer here only says when to look. Several servers may look at once: each row is decided again under its lock.
import type { TimelineEntry } from '#server/contract/incident.ts';
import type { SqlReader, Transactor, Tx } from '#server/database/transaction.ts';
import { decideOverdue } from '#server/modules/incidents/console/asks.ts';
import { type AskStore, readOverdueAsks } from '#server/modules/incidents/console/ask-store.ts';
import { type PollStore, readPollsToClose } from '#server/modules/incidents/console/poll-store.ts';
import { decidePollTimeUp, peopleOfPoll } from '#server/modules/incidents/console/polls.ts';
import type { EntryDraft } from '#server/modules/incidents/decision.ts';
import type { People } from '#server/modules/incidents/people.ts';
import type { IncidentStore } from '#server/modules/incidents/state.ts';
import type { Clock } from '#server/ports/clock.ts';
import { createLooks, type Looks } from '#server/database/looks.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

const tickMs = 1_000;
const pageSize = 100;

export interface ConsoleTimers extends Looks {
  /** Does everything that is due now; answers how many things this server did. */
  runDue(): Promise<number>;
}

export function createConsoleTimers(deps: {
  database: SqlReader & Transactor;
  incidents: Pick<IncidentStore, 'lockByIds' | 'addTimeline'>;
  asks: Pick<AskStore, 'lock' | 'save'>;
  polls: Pick<PollStore, 'lock' | 'save'>;
  people: People;
  clock: Clock;
  random: Pick<Random, 'uuid'>;
  logger: Pick<Logger, 'error'>;
}): ConsoleTimers {
  const { database, incidents, asks, polls, people, clock, random, logger } = deps;
  async function runDue(): Promise<number> {
    let done = 0;
    const at = new Date(clock.now()).toISOString();
    for (const due of await readOverdueAsks(database, at, pageSize)) done += await once((tx) => tellOverdue(tx, due));
    for (const due of await readPollsToClose(database, at, pageSize)) done += await once((tx) => closePoll(tx, due));
    return done;
  }

  /** One that fails waits for the next look, and holds none of the others back. */
  async function once(body: (tx: Tx) => Promise<boolean>): Promise<number> {
    try {
      return (await database.withTransaction(body)) ? 1 : 0;
    } catch (error) {
      logger.error('something of the console that is due failed; it is tried again in a second', {
        error: String(error),
      });
      return 0;
    }
  }

  // The incident is locked first, as by every action on it.
  async function tellOverdue(tx: Tx, due: { id: string; incidentId: string }): Promise<boolean> {
    const [incident] = await incidents.lockByIds(tx, [due.incidentId]);
    const ask = await asks.lock(tx, due.id);
    if (incident === undefined || ask === null) return false;
    const at = new Date(clock.now()).toISOString();
    const name = await names(tx, [ask.ownerId, ask.askedBy]);
    const decision = decideOverdue(incident, ask, { at, name });
    if (decision === null) return false;
    await asks.save(tx, at, decision.next, incident.restrictedTo);
    if (decision.entry !== null) await incidents.addTimeline(tx, [entryOf(incident.id, decision.entry, at)]);
    return true;
  }

  async function closePoll(tx: Tx, due: { id: string; incidentId: string }): Promise<boolean> {
    const [incident] = await incidents.lockByIds(tx, [due.incidentId]);
    const poll = await polls.lock(tx, due.id);
    if (incident === undefined || poll === null) return false;
    const at = new Date(clock.now()).toISOString();
    const decision = decidePollTimeUp(poll, { at, name: await names(tx, peopleOfPoll(poll)) });
    if (decision === null) return false;
    await polls.save(tx, at, decision.next, incident.restrictedTo);
    await incidents.addTimeline(tx, [entryOf(incident.id, decision.entry, at)]);
    return true;
  }

  async function names(tx: Tx, ids: readonly string[]): Promise<(id: string) => string> {
    const known = new Map((await people.read(tx, [...new Set(ids)])).map((person) => [person.id, person.name]));
    return (id) => known.get(id) ?? 'somebody who has left';
  }

  function entryOf(incidentId: string, draft: EntryDraft, at: string): TimelineEntry {
    return {
      id: random.uuid(),
      version: 1,
      incidentId,
      at: draft.at ?? at,
      recordedAt: at,
      kind: draft.kind,
      source: 'system',
      actorId: null,
      actor: 'Tocsin',
      text: draft.text,
      detail: draft.detail ?? null,
      alertId: null,
      starred: false,
      data: draft.data ?? null,
    };
  }

  const looks = createLooks({
    clock,
    everyMs: tickMs,
    look: runDue,
    failed: (error) =>
      logger.error('the timers of the console failed; they run again in a second', { error: String(error) }),
  });
  return { ...looks, runDue };
}
