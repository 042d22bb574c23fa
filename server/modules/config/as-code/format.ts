// The file as people write it: names in place of ids, everywhere. docs/as-code.md.
import { z } from 'zod';
import { ChannelKind, ContactKind } from '#server/contract/channel.ts';
import { LoginName, PermissionRole } from '#server/contract/people.ts';
import { Priority, WorkingHours } from '#server/contract/policy.ts';
import { Expression, Instant, StorableText, Title } from '#server/contract/primitives.ts';
import { LocalDate, LocalTime, Rotation, TimeZone } from '#server/contract/schedule.ts';
import { MailAddress } from '#server/contract/stakeholder.ts';
import { Severity } from '#server/contract/severity.ts';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const Login = LoginName;
const Long = StorableText.max(2_000).default('');
const Reason = StorableText.max(1_000).default('');
const Days = z.array(z.enum(weekdays)).min(1).max(7);

const Restriction = z.strictObject({ days: Days, from: LocalTime, to: LocalTime });
const Layer = z.strictObject({
  name: Title,
  priority: z.int().min(0).max(100).default(0),
  /** Present: the layer is somebody else's calendar, and has nothing else. */
  calendar: z.string().optional(),
  timeZone: TimeZone.optional(),
  rotation: z.strictObject(Rotation.shape).optional(),
  /** Who is on call in turn; several together as a list of their own. */
  participants: z
    .array(z.union([Login, z.array(Login).max(10)]))
    .max(200)
    .optional(),
  restrictions: z.array(Restriction).max(20).default([]),
  endsOn: LocalDate.nullable().default(null),
});
const Schedule = z.strictObject({
  description: Long,
  team: Title.nullable().default(null),
  timeZone: TimeZone,
  layers: z.array(Layer).max(50),
});

const Target = z
  .strictObject({
    user: Login.optional(),
    schedule: Title.optional(),
    team: Title.optional(),
    channel: Title.optional(),
  })
  .refine((target) => Object.keys(target).length === 1, 'name one of user, schedule, team and channel');
const Step = z.strictObject({
  targets: z.array(Target).min(1).max(50),
  roundRobin: z.boolean().default(false),
  delayMinutes: z.int().min(0).max(1_440),
  severities: z.array(Severity).max(4).default([]),
  hours: z.enum(['any', 'working', 'outside']).default('any'),
  priority: z.enum(['by-route', ...Priority.options]).default('by-route'),
});
const Policy = z.strictObject({
  description: Long,
  team: Title.nullable().default(null),
  steps: z.array(Step).min(1).max(20),
  repeat: z.int().min(0).max(100).nullable().default(0),
  acknowledgementsNeeded: z.int().min(1).max(20).default(1),
  pageAgain: z.enum(['severity-rises', 'every-alert']).default('severity-rises'),
  workingHours: z
    .strictObject({ ...WorkingHours.shape, days: Days })
    .nullable()
    .default(null),
});

const routing = {
  policy: Title.nullable().default(null),
  priority: z.enum(['by-severity', ...Priority.options]).default('by-severity'),
  channels: z.array(Title).max(20).default([]),
  service: StorableText.max(300).default(''),
  holdSeconds: z.int().min(0).max(600).default(0),
};
const Route = z.strictObject({ name: Title, enabled: z.boolean().default(true), condition: Expression, ...routing });
const CatchAll = z.strictObject({ name: Title.optional(), ...routing });
const Inhibition = z.strictObject({
  enabled: z.boolean().default(true),
  cause: Expression,
  symptom: Expression,
  equal: z.array(StorableText.trim().min(1).max(200)).max(20).default([]),
});
/** A secret is never written down: it comes from the environment of whoever applies, or stays as it is. */
const Secret = z
  .strictObject({
    env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/)
      .optional(),
    keep: z.literal(true).optional(),
  })
  .refine(
    (secret) => Object.keys(secret).length === 1,
    'write {env: NAME}, {keep: true} or null; never the secret itself',
  );
