// Calendars of others that layers read: fetched every quarter of an hour, kept as they last answered, in memory as events.
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import type { ConfigReader } from '#server/modules/config/state.ts';
import { type CalendarPerson, createMatcher } from '#server/modules/oncall/calendar-people.ts';
import type { ReadCalendarText } from '#server/modules/oncall/calendar-reader.ts';
import { type CalendarCopy, calendarStore } from '#server/modules/oncall/calendar-store.ts';
import type { ReadEvent } from '#server/modules/oncall/ical-in.ts';
import { instantText } from '#server/modules/oncall/local-days.ts';
import type { CalendarEvent, Calendars } from '#server/modules/oncall/state.ts';
import type { Outgoing } from '#server/outgoing/outgoing.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

const tickMs = 30_000;
/** By then the change has committed. */
const soonMs = 1_000;
const everyMs = 15 * 60_000;
const againMs = 3 * 60_000;
const bytesMax = 2 * 1_024 * 1_024;
/** Repetitions are expanded some months ahead, so an unchanged calendar is read anew once a day. */
const expandedMs = 86_400_000;

interface Held {
  fetchedAt: string | null;
  error: string | null;
  expandedAt: number;
  body: string | null;
  read: readonly ReadEvent[];
  leftOut: string | null;
  events: readonly CalendarEvent[];
}

export interface CalendarUpkeep extends Calendars {
  start(): void;
  stop(): Promise<void>;
  /** Soon: a schedule was saved. */
  soon(): void;
  /** Fetches what is due and reads what is new; answers whether anything changed. */
  runDue(): Promise<boolean>;
}

export function createCalendars(deps: {
  database: SqlReader & Transactor;
  reader: ConfigReader;
  /** Everybody who can be named by an event. */
  people(sql: SqlReader): Promise<CalendarPerson[]>;
  outgoing: Pick<Outgoing, 'request'>;
  readText: ReadCalendarText;
  clock: Clock;
  logger: Pick<Logger, 'error'>;
  /** Who is on call may be other than before. */
  changed(): void;
}): CalendarUpkeep {
  const { database, reader, outgoing, readText, clock, logger } = deps;
  const held = new Map<string, Held>();
  let matched = '';
  let stopped = true;
  let busy = false;
  let hurried = false;
  let cancel = () => {};
  let running: Promise<unknown> = Promise.resolve();

  async function runDue(): Promise<boolean> {
    const config = await reader.current(database);
    const urls = new Set(
      config
        .list('schedule')
        .items.flatMap(({ draft }) => draft.layers.flatMap((layer) => (layer.type === 'calendar' ? [layer.url] : []))),
    );
    if (urls.size === 0 && held.size === 0) return false;
    for (const url of held.keys()) if (!urls.has(url)) held.delete(url);
    for (const copy of await copies([...urls])) if (isDue(copy)) await fetchOne(copy);
    let changed = false;
    for (const copy of await copies([...urls])) changed = (await takeIn(copy)) || changed;
    await database.withTransaction((tx) => calendarStore.removeOthers(tx, [...urls]));
    changed = (await match()) || changed;
    if (changed) deps.changed();
    return changed;
  }

  /** As stored; one that was never asked is due. */
  async function copies(urls: readonly string[]): Promise<CalendarCopy[]> {
    const known = urls.map((url) => ({ url, fetchedAt: held.get(url)?.fetchedAt ?? null }));
    const stored = new Map((await calendarStore.read(database, known)).map((copy) => [copy.url, copy]));
    const never = { body: null, etag: null, fetchedAt: null, error: null, errorAt: null };
    return urls.map((url) => stored.get(url) ?? { url, ...never });
  }

  function isDue({ fetchedAt, errorAt }: CalendarCopy): boolean {
    const since = (at: string | null) => (at === null ? Infinity : clock.now() - Date.parse(at));
    return since(fetchedAt) >= everyMs && since(errorAt) >= againMs;
  }

  async function fetchOne(copy: CalendarCopy): Promise<void> {
    const { url } = copy;
    try {
      const answer = await outgoing.request({
        method: 'GET',
        url,
        headers: { accept: 'text/calendar', ...(copy.etag === null ? {} : { 'if-none-match': copy.etag }) },
        timeoutMs: 10_000,
        maxBytes: bytesMax,
      });
      if (answer.status !== 304) {
        if (answer.status !== 200) throw new Error(`the address answered ${answer.status}`);
        if (answer.truncated) throw new Error(`it is larger than ${bytesMax / 1_048_576} MB`);
        await readText(answer.body, clock.now());
      }
      const body = answer.status === 304 ? null : answer.body;
      const etag = answer.headers['etag']?.slice(0, 500) ?? (answer.status === 304 ? copy.etag : null);
      await database.withTransaction((tx) => calendarStore.saveRead(tx, instantText(clock.now()), { url, body, etag }));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await database.withTransaction((tx) => calendarStore.saveFault(tx, instantText(clock.now()), url, reason));
    }
  }

  async function takeIn(copy: CalendarCopy): Promise<boolean> {
    const before = held.get(copy.url);
    const body = copy.body ?? before?.body ?? null;
    const isOld = clock.now() - (before?.expandedAt ?? 0) >= expandedMs;
    if (before !== undefined && before.fetchedAt === copy.fetchedAt && before.error === copy.error && !isOld)
      return false;
    const now = { fetchedAt: copy.fetchedAt, error: copy.error, body };
    const same = before !== undefined && before.body === body && !isOld;
    if (same || body === null) {
      const nothing = { expandedAt: clock.now(), read: [], leftOut: null, events: [] };
      held.set(copy.url, { ...(before ?? nothing), ...now });
      return true;
    }
    try {
      const { events, leftOut } = await readText(body, clock.now());
      held.set(copy.url, { ...now, expandedAt: clock.now(), read: events, leftOut, events: [] });
    } catch (error) {
      held.set(copy.url, { ...now, expandedAt: clock.now(), read: [], leftOut: String(error), events: [] });
    }
    matched = '';
    return true;
  }

  /** Whom the events mean changes with the people, too. */
  async function match(): Promise<boolean> {
    const people = await deps.people(database);
    const key = JSON.stringify(people);
    if (key === matched) return false;
    matched = key;
    const userOf = createMatcher(people);
    for (const calendar of held.values()) {
      calendar.events = calendar.read.map(({ attendees, ...event }) => {
        return { ...event, userId: userOf({ summary: event.summary, attendees }) };
      });
    }
    return true;
  }

  function schedule(ms: number): void {
    cancel = clock.setTimer(ms, () => {
      busy = true;
      running = runDue()
        .catch((error: unknown) => {
          logger.error('calendars could not be read; it is tried again', { error: String(error) });
        })
        .then(() => {
          busy = false;
          if (!stopped) schedule(hurried ? soonMs : tickMs);
          hurried = false;
        });
    });
  }

  return {
    read(url) {
      const calendar = held.get(url);
      if (calendar === undefined) return null;
      const { events, fetchedAt, error, leftOut } = calendar;
      return { events, fetchedAt, error: error ?? leftOut };
    },
    start() {
      stopped = false;
      schedule(0);
    },
    async stop() {
      stopped = true;
      cancel();
      await running;
    },
    soon() {
      if (stopped) return;
      hurried = busy;
      if (busy) return;
      cancel();
      schedule(soonMs);
    },
    runDue,
  };
}
