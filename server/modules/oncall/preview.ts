// A schedule as it would be: rows for the Gantt, quality and findings of a draft with changes that are only tried. Pure.
import type { z } from 'zod';
import type { OncallPreview, OncallPreviewInput } from '#server/contract/oncall.ts';
import type { Finding } from '#server/contract/config-document.ts';
import type { Layer, Shift } from '#server/contract/schedule.ts';
import type { ConfigKind, DraftOf } from '#server/contract/config.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';
import { factsBetween, type OnCallWorld, peopleOf } from '#server/modules/oncall/facts.ts';
import { judge, type JudgedWorld } from '#server/modules/oncall/judge.ts';
import { instantText } from '#server/modules/oncall/local-days.ts';
import { publicShift } from '#server/modules/oncall/public-shift.ts';
import { scheduleQuality } from '#server/modules/oncall/quality.ts';
import { dutyBetween, intersection, type Interval, turnsBetween } from '#server/modules/oncall/rotation.ts';
import { planBetween } from '#server/modules/oncall/shifts.ts';
import type { PlannedSchedule, ScheduleFacts } from '#server/modules/oncall/state.ts';

export type PreviewInput = z.output<typeof OncallPreviewInput>;

export function previewSchedule(
  world: JudgedWorld,
  schedule: PlannedSchedule,
  tried: Pick<PreviewInput, 'overrides' | 'timeOffs' | 'swaps'>,
  span: { from: string; to: string },
  at: string,
): OncallPreview {
  const [from, to] = [Date.parse(span.from), Date.parse(span.to)];
  const facts = withTried(world, schedule, factsBetween(world, schedule, span.from, span.to), tried, at);
  const plan = planBetween(schedule, facts, from, to);
  const judged = judge(world, schedule, Date.parse(at));
  const isTrial = [tried.overrides, tried.timeOffs, tried.swaps].some((list) => list.length > 0);
  const overrideTypes = new Set(['override', 'temporary', 'swap']);
  return {
    ...span,
    layers: plan.layers.map(({ layer, segments }) => ({
      id: layer.id,
      name: layer.name,
      shifts: segments.flatMap(({ start, end, entries }) =>
        entries.map(({ userId, source }): Shift => {
          return { userId, source, startsAt: instantText(start), endsAt: instantText(end) };
        }),
      ),
      offDuty: offDuty(layer, from, to),
    })),
    overrides: plan.shifts.filter(({ source }) => overrideTypes.has(source.type)).map(publicShift),
    result: plan.shifts.map(publicShift),
    // What is only tried is judged in the span it is tried in.
    quality: isTrial ? qualityOf(world, schedule, facts, plan, from, to) : judged.quality,
    findings: [...layerless(schedule), ...judged.findings],
  };
}

function layerless({ draft }: PlannedSchedule): Finding[] {
  return draft.layers.flatMap((layer) =>
    layer.type === 'rotation' && layer.endsOn !== null && layer.endsOn <= layer.rotation.startsOn
      ? [{ level: 'error', code: 'ended', text: `${layer.name} ends before it starts.`, from: null, to: null } as const]
      : [],
  );
}

function qualityOf(
  world: JudgedWorld,
  schedule: PlannedSchedule,
  facts: ScheduleFacts,
  plan: ReturnType<typeof planBetween>,
  from: number,
  to: number,
) {
  const nameOf = (userId: string) => world.users.get(userId)?.name ?? 'somebody unknown';
  return scheduleQuality({ schedule, plan, from, to, others: [], disabled: new Set(facts.disabledUserIds), nameOf });
}

function withTried(
  world: OnCallWorld,
  schedule: PlannedSchedule,
  saved: ScheduleFacts,
  tried: Pick<PreviewInput, 'overrides' | 'timeOffs' | 'swaps'>,
  at: string,
): ScheduleFacts {
  const overrides = [...saved.overrides, ...asStored('override', tried.overrides, at)];
  const swaps = [...saved.swaps, ...asStored('swap', tried.swaps, at)];
  const people = peopleOf(schedule, { overrides, swaps, calendars: saved.calendars });
  const disabledUserIds = people.filter((id) => world.users.get(id)?.disabled !== false);
  const timeOffs = [...saved.timeOffs, ...asStored('timeOff', tried.timeOffs, at)];
  return { ...saved, overrides, swaps, timeOffs, disabledUserIds };
}

/** Made last: its id comes after those of what is saved. */
function asStored<K extends ConfigKind>(kind: K, drafts: readonly DraftOf<K>[], at: string): StoredDocument<K>[] {
  return drafts.map((draft, index) => {
    const id = `ffffffff-ffff-7fff-8fff-${String(index).padStart(12, '0')}`;
    return {
      $document: `${kind}/${id}@0`,
      kind,
      id,
      version: 0,
      bodyVersion: 0,
      draft,
      state: {} as StoredDocument<K>['state'],
      findings: [],
      origin: 'ui',
      updatedAt: at,
      updatedBy: null,
    };
  });
}

function offDuty(layer: Layer, from: number, to: number) {
  if (layer.type === 'calendar') return [];
  const turns = turnsBetween(layer, from, to);
  const [first, last] = [turns[0], turns.at(-1)];
  const lasting: Interval[] = first === undefined || last === undefined ? [] : [{ start: first.start, end: last.end }];
  const duty = intersection(dutyBetween(layer.restrictions, layer.timeZone, from, to), lasting);
  const off = [];
  let reached = from;
  for (const { start, end } of [...duty, { start: to, end: to }]) {
    if (reached < start) off.push({ startsAt: instantText(reached), endsAt: instantText(start) });
    reached = Math.max(reached, end);
  }
  return off;
}