const Channel = z.strictObject({
  kind: ChannelKind,
  enabled: z.boolean().default(true),
  settings: z.record(z.string().max(60), z.union([z.string().max(4_000), z.number(), z.boolean()])).default({}),
  secrets: z.record(z.string().max(60), Secret.nullable()).default({}),
});
const Monitor = z.strictObject({
  enabled: z.boolean().default(true),
  severity: Severity,
  service: StorableText.max(300).default(''),
  intervalSeconds: z.int().min(30).max(2_592_000),
  graceSeconds: z.int().min(0).max(86_400).default(0),
  labels: z.record(StorableText.max(200), StorableText.max(1_000)).default({}),
});

const Stakeholders = z.strictObject({
  description: Long,
  /** An e-mail channel. */
  channel: Title,
  people: z.array(Login).max(200).default([]),
  addresses: z.array(MailAddress).max(500).default([]),
});

const Method = z.strictObject({
  kind: ContactKind,
  address: StorableText.trim().max(500).default(''),
  label: StorableText.trim().max(100).default(''),
  channel: Title.nullable().default(null),
  enabled: z.boolean().default(true),
});
/** `method` is its label, its kind, or both its kind and its address: whichever tells it from the others. */
const Rule = z.strictObject({ method: z.string().max(700), delayMinutes: z.int().min(0).max(240) });
const profile = {
  timeZone: TimeZone.optional(),
  methods: z.array(Method).max(20).optional(),
  rules: z
    .strictObject({ default: z.array(Rule).max(20).default([]), important: z.array(Rule).max(20).default([]) })
    .optional(),
  quietHours: z.strictObject({ from: LocalTime, to: LocalTime }).nullable().optional(),
  doNotDisturb: z.strictObject({ until: Instant, importantPass: z.boolean() }).nullable().optional(),
};
const Person = z.strictObject({
  /** Name, role and teams are for people who are not here yet. */
  name: StorableText.trim().min(1).max(100).optional(),
  role: PermissionRole.optional(),
  ...profile,
});
const Team = z.strictObject({ members: z.array(Login).max(500).default([]) });

const Override = z.strictObject({
  schedule: Title,
  mode: z.enum(['add', 'remove', 'replace', 'temporary']),
  startsAt: Instant,
  endsAt: Instant,
  user: Login.optional(),
  /** Of `replace`: null is whoever it is. */
  replaces: Login.nullable().optional(),
  shifts: z
    .array(z.strictObject({ user: Login, startsAt: Instant, endsAt: Instant }))
    .max(500)
    .optional(),
  reason: Reason,
});
const TimeOff = z.strictObject({ user: Login, startsAt: Instant, endsAt: Instant, reason: Reason });

const named = <T extends z.ZodType>(schema: T) => z.record(Title, schema);

export const ConfigFile = z.strictObject({
  teams: named(Team).optional(),
  people: z.record(Login, Person).optional(),
  channels: named(Channel).optional(),
  schedules: named(Schedule).optional(),
  policies: named(Policy).optional(),
  /** In the order of trial. */
  routes: z.array(Route).max(500).optional(),
  catchAll: CatchAll.optional(),
  inhibitions: named(Inhibition).optional(),
  monitors: named(Monitor).optional(),
  stakeholders: named(Stakeholders).optional(),
  overrides: z.array(Override).max(5_000).optional(),
  timeOff: z.array(TimeOff).max(5_000).optional(),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
export type ConfigFileInput = z.input<typeof ConfigFile>;
export type FilePerson = z.infer<typeof Person>;
export type FileLayer = z.infer<typeof Layer>;
export type FileOverride = z.infer<typeof Override>;

/** The keys that may stand at a place of the file, for the suggestion when one is unknown. */
export function knownKeys(path: readonly (string | number)[]): string[] {
  let schemas: unknown[] = [ConfigFile];
  for (const step of path) schemas = schemas.flatMap(bare).flatMap((schema) => inside(schema, step));
  const objects = schemas.flatMap(bare).filter((schema) => schema instanceof z.ZodObject);
  return [...new Set(objects.flatMap((schema) => Object.keys(schema.shape)))];
}

/** What may stand there, without what says that it may be missing or one of several. */
function bare(schema: unknown): unknown[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(bare);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return bare(schema.unwrap());
  return [schema];
}

function inside(schema: unknown, step: string | number): unknown[] {
  if (schema instanceof z.ZodObject) {
    const fields: Record<string, z.ZodType> = schema.shape;
    return Object.hasOwn(fields, step) ? [fields[step]] : [];
  }
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  return schema instanceof z.ZodArray ? [schema.element] : [];
}
