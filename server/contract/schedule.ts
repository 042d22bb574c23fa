// Who is on call: layers of rotations, and what people change about them. What each word means: docs/schedules.md.
import { z } from 'zod';
import { document } from '#server/contract/config-document.ts';
import { Id, Instant, ShortText, StorableText, Title } from '#server/contract/primitives.ts';

/** An IANA zone that this runtime knows. */
export const TimeZone = z.string().max(100).refine(isTimeZone, 'is no time zone; use a name like Europe/Berlin');
export const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time like 09:00');
export const LocalDate = z.iso.date();
/** ISO: Monday is 1, Sunday 7. */
export const Weekday = z.int().min(1).max(7);

export const rotationUnits = ['hour', 'day', 'week', 'month'] as const;

/** Slot 0 begins on `startsOn` at `handoffTime`, slot 1 one period later, and so on around the participants. */
export const Rotation = z.object({
  unit: z.enum(rotationUnits),
  every: z.int().min(1).max(400),
  handoffTime: LocalTime,
  /** Its weekday is the handoff day of a weekly rotation, its day the one of a monthly (31 is the last of the month). */
  startsOn: LocalDate,
});
export type Rotation = z.infer<typeof Rotation>;

/** The layer is on duty only in these local hours. `to` at or before `from` runs into the next day. */
export const Restriction = z.object({ days: z.array(Weekday).min(1).max(7), from: LocalTime, to: LocalTime });
export type Restriction = z.infer<typeof Restriction>;

const layerBase = {
  id: Id,
  name: Title,
  /** Of the layers that cover an instant, those with the highest priority are on call, all of them. */
  priority: z.int().min(0).max(100),
};

export const Layer = z.discriminatedUnion('type', [
  z.object({
    ...layerBase,
    type: z.literal('rotation'),
    timeZone: TimeZone,
    rotation: Rotation,
    /** Each slot is who is on call together; an empty one is a shift that nobody has. */
    participants: z.array(z.array(Id).max(10)).min(1).max(200),
    restrictions: z.array(Restriction).max(20),
    /** First local day that it no longer covers, from the handoff time on. */
    endsOn: LocalDate.nullable(),
  }),
  /** Shifts read from somebody else's calendar: an event whose summary names a login or a person is a shift. */
  z.object({ ...layerBase, type: z.literal('calendar'), url: z.url({ protocol: /^https?$/ }).max(2_000) }),
]);
export type Layer = z.infer<typeof Layer>;
export type RotationLayer = Extract<Layer, { type: 'rotation' }>;

export const ScheduleDraft = z.object({
  name: Title,
  description: StorableText.max(2_000).default(''),
  teamId: Id.nullable().default(null),
  /** The zone it is shown in; each layer has its own for its handoffs. */
  timeZone: TimeZone,
  layers: z.array(Layer).max(50),
});
export type ScheduleDraft = z.infer<typeof ScheduleDraft>;
export const Schedule = document(ScheduleDraft);
export type Schedule = z.infer<typeof Schedule>;

const span = { startsAt: Instant, endsAt: Instant };

/**
 * A change of a schedule for a while.
 * add: this person too. remove: not this person. replace: this person instead of another, or (null) of whoever it is.
 * temporary: for this span only these shifts count, whatever the layers say.
 */
export const OverrideDraft = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('add'), scheduleId: Id, ...span, userId: Id, reason: StorableText.max(1_000) }),
  z.object({ mode: z.literal('remove'), scheduleId: Id, ...span, userId: Id, reason: StorableText.max(1_000) }),
  z.object({
    mode: z.literal('replace'),
    scheduleId: Id,
    ...span,
    userId: Id,
    replacedUserId: Id.nullable(),
    reason: StorableText.max(1_000),
  }),
  z.object({
    mode: z.literal('temporary'),
    scheduleId: Id,
    ...span,
    shifts: z.array(z.object({ userId: Id, ...span })).max(500),
    reason: StorableText.max(1_000),
  }),
]);
export type OverrideDraft = z.infer<typeof OverrideDraft>;
export const Override = z.intersection(OverrideDraft, document(z.object({})));
export type Override = z.infer<typeof Override>;

/** Away from every schedule; the next in the rotation who is there stands in. */
export const TimeOffDraft = z.object({ userId: Id, ...span, reason: StorableText.max(1_000) });
export type TimeOffDraft = z.infer<typeof TimeOffDraft>;
export const TimeOff = document(TimeOffDraft);
export type TimeOff = z.infer<typeof TimeOff>;

/** A shift that somebody asks to hand over, for another one or for nothing. Accepted, it acts like two overrides. */
export const SwapDraft = z.object({
  scheduleId: Id,
  fromUserId: Id,
  /** Null: whoever takes it first. */
  toUserId: Id.nullable(),
  give: z.object(span),
  takeBack: z.object(span).nullable(),
  reason: StorableText.max(1_000),
  status: z.enum(['asked', 'accepted', 'declined', 'withdrawn']),
  answeredAt: Instant.nullable(),
});
export type SwapDraft = z.infer<typeof SwapDraft>;
export const Swap = document(SwapDraft);
export type Swap = z.infer<typeof Swap>;

export const ShiftSource = z.object({
  type: z.enum(['layer', 'calendar', 'override', 'temporary', 'swap', 'stand-in']),
  /** Of the layer, override or swap. */
  id: Id,
  name: z.string(),
});
export const Shift = z.object({ userId: Id, ...span, source: ShiftSource });
export type Shift = z.infer<typeof Shift>;

/** What is wrong with a schedule in the weeks ahead, as a number and in words. */
export const ScheduleQuality = z.object({
  /** 0 to 100; 100 is no gap, nobody twice, and the load shared evenly. */
  score: z.int().min(0).max(100),
  from: Instant,
  to: Instant,
  gaps: z.array(z.object(span)),
  /** Shifts of people who are disabled or can no longer be found, or of nobody. */
  emptyShifts: z.array(z.object({ ...span, layer: z.string(), why: ShortText })),
  /** The same person on call here and on another schedule at once. */
  doubleBookings: z.array(z.object({ ...span, userId: Id, otherScheduleId: Id })),
  /** Hours a person has, beside the even share. */
  load: z.array(z.object({ userId: Id, hours: z.number(), share: z.number(), nightHours: z.number() })),
});
export type ScheduleQuality = z.infer<typeof ScheduleQuality>;

/** A schedule's shifts from two weeks ago to two weeks ahead, worked out by the server, so that clients know offline. */
export const Roster = z.object({
  /** The schedule's. */
  id: Id,
  version: z.int(),
  from: Instant,
  to: Instant,
  shifts: z.array(Shift),
  quality: ScheduleQuality,
});
export type Roster = z.infer<typeof Roster>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
