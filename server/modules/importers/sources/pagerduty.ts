// PagerDuty: what its REST API v2 answers for users, schedules, escalation policies and services, put into one JSON.
// Checked by: the models of go-pagerduty 1.8.0, read on 2026-11-21, and for the order of layers the source of the official
// Terraform provider. No account; the round-robin strategy of a rule is in neither.
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
import { dailySpan, type Hours, merged, weeklySpan } from '#server/modules/importers/spans.ts';
import { addDays, minutesOf, wallTime } from '#server/modules/importers/zone-time.ts';

const Ref = z.object({ id: z.string(), type: z.string().default(''), summary: z.string().nullish() });
const ContactMethod = z.object({
  id: z.string(),
  type: z.string(),
  label: z.string().nullish(),
  address: z.string().nullish(),
  country_code: z.number().nullish(),
});
const Rule = z.object({
  start_delay_in_minutes: z.number(),
  urgency: z.string().default('high'),
  contact_method: z.object({ id: z.string() }),
});
const User = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  time_zone: z.string().nullish(),
  contact_methods: z.array(ContactMethod).default([]),
  notification_rules: z.array(Rule).default([]),
  teams: z.array(Ref).default([]),
});
const Restriction = z.object({
  type: z.string(),
  start_time_of_day: z.string(),
  duration_seconds: z.number(),
  start_day_of_week: z.number().nullish(),
});
const Layer = z.object({
  name: z.string().nullish(),
  start: z.iso.datetime({ offset: true }),
  end: z.iso.datetime({ offset: true }).nullish(),
  rotation_virtual_start: z.iso.datetime({ offset: true }),
  rotation_turn_length_seconds: z.number().positive(),
  users: z.array(z.object({ user: z.object({ id: z.string() }) })),
  restrictions: z.array(Restriction).default([]),
});
const Override = z.object({
  start: z.iso.datetime({ offset: true }),
  end: z.iso.datetime({ offset: true }),
  user: z.object({ id: z.string() }),
});
const Schedule = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  time_zone: z.string(),
  /** As the API answers: the one that wins comes first. */
  schedule_layers: z.array(Layer).default([]),
  overrides: z.array(Override).default([]),
});
const Policy = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  num_loops: z.number().default(0),
  escalation_rules: z.array(
    z.object({
      escalation_delay_in_minutes: z.number(),
      targets: z.array(Ref),
      escalation_rule_assignment_strategy: z.union([z.string(), z.object({ type: z.string() })]).nullish(),
    }),
  ),
});
const Service = z.object({ name: z.string(), escalation_policy: Ref.nullish(), status: z.string().nullish() });
export const PagerDutyExport = z.object({
  users: z.array(User).default([]),
  teams: z.array(z.object({ id: z.string(), name: z.string() })).default([]),
  schedules: z.array(Schedule).default([]),
  escalation_policies: z.array(Policy).default([]),
  services: z.array(Service).default([]),
});

export function importPagerDuty(given: z.infer<typeof PagerDutyExport>, world: ImportWorld): Imported {
  const draft = createDraft(world);
  for (const user of given.users) {
    draft.addPerson(user.id, { email: user.email, name: user.name, person: profile(user, draft) });
  }
  for (const team of given.teams) {
    const members = given.users.filter((user) => user.teams.some((each) => each.id === team.id));
    draft.addTeam(
      team.name,
      members.map((user) => draft.loginOf(user.id)).filter((login) => login !== null),
    );
  }
  const schedules = new Map<string, string>();
  for (const schedule of given.schedules) {
    const timeZone = draft.zone(schedule.time_zone, `schedule ${schedule.name}`);
    const top = schedule.schedule_layers.length;
    const layers = schedule.schedule_layers.flatMap((layer, i) =>
      layerOf(layer, top - i, { timeZone, name: schedule.name }, world, draft),
    );
    const name = draft.addSchedule(schedule.name, {
      description: schedule.description ?? '',
      timeZone,
      layers: layers.reverse(),
    });
    schedules.set(schedule.id, name);
    for (const { start, end, user } of schedule.overrides) {
      const login = Date.parse(end) > world.at ? draft.login(user.id, `an override of ${name}`) : null;
      if (login !== null)
        draft.addOverride({
          schedule: name,
          mode: 'replace',
          replaces: null,
          user: login,
          startsAt: start,
          endsAt: end,
          reason: 'from PagerDuty',
        });
    }
  }
  const policies = new Map<string, string | null>();
  for (const policy of given.escalation_policies) {
    const steps = policy.escalation_rules.map((rule) => {
      const strategy = rule.escalation_rule_assignment_strategy;
      return {
        targets: rule.targets.flatMap((target) => targetOf(target, policy.name, schedules, draft)),
        delayMinutes: Math.min(1_440, rule.escalation_delay_in_minutes),
        roundRobin: (typeof strategy === 'string' ? strategy : strategy?.type) === 'round_robin',
      };
    });
    policies.set(
      policy.id,
      draft.addPolicy(policy.name, {
        description: policy.description ?? '',
        steps,
        repeat: Math.min(100, policy.num_loops),
      }),
    );
  }
  for (const service of given.services) {
    if (service.status === 'disabled')
      draft.note(
        `service ${service.name}`,
        'It is disabled there.',
        'Its route is made all the same; delete it if nobody needs it.',
      );
    draft.addRoute(service.name, policies.get(service.escalation_policy?.id ?? '') ?? null);
  }
  return draft.done();
}

