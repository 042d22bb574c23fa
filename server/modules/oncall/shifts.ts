// Who is on call when: the one sweep that everything else asks. Pure.
import { type Change, changesBetween, unique } from '#server/modules/oncall/changes.ts';
import { absencesOf, type Entry, layerRow, type LayerRow, type Segment } from '#server/modules/oncall/layers.ts';
import { instantText } from '#server/modules/oncall/local-days.ts';
import type { Interval } from '#server/modules/oncall/rotation.ts';
import type { OnCallShift, PlannedSchedule, ScheduleFacts } from '#server/modules/oncall/state.ts';

export interface Plan {
  /** One row a layer, in the order of the schedule. */
  layers: LayerRow[];
  /** What is changed in the span, in the order in which it works. */
  changes: readonly Change[];
  /** By start; cut at the ends of the span. A person has one shift at a time, several people may. */
  shifts: OnCallShift[];
  gaps: Interval[];
}

/** Who is on call in [from, to), cut at its ends. */
export function shiftsBetween(
  schedule: PlannedSchedule,
  facts: ScheduleFacts,
  from: string,
  to: string,
): readonly OnCallShift[] {
  return planBetween(schedule, facts, Date.parse(from), Date.parse(to)).shifts;
}

/** Times in milliseconds. */
export function planBetween(schedule: PlannedSchedule, facts: ScheduleFacts, from: number, to: number): Plan {
  const absences = absencesOf(facts);
  const layers = schedule.draft.layers.map((layer) => layerRow(layer, facts.calendars, absences, from, to));
  const changes = changesBetween(facts, absences.disabled, from, to);
  const cursors = layers
    .map(({ layer, segments }) => ({ priority: layer.priority, next: createCursor(segments) }))
    .sort((a, b) => b.priority - a.priority);
  const shifts = createShifts();
  const gaps: Interval[] = [];
  const cuts = cutsOf(layers, changes, from, to);
  for (let index = 0; index + 1 < cuts.length; index += 1) {
    const [start, end] = [cuts[index]!, cuts[index + 1]!];
    const entries = changes.reduce<readonly Entry[]>(
      (current, change) => (change.start <= start && start < change.end ? change.apply(current, start) : current),
      ofHighestPriority(cursors, start),
    );
    shifts.add(entries, start, end);
    if (entries.length > 0) continue;
    const gap = gaps.at(-1);
    if (gap?.end === start) gap.end = end;
    else gaps.push({ start, end });
  }
  return { layers, changes, shifts: shifts.all(), gaps };
}

function ofHighestPriority(
  cursors: readonly { priority: number; next: (instant: number) => readonly Entry[] }[],
  instant: number,
): readonly Entry[] {
  let found: Entry[] | null = null;
  let priority = 0;
  for (const cursor of cursors) {
    if (found !== null && cursor.priority < priority) break;
    const entries = cursor.next(instant);
    if (entries.length === 0) continue;
    priority = cursor.priority;
    found = found === null ? [...entries] : [...found, ...entries];
  }
  return found === null ? [] : unique(found);
}

/** Asked for growing instants; remembers where it stood. */
function createCursor(segments: readonly Segment[]): (instant: number) => readonly Entry[] {
  let next = 0;
  let open: Segment[] = [];
  return (instant) => {
    if (open.length > 0) open = open.filter(({ end }) => end > instant);
    for (let segment = segments[next]; segment !== undefined && segment.start <= instant; segment = segments[next]) {
      if (segment.end > instant) open.push(segment);
      next += 1;
    }
    return open.length === 1 ? open[0]!.entries : open.flatMap(({ entries }) => entries);
  };
}

function cutsOf(layers: readonly LayerRow[], changes: readonly Change[], from: number, to: number): number[] {
  const all = [from, to];
  for (const { segments } of layers) for (const { start, end } of segments) all.push(start, end);
  for (const { start, end, cuts } of changes) all.push(start, end, ...cuts);
  const sorted = Float64Array.from(all.filter((instant) => instant >= from && instant <= to)).sort();
  return [...sorted].filter((instant, index) => instant !== sorted[index - 1]);
}

function createShifts() {
  const finished: { entry: Entry; start: number; end: number }[] = [];
  let open: typeof finished = [];
  let reached = 0;
  const same = (a: Entry, b: Entry) =>
    a === b ||
    (a.userId === b.userId &&
      a.turn === b.turn &&
      a.source.id === b.source.id &&
      a.source.type === b.source.type &&
      a.standsInFor === b.standsInFor);
  return {
    add(entries: readonly Entry[], start: number, end: number) {
      open = entries.map((entry) => {
        const before = reached === start ? open.find((one) => same(one.entry, entry)) : undefined;
        if (before !== undefined) {
          before.end = end;
          return before;
        }
        const shift = { entry, start, end };
        finished.push(shift);
        return shift;
      });
      reached = end;
    },
    all(): OnCallShift[] {
      // Where one ends the next begins, and making the text is what costs most.
      let [last, text] = [Number.NaN, ''];
      return finished.map(({ entry: { userId, source, standsInFor, turn }, start, end }) => {
        const startsAt = start === last ? text : instantText(start);
        if (end !== last) [last, text] = [end, instantText(end)];
        return { userId, startsAt, endsAt: text, source, standsInFor, turn };
      });
    },
  };
}
