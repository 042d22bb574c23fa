// What is asked of paging: why somebody was paged, who would be, how it compares, and what another pager had.
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { configAtInstant, configHistory } from '#server/modules/config/history-store.ts';
import { firstState, withDocuments } from '#server/modules/config/paging-config.ts';
import { decideRecipients } from '#server/modules/escalation/decide-recipients.ts';
import { decideStep } from '#server/modules/escalation/decide-step.ts';
import { pagingFacts } from '#server/modules/escalation/facts-store.ts';
import { createFatigue } from '#server/modules/fatigue/router.ts';
import { createImporters } from '#server/modules/importers/service.ts';
import { createLedger } from '#server/modules/ledger/service.ts';
import type { DecisionTable } from '#server/modules/ledger/trace.ts';
import { onCallOf } from '#server/modules/ledger/why-minute.ts';
import { factsBetween } from '#server/modules/oncall/facts.ts';
import { readCalendar } from '#server/modules/oncall/ical-in.ts';
import { shiftsBetween } from '#server/modules/oncall/shifts.ts';
import { createTryPaging } from '#server/modules/routing/try-paging.ts';
import { createShadow } from '#server/modules/shadow/service.ts';
import type { Configuration } from '#server/paging/configuration.ts';
import type { PagingGround } from '#server/paging/ground.ts';
import type { OnCallParts } from '#server/paging/on-call.ts';

export function createQuestions(
  ground: PagingGround,
  { oncall, calendars, config }: Pick<OnCallParts, 'oncall' | 'calendars'> & Pick<Configuration, 'config'>,
) {
  const { database, reader, readPeople, settings, decisions, machineClock, random } = ground;
  const tryPaging = createTryPaging({
    database,
    config: reader,
    history: configHistory,
    calendars,
    clock: machineClock,
    people: () => database.withTransaction((tx) => pagingFacts.people(tx), { readOnly: true }),
    decisions: { step: decideStep, recipients: decideRecipients },
    oncall: { shiftsBetween, factsBetween },
    drafts: { withDocuments, firstState },
  });
  const ledger = createLedger({
    database,
    decisions: decisions as unknown as DecisionTable,
    history: configHistory,
    async names(ids) {
      const { items } = (await reader.current(database)).list('channel');
      const known = new Map(items.map(({ id, draft }) => [id, draft.name]));
      for (const { id, name } of await peopleStore.read(database, ids)) known.set(id, name);
      return known;
    },
    async onCallAt(at) {
      const schedules = (await configAtInstant(database, at)).list('schedule').items;
      return onCallOf(schedules, await oncall.at(null, at));
    },
    mode: () => settings.current().mode,
    clock: machineClock,
  });
  const importers = createImporters({ config, database, readPeople, clock: machineClock });
  const shadow = createShadow({
    database,
    readPeople,
    shiftsOf: (scheduleId, from, to) => oncall.shifts(scheduleId, from, to),
    readCalendar: (text) => readCalendar(text, machineClock.now()).events,
    clock: machineClock,
    random,
  });
  return { tryPaging, ledger, importers, shadow, fatigue: createFatigue({ database, clock: machineClock }) };
}
