// Who is on call: schedules and calendars, the rosters that clients keep, and calendars to subscribe to.
import { configAtInstant } from '#server/modules/config/history-store.ts';
import { verifiedAddresses } from '#server/modules/notify/inbound/verified-people.ts';
import { createCalendarReader } from '#server/modules/oncall/calendar-reader.ts';
import { createCalendars } from '#server/modules/oncall/calendars.ts';
import { createFeeds } from '#server/modules/oncall/feeds.ts';
import { createRosters } from '#server/modules/oncall/rosters.ts';
import { createOnCall } from '#server/modules/oncall/service.ts';
import type { PagingGround } from '#server/paging/ground.ts';

export type OnCallParts = ReturnType<typeof createOnCallParts>;

export function createOnCallParts(ground: PagingGround) {
  const { database, reader, readPeople, outgoing, publicUrl, machineClock, random, logger } = ground;
  const calendars = createCalendars({
    database,
    reader,
    async people(sql) {
      const config = await reader.current(sql);
      return [...(await readPeople(sql)).users.values()].map(({ id, login, name }) => ({
        id,
        login,
        name,
        emails: verifiedAddresses(config, ['email'], id),
      }));
    },
    outgoing,
    readText: createCalendarReader({ clock: machineClock }),
    clock: machineClock,
    logger,
    changed: () => rosters.changed(),
  });
  const rosters = createRosters({ database, reader, readPeople, calendars, clock: machineClock, logger });
  const oncall = createOnCall({
    database,
    reader,
    configAt: async (at) => configAtInstant(database, at),
    readPeople,
    calendars,
    clock: machineClock,
    random,
  });
  const feeds = createFeeds({
    database,
    reader,
    readPeople,
    calendars,
    baseUrl: publicUrl,
    clock: machineClock,
    random,
  });

  return { calendars, rosters, oncall, feeds };
}
