// Beside the old pager on the same alerts: what it did, what we would have done, and every minute in which they differ.
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import { compareMinutes, type Comparison, type Held } from '#server/modules/shadow/compare.ts';
import { type ShadowIntake, takenFrom } from '#server/modules/shadow/intake.ts';
import { type OwnPage, type ShadowPage, shadowStore } from '#server/modules/shadow/store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

interface People {
  users: ReadonlyMap<string, { id: string; name: string; login: string }>;
}
export interface ShadowReport {
  differences: {
    from: string;
    to: string;
    /** The ledger of our side opens with the page or its incident. */
    here: { userId: string; name: string; pageId: string; number: number; incidentId: string }[];
    there: { userId: string | null; person: string; about: string; source: string }[];
    onlyHere: string[];
    onlyThere: string[];
  }[];
  minutes: number;
  differing: number;
  /** More pages than a report compares: ask for a shorter time. */
  cut: boolean;
}
export interface TheirShift {
  person: string;
  startsAt: string;
  endsAt: string;
}
export interface OnCallReport {
  differences: { from: string; to: string; here: string[]; there: string[] }[];
  minutes: number;
  differing: number;
}

export interface Shadow {
  /** Answers how many pages were taken or ended now; the same delivery again changes nothing. */
  take(given: ShadowIntake): Promise<{ taken: number; unknownPeople: string[] }>;
  report(actor: Actor, from: string, to: string): Promise<ShadowReport>;
  reportCsv(actor: Actor, from: string, to: string): Promise<string>;
  /** Who is on call here against a roster of the other pager, as shifts or as its calendar file. */
  compareOnCall(
    scheduleId: string,
    from: string,
    to: string,
    theirs: { shifts: readonly TheirShift[] } | { ical: string },
  ): Promise<OnCallReport>;
}

const pagesMax = 20_000;
const longestMs = 92 * 86_400_000;

