// Gathers what says who is on call, from the configuration and the calendars as they are now.
import type { ConfigKind } from '#server/contract/config.ts';
import type { DocumentList, PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import type { LookupInput } from '#server/modules/oncall/decide-lookup.ts';
import { explainedMs } from '#server/modules/oncall/decide-lookup.ts';
import { instantText } from '#server/modules/oncall/local-days.ts';
import type { Calendars, PlannedSchedule, ScheduleFacts } from '#server/modules/oncall/state.ts';

export interface OnCallWorld {
  config: PagingConfig;
  calendars: Calendars;
  /** People by id; who is not in it is not known. */
  users: ReadonlyMap<string, { disabled: boolean }>;
}

/** What `decideLookup` is asked with; null when there is no such schedule. */
export function lookupInput(world: OnCallWorld, scheduleId: string, at: string): LookupInput | null {
  const schedule = world.config.get('schedule', scheduleId);
  if (schedule === null) return null;
  const ms = Date.parse(at);
  return {
    schedule,
    ...factsBetween(world, schedule, instantText(ms - explainedMs), instantText(ms + explainedMs)),
    at,
  };
}

/** Only what touches [from, to). */
export function factsBetween(world: OnCallWorld, schedule: PlannedSchedule, from: string, to: string): ScheduleFacts {
  const { config, calendars, users } = world;
  const touches = ({ startsAt, endsAt }: { startsAt: string; endsAt: string }) => startsAt < to && endsAt > from;
  const overrides = indexed(config.list('override'), ({ draft }) => draft.scheduleId).get(schedule.id) ?? [];
  const swaps = indexed(config.list('swap'), ({ draft }) => draft.scheduleId).get(schedule.id) ?? [];
  const timeOffs = indexed(config.list('timeOff'), ({ draft }) => draft.userId);
  const facts = {
    overrides: overrides.filter(({ draft }) => touches(draft)),
    swaps: swaps.filter(
      ({ draft }) =>
        draft.status === 'accepted' && (touches(draft.give) || (draft.takeBack !== null && touches(draft.takeBack))),
    ),
    calendars: schedule.draft.layers.flatMap((layer) =>
      layer.type === 'calendar'
        ? [{ layerId: layer.id, events: (calendars.read(layer.url)?.events ?? []).filter(touches) }]
        : [],
    ),
  };
  const people = peopleOf(schedule, facts);
  return {
    ...facts,
    timeOffs: people.flatMap((id) => timeOffs.get(id) ?? []).filter(({ draft }) => touches(draft)),
    disabledUserIds: people.filter((id) => users.get(id)?.disabled !== false),
  };
}

/** Everybody whom the schedule or a change of it names, in a fixed order. */
export function peopleOf(
  { draft }: PlannedSchedule,
  facts: Pick<ScheduleFacts, 'overrides' | 'swaps' | 'calendars'>,
): string[] {
  const named = new Set<string>();
  for (const layer of draft.layers) {
    if (layer.type === 'rotation') for (const group of layer.participants) for (const id of group) named.add(id);
  }
  for (const { draft: override } of facts.overrides) {
    if (override.mode === 'temporary') for (const { userId } of override.shifts) named.add(userId);
    else named.add(override.userId);
  }
  for (const { draft: swap } of facts.swaps) {
    named.add(swap.fromUserId);
    if (swap.toUserId !== null) named.add(swap.toUserId);
  }
  for (const { events } of facts.calendars) for (const { userId } of events) if (userId !== null) named.add(userId);
  return [...named].sort();
}

// One key a kind, so the list alone says which index it is.
const indexes = new WeakMap<object, Map<string, unknown[]>>();

function indexed<K extends ConfigKind>(
  list: DocumentList<K>,
  keyOf: (document: StoredDocument<K>) => string,
): Map<string, StoredDocument<K>[]> {
  let index = indexes.get(list) as Map<string, StoredDocument<K>[]> | undefined;
  if (index === undefined) {
    index = Map.groupBy(list.items, keyOf);
    indexes.set(list, index);
  }
  return index;
}
