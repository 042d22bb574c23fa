// Who is on call at an instant, and the rows that show why. Pure; kept in the ledger and replayed from it.
import type { Shift } from '#server/contract/schedule.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';
import type { Change } from '#server/modules/oncall/changes.ts';
import { hourMs, instantText } from '#server/modules/oncall/local-days.ts';
import { type Plan, planBetween } from '#server/modules/oncall/shifts.ts';
import type { OnCallShift, ScheduleFacts } from '#server/modules/oncall/state.ts';

/** How far before and after the instant the explanation reaches. */
export const explainedMs = 8 * hourMs;

/** `facts.ts` gathers it: what touches the explained hours, and nothing else. */
export interface LookupInput extends ScheduleFacts {
  readonly schedule: StoredDocument<'schedule'>;
  readonly at: string;
}

export interface LookupUser {
  userId: string;
  source: Shift['source'];
  standsInFor: string | null;
  /** Null when it goes on beyond what is explained. */
  until: string | null;
}

export interface LookupSpan {
  userId: string;
  startsAt: string;
  endsAt: string;
  standsInFor: string | null;
}

/** A row of the picture: layers first, then changes in the order in which they work, then what came out. */
export interface LookupRow {
  type: 'layer' | 'temporary' | 'swap' | 'override' | 'result';
  /** Of the layer, swap or override; of the schedule in the last row. */
  id: string;
  /** The layer's name, or the reason that was given for the change. */
  name: string;
  priority: number | null;
  /** Who a change takes away; null also when it takes whoever it is. */
  removes: string | null;
  /** Who wrote it last, and when; null for layers. */
  by: string | null;
  writtenAt: string | null;
  /** True when it was in force at the instant. */
  inForce: boolean;
  shifts: LookupSpan[];
}

export interface Lookup {
  users: LookupUser[];
  explanation: { from: string; to: string; rows: LookupRow[] };
}

export function decideLookup(input: LookupInput): Lookup {
  const at = Date.parse(input.at);
  const [from, to] = [at - explainedMs, at + explainedMs];
  const plan = planBetween(input.schedule, input, from, to);
  const end = instantText(to);
  const users = onCallAt(plan.shifts, input.at).map(({ userId, source, standsInFor, endsAt }) => {
    return { userId, source, standsInFor, until: endsAt === end ? null : endsAt };
  });
  return { users, explanation: { from: instantText(from), to: end, rows: rowsOf(input, plan, from, to) } };
}

export function onCallAt(shifts: readonly OnCallShift[], at: string): OnCallShift[] {
  return shifts.filter(({ startsAt, endsAt }) => startsAt <= at && at < endsAt);
}

function rowsOf(input: LookupInput, plan: Plan, from: number, to: number): LookupRow[] {
  const at = Date.parse(input.at);
  const none = { removes: null, by: null, writtenAt: null };
  const layers = plan.layers.map(({ layer: { id, name, priority }, segments }): LookupRow => {
    const shifts = segments.flatMap(({ start, end, entries }) =>
      entries.map(({ userId, standsInFor }) => span(userId, start, end, standsInFor)),
    );
    const inForce = segments.some(({ start, end }) => start <= at && at < end);
    return { type: 'layer', id, name, priority, ...none, inForce, shifts };
  });
  const changes = plan.changes.map((change) => changeRow(input, change, plan.shifts, from, to));
  const result: LookupRow = {
    type: 'result',
    id: input.schedule.id,
    name: input.schedule.draft.name,
    priority: null,
    ...none,
    inForce: true,
    shifts: plan.shifts.map(({ userId, startsAt, endsAt, standsInFor }) => ({ userId, startsAt, endsAt, standsInFor })),
  };
  return [...layers, ...changes, result];
}

function changeRow(
  input: LookupInput,
  { type, id, start, end }: Change,
  shifts: readonly OnCallShift[],
  from: number,
  to: number,
): LookupRow {
  const at = Date.parse(input.at);
  const inside = { startsAt: instantText(Math.max(start, from)), endsAt: instantText(Math.min(end, to)) };
  const brought = shifts.filter(
    ({ source, startsAt }) => source.id === id && startsAt >= inside.startsAt && startsAt < inside.endsAt,
  );
  const document = [...input.overrides, ...input.swaps].find((one) => one.id === id);
  return {
    type,
    id,
    name: document?.draft.reason ?? '',
    priority: null,
    removes: document === undefined ? null : removedBy(document, brought),
    by: document?.updatedBy ?? null,
    writtenAt: document?.updatedAt ?? null,
    inForce: start <= at && at < end,
    shifts: brought.map(({ userId, startsAt, endsAt }) => ({ userId, startsAt, endsAt, standsInFor: null })),
  };
}

function removedBy(
  { draft }: StoredDocument<'override'> | StoredDocument<'swap'>,
  brought: readonly OnCallShift[],
): string | null {
  if ('mode' in draft) {
    if (draft.mode === 'remove') return draft.userId;
    return draft.mode === 'replace' ? draft.replacedUserId : null;
  }
  const takes = brought[0]?.userId;
  return takes === undefined ? null : takes === draft.fromUserId ? draft.toUserId : draft.fromUserId;
}

function span(userId: string, start: number, end: number, standsInFor: string | null): LookupSpan {
  return { userId, startsAt: instantText(start), endsAt: instantText(end), standsInFor };
}
