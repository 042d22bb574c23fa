// Who is on call, asked by people and programs.
import { AppError } from '#server/api/app-error.ts';
import type { OncallPreview } from '#server/contract/oncall.ts';
import type { Shift } from '#server/contract/schedule.ts';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import type { ConfigReader, PagingConfig } from '#server/modules/config/state.ts';
import { tooFine } from '#server/modules/oncall/checks.ts';
import { onCallAt } from '#server/modules/oncall/decide-lookup.ts';
import { type JudgedWorld, planIn } from '#server/modules/oncall/judge.ts';
import { dayMs, instantText } from '#server/modules/oncall/local-days.ts';
import { type PreviewInput, previewSchedule } from '#server/modules/oncall/preview.ts';
import { publicShift } from '#server/modules/oncall/public-shift.ts';
import type { Calendars, OnCallShift, PlannedSchedule } from '#server/modules/oncall/state.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

const spanMaxMs = 92 * dayMs;
/** Where a shift that begins or ends further away is cut; each is tried before the next. */
const reaches = [8, 64, 400].map((days) => days * dayMs);
/** Older instants are asked of the configuration as it was then. */
const pastMs = 1_000;

export interface OnCallItem {
  schedule: string;
  scheduleId: string;
  user: string;
  userId: string;
  from: string;
  to: string;
  source: Shift['source'];
}

export interface OnCall {
  /** `schedule` is an id or a name; null asks all. At any instant: what was is told by the schedule as it was. */
  at(schedule: string | null, at: string | null): Promise<OnCallItem[]>;
  /** Shifts of a span of at most 92 days, by the schedule as it is. */
  shifts(scheduleId: string, from: string, to: string): Promise<Shift[]>;
  preview(input: PreviewInput): Promise<OncallPreview>;
}

export function createOnCall(deps: {
  database: SqlReader & Transactor;
  reader: ConfigReader;
  /** The configuration as it was at an instant. */
  configAt(at: string): Promise<PagingConfig>;
  readPeople(sql: SqlReader): Promise<Pick<JudgedWorld, 'users'>>;
  calendars: Calendars;
  clock: Clock;
  random: Pick<Random, 'uuid'>;
}): OnCall {
  const { database, reader, configAt, readPeople, calendars, clock, random } = deps;

  async function world(at: string | null = null): Promise<JudgedWorld> {
    const isPast = at !== null && Date.parse(at) < clock.now() - pastMs;
    const config = isPast ? await configAt(at) : await reader.current(database);
    return { config, calendars, ...(await readPeople(database)) };
  }

  return {
    async at(wanted, given) {
      const at = given ?? instantText(clock.now());
      const asked = await world(given);
      const all = asked.config.list('schedule').items;
      const schedules = wanted === null ? all : all.filter(({ id, draft }) => id === wanted || draft.name === wanted);
      if (wanted !== null && schedules.length === 0)
        throw new AppError('not-found', 'There is no schedule of that id or name at that time.');
      const items: OnCallItem[] = [];
      for (const [index, schedule] of schedules.entries()) {
        for (const shift of wholeShiftsAt(asked, schedule, at)) {
          const { userId, startsAt, endsAt, source } = shift;
          const user = asked.users.get(userId)?.name ?? 'somebody unknown';
          const from = startsAt;
          items.push({
            schedule: schedule.draft.name,
            scheduleId: schedule.id,
            user,
            userId,
            from,
            to: endsAt,
            source,
          });
        }
        // Others get their turn in between.
        if (index % 200 === 199) await clock.sleep(0);
      }
      return items;
    },

    async shifts(scheduleId, from, to) {
      checkSpan(from, to);
      const asked = await world();
      const schedule = asked.config.get('schedule', scheduleId);
      if (schedule === null) throw new AppError('not-found', 'There is no such schedule (any more).');
      return planIn(asked, schedule, Date.parse(from), Date.parse(to)).shifts.map(publicShift);
    },

    async preview(input) {
      checkSpan(input.from, input.to);
      const asked = await world();
      const saved = input.scheduleId === null ? null : asked.config.get('schedule', input.scheduleId);
      const draft = input.draft ?? saved?.draft;
      if (draft === undefined) throw new AppError('not-found', 'There is no such schedule (any more).');
      const fine = tooFine(draft);
      if (fine !== null) throw new AppError('invalid', fine);
      const schedule = { id: input.scheduleId ?? random.uuid(), draft };
      const span = { from: input.from, to: input.to };
      return previewSchedule(asked, schedule, input, span, instantText(clock.now()));
    },
  };
}

/** Those at the instant, with the times at which they really begin and end, as far as can be seen. */
function wholeShiftsAt(world: JudgedWorld, schedule: PlannedSchedule, at: string): OnCallShift[] {
  const instant = Date.parse(at);
  let found: OnCallShift[] = [];
  for (const reach of reaches) {
    const [from, to] = [instant - reach, instant + reach];
    found = onCallAt(planIn(world, schedule, from, to).shifts, at);
    const [first, last] = [instantText(from), instantText(to)];
    if (found.every(({ startsAt, endsAt }) => startsAt > first && endsAt < last)) break;
  }
  return found;
}

function checkSpan(from: string, to: string): void {
  if (from >= to) throw new AppError('invalid', 'The end must come after the start.');
  if (Date.parse(to) - Date.parse(from) > spanMaxMs)
    throw new AppError('invalid', 'The span is longer than 92 days. Ask for a shorter one.');
}
