// Grafana OnCall: what its HTTP API answers for users, schedules, on_call_shifts, escalation_chains and
// escalation_policies, put into one JSON with those names (each list itself, or its `results`).
// Checked by: the models of amixr-api-go-client 0.0.33, read on 2026-11-21, and for what they mean excerpts of the published
// reference. No running server; name and timezone of a user are not in the models.
import { z } from 'zod';
import {
  createDraft,
  type Imported,
  type ImportWorld,
  type LayerInput,
  type StepInput,
  turned,
} from '#server/modules/importers/draft.ts';
import { dailySpan, weeklySpan } from '#server/modules/importers/spans.ts';
import { addDays, minutesOf, timeOf, wallTime, weekdayOf } from '#server/modules/importers/zone-time.ts';

const list = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), z.object({ results: z.array(item) }).transform((page) => page.results)]).default([]);
const User = z.object({
  id: z.string(),
  email: z.string().nullish(),
  username: z.string(),
  name: z.string().nullish(),
  timezone: z.string().nullish(),
});
const Shift = z.object({
  id: z.string(),
  name: z.string().nullish(),
  type: z.string(),
  time_zone: z.string().nullish(),
  level: z.number().nullish(),
  start: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z?$/),
  until: z.string().nullish(),
  /** Seconds. */
  duration: z.number().positive(),
  frequency: z.string().nullish(),
  interval: z.number().int().positive().nullish(),
  week_start: z.string().nullish(),
  by_day: z.array(z.string()).nullish(),
  by_month: z.array(z.number()).nullish(),
  by_monthday: z.array(z.number()).nullish(),
  users: z.array(z.string()).nullish(),
  rolling_users: z.array(z.array(z.string())).nullish(),
  start_rotation_from_user_index: z.number().int().nullish(),
});
type Shift = z.infer<typeof Shift>;
const Schedule = z.object({
  id: z.string(),
  name: z.string(),
  /** web and calendar hold shifts; ical reads somebody else's calendar. */
  type: z.string(),
  time_zone: z.string().nullish(),
  shifts: z.array(z.string()).nullish(),
  ical_url_primary: z.string().nullish(),
  ical_url_overrides: z.string().nullish(),
});
const Step = z.object({
  escalation_chain_id: z.string(),
  position: z.number(),
  type: z.string().nullish(),
  important: z.boolean().nullish(),
  /** Seconds. */
  duration: z.number().nullish(),
  persons_to_notify: z.array(z.string()).nullish(),
  persons_to_notify_next_each_time: z.array(z.string()).nullish(),
  notify_on_call_from_schedule: z.string().nullish(),
});
export const GrafanaOnCallExport = z.object({
  users: list(User),
  schedules: list(Schedule),
  on_call_shifts: list(Shift),
  escalation_chains: list(z.object({ id: z.string(), name: z.string() })),
  escalation_policies: list(Step),
});

const dayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const day = 1_440;
/** What `repeat_escalation` does at most. */
const repeats = 5;

