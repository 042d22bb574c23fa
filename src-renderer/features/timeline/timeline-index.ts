// The timeline's own index over the replica: always in order, so that one more event costs one insertion and no sort.
import { type Lane, lanes } from '#server/contract/timeline.ts';
import { type TimelineEvent, inOrder, isDecision, isStarred } from './events.ts';
import { type TimelineFilter, matcherOf } from './timeline-filter.ts';

/** The events of one lane that pass, as numbers: what the picture reads, frame after frame. */
export interface LaneTimes {
  ms: Float64Array;
  /** Where each stands in the list. */
  place: Int32Array;
  /** Bit 1: starred. Bit 2: a decision. */
  marks: Uint8Array;
}

export interface TimelineView {
  /** Every event that passes, oldest first. */
  events: TimelineEvent[];
  lanes: Record<Lane, LaneTimes>;
  /** All there are, whether they pass or not. */
  total: number;
}

export interface TimelineIndex {
  /** True when something changed. */
  put(event: TimelineEvent): boolean;
  remove(id: string): boolean;
  /** Makes it hold exactly these; true when something changed. */
  sync(events: readonly TimelineEvent[]): boolean;
  has(id: string): boolean;
  /** All, oldest first: read it, do not keep it. */
  all(): readonly TimelineEvent[];
  query(filter: TimelineFilter): TimelineView;
}

export const starredMark = 1;
export const decisionMark = 2;

export function createTimelineIndex(): TimelineIndex {
  let ordered: TimelineEvent[] = [];
  let known = new Map<string, TimelineEvent>();

  function placeOf(event: TimelineEvent): number {
    let low = 0;
    let high = ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (inOrder(ordered[middle] as TimelineEvent, event) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function remove(id: string): boolean {
    const event = known.get(id);
    if (event === undefined) return false;
    known.delete(id);
    ordered.splice(placeOf(event), 1);
    return true;
  }

  return {
    put(event) {
      const before = known.get(event.id);
      if (before !== undefined && sameSource(before, event)) return false;
      if (before !== undefined && inOrder(before, event) === 0) ordered[placeOf(before)] = event;
      else {
        remove(event.id);
        ordered.splice(placeOf(event), 0, event);
      }
      known.set(event.id, event);
      return true;
    },
    remove,
    sync(events) {
      const same = events.length === known.size && events.every((event) => sameSource(known.get(event.id), event));
      if (same) return false;
      ordered = events.toSorted(inOrder);
      known = new Map(events.map((event) => [event.id, event]));
      return true;
    },
    has: (id) => known.has(id),
    all: () => ordered,
    query(filter) {
      const passes = matcherOf(filter);
      const events = passes === null ? ordered.slice() : ordered.filter(passes);
      return { events, lanes: byLane(events), total: ordered.length };
    },
  };
}

function sameSource(a: TimelineEvent | undefined, b: TimelineEvent): boolean {
  return a !== undefined && a.entry === b.entry && a.change === b.change;
}

export function byLane(events: readonly TimelineEvent[]): Record<Lane, LaneTimes> {
  const counts: Record<Lane, number> = { impact: 0, system: 0, changes: 0, people: 0, comms: 0 };
  for (const { lane } of events) counts[lane] += 1;
  const result = {} as Record<Lane, LaneTimes>;
  for (const lane of lanes) {
    const count = counts[lane];
    result[lane] = { ms: new Float64Array(count), place: new Int32Array(count), marks: new Uint8Array(count) };
    counts[lane] = 0;
  }
  for (let place = 0; place < events.length; place += 1) {
    const event = events[place] as TimelineEvent;
    const times = result[event.lane];
    const at = counts[event.lane];
    times.ms[at] = event.ms;
    times.place[at] = place;
    times.marks[at] = (isStarred(event) ? starredMark : 0) | (isDecision(event) ? decisionMark : 0);
    counts[event.lane] = at + 1;
  }
  return result;
}