export function createShadow(deps: {
  database: SqlReader & Transactor;
  readPeople(sql: SqlReader): Promise<People>;
  /** Null: there is no such schedule. */
  shiftsOf(
    scheduleId: string,
    from: string,
    to: string,
  ): Promise<readonly { userId: string; startsAt: string; endsAt: string }[] | null>;
  /** Events of a calendar file; throws with words when it is none. */
  readCalendar(text: string): readonly { summary: string; startsAt: string; endsAt: string }[];
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'uuid'>;
}): Shadow {
  const { database } = deps;

  async function report(actor: Actor, from: string, to: string): Promise<ShadowReport> {
    checkSpan(from, to);
    const { users } = await deps.readPeople(database);
    const [ours, theirs] = await Promise.all([
      shadowStore.ours(database, actor.teamIds, from, to, pagesMax + 1),
      shadowStore.theirs(database, from, to, pagesMax + 1),
    ]);
    // What has not happened yet differs in nothing.
    const now = new Date(deps.clock.now()).toISOString();
    const compared = compareMinutes(ours.map(ownHeld), theirs.map(theirHeld), from, to < now ? to : now);
    const nameOf = (who: string) => users.get(who)?.name ?? who;
    return {
      minutes: compared.minutes,
      differing: compared.differing,
      cut: ours.length > pagesMax || theirs.length > pagesMax,
      differences: compared.differences.map((difference) => ({
        from: difference.from,
        to: difference.to,
        here: difference.here.map(({ about }) => ({
          userId: about.userId,
          name: nameOf(about.userId),
          pageId: about.id,
          number: about.number,
          incidentId: about.incidentId,
        })),
        there: difference.there.map(({ about }) => ({
          userId: about.userId,
          person: about.userId === null ? about.person : nameOf(about.userId),
          about: about.about,
          source: about.source,
        })),
        onlyHere: difference.onlyHere.map(nameOf),
        onlyThere: difference.onlyThere.map(nameOf),
      })),
    };
  }

  return {
    report,

    async take(given) {
      const taken = takenFrom(given);
      if (taken === null) return { taken: 0, unknownPeople: [] };
      const userOf = finder(await deps.readPeople(database));
      const pages = taken.pages.map((page): ShadowPage => ({
        id: deps.random.uuid(),
        source: taken.source,
        externalId: page.id,
        at: page.at,
        endedAt: page.endedAt,
        person: page.person,
        userId: userOf(page.person),
        about: page.about,
      }));
      const inOrder = new Map(pages.map((page) => [`${page.externalId}\n${page.person}`, page]));
      const count = await database.withTransaction(async (tx) => {
        if (taken.ends !== null) await shadowStore.end(tx, taken.source, taken.ends);
        const prefix = 'pages' in given ? null : (taken.ends?.prefix ?? `${pages[0]?.externalId.split('/')[0] ?? ''}/`);
        return shadowStore.add(tx, [...inOrder.values()], prefix);
      });
      const unknown = new Set(pages.filter((page) => page.userId === null).map((page) => page.person));
      return { taken: count, unknownPeople: [...unknown] };
    },

    async reportCsv(actor, from, to) {
      const { differences } = await report(actor, from, to);
      const rows = differences.map((each) => [
        each.from,
        each.to,
        each.onlyHere.join('; '),
        each.onlyThere.join('; '),
        each.here.map((page) => `P-${page.number}`).join('; '),
        each.there.map((page) => `${page.source}: ${page.about}`).join('; '),
      ]);
      const head = ['from', 'to', 'only here', 'only there', 'pages here', 'pages there'];
      return [head, ...rows]
        .map((row) => row.map(csvField).join(','))
        .join('\r\n')
        .concat('\r\n');
    },

    async compareOnCall(scheduleId, from, to, theirs) {
      checkSpan(from, to);
      const shifts = await deps.shiftsOf(scheduleId, from, to);
      if (shifts === null) throw new AppError('not-found', 'There is no such schedule. Choose another one.');
      const people = await deps.readPeople(database);
      const userOf = finder(people);
      const given =
        'shifts' in theirs
          ? theirs.shifts
          : deps
              .readCalendar(theirs.ical)
              .map(({ summary, startsAt, endsAt }) => ({ person: summary, startsAt, endsAt }));
      const here = shifts.map((shift): Held<null> => ({
        who: shift.userId,
        startsAt: shift.startsAt,
        endsAt: shift.endsAt,
        about: null,
      }));
      const there = given.map((shift): Held<null> => ({
        who: userOf(shift.person) ?? shift.person,
        startsAt: shift.startsAt,
        endsAt: shift.endsAt,
        about: null,
      }));
      const compared: Comparison<null, null> = compareMinutes(here, there, from, to);
      const names = (held: readonly Held<null>[]) =>
        [...new Set(held.map(({ who }) => people.users.get(who)?.name ?? who))].sort();
      return {
        minutes: compared.minutes,
        differing: compared.differing,
        differences: compared.differences.map((each) => ({
          from: each.from,
          to: each.to,
          here: names(each.here),
          there: names(each.there),
        })),
      };
    },
  };
}

function ownHeld(page: OwnPage): Held<OwnPage> {
  return { who: page.userId, startsAt: page.at, endsAt: page.endedAt, about: page };
}
function theirHeld(page: ShadowPage): Held<ShadowPage> {
  return { who: page.userId ?? page.person, startsAt: page.at, endsAt: page.endedAt, about: page };
}

/** By login name, by the e-mail address that is one, by the part before the @, or by name where only one has it. */
function finder({ users }: People): (person: string) => string | null {
  const byLogin = new Map([...users.values()].map((user) => [user.login, user.id]));
  const byName = new Map<string, string | null>();
  for (const user of users.values()) {
    const name = user.name.toLowerCase();
    byName.set(name, byName.has(name) ? null : user.id);
  }
  return (person) => {
    const key = person.trim().toLowerCase();
    return byLogin.get(key) ?? byLogin.get(key.split('@')[0] ?? '') ?? byName.get(key) ?? null;
  };
}

function checkSpan(from: string, to: string): void {
  const length = Date.parse(to) - Date.parse(from);
  if (length > 0 && length <= longestMs) return;
  throw new AppError('invalid', 'Ask for a time that ends after it begins and is at most 92 days long.');
}

/** A field that begins like a formula is made text, so that a spreadsheet does not run it. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