export function importGrafanaOnCall(given: z.infer<typeof GrafanaOnCallExport>, world: ImportWorld): Imported {
  const draft = createDraft(world);
  for (const user of given.users) {
    const email = user.email ?? '';
    draft.addPerson(user.id, {
      email: email === '' ? user.username : email,
      name: user.name ?? user.username,
      person: {
        timeZone: draft.zone(user.timezone ?? 'UTC', user.username),
        methods: email === '' ? [] : [{ kind: 'email', address: email }],
      },
    });
    draft.note(
      `phone and notification rules of ${user.username}`,
      'The API does not give them out.',
      'Ask them to fill in their profile under People.',
    );
  }
  const shifts = new Map(given.on_call_shifts.map((shift) => [shift.id, shift]));
  const schedules = new Map<string, string>();
  for (const schedule of given.schedules) {
    const timeZone = draft.zone(schedule.time_zone ?? 'UTC', `schedule ${schedule.name}`);
    const layers: LayerInput[] = [];
    const later: (() => void)[] = [];
    if (schedule.ical_url_primary) layers.push({ name: 'Calendar', priority: 0, calendar: schedule.ical_url_primary });
    if (schedule.ical_url_overrides)
      layers.push({ name: 'Overrides', priority: 100, calendar: schedule.ical_url_overrides });
    for (const id of schedule.shifts ?? []) {
      const shift = shifts.get(id);
      if (shift === undefined) {
        draft.note(`shift ${id} of ${schedule.name}`, 'The export does not contain it.', 'Export the shifts too.');
        continue;
      }
      // A start that says Z is meant in UTC whatever the zone; one without is the clock on the wall.
      const zone = shift.start.endsWith('Z')
        ? 'UTC'
        : draft.zone(shift.time_zone ?? timeZone, `shift ${shift.name ?? id}`);
      if (shift.type === 'single_event' || shift.type === 'override')
        later.push(() => single(shift, zone, schedules.get(schedule.id) ?? schedule.name));
      else layers.push(...layerOf(shift, zone, schedule.name));
    }
    schedules.set(schedule.id, draft.addSchedule(schedule.name, { timeZone, layers }));
    for (const add of later) add();
  }
  for (const chain of given.escalation_chains) {
    const steps = given.escalation_policies
      .filter((step) => step.escalation_chain_id === chain.id)
      .toSorted((a, b) => a.position - b.position);
    policyOf(chain.name, steps);
  }
  return draft.done();

  function layerOf(shift: Shift, timeZone: string, schedule: string): LayerInput[] {
    const name = shift.name ?? shift.id;
    const what = `shift ${name} of ${schedule}`;
    const refuse = (why: string): LayerInput[] => {
      draft.note(what, why, 'Make the layer by hand.');
      return [];
    };
    const [date = '', time = '00:00'] = shift.start.replace('Z', '').split('T');
    const from = minutesOf(time);
    const minutes = Math.round(shift.duration / 60);
    const every = shift.interval ?? 1;
    const together = [shift.users ?? []];
    const given =
      shift.type === 'rolling_users'
        ? turned(shift.rolling_users ?? [], shift.start_rotation_from_user_index ?? 0)
        : together;
    const slots = given.map((ids) => ids.map((id) => draft.login(id, what)).filter((login) => login !== null));
    if (slots.length === 0) return refuse('Nobody is in it.');
    if ((shift.by_month ?? []).length > 0 || (shift.by_monthday ?? []).length > 0)
      return refuse('It is bound to months or to days of the month.');
    const days = (shift.by_day ?? []).map((each) => dayNames.indexOf(each) + 1).filter((each) => each > 0);
    const base = {
      name,
      priority: Math.min(100, Math.max(0, shift.level ?? 0)),
      timeZone,
      endsOn: shift.until === null || shift.until === undefined ? null : addDays(shift.until.slice(0, 10), 1),
    };
    if (shift.until !== null && shift.until !== undefined)
      draft.note(what, `It ends at ${shift.until}.`, 'Here it ends with the handoff after that day.');
    const clock = timeOf(from);
    /** Every slot, then as many empty ones as it pauses. */
    const spaced = (people: string[][], pause: number) =>
      people.flatMap((slot) => [slot, ...Array.from({ length: pause }, () => [] as string[])]);
    const layer = (
      unit: 'hour' | 'day' | 'week' | 'month',
      n: number,
      participants: string[][],
      startsOn: string,
      restrictions: LayerInput['restrictions'],
    ) =>
      participants.length > 200
        ? refuse('Its turns repeat only after more than 200 slots.')
        : [
            {
              ...base,
              rotation: { unit, every: n, handoffTime: clock, startsOn },
              participants,
              restrictions: restrictions ?? [],
            },
          ];

    switch (shift.frequency) {
      case 'hourly': {
        if (minutes % 60 !== 0 || minutes > every * 60)
          return refuse('Its length is no number of hours, or longer than its turn.');
        if (minutes === every * 60) return layer('hour', every, slots, date, []);
        return layer(
          'hour',
          1,
          slots.flatMap((slot) => Array.from({ length: every }, (_, i) => (i * 60 < minutes ? slot : []))),
          date,
          [],
        );
      }
      case 'daily': {
        if (minutes > day && minutes !== every * day)
          return refuse('A turn is longer than a day and shorter than its period.');
        if (days.length === 0) {
          if (minutes === every * day) return layer('day', every, slots, date, []);
          return layer('day', 1, spaced(slots, every - 1), date, dailySpan([1, 2, 3, 4, 5, 6, 7], from, minutes) ?? []);
        }
        if (every > 1 || minutes > day) return refuse('It skips days and weekdays at once.');
        // The turn moves on with each of its weekdays: written out until weekdays and people meet again.
        const weeks = slots.length / greatestCommonDivisor(slots.length, days.length);
        let turn = 0;
        const sequence = Array.from({ length: weeks * 7 }, (_, i) => {
          if (!days.includes(weekdayOf(addDays(date, i)))) return [];
          turn += 1;
          return slots[(turn - 1) % slots.length] ?? [];
        });
        return layer('day', 1, sequence, date, dailySpan(days, from, minutes) ?? []);
      }
      case 'weekly': {
        if (days.length === 0) {
          if (minutes === every * 7 * day) return layer('week', every, slots, date, []);
          if (minutes > 7 * day) return refuse('A turn is longer than a week and shorter than its period.');
          return layer('week', 1, spaced(slots, every - 1), date, weeklySpan(weekdayOf(date), from, minutes) ?? []);
        }
        if (minutes > day) return refuse('Shifts of several weekdays are longer than a day each.');
        const first = Math.max(1, dayNames.indexOf(shift.week_start ?? 'MO') + 1);
        const monday = addDays(date, -((weekdayOf(date) - first + 7) % 7));
        return layer('week', 1, spaced(slots, every - 1), monday, dailySpan(days, from, minutes) ?? []);
      }
      case 'monthly':
        return minutes >= 28 * day
          ? layer('month', every, slots, date, [])
          : refuse('It is on duty for a part of the month.');
      default:
        return refuse(`Its frequency ${shift.frequency ?? 'none'} is not known.`);
    }
  }

  function single(shift: Shift, timeZone: string, schedule: string): void {
    const name = shift.name ?? shift.id;
    const start = instantOf(shift.start, timeZone);
    const end = start + shift.duration * 1_000;
    if (end <= world.at) return;
    const span = {
      schedule,
      startsAt: new Date(start).toISOString(),
      endsAt: new Date(end).toISOString(),
      reason: `${name}, from Grafana OnCall`,
    };
    const people = (shift.rolling_users?.flat() ?? shift.users ?? [])
      .map((id) => draft.login(id, name))
      .filter((login) => login !== null);
    const replaces = shift.type === 'override' || (shift.level ?? 0) > 0;
    if (replaces) {
      const shifts = people.map((user) => ({ user, startsAt: span.startsAt, endsAt: span.endsAt }));
      draft.addOverride({ ...span, mode: 'temporary', shifts });
      if (shift.type !== 'override')
        draft.note(
          `single shift ${name}`,
          'It has a level of its own.',
          'Here it stands alone for its hours, whatever the level of the others; check it.',
        );
    } else {
      for (const user of people) draft.addOverride({ ...span, mode: 'add', user });
      draft.note(`single shift ${name}`, 'It joins those of its level.', 'Here it joins whoever is on call; check it.');
    }
  }

  function policyOf(chain: string, steps: readonly z.infer<typeof Step>[]): void {
    const made: StepInput[] = [];
    let repeat = 0;
    for (const step of steps) {
      const who = [...(step.persons_to_notify ?? []), ...(step.persons_to_notify_next_each_time ?? [])];
      const users = who
        .map((id) => draft.login(id, `chain ${chain}`))
        .filter((login) => login !== null)
        .map((user) => ({ user }));
      const schedule = schedules.get(step.notify_on_call_from_schedule ?? '');
      const targets = schedule === undefined ? users : [{ schedule }];
      const last = made.at(-1);
      if (step.type === 'wait') {
        if (last === undefined)
          draft.note(
            `chain ${chain}`,
            'It waits before its first step.',
            'Use holdSeconds of the route; the first step pages at once.',
          );
        else last.delayMinutes = Math.min(1_440, last.delayMinutes + Math.ceil((step.duration ?? 0) / 60));
      } else if (step.type === 'repeat_escalation') repeat = repeats;
      else if (targets.length > 0) {
        const roundRobin = step.type === 'notify_person_next_each_time';
        made.push({
          targets,
          roundRobin,
          delayMinutes: 0,
          priority: step.important === true ? 'important' : 'default',
        });
      } else
        draft.note(
          `step ${step.position + 1} (${step.type ?? 'without a type'}) of chain ${chain}`,
          'It has no counterpart, or its target is not in the export.',
          'Add a channel or a person by hand.',
        );
    }
    draft.addPolicy(chain, { steps: made, repeat });
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The instant at which the clock on the wall showed this; the first, where it showed it twice. */
function instantOf(local: string, timeZone: string): number {
  const asUtc = Date.parse(`${local.replace('Z', '')}Z`);
  const wanted = new Date(asUtc).toISOString().slice(0, 16);
  const shown = (ms: number) => {
    const { date, time } = wallTime(ms, timeZone);
    return `${date}T${time}`;
  };
  for (let quarter = -60; quarter <= 60; quarter += 1) {
    const candidate = asUtc + quarter * 900_000;
    if (shown(candidate) === wanted) return candidate;
  }
  return asUtc;
}
