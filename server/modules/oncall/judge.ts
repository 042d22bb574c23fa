// Quality and findings of a schedule, worked out with everything around it.
import type { Finding } from '#server/contract/config-document.ts';
import type { ScheduleQuality } from '#server/contract/schedule.ts';
import { factsBetween, type OnCallWorld, peopleOf } from '#server/modules/oncall/facts.ts';
import { dayMs, hourMs, instantText } from '#server/modules/oncall/local-days.ts';
import {
  imbalance,
  intervalOf,
  judgedSpan,
  lengthOf,
  type OtherShift,
  scheduleQuality,
} from '#server/modules/oncall/quality.ts';
import { merged } from '#server/modules/oncall/rotation.ts';
import { type Plan, planBetween } from '#server/modules/oncall/shifts.ts';
import type { PlannedSchedule } from '#server/modules/oncall/state.ts';
import { zoneOf } from '#server/modules/oncall/zone.ts';

export interface JudgedWorld extends OnCallWorld {
  users: ReadonlyMap<string, { name: string; disabled: boolean }>;
}
export interface Judged {
  quality: ScheduleQuality;
  findings: Finding[];
}

/** Double booking is looked for this far ahead. */
const bookedDays = 28;
/** Of all hours, those that would have to change hands before it is worth a warning. */
const unevenMax = 0.2;

/** From an instant on. `planOf` may keep what it worked out, when many schedules are judged at once. */
export function judge(
  world: JudgedWorld,
  schedule: PlannedSchedule,
  judgedFrom: number,
  planOf: (schedule: PlannedSchedule, from: number, to: number) => Plan = (...given) => planIn(world, ...given),
): Judged {
  const { from, to } = judgedSpan(schedule, judgedFrom);
  const plan = planIn(world, schedule, from, to);
  const nameOf = (userId: string) => world.users.get(userId)?.name ?? 'somebody unknown';
  const disabled = new Set(
    [
      ...new Set(
        schedule.draft.layers.flatMap((layer) => (layer.type === 'rotation' ? layer.participants.flat() : [])),
      ),
    ].filter((userId) => world.users.get(userId)?.disabled !== false),
  );
  const others = othersOf(world, schedule, plan, from, planOf);
  const quality = scheduleQuality({ schedule, plan, from, to, others, disabled, nameOf });
  return { quality, findings: findingsOf(world, schedule, plan, quality, nameOf) };
}

export function planIn(world: OnCallWorld, schedule: PlannedSchedule, from: number, to: number): Plan {
  return planBetween(schedule, factsBetween(world, schedule, instantText(from), instantText(to)), from, to);
}

/** Shifts on other schedules of the people who have one here. */
function othersOf(
  world: JudgedWorld,
  schedule: PlannedSchedule,
  plan: Plan,
  from: number,
  planOf: NonNullable<Parameters<typeof judge>[3]>,
): OtherShift[] {
  const own = new Set(plan.shifts.map(({ userId }) => userId));
  const to = from + bookedDays * dayMs;
  const [first, last] = [instantText(from), instantText(to)];
  return world.config.list('schedule').items.flatMap((other) => {
    if (other.id === schedule.id) return [];
    const named = peopleOf(other, factsBetween(world, other, first, last));
    if (!named.some((userId) => own.has(userId))) return [];
    return planOf(other, from, to)
      .shifts.filter(({ userId }) => own.has(userId))
      .map(({ userId, startsAt, endsAt }) => ({ scheduleId: other.id, userId, startsAt, endsAt }));
  });
}

