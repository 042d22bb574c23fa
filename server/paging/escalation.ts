// Whom an incident pages next and when: the worker that looks, and the actions of people that begin, stop or raise it.
import { pagingFacts } from '#server/modules/escalation/facts-store.ts';
import { createEscalateHandler, withAcknowledgement } from '#server/modules/escalation/handlers.ts';
import { nextTargetInWords } from '#server/modules/escalation/next-target.ts';
import { escalationStore, nextPagingDue } from '#server/modules/escalation/store.ts';
import { createEscalationWorker } from '#server/modules/escalation/worker.ts';
import type { Acting } from '#server/modules/incidents/acting.ts';
import type { IntentHandler } from '#server/modules/incidents/intents.ts';
import { giveService, incidentStore } from '#server/modules/incidents/store.ts';
import { ledgerStore } from '#server/modules/ledger/store.ts';
import { addressOf } from '#server/modules/notify/planning/address-of.ts';
import { pageStore } from '#server/modules/notify/store.ts';
import { createTell } from '#server/modules/notify/tell.ts';
import { decideLookup } from '#server/modules/oncall/decide-lookup.ts';
import { lookupInput } from '#server/modules/oncall/facts.ts';
import { causesOf, hasInhibitions } from '#server/modules/routing/inhibit.ts';
import type { PagingGround } from '#server/paging/ground.ts';
import type { OnCallParts } from '#server/paging/on-call.ts';

export function createEscalation(ground: PagingGround, { calendars }: Pick<OnCallParts, 'calendars'>) {
  const { database, wake, reader, readPeople, settings, decisions, newTrace, guard, clock, now, random, logger } =
    ground;
  const worker = createEscalationWorker({
    transact: database.withTransaction,
    nextDue: () => nextPagingDue(database),
    agrees: guard.agrees,
    store: escalationStore,
    pages: pageStore,
    ledger: ledgerStore,
    incidents: incidentStore,
    config: reader,
    facts: pagingFacts,
    settings: () => {
      const { mode, fallbackChannelId } = settings.current();
      return Promise.resolve({ mode, fallbackChannelId });
    },
    decisions,
    causesOf,
    hasInhibitions,
    lookupInput: ({ config: current, people: users }, scheduleId, at) =>
      lookupInput({ config: current, users, calendars }, scheduleId, at),
    addressOf,
    newTrace,
    tell: createTell({
      config: reader,
      pages: pageStore,
      ledger: ledgerStore,
      newTrace,
      newId: random.uuid,
      mode: () => settings.current().mode,
    }),
    setService: (incidentId, service) => database.withTransaction((tx) => giveService(tx, now(), incidentId, service)),
    wake,
    clock,
    random,
    logger,
  });

  async function nextTarget(incidentId: string): Promise<string | null> {
    const [state, current, { users, teams }] = await Promise.all([
      database.withTransaction((tx) => escalationStore.lock(tx, incidentId)),
      reader.current(database),
      readPeople(database),
    ]);
    return nextTargetInWords(state, now(), {
      config: current,
      people: users,
      teams,
      onCall(scheduleId, at) {
        const input = lookupInput({ config: current, users, calendars }, scheduleId, at);
        return input === null ? [] : decideLookup(input).users.map(({ userId }) => userId);
      },
    });
  }

  return {
    worker,
    nextTarget,
    handlers(acting: Pick<Acting, 'lock'>) {
      const handling = {
        store: escalationStore,
        pages: pageStore,
        ledger: ledgerStore,
        incidents: incidentStore,
        acting,
        newTrace,
      };
      return {
        'escalation.escalate': createEscalateHandler({
          ...handling,
          config: reader,
          facts: pagingFacts,
        }),
        withAcknowledgement: (acknowledge: IntentHandler<'incident.acknowledge'>) =>
          withAcknowledgement(acknowledge, handling),
      };
    },
  };
}
