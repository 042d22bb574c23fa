// What is said about schedules, overrides, time off and swaps before they are saved, and again when others change.
import type { DraftOf } from '#server/contract/config.ts';
import type { Finding } from '#server/contract/config-document.ts';
import type { CheckWorld, ConfigCheck } from '#server/modules/config/state.ts';
import { absencesOf } from '#server/modules/oncall/layers.ts';
import { factsBetween, peopleOf } from '#server/modules/oncall/facts.ts';
import { judge, type JudgedWorld, localSpan, localText, planIn, warning } from '#server/modules/oncall/judge.ts';
import { dayMs } from '#server/modules/oncall/local-days.ts';
import { intervalOf, lengthOf } from '#server/modules/oncall/quality.ts';
import { intersection, merged } from '#server/modules/oncall/rotation.ts';
import { planBetween } from '#server/modules/oncall/shifts.ts';
import type { Calendars, OnCallShift, PlannedSchedule } from '#server/modules/oncall/state.ts';

/** Turns and restrictions of a day, of all layers: 8 hourly layers, or 100 of two turns. More would hold the pager up. */
const piecesMax = 200;
/** A span is looked through this far. */
const lookedMs = 400 * dayMs;

export interface OnCallChecks {
  schedule: ConfigCheck<'schedule'>;
  override: ConfigCheck<'override'>;
  timeOff: ConfigCheck<'timeOff'>;
  swap: ConfigCheck<'swap'>;
}

export function createOnCallChecks(deps: {
  calendars: Calendars;
  /** Why an address may not be read, or null. */
  addressFault(url: string): Promise<string | null>;
}): OnCallChecks {
  const worldOf = ({ config, users }: CheckWorld): JudgedWorld => ({ config, users, calendars: deps.calendars });

  return {
    async schedule(draft, world) {
      const faults = [...layerFaults(draft), ...(await addressFaults(draft, deps.addressFault))];
      if (faults.length > 0) return faults;
      return judge(worldOf(world), { id: world.id, draft }, Date.parse(world.at)).findings;
    },

    override(draft, world) {
      const faults = temporaryFaults(draft);
      const schedule = world.config.get('schedule', draft.scheduleId);
      if (faults.length > 0 || schedule === null) return faults;
      if (draft.endsAt <= world.at) return [warning('over', 'It is over, so it changes nothing any more.')];
      return overrideFindings(draft, schedule, world, worldOf(world));
    },

    timeOff(draft, world) {
      if (draft.endsAt <= world.at) return [];
      const { from, to } = lookedAt(draft, world.at);
      return world.config.list('schedule').items.flatMap((schedule) => {
        const judged = worldOf(world);
        const facts = factsBetween(judged, schedule, new Date(from).toISOString(), new Date(to).toISOString());
        if (!peopleOf(schedule, facts).includes(draft.userId)) return [];
        const plan = planIn(judged, schedule, from, to);
        const when = (shift: { startsAt: string }) => localText(shift.startsAt, schedule.draft.timeZone);
        const kept = plan.shifts.find(({ userId }) => userId === draft.userId);
        const alone = plan.layers
          .flatMap((row) => row.empty)
          .find((turn) => turn.why === 'away' && turn.userIds.includes(draft.userId));
        return [
          ...(kept === undefined
            ? []
            : [
                warning(
                  'still-on-call',
                  `On ${schedule.draft.name} an override or a swap keeps ${nameIn(world, draft.userId)} on call from ${when(kept)}.`,
                  kept,
                ),
              ]),
          ...(alone === undefined
            ? []
            : [
                warning(
                  'nobody-stands-in',
                  `On ${schedule.draft.name} nobody in the rotation can stand in from ${when(alone)}. Choose somebody by an override.`,
                  alone,
                ),
              ]),
        ];
      });
    },

    swap: (draft, world) => swapFindings(draft, world, worldOf(world)),
  };
}

/** Part of the span of somebody's shift that is theirs, also where another stands in; in milliseconds. */
export function heldMs(shifts: readonly OnCallShift[], userId: string, from: number, to: number): number {
  const own = shifts.filter((shift) => shift.userId === userId || shift.standsInFor === userId).map(intervalOf);
  return lengthOf(intersection(merged(own), [{ start: from, end: to }]));
}

/** Why a schedule is more than is worked out, or null. */
export function tooFine({ layers }: DraftOf<'schedule'>): string | null {
  const days = { hour: 1 / 24, day: 1, week: 7, month: 30 };
  let pieces = 0;
  for (const layer of layers) {
    if (layer.type !== 'rotation') continue;
    pieces += 1 / (days[layer.rotation.unit] * layer.rotation.every);
    for (const restriction of layer.restrictions) pieces += restriction.days.length / 7;
  }
  if (pieces <= piecesMax) return null;
  return `It has ${Math.round(pieces)} turns and restrictions a day in all; ${piecesMax} are possible. Take layers out, or make turns longer.`;
}

function layerFaults(draft: DraftOf<'schedule'>): Finding[] {
  const { layers } = draft;
  const fine = tooFine(draft);
  if (fine !== null) return [error('too-fine', fine)];
  const ids = new Set(layers.map(({ id }) => id));
  const faults =
    ids.size === layers.length ? [] : [error('same-id', 'Two layers have the same id. Give each its own.')];
  for (const layer of layers) {
    if (layer.type !== 'rotation' || layer.endsOn === null || layer.endsOn > layer.rotation.startsOn) continue;
    faults.push(error('ended', `${layer.name} ends before it starts. Choose a later end, or none.`));
  }
  return faults;
}