function findingsOf(
  world: JudgedWorld,
  { draft }: PlannedSchedule,
  plan: Plan,
  quality: ScheduleQuality,
  nameOf: (userId: string) => string,
): Finding[] {
  if (draft.layers.length === 0) return [warning('nobody', 'It has no layer, so nobody is ever on call. Add one.')];
  const days = Math.round((Date.parse(quality.to) - Date.parse(quality.from)) / dayMs);
  const ahead = `in the ${days} days ahead`;
  const when = (instant: string) => localText(instant, draft.timeZone);
  const findings: Finding[] = [];
  const [gap] = quality.gaps;
  if (gap !== undefined) {
    const hours = inHours(lengthOf(plan.gaps));
    const text = `Nobody is on call for ${hours} ${ahead}, first from ${localSpan(gap, draft.timeZone)}. Add a layer that covers it, or people.`;
    findings.push(warning('gap', text, gap));
  }
  const empty = plan.layers.flatMap((row) => row.empty);
  const codes = { nobody: 'empty-shift', disabled: 'disabled', away: 'away', unmatched: 'unmatched' } as const;
  for (const why of Object.keys(codes) as (keyof typeof codes)[]) {
    const first = empty.find((turn) => turn.why === why);
    if (first === undefined) continue;
    const shown = quality.emptyShifts.find((one) => one.startsAt === first.startsAt && one.layer === first.layer);
    const count = empty.filter((turn) => turn.why === why).length;
    const more = count > 1 ? ` It is the first of ${count}.` : '';
    findings.push(warning(codes[why], `${first.layer}, ${when(first.startsAt)}: ${shown?.why ?? ''}${more}`, first));
  }
  const [double] = quality.doubleBookings;
  if (double !== undefined) {
    const hours = inHours(lengthOf(merged(quality.doubleBookings.map(intervalOf))));
    const other = world.config.get('schedule', double.otherScheduleId)?.draft.name ?? 'another schedule';
    const text = `${nameOf(double.userId)} is on call here and on ${other} at once, first from ${when(double.startsAt)} (${hours} in all).`;
    findings.push(warning('double-booked', text, double));
  }
  const uneven = imbalance(quality.load.map(({ hours, share }) => ({ has: hours, share })));
  if (uneven > unevenMax) {
    const [most] = quality.load.toSorted((a, b) => b.hours - b.share - (a.hours - a.share));
    const text = `The load is uneven: ${nameOf(most!.userId)} has ${Math.round(most!.hours)} h ${ahead}, an even share is ${Math.round(most!.share)} h.`;
    findings.push(warning('uneven', text));
  }
  for (const layer of draft.layers) {
    if (layer.type !== 'calendar') continue;
    const copy = world.calendars.read(layer.url);
    if (copy === null || copy.fetchedAt === null)
      findings.push(warning('calendar-unread', `The calendar of ${layer.name} has not been read yet${because(copy)}.`));
    else if (copy.error !== null)
      findings.push(
        warning(
          'calendar-old',
          `The calendar of ${layer.name} was last read on ${when(copy.fetchedAt)}${because(copy)}.`,
        ),
      );
  }
  return findings;
}

function because(copy: { error: string | null } | null): string {
  return copy === null || copy.error === null ? '' : `: ${copy.error}`;
}

export function warning(code: string, text: string, span?: { startsAt: string; endsAt: string }): Finding {
  return { level: 'warning', code, text, from: span?.startsAt ?? null, to: span?.endsAt ?? null };
}

/** `2026-11-23 09:00 Europe/Berlin`: whoever reads it may live in another zone. */
export function localText(instant: string, timeZone: string): string {
  return `${minuteIn(instant, timeZone)} ${timeZone}`;
}

/** `2026-11-23 09:00 to 2026-11-23 17:00 Europe/Berlin` */
export function localSpan(span: { startsAt: string; endsAt: string }, timeZone: string): string {
  return `${minuteIn(span.startsAt, timeZone)} to ${localText(span.endsAt, timeZone)}`;
}

function minuteIn(instant: string, timeZone: string): string {
  return instantText(zoneOf(timeZone).local(Date.parse(instant)))
    .slice(0, 16)
    .replace('T', ' ');
}

function inHours(ms: number): string {
  return `${Math.round((ms / hourMs) * 10) / 10} h`;
}
