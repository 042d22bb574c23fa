// Opsgenie: what its REST API v2 answers for users, contacts, teams, schedules with rotations and overrides, escalations
// and services, put into one JSON.
// Checked by: the models of opsgenie-go-sdk-v2 1.2.23, read on 2026-11-21. No account; the escalation of a service is not in
// them, and what overlapping rotations mean is from third-party text.
import { z } from 'zod';
import {
  createDraft,
  type Draft,
  type Imported,
  type ImportWorld,
  type LayerInput,
  type PersonInput,
  type StepInput,
} from '#server/modules/importers/draft.ts';
import { dailySpan, type Hours, merged, weeklySpan } from '#server/modules/importers/spans.ts';
import { wallTime } from '#server/modules/importers/zone-time.ts';

const instant = z.iso.datetime({ offset: true });
const Participant = z.object({
  type: z.string(),
  id: z.string().nullish(),
  username: z.string().nullish(),
  name: z.string().nullish(),
});
type Participant = z.infer<typeof Participant>;
const Clock = z.object({
  startHour: z.number(),
  startMin: z.number().default(0),
  endHour: z.number(),
  endMin: z.number().default(0),
});
const DayClock = Clock.extend({ startDay: z.string(), endDay: z.string() });
const TimeRestriction = z.object({
  type: z.string(),
  restriction: Clock.nullish(),
  restrictions: z.array(DayClock).nullish(),
});
const Rotation = z.object({
  name: z.string().nullish(),
  startDate: instant,
  endDate: instant.nullish(),
  type: z.string(),
  length: z.number().default(1),
  participants: z.array(Participant),
  timeRestriction: TimeRestriction.nullish(),
});
const Override = z.object({
  user: Participant,
  startDate: instant,
  endDate: instant,
  rotations: z.array(z.object({ name: z.string().nullish() })).nullish(),
});
const Schedule = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  timezone: z.string(),
  enabled: z.boolean().default(true),
  rotations: z.array(Rotation).default([]),
  overrides: z.array(Override).default([]),
});
/** Inside of a user its kind is `contactMethod`; the list of contacts says `method`, and nests whether it is enabled. */
const Contact = z
  .object({
    contactMethod: z.string().nullish(),
    method: z.string().nullish(),
    to: z.string(),
    enabled: z.boolean().nullish(),
    status: z.object({ enabled: z.boolean().nullish() }).nullish(),
  })
  .transform(({ contactMethod, method, to, enabled, status }) => ({
    method: contactMethod ?? method ?? '',
    to,
    enabled: enabled ?? status?.enabled ?? true,
  }));
const minutesPer: Record<string, number> = { minutes: 1, hours: 60, days: 1_440, weeks: 10_080, months: 43_200 };
const Delay = z
  .object({ timeAmount: z.number().min(0), timeUnit: z.string().nullish() })
  .transform(({ timeAmount, timeUnit }) => ({ minutes: timeAmount * (minutesPer[timeUnit ?? 'minutes'] ?? 1) }));
const User = z.object({
  id: z.string(),
  username: z.string(),
  fullName: z.string().nullish(),
  timeZone: z.string().nullish(),
  userContacts: z.array(Contact).default([]),
});
const Team = z.object({
  id: z.string(),
  name: z.string(),
  members: z.array(z.object({ user: z.object({ id: z.string() }) })).default([]),
});
const Escalation = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  rules: z.array(
    z.object({
      condition: z.string().default('if-not-acked'),
      notifyType: z.string().default('default'),
      delay: Delay,
      recipient: Participant,
    }),
  ),
  repeat: z.object({ count: z.number().default(0), waitInterval: z.number().default(0) }).nullish(),
});
export const OpsgenieExport = z.object({
  users: z.array(User).default([]),
  teams: z.array(Team).default([]),
  schedules: z.array(Schedule).default([]),
  escalations: z.array(Escalation).default([]),
  services: z
    .array(z.object({ name: z.string(), teamId: z.string().nullish(), escalationId: z.string().nullish() }))
    .default([]),
});
type Export = z.infer<typeof OpsgenieExport>;

