// What people change about the layers: temporary schedules, swaps, overrides. Pure.
import type { Entry } from '#server/modules/oncall/layers.ts';
import type { Interval } from '#server/modules/oncall/rotation.ts';
import type { ScheduleFacts } from '#server/modules/oncall/state.ts';

/** A change while its interval lasts. `apply` answers who is on call with it. */
export interface Change extends Interval {
  type: 'temporary' | 'swap' | 'override';
  id: string;
  /** Further instants inside the interval at which its effect changes. */
  cuts: readonly number[];
  apply(entries: readonly Entry[], instant: number): readonly Entry[];
}

/**
 * The changes that touch [from, to), in the order in which they work: temporary schedules take the place of the layers,
 * then come accepted swaps, then overrides, each kind in the order in which they were made. One that would bring in a
 * disabled person does nothing: whoever was on call stays.
 */
export function changesBetween(
  facts: Pick<ScheduleFacts, 'overrides' | 'swaps'>,
  disabled: ReadonlySet<string>,
  from: number,
  to: number,
): Change[] {
  const touches = ({ start, end }: Interval) => start < end && start < to && end > from;
  const overrides = facts.overrides.toSorted(byId).map((override) => overrideChange(override, disabled));
  const swaps = facts.swaps.filter(({ draft }) => draft.status === 'accepted').toSorted(byId);
  return [
    ...overrides.filter(({ type }) => type === 'temporary'),
    ...swaps.flatMap((swap) => swapChanges(swap, disabled)),
    ...overrides.filter(({ type }) => type !== 'temporary'),
  ].filter(touches);
}

function overrideChange(override: ScheduleFacts['overrides'][number], disabled: ReadonlySet<string>): Change {
  const { draft, id } = override;
  const interval = { start: Date.parse(draft.startsAt), end: Date.parse(draft.endsAt) };
  const entry = (userId: string, type: 'override' | 'temporary', turn: string): Entry => {
    return { userId, source: { type, id, name: draft.reason }, standsInFor: null, turn };
  };
  if (draft.mode === 'temporary') {
    const shifts = draft.shifts
      .map(({ userId, startsAt, endsAt }, index) => ({
        start: Math.max(interval.start, Date.parse(startsAt)),
        end: Math.min(interval.end, Date.parse(endsAt)),
        entry: entry(userId, 'temporary', String(index)),
      }))
      .filter((shift) => shift.start < shift.end && !disabled.has(shift.entry.userId));
    return {
      ...interval,
      type: 'temporary',
      id,
      cuts: shifts.flatMap(({ start, end }) => [start, end]),
      apply: (_entries, instant) =>
        unique(shifts.filter(({ start, end }) => start <= instant && instant < end).map((shift) => shift.entry)),
    };
  }
  const change = { ...interval, type: 'override', id, cuts: [] } as const;
  const { userId, mode } = draft;
  if (mode === 'remove') return { ...change, apply: (entries) => entries.filter((one) => one.userId !== userId) };
  if (disabled.has(userId)) return { ...change, apply: (entries) => entries };
  const incoming = entry(userId, 'override', '0');
  if (mode === 'add') return { ...change, apply: (entries) => unique([...entries, incoming]) };
  const replaced = draft.replacedUserId;
  if (replaced === null) return { ...change, apply: () => [incoming] };
  return { ...change, apply: (entries) => substituted(entries, replaced, incoming) };
}

function swapChanges(swap: ScheduleFacts['swaps'][number], disabled: ReadonlySet<string>): Change[] {
  const { fromUserId, toUserId, give, takeBack, reason } = swap.draft;
  if (toUserId === null) return [];
  const half = (span: { startsAt: string; endsAt: string }, leaves: string, comes: string, turn: string): Change => ({
    type: 'swap',
    id: swap.id,
    start: Date.parse(span.startsAt),
    end: Date.parse(span.endsAt),
    cuts: [],
    apply(entries) {
      if (disabled.has(comes)) return entries;
      const source = { type: 'swap', id: swap.id, name: reason } as const;
      return substituted(entries, leaves, { userId: comes, source, standsInFor: null, turn });
    },
  });
  return [
    half(give, fromUserId, toUserId, 'give'),
    ...(takeBack === null ? [] : [half(takeBack, toUserId, fromUserId, 'back')]),
  ];
}

/** Takes the place of that person, also where somebody stands in for them; without such a place it does nothing. */
function substituted(entries: readonly Entry[], leaves: string, incoming: Entry): readonly Entry[] {
  const holds = ({ userId, standsInFor }: Entry) => userId === leaves || standsInFor === leaves;
  if (!entries.some(holds)) return entries;
  return unique(entries.map((entry) => (holds(entry) ? incoming : entry)));
}

/** Once each; the first reason stands. */
export function unique(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length < 2) return entries;
  const seen = new Set<string>();
  return entries.filter(({ userId }) => !seen.has(userId) && seen.add(userId));
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}
