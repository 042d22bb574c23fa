// Paging over its SQL stores on a real PostgreSQL, with a small configuration in memory: what the composition root joins.
import type { Database } from '#server/database/pool.ts';
import type { Tx } from '#server/database/transaction.ts';
import { withAcknowledgement } from '#server/modules/escalation/handlers.ts';
import { pagingFacts } from '#server/modules/escalation/facts-store.ts';
import { escalationStore, nextPagingDue } from '#server/modules/escalation/store.ts';
import { createEscalationWorker } from '#server/modules/escalation/worker.ts';
import { withEscalation } from '#server/modules/escalation/with-escalation.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import { ledgerStore } from '#server/modules/ledger/store.ts';
import { createTraces } from '#server/modules/ledger/trace.ts';
import { addressOf } from '#server/modules/notify/planning/address-of.ts';
import { pageStore } from '#server/modules/notify/store.ts';
import { causesOf, hasInhibitions } from '#server/modules/routing/inhibit.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';
import { decisions } from '#server/paging/decisions.ts';
import { createMemoryLogger, type MemoryLogger } from '#server/testkit/logger.ts';
import { type ConfigBook, people, teams } from '#server/testkit/paging-sim/paging-config.ts';

export const incidentsWithPaging = withEscalation(incidentStore, {
  escalations: escalationStore,
  pages: pageStore,
});

/** Once for each database: the people of the configuration. */
export async function addPeople(database: Database): Promise<void> {
  for (const { id, name } of teams) await database.query('INSERT INTO team (id, name) VALUES ($1, $2)', [id, name]);
  for (const person of people) {
    await database.query(
      `INSERT INTO user_account (id, login, name, role, disabled, created_at) VALUES ($1, $2, $3, $4, $5, now())`,
      [person.id, person.name.toLowerCase(), person.name, person.role, person.disabled],
    );
    for (const team of person.teamIds) {
      await database.query('INSERT INTO team_member (team_id, user_id) VALUES ($1, $2)', [team, person.id]);
    }
  }
}

export function createSqlPaging(deps: {
  database: Database;
  /** In place of the database's own, to put faults in. */
  transact?: <R>(body: (tx: Tx) => Promise<R>) => Promise<R>;
  book: ConfigBook;
  clock: Clock;
  random: Random;
  logger?: MemoryLogger;
  poison?: (incidentId: string) => boolean;
  fallbackChannelId?: string;
}) {
  const { database, book, clock, random } = deps;
  const transact = deps.transact ?? ((body) => database.withTransaction(body));
  const logger = deps.logger ?? createMemoryLogger();
  const newTrace = createTraces({ decisions, newId: random.uuid });
  const worker = createEscalationWorker({
    transact,
    nextDue: () => nextPagingDue(database),
    agrees: () => Promise.resolve(true),
    store: escalationStore,
    pages: pageStore,
    ledger: ledgerStore,
    incidents: incidentStore,
    config: { current: () => Promise.resolve(book.current()) },
    facts: {
      ...pagingFacts,
      async incidents(tx, ids) {
        const list = await pagingFacts.incidents(tx, ids);
        // What no decision can digest.
        return list.map((incident) =>
          deps.poison?.(incident.id) === true
            ? { ...incident, severity: null as never, worst: null as never }
            : incident,
        );
      },
    },
    settings: () => Promise.resolve({ mode: 'live', fallbackChannelId: deps.fallbackChannelId ?? null }),
    hasInhibitions,
    causesOf,
    decisions: {
      ...decisions,
      stop(input) {
        if (input.incident.severity === null) throw new Error('no such severity');
        return decisions.stop(input);
      },
    },
    lookupInput: () => null,
    addressOf,
    newTrace,
    tell: () => Promise.resolve(),
    setService: () => Promise.resolve(),
    wake: { on: () => () => {} },
    clock,
    random,
    logger,
  });
  const counting = {
    store: escalationStore,
    pages: pageStore,
    ledger: ledgerStore,
    incidents: incidentStore,
    newTrace,
  };
  return { worker, counting, withAcknowledgement, logger, newTrace };
}