function profile(user: z.infer<typeof User>, draft: Draft): PersonInput {
  const handles = new Map<string, string>();
  const methods: NonNullable<PersonInput['methods']> = [];
  for (const method of user.contact_methods) {
    const kind = kinds[method.type];
    if (kind === undefined) {
      draft.note(
        `${method.type} of ${user.name}`,
        'There is no such contact method here.',
        'Add another one under People.',
      );
      continue;
    }
    const number = `+${method.country_code ?? 1}${(method.address ?? '').replaceAll(/\D/g, '')}`;
    const address = kind === 'desktop' ? '' : kind === 'email' ? (method.address ?? '') : number;
    if (methods.some((known) => known.kind === kind && known.address === address)) {
      handles.set(method.id, kind === 'desktop' ? 'desktop' : `${kind} ${address}`);
      continue;
    }
    methods.push({ kind, address, label: '' });
    handles.set(method.id, kind === 'desktop' ? 'desktop' : `${kind} ${address}`);
  }
  const rules = (urgency: string) =>
    user.notification_rules
      .filter((rule) => rule.urgency === urgency && handles.has(rule.contact_method.id))
      .map((rule) => ({
        method: handles.get(rule.contact_method.id) ?? '',
        delayMinutes: Math.min(240, rule.start_delay_in_minutes),
      }));
  return {
    timeZone: draft.zone(user.time_zone ?? 'UTC', user.name),
    methods,
    rules: { default: rules('low'), important: rules('high') },
  };
}

const kinds: Record<string, 'email' | 'sms' | 'voice' | 'desktop'> = {
  email_contact_method: 'email',
  sms_contact_method: 'sms',
  phone_contact_method: 'voice',
  push_notification_contact_method: 'desktop',
};

function layerOf(
  layer: z.infer<typeof Layer>,
  priority: number,
  schedule: { timeZone: string; name: string },
  world: ImportWorld,
  draft: Draft,
): LayerInput[] {
  const name = layer.name ?? `Layer ${priority}`;
  const what = `layer ${name} of ${schedule.name}`;
  if (layer.end !== null && layer.end !== undefined && Date.parse(layer.end) <= world.at) return [];
  const seconds = layer.rotation_turn_length_seconds;
  const period = periodOf(seconds);
  if (period === null) {
    draft.note(what, `Its turns last ${seconds} seconds, which is no number of hours.`, 'Make the layer by hand.');
    return [];
  }
  const virtual = Date.parse(layer.rotation_virtual_start);
  const start = Date.parse(layer.start);
  const turns = Math.max(0, Math.floor((start - virtual) / (seconds * 1_000)));
  const first = wallTime(virtual, schedule.timeZone);
  const days = (seconds / 86_400) * turns;
  const anchor =
    period.unit === 'hour'
      ? wallTime(virtual + turns * seconds * 1_000, schedule.timeZone)
      : { ...first, date: addDays(first.date, days) };
  const people = layer.users.map(({ user }) => draft.login(user.id, what));
  const participants = turned(people, turns).map((login) => (login === null ? [] : login));
  if (participants.length === 0) {
    draft.note(what, 'Nobody is in it.', 'Add people, or leave it out.');
    return [];
  }
  const end = layer.end === null || layer.end === undefined ? null : wallTime(Date.parse(layer.end), schedule.timeZone);
  if (end !== null && end.time !== anchor.time) {
    draft.note(
      what,
      `It ends at ${layer.end}, between two handoffs.`,
      `Here it ends on ${end.date} at ${anchor.time}.`,
    );
  }
  if (start > world.at && wallTime(start, schedule.timeZone).time !== anchor.time) {
    draft.note(
      what,
      `It starts at ${layer.start}, between two handoffs.`,
      `Here it starts on ${anchor.date} at ${anchor.time}.`,
    );
  }
  return [
    {
      name: name.slice(0, 300),
      priority: Math.min(100, priority),
      timeZone: schedule.timeZone,
      rotation: { ...period, handoffTime: anchor.time, startsOn: anchor.date },
      participants,
      restrictions: hoursOf(layer.restrictions),
      endsOn: end?.date ?? null,
    },
  ];
}

export function periodOf(seconds: number): { unit: 'hour' | 'day' | 'week'; every: number } | null {
  for (const [unit, length] of [
    ['week', 604_800],
    ['day', 86_400],
    ['hour', 3_600],
  ] as const) {
    if (seconds % length === 0 && seconds / length <= 400) return { unit, every: seconds / length };
  }
  return null;
}

/** Several restrictions together cover what any of them covers; one that is always is none. */
function hoursOf(restrictions: readonly z.infer<typeof Restriction>[]): Hours[] {
  const spans = restrictions.map((each) => {
    const from = minutesOf(each.start_time_of_day);
    const minutes = Math.round(each.duration_seconds / 60);
    return each.type === 'weekly_restriction'
      ? weeklySpan(each.start_day_of_week ?? 1, from, minutes)
      : dailySpan([1, 2, 3, 4, 5, 6, 7], from, minutes);
  });
  return spans.some((span) => span === null) ? [] : merged(spans.flatMap((span) => span ?? []));
}

function targetOf(
  target: z.infer<typeof Ref>,
  policy: string,
  schedules: Map<string, string>,
  draft: Draft,
): StepInput['targets'] {
  if (target.type.startsWith('user')) {
    const user = draft.login(target.id, `policy ${policy}`);
    return user === null ? [] : [{ user }];
  }
  const schedule = schedules.get(target.id);
  if (target.type.startsWith('schedule') && schedule !== undefined) return [{ schedule }];
  draft.note(
    `${target.type} ${target.summary ?? target.id} in policy ${policy}`,
    'The export does not contain it.',
    'Choose another target.',
  );
  return [];
}
