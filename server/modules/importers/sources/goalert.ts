// GoAlert: what its GraphQL answers for users, rotations, schedules, userOverrides, escalationPolicies and services, put
// into one JSON with those names (each list itself, or its `nodes`).
// Checked by: the published GraphQL schema (target/goalert graphql2/schema.graphql), which was read; no running server.
import { z } from 'zod';
import {
  createDraft,
  type Draft,
  type Imported,
  type ImportWorld,
  type LayerInput,
  type PersonInput,
  type StepInput,
  turned,
} from '#server/modules/importers/draft.ts';
import { type Hours, merged } from '#server/modules/importers/spans.ts';
import { weekdays } from '#server/modules/importers/weekdays.ts';
import { addDays, daysBetween, minutesOf, timeOf, wallTime } from '#server/modules/importers/zone-time.ts';

const instant = z.iso.datetime({ offset: true });
const list = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), z.object({ nodes: z.array(item) }).transform((page) => page.nodes)]).default([]);
const Target = z.object({ id: z.string(), type: z.string(), name: z.string().nullish() });
const User = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  contactMethods: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        type: z.string().nullish(),
        value: z.string(),
        disabled: z.boolean().default(false),
      }),
    )
    .default([]),
  notificationRules: z.array(z.object({ delayMinutes: z.number(), contactMethodID: z.string() })).default([]),
});
const Rotation = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  start: instant,
  shiftLength: z.number().int().positive(),
  timeZone: z.string(),
  userIDs: z.array(z.string()),
  activeUserIndex: z.number().int(),
  nextHandoffTimes: z.array(instant).default([]),
});
type Rotation = z.infer<typeof Rotation>;
const Rule = z.object({ start: z.string(), end: z.string(), weekdayFilter: z.array(z.boolean()).length(7) });
const Schedule = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  timeZone: z.string(),
  targets: z.array(z.object({ target: Target, rules: z.array(Rule) })).default([]),
  temporarySchedules: z
    .array(
      z.object({
        start: instant,
        end: instant,
        shifts: z.array(z.object({ userID: z.string(), start: instant, end: instant })),
      }),
    )
    .default([]),
});
const Override = z.object({
  start: instant,
  end: instant,
  addUserID: z.string().nullish(),
  removeUserID: z.string().nullish(),
  target: Target,
});
const Policy = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  repeat: z.number().default(0),
  steps: z.array(z.object({ delayMinutes: z.number(), targets: z.array(Target) })),
});
const Service = z.object({ name: z.string(), escalationPolicyID: z.string().nullish() });
export const GoAlertExport = z.object({
  users: list(User),
  rotations: list(Rotation),
  schedules: list(Schedule),
  userOverrides: list(Override),
  escalationPolicies: list(Policy),
  services: list(Service),
});