async function addressFaults(
  { layers }: DraftOf<'schedule'>,
  addressFault: (url: string) => Promise<string | null>,
): Promise<Finding[]> {
  const calendars = layers.filter((layer) => layer.type === 'calendar');
  const faults = await Promise.all(
    calendars.map(async ({ name, url }) => {
      const fault = await addressFault(url);
      return fault === null ? [] : [error('address', `The calendar of ${name} cannot be read: ${fault}`)];
    }),
  );
  return faults.flat();
}

function temporaryFaults(draft: DraftOf<'override'>): Finding[] {
  if (draft.mode !== 'temporary') return [];
  const outside = draft.shifts.find(
    ({ startsAt, endsAt }) => startsAt >= endsAt || startsAt < draft.startsAt || endsAt > draft.endsAt,
  );
  if (outside === undefined) return [];
  return [
    error('outside', `The shift from ${outside.startsAt} to ${outside.endsAt} is not inside the temporary schedule.`),
  ];
}

function overrideFindings(
  draft: DraftOf<'override'>,
  schedule: PlannedSchedule,
  world: CheckWorld,
  judged: JudgedWorld,
): Finding[] {
  const { from, to } = lookedAt(draft, world.at);
  const plan = planIn(judged, schedule, from, to);
  const findings: Finding[] = [];
  const comes = draft.mode === 'temporary' ? draft.shifts.map(({ userId }) => userId) : [draft.userId];
  const facts = factsBetween(judged, schedule, draft.startsAt, draft.endsAt);
  const absences = absencesOf(facts);
  for (const userId of draft.mode === 'remove' ? [] : new Set(comes)) {
    const name = nameIn(world, userId);
    if (world.users.get(userId)?.disabled !== false)
      findings.push(warning('disabled', `${name} cannot be on call any more, so this does not put them on call.`));
    else if (isAwayIn(absences, userId, from, to))
      findings.push(warning('away', `${name} has time off then. The override counts: they are on call.`));
  }
  const leaves = draft.mode === 'remove' ? draft.userId : draft.mode === 'replace' ? draft.replacedUserId : null;
  if (leaves !== null) {
    const without = { ...facts, overrides: facts.overrides.filter(({ id }) => id !== world.id) };
    if (heldMs(planBetween(schedule, without, from, to).shifts, leaves, from, to) === 0)
      findings.push(
        warning('no-effect', `${nameIn(world, leaves)} is not on call in that time, so it changes nothing.`),
      );
  }
  const [gap] = plan.gaps;
  if (gap !== undefined) {
    const span = { startsAt: new Date(gap.start).toISOString(), endsAt: new Date(gap.end).toISOString() };
    const { timeZone } = schedule.draft;
    const text = `Nobody is on call from ${localSpan(span, timeZone)}.`;
    findings.push(warning('gap', text, span));
  }
  return findings;
}

function swapFindings(draft: DraftOf<'swap'>, world: CheckWorld, judged: JudgedWorld): Finding[] {
  const { fromUserId, toUserId, give, takeBack } = draft;
  const schedule = world.config.get('schedule', draft.scheduleId);
  if (schedule === null) return [];
  for (const span of [give, takeBack]) {
    if (span !== null && span.startsAt >= span.endsAt)
      return [error('backwards', 'The end must come after the start.')];
  }
  if (fromUserId === toUserId) return [error('same-person', 'Somebody cannot swap with themselves.')];
  if (draft.status !== 'asked' || give.endsAt <= world.at) return [];
  const holds = (userId: string, span: { startsAt: string; endsAt: string }) => {
    const { from, to } = lookedAt(span, world.at);
    return heldMs(planIn(judged, schedule, from, to).shifts, userId, from, to) > 0;
  };
  const findings: Finding[] = [];
  if (!holds(fromUserId, give)) {
    findings.push(
      error('not-theirs', `${nameIn(world, fromUserId)} has no shift on ${schedule.draft.name} in that time to give.`),
    );
  }
  if (takeBack !== null && toUserId !== null && !holds(toUserId, takeBack)) {
    findings.push(
      error(
        'not-theirs',
        `${nameIn(world, toUserId)} has no shift on ${schedule.draft.name} in the time that is asked back.`,
      ),
    );
  }
  if (toUserId !== null && world.users.get(toUserId)?.disabled !== false)
    findings.push(warning('disabled', `${nameIn(world, toUserId)} cannot be on call any more. Ask somebody else.`));
  return findings;
}

function isAwayIn({ away }: ReturnType<typeof absencesOf>, userId: string, from: number, to: number): boolean {
  return (away.get(userId) ?? []).some(({ start, end }) => start < to && end > from);
}

/** What of it is still to come, in milliseconds. */
function lookedAt({ startsAt, endsAt }: { startsAt: string; endsAt: string }, at: string) {
  const from = Date.parse(startsAt > at ? startsAt : at);
  return { from, to: Math.min(Date.parse(endsAt), from + lookedMs) };
}

function nameIn({ users }: CheckWorld, userId: string): string {
  return users.get(userId)?.name ?? 'somebody unknown';
}

function error(code: string, text: string): Finding {
  return { level: 'error', code, text, from: null, to: null };
}