export function importOpsgenie(given: Export, world: ImportWorld): Imported {
  const draft = createDraft(world);
  const byName = new Map(given.users.map((user) => [user.username.toLowerCase(), user.id]));
  const idOf = (who: Participant) =>
    who.id ?? byName.get((who.username ?? who.name ?? '').toLowerCase()) ?? who.username ?? '';
  for (const user of given.users) {
    draft.addPerson(user.id, {
      email: user.username,
      name: user.fullName ?? user.username,
      person: profile(user, draft),
    });
    draft.note(
      `notification rules of ${user.username}`,
      'They hang on Opsgenie actions, which have no counterpart.',
      'Without rules a page goes to the desktop at once; set rules under People.',
    );
  }
  for (const team of given.teams) {
    draft.addTeam(
      team.name,
      team.members.map(({ user }) => draft.loginOf(user.id)).filter((login) => login !== null),
    );
  }
  const schedules = new Map<string, string>();
  for (const schedule of given.schedules) {
    const timeZone = draft.zone(schedule.timezone, `schedule ${schedule.name}`);
    if (!schedule.enabled)
      draft.note(
        `schedule ${schedule.name}`,
        'It is disabled there; here a schedule is always on.',
        'Leave it out of every policy, or delete it.',
      );
    const layers = schedule.rotations.flatMap((rotation, i) => layerOf(rotation, i, { timeZone, name: schedule.name }));
    const name = draft.addSchedule(schedule.name, { description: schedule.description ?? '', timeZone, layers });
    for (const key of [schedule.id, schedule.name]) schedules.set(key, name);
    for (const { user, startDate, endDate, rotations } of schedule.overrides) {
      if (Date.parse(endDate) <= world.at) continue;
      const login = draft.login(idOf(user), `an override of ${name}`);
      if (login === null) continue;
      if ((rotations ?? []).length > 0 && schedule.rotations.length > 1) {
        draft.note(
          `override of ${name} from ${startDate}`,
          'It replaces some of the rotations; here it replaces everybody.',
          'Check it, or make it by hand.',
        );
      }
      draft.addOverride({
        schedule: name,
        mode: 'replace',
        replaces: null,
        user: login,
        startsAt: startDate,
        endsAt: endDate,
        reason: 'from Opsgenie',
      });
    }
  }
  const policies = new Map<string, string | null>();
  for (const escalation of given.escalations) policies.set(escalation.id, policyOf(escalation));
  for (const service of given.services) {
    const policy = policies.get(service.escalationId ?? '') ?? null;
    if (policy === null)
      draft.note(
        `service ${service.name}`,
        'Its team routes it, which the export does not say.',
        'Choose the policy of its route.',
      );
    draft.addRoute(service.name, policy);
  }
  return draft.done();

  function layerOf(
    rotation: z.infer<typeof Rotation>,
    i: number,
    schedule: { timeZone: string; name: string },
  ): LayerInput[] {
    const name = rotation.name ?? `Rotation ${i + 1}`;
    const what = `rotation ${name} of ${schedule.name}`;
    const unit = units[rotation.type];
    if (unit === undefined) {
      draft.note(what, `Its type ${rotation.type} is not known.`, 'Make the layer by hand.');
      return [];
    }
    if (rotation.endDate !== null && rotation.endDate !== undefined && Date.parse(rotation.endDate) <= world.at)
      return [];
    const start = wallTime(Date.parse(rotation.startDate), schedule.timeZone);
    const participants = rotation.participants.map((who) => slotOf(who, what));
    if (participants.length === 0) return [];
    const end =
      rotation.endDate === null || rotation.endDate === undefined
        ? null
        : wallTime(Date.parse(rotation.endDate), schedule.timeZone);
    if (end !== null && end.time !== start.time) {
      draft.note(
        what,
        `It ends at ${rotation.endDate}, between two handoffs.`,
        `Here it ends on ${end.date} at ${start.time}.`,
      );
    }
    return [
      {
        name,
        // Rotations that overlap are on call together.
        priority: 0,
        timeZone: schedule.timeZone,
        rotation: { unit, every: rotation.length, handoffTime: start.time, startsOn: start.date },
        participants,
        restrictions: hoursOf(rotation.timeRestriction),
        endsOn: end?.date ?? null,
      },
    ];
  }

  function slotOf(who: Participant, what: string): string[] {
    if (who.type === 'none') return [];
    if (who.type === 'team') {
      const team = given.teams.find((each) => each.id === who.id || each.name === who.name);
      draft.note(
        `team ${who.name ?? who.id} in ${what}`,
        'A slot holds people: its members of today were taken.',
        'Change the slot when the team changes.',
      );
      return (team?.members ?? [])
        .map(({ user }) => draft.loginOf(user.id))
        .filter((login) => login !== null)
        .slice(0, 10);
    }
    if (who.type !== 'user') {
      draft.note(
        `${who.type} ${who.name ?? who.id} in ${what}`,
        'Only people can be in a rotation.',
        'Put somebody in this slot; it is empty.',
      );
      return [];
    }
    const login = draft.login(idOf(who), what);
    return login === null ? [] : [login];
  }

  /** There each rule counts its minutes from the alert; here each step from the one before. */
  function policyOf(escalation: z.infer<typeof Escalation>): string | null {
    const rules = escalation.rules.toSorted((a, b) => a.delay.minutes - b.delay.minutes);
    const steps: (StepInput & { at: number })[] = [];
    for (const rule of rules) {
      const target = targetOf(rule.recipient, rule.notifyType, escalation.name);
      const known = steps.find((step) => step.at === rule.delay.minutes);
      if (known !== undefined) known.targets.push(...target);
      else steps.push({ at: rule.delay.minutes, targets: [...target], delayMinutes: 0 });
      if (rule.condition === 'if-not-closed') {
        draft.note(
          `escalation ${escalation.name}`,
          'A rule goes on after the acknowledgement, until the alert is closed.',
          'Here an acknowledgement ends paging; raise acknowledgementsNeeded if more people have to take it.',
        );
      }
    }
    if ((steps[0]?.at ?? 0) > 0) {
      draft.note(
        `escalation ${escalation.name}`,
        `Its first rule waits ${steps[0]?.at} minutes.`,
        'Here the first step pages at once; holdSeconds of the route waits up to 10 minutes.',
      );
    }
    const wait = escalation.repeat?.waitInterval ?? 0;
    const made = steps.map(({ at, targets }, i) => ({
      targets,
      delayMinutes: Math.min(1_440, (steps[i + 1]?.at ?? at + Math.max(wait, 5)) - at),
    }));
    return draft.addPolicy(escalation.name, {
      description: escalation.description ?? '',
      steps: made,
      repeat: escalation.repeat?.count ?? 0,
    });
  }

  function targetOf(who: Participant, notifyType: string, where: string): StepInput['targets'] {
    if (notifyType !== 'default' && notifyType !== 'all') {
      draft.note(
        `${notifyType} of ${who.name ?? who.id} in ${where}`,
        'Only “whoever is on call” and “everybody” have a counterpart.',
        'Everybody who is on call is paged; check the step.',
      );
    }
    if (who.type === 'user') {
      const user = draft.login(idOf(who), where);
      return user === null ? [] : [{ user }];
    }
    if (who.type === 'team') {
      const team = given.teams.find((each) => each.id === who.id || each.name === who.name);
      return team === undefined ? [] : [{ team: team.name }];
    }
    const schedule = schedules.get(who.id ?? '') ?? schedules.get(who.name ?? '');
    if (schedule !== undefined) return [{ schedule }];
    draft.note(
      `${who.type} ${who.name ?? who.id} in ${where}`,
      'The export does not contain it.',
      'Choose another target.',
    );
    return [];
  }
}