export function importGoAlert(given: z.infer<typeof GoAlertExport>, world: ImportWorld): Imported {
  const draft = createDraft(world);
  for (const user of given.users)
    draft.addPerson(user.id, { email: user.email, name: user.name, person: profile(user, draft) });
  const rotations = new Map(given.rotations.map((rotation) => [rotation.id, rotation]));
  const schedules = new Map<string, string>();
  for (const schedule of given.schedules) {
    const timeZone = draft.zone(schedule.timeZone, `schedule ${schedule.name}`);
    const layers = schedule.targets.flatMap(({ target, rules }) => layerOf(target, rules, { ...schedule, timeZone }));
    const name = draft.addSchedule(schedule.name, { description: schedule.description ?? '', timeZone, layers });
    schedules.set(schedule.id, name);
    for (const { start, end, shifts } of schedule.temporarySchedules) {
      if (Date.parse(end) <= world.at) continue;
      const people = shifts.flatMap((shift) => {
        const user = draft.login(shift.userID, `a temporary schedule of ${name}`);
        return user === null ? [] : [{ user, startsAt: shift.start, endsAt: shift.end }];
      });
      draft.addOverride({
        schedule: name,
        mode: 'temporary',
        startsAt: start,
        endsAt: end,
        shifts: people,
        reason: 'from GoAlert',
      });
    }
  }
  for (const override of given.userOverrides) overrideOf(override);
  const policies = new Map<string, string | null>();
  for (const policy of given.escalationPolicies) {
    const steps = policy.steps.map((step) => ({
      targets: step.targets.flatMap((target) => targetOf(target, policy.name)),
      delayMinutes: Math.min(1_440, step.delayMinutes),
    }));
    policies.set(
      policy.id,
      draft.addPolicy(policy.name, {
        description: policy.description ?? '',
        steps,
        repeat: Math.min(100, policy.repeat),
      }),
    );
  }
  for (const service of given.services)
    draft.addRoute(service.name, policies.get(service.escalationPolicyID ?? '') ?? null);
  return draft.done();

  /** Every assignment is a layer; those on duty at once are on call together. */
  function layerOf(
    target: z.infer<typeof Target>,
    rules: readonly z.infer<typeof Rule>[],
    schedule: { name: string; timeZone: string },
  ): LayerInput[] {
    const hours = hoursOf(rules);
    if (hours === null) return [];
    const what = `${target.name ?? target.id} in ${schedule.name}`;
    const base = { priority: 0, timeZone: schedule.timeZone, restrictions: hours };
    if (target.type === 'user') {
      const login = draft.login(target.id, schedule.name);
      const rotation = { unit: 'week', every: 1, handoffTime: '00:00', startsOn: '2000-01-03' } as const;
      return login === null ? [] : [{ ...base, name: login, rotation, participants: [login] }];
    }
    const rotation = rotations.get(target.id);
    if (target.type !== 'rotation' || rotation === undefined) {
      draft.note(`${target.type} ${what}`, 'The export does not contain it.', 'Add a layer by hand.');
      return [];
    }
    let zone = draft.zone(rotation.timeZone, `rotation ${rotation.name}`);
    if (zone !== schedule.timeZone && hours.length > 0) {
      draft.note(
        `rotation ${rotation.name} in ${schedule.name}`,
        `It hands off in ${zone} and is on duty in ${schedule.timeZone}; a layer has one zone.`,
        `Here it hands off in ${schedule.timeZone}: an hour apart in some weeks.`,
      );
      zone = schedule.timeZone;
    }
    const people = rotation.userIDs
      .map((id) => draft.login(id, rotation.name))
      .map((login) => (login === null ? [] : login));
    const unit = units[rotation.type];
    if (unit === undefined || people.length === 0) {
      draft.note(
        `rotation ${rotation.name}`,
        people.length === 0 ? 'Nobody is in it.' : `Its type ${rotation.type} is not known.`,
        'Make the layer by hand.',
      );
      return [];
    }
    const anchor = anchorOf(rotation, unit, zone, world.at);
    const made = { unit, every: rotation.shiftLength, handoffTime: anchor.time, startsOn: anchor.date };
    return [
      {
        ...base,
        timeZone: zone,
        name: rotation.name,
        rotation: made,
        participants: turned(people, rotation.activeUserIndex),
      },
    ];
  }

  function overrideOf(override: z.infer<typeof Override>): void {
    const schedule = schedules.get(override.target.id);
    if (schedule === undefined || Date.parse(override.end) <= world.at) return;
    const where = `an override of ${schedule}`;
    const add = override.addUserID ? draft.login(override.addUserID, where) : null;
    const remove = override.removeUserID ? draft.login(override.removeUserID, where) : null;
    const span = { schedule, startsAt: override.start, endsAt: override.end, reason: 'from GoAlert' };
    if (add !== null && remove !== null) draft.addOverride({ ...span, mode: 'replace', user: add, replaces: remove });
    else if (add !== null) draft.addOverride({ ...span, mode: 'add', user: add });
    else if (remove !== null) draft.addOverride({ ...span, mode: 'remove', user: remove });
  }

  function targetOf(target: z.infer<typeof Target>, policy: string): StepInput['targets'] {
    if (target.type === 'user') {
      const user = draft.login(target.id, `policy ${policy}`);
      return user === null ? [] : [{ user }];
    }
    const schedule = schedules.get(target.id);
    if (target.type === 'schedule' && schedule !== undefined) return [{ schedule }];
    const rotation = target.type === 'rotation' ? rotations.get(target.id) : undefined;
    if (rotation !== undefined) {
      const timeZone = draft.zone(rotation.timeZone, `rotation ${rotation.name}`);
      const always = [{ start: '00:00', end: '00:00', weekdayFilter: Array.from({ length: 7 }, () => true) }];
      const layers = layerOf({ ...target, type: 'rotation' }, always, { name: policy, timeZone });
      const name = schedules.get(`rotation ${rotation.id}`) ?? draft.addSchedule(rotation.name, { timeZone, layers });
      schedules.set(`rotation ${rotation.id}`, name);
      return [{ schedule: name }];
    }
    draft.note(
      `${target.type} ${target.name ?? target.id} in policy ${policy}`,
      'It has no counterpart in the export.',
      'Add a channel and choose it in the step.',
    );
    return [];
  }
}

