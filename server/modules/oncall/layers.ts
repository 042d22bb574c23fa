// Who each layer of a schedule has on duty, with stand-ins for those who are away. Pure.
import type { Layer, RotationLayer, ShiftSource } from '#server/contract/schedule.ts';
import type { z } from 'zod';
import {
  dutyBetween,
  intersection,
  type Interval,
  merged,
  participantsOf,
  turnsBetween,
} from '#server/modules/oncall/rotation.ts';
import type { EmptyTurn, ScheduleFacts } from '#server/modules/oncall/state.ts';
import { instantText } from '#server/modules/oncall/local-days.ts';

/** One person on duty, and why. */
export interface Entry {
  userId: string;
  source: z.infer<typeof ShiftSource>;
  standsInFor: string | null;
  turn: string;
}
export interface Segment extends Interval {
  entries: readonly Entry[];
}
export interface LayerRow {
  layer: Layer;
  /** In order, without overlaps but for those of calendars. */
  segments: Segment[];
  /** Shifts that nobody has, or that somebody has for another. */
  empty: EmptyTurn[];
}

/** Who cannot be on call, and when. */
export interface Absences {
  disabled: ReadonlySet<string>;
  /** Time off by person: sorted, none touching the next. */
  away: ReadonlyMap<string, readonly Interval[]>;
}

export function absencesOf(facts: Pick<ScheduleFacts, 'timeOffs' | 'disabledUserIds'>): Absences {
  const away = new Map<string, Interval[]>();
  for (const { draft } of facts.timeOffs) {
    const interval = { start: Date.parse(draft.startsAt), end: Date.parse(draft.endsAt) };
    if (interval.start >= interval.end) continue;
    away.set(draft.userId, [...(away.get(draft.userId) ?? []), interval]);
  }
  for (const [userId, intervals] of away) away.set(userId, merged(intervals));
  return { disabled: new Set(facts.disabledUserIds), away };
}

export function layerRow(
  layer: Layer,
  calendars: ScheduleFacts['calendars'],
  absences: Absences,
  from: number,
  to: number,
): LayerRow {
  if (layer.type === 'rotation') return rotationRow(layer, absences, from, to);
  return calendarRow(layer, calendars.find(({ layerId }) => layerId === layer.id)?.events ?? [], absences, from, to);
}

function rotationRow(layer: RotationLayer, absences: Absences, from: number, to: number): LayerRow {
  const row: LayerRow = { layer, segments: [], empty: [] };
  const duty = dutyBetween(layer.restrictions, layer.timeZone, from, to);
  const roster = [...new Set(layer.participants.flat())];
  for (const turn of turnsBetween(layer, from, to)) {
    const group = participantsOf(layer, turn.index);
    for (const shift of intersection([turn], duty)) {
      for (const part of split(shift, group, roster, absences)) {
        const { entries, missing } = onDuty(layer, turn.index, part.start, absences);
        if (entries.length > 0) row.segments.push({ ...part, entries });
        const why = group.length === 0 ? 'nobody' : reasonOf(missing, absences);
        if (why === 'disabled' || entries.length === 0)
          row.empty.push({ ...emptyTurn(layer, part), why, userIds: missing, summary: null });
      }
    }
  }
  return row;
}

function reasonOf(missing: readonly string[], { disabled }: Absences): 'disabled' | 'away' {
  return missing.some((userId) => disabled.has(userId)) ? 'disabled' : 'away';
}

/** Cuts a shift where the availability of anybody who may have it changes. */
function split(shift: Interval, group: readonly string[], roster: readonly string[], absences: Absences): Interval[] {
  const touches = (userId: string) =>
    (absences.away.get(userId) ?? []).filter(({ start, end }) => start < shift.end && end > shift.start);
  if (!group.some((userId) => absences.disabled.has(userId) || touches(userId).length > 0)) return [shift];
  const cuts = new Set([shift.start, shift.end]);
  for (const { start, end } of roster.flatMap(touches)) {
    if (start > shift.start) cuts.add(start);
    if (end < shift.end) cuts.add(end);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => ({ start: sorted[index]!, end }));
}

/** The order of the rotation does not move: a stand-in has the shift and keeps the turn that comes for them later. */
function onDuty(
  layer: RotationLayer,
  turn: number,
  instant: number,
  absences: Absences,
): { entries: Entry[]; missing: string[] } {
  const group = [...new Set(participantsOf(layer, turn))];
  const missing = group.filter((userId) => !isThere(userId, instant, absences));
  const key = String(turn);
  const present = group.filter((userId) => !missing.includes(userId));
  const entries = present.map((userId): Entry => {
    return { userId, source: { type: 'layer', id: layer.id, name: layer.name }, standsInFor: null, turn: key };
  });
  const taken = new Set(group);
  for (const absent of missing) {
    const standIn = nextThere(layer, turn, instant, absences, taken);
    if (standIn === null) break;
    taken.add(standIn);
    const source = { type: 'stand-in', id: layer.id, name: layer.name } as const;
    entries.push({ userId: standIn, source, standsInFor: absent, turn: key });
  }
  return { entries, missing };
}

function nextThere(
  layer: RotationLayer,
  turn: number,
  instant: number,
  absences: Absences,
  taken: ReadonlySet<string>,
): string | null {
  for (let step = 1; step < layer.participants.length; step += 1) {
    const found = participantsOf(layer, turn + step).find(
      (userId) => !taken.has(userId) && isThere(userId, instant, absences),
    );
    if (found !== undefined) return found;
  }
  return null;
}

export function isThere(userId: string, instant: number, { disabled, away }: Absences): boolean {
  if (disabled.has(userId)) return false;
  return !(away.get(userId) ?? []).some(({ start, end }) => start <= instant && instant < end);
}

function calendarRow(
  layer: Layer,
  events: ScheduleFacts['calendars'][number]['events'],
  absences: Absences,
  from: number,
  to: number,
): LayerRow {
  const row: LayerRow = { layer, segments: [], empty: [] };
  for (const event of events) {
    const shift = {
      start: Math.max(from, Date.parse(event.startsAt)),
      end: Math.min(to, Date.parse(event.endsAt)),
    };
    if (shift.start >= shift.end) continue;
    const { userId, summary } = event;
    if (userId === null) {
      row.empty.push({ ...emptyTurn(layer, shift), why: 'unmatched', userIds: [], summary });
      continue;
    }
    const source = { type: 'calendar', id: layer.id, name: layer.name } as const;
    for (const part of split(shift, [userId], [userId], absences)) {
      if (isThere(userId, part.start, absences))
        row.segments.push({ ...part, entries: [{ userId, source, standsInFor: null, turn: event.key }] });
      else row.empty.push({ ...emptyTurn(layer, part), why: reasonOf([userId], absences), userIds: [userId], summary });
    }
  }
  row.segments.sort((a, b) => a.start - b.start || a.end - b.end);
  return row;
}

function emptyTurn({ id, name }: Layer, { start, end }: Interval) {
  return { layerId: id, layer: name, startsAt: instantText(start), endsAt: instantText(end) };
}