const units: Record<string, 'hour' | 'day' | 'week'> = { hourly: 'hour', daily: 'day', weekly: 'week' };
const dayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const kinds: Record<string, 'email' | 'sms' | 'voice' | 'desktop'> = {
  email: 'email',
  sms: 'sms',
  voice: 'voice',
  mobile: 'desktop',
};

function profile(user: z.infer<typeof User>, draft: Draft): PersonInput {
  const methods: NonNullable<PersonInput['methods']> = [];
  for (const { method, to, enabled } of user.userContacts) {
    const kind = kinds[method];
    if (kind === undefined) {
      draft.note(
        `${method} of ${user.username}`,
        'There is no such contact method here.',
        'Add another one under People.',
      );
      continue;
    }
    const number = `+${to.replaceAll(/\D/g, '')}`;
    const address = kind === 'desktop' ? '' : kind === 'email' ? to : number;
    if (!methods.some((known) => known.kind === kind && known.address === address))
      methods.push({ kind, address, enabled });
  }
  return { timeZone: draft.zone(user.timeZone ?? 'UTC', user.username), methods };
}

function hoursOf(restriction: z.infer<typeof TimeRestriction> | null | undefined): Hours[] {
  if (restriction === null || restriction === undefined) return [];
  if (restriction.type === 'time-of-day') {
    if (restriction.restriction === null || restriction.restriction === undefined) return [];
    const { from, minutes } = spanOf(restriction.restriction);
    return dailySpan([1, 2, 3, 4, 5, 6, 7], from, minutes) ?? [];
  }
  const spans = (restriction.restrictions ?? []).map((each) => {
    const start = dayNames.indexOf(each.startDay.toLowerCase()) + 1;
    const days = (dayNames.indexOf(each.endDay.toLowerCase()) + 1 - start + 7) % 7;
    const from = each.startHour * 60 + each.startMin;
    const to = each.endHour * 60 + each.endMin;
    const minutes = days * 1_440 + to - from;
    return weeklySpan(start, from, minutes <= 0 ? minutes + 7 * 1_440 : minutes);
  });
  return spans.some((span) => span === null) ? [] : merged(spans.flatMap((span) => span ?? []));
}

function spanOf(clock: z.infer<typeof Clock>): { from: number; minutes: number } {
  const from = clock.startHour * 60 + clock.startMin;
  const minutes = clock.endHour * 60 + clock.endMin - from;
  return { from, minutes: minutes <= 0 ? minutes + 1_440 : minutes };
}