const units: Record<string, 'hour' | 'day' | 'week' | 'month'> = {
  hourly: 'hour',
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
};
const kinds: Record<string, 'email' | 'sms' | 'voice'> = { SMS: 'sms', VOICE: 'voice', EMAIL: 'email' };

/** The handoff at which the person began who is on call now: GoAlert keeps who that is, not a count from the start. */
function anchorOf(
  rotation: Rotation,
  unit: 'hour' | 'day' | 'week' | 'month',
  zone: string,
  at: number,
): { date: string; time: string } {
  const start = wallTime(Date.parse(rotation.start), zone);
  const [next] = rotation.nextHandoffTimes;
  const hourMs = 3_600_000;
  if (unit === 'hour') {
    const length = rotation.shiftLength * hourMs;
    const base = Date.parse(next ?? rotation.start);
    return wallTime(next === undefined ? base + Math.floor((at - base) / length) * length : base - length, zone);
  }
  if (unit === 'month')
    return next === undefined
      ? start
      : { date: monthBefore(wallTime(Date.parse(next), zone).date, rotation.shiftLength), time: start.time };
  const days = rotation.shiftLength * (unit === 'week' ? 7 : 1);
  if (next !== undefined) return { date: addDays(wallTime(Date.parse(next), zone).date, -days), time: start.time };
  const now = wallTime(at, zone);
  const passed = daysBetween(start.date, now.date) - (minutesOf(now.time) < minutesOf(start.time) ? 1 : 0);
  return { date: addDays(start.date, Math.floor(passed / days) * days), time: start.time };
}

function monthBefore(date: string, months: number): string {
  const [year = 2000, month = 1, day = 1] = date.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(day, last)))
    .toISOString()
    .slice(0, 10);
}

/** Sunday comes first there. Null: never on duty; an empty list: always. */
function hoursOf(rules: readonly z.infer<typeof Rule>[]): Hours[] | null {
  const hours = rules
    .filter((rule) => rule.weekdayFilter.some(Boolean))
    .map((rule): Hours => {
      const days = weekdays.filter((_, i) => rule.weekdayFilter[(i + 1) % 7]);
      return { days: [...days], from: timeOf(minutesOf(rule.start)), to: timeOf(minutesOf(rule.end)) };
    });
  if (hours.length === 0) return null;
  const always = merged(hours).some((each) => each.days.length === 7 && each.from === each.to);
  return always ? [] : merged(hours);
}

/** One set of rules there, for every page: it becomes both sets here. */
function profile(user: z.infer<typeof User>, draft: Draft): PersonInput {
  const handles = new Map<string, string>();
  const methods: NonNullable<PersonInput['methods']> = [];
  for (const method of user.contactMethods) {
    const kind = kinds[method.type ?? ''];
    if (kind === undefined) {
      draft.note(
        `${method.type} of ${user.name}`,
        'There is no such contact method here.',
        'Add another one under People.',
      );
      continue;
    }
    handles.set(method.id, `${kind} ${method.value}`);
    if (!methods.some((known) => known.kind === kind && known.address === method.value)) {
      methods.push({ kind, address: method.value, label: '', enabled: !method.disabled });
    }
  }
  const rules = user.notificationRules.flatMap((rule) => {
    const method = handles.get(rule.contactMethodID);
    return method === undefined ? [] : [{ method, delayMinutes: Math.min(240, rule.delayMinutes) }];
  });
  return { timeZone: 'UTC', methods, rules: { default: rules, important: rules } };
}
