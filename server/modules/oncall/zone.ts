// Local time and instants in any IANA zone, from the data that this Node carries (`process.versions.tz`). Asking Intl
// takes microseconds, so the transitions of a zone are found once a year of it and kept.
const dayMs = 86_400_000;
/** A little over a year: the unit in which transitions are found. */
const blockMs = 400 * dayMs;
/** No zone is further from UTC than 14 h west or east, and no jump is longer than a day. */
const reachMs = 40 * 3_600_000;
const blocksKept = 400;

interface Transition {
  at: number;
  offset: number;
}
interface Block {
  offset: number;
  transitions: Transition[];
}

/** One zone. All times are milliseconds; a local time is given as if it were UTC. */
export interface Zone {
  /** What to add to UTC. */
  offsetAt(instant: number): number;
  local(instant: number): number;
  /**
   * When the clocks there show this local time. One that they leave out is the moment at which they jump over it; of one
   * that they show twice, the first.
   */
  instant(local: number): number;
  /** True when no moment of this local day (its midnight given) ever comes. */
  dayMissing(local: number): boolean;
}

const zones = new Map<string, Zone>();

export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const made = createZone(name);
  zones.set(name, made);
  return made;
}

function createZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const blocks = new Map<number, Block>();
  // No transition in [steadyFrom, steadyTo): most questions are about the same few weeks.
  let steadyFrom = 1;
  let steadyTo = 0;
  let steadyOffset = 0;

  function ask(instant: number): number {
    const [month, day, year, hour, minute, second] = format.format(instant).match(/\d+/g)!.map(Number) as number[];
    return Date.UTC(year!, month! - 1, day, hour, minute, second) - Math.floor(instant / 1_000) * 1_000;
  }

  function block(index: number): Block {
    let found = blocks.get(index);
    if (found === undefined) {
      if (blocks.size >= blocksKept) blocks.clear();
      found = findTransitions(index * blockMs, ask);
      blocks.set(index, found);
    }
    return found;
  }

  function offsetAt(instant: number): number {
    if (instant >= steadyFrom && instant < steadyTo) return steadyOffset;
    const index = Math.floor(instant / blockMs);
    const { offset, transitions } = block(index);
    let current = offset;
    let from = index * blockMs;
    let to = from + blockMs;
    for (const transition of transitions) {
      if (transition.at > instant) {
        to = transition.at;
        break;
      }
      current = transition.offset;
      from = transition.at;
    }
    steadyFrom = from;
    steadyTo = to;
    steadyOffset = current;
    return current;
  }

  /** The transitions in (from, to], which span two blocks at most. One at the very end of a block is kept in it. */
  function between(from: number, to: number): Transition[] {
    const [first, last] = [Math.floor(from / blockMs), Math.floor(to / blockMs)];
    const all = first === last ? block(first).transitions : [...block(first).transitions, ...block(last).transitions];
    return all.filter(({ at }) => at > from && at <= to);
  }

  function locate(local: number): { instant: number; missingTo: number | null } {
    const from = local - reachMs;
    const to = local + reachMs;
    if (from >= steadyFrom && to < steadyTo) return { instant: local - steadyOffset, missingTo: null };
    let offset = offsetAt(from);
    let begin = from;
    for (const transition of between(from, to)) {
      if (local - offset < transition.at) break;
      offset = transition.offset;
      begin = transition.at;
    }
    if (local - offset < begin) return { instant: begin, missingTo: begin + offset };
    return { instant: local - offset, missingTo: null };
  }

  return {
    offsetAt,
    local: (instant) => instant + offsetAt(instant),
    instant: (local) => locate(local).instant,
    dayMissing(local) {
      const { missingTo } = locate(local);
      return missingTo !== null && missingTo >= local + dayMs;
    },
  };
}

/** No zone changes its clocks twice within 167 hours after 1970 (looked up in tzdata 2026c; the R12 test watches it). */
const probeMs = 5 * dayMs;

function findTransitions(start: number, ask: (instant: number) => number): Block {
  const transitions: Transition[] = [];
  const first = ask(start);
  let before = start;
  let offset = first;
  const end = start + blockMs;
  while (before < end) {
    const after = Math.min(before + probeMs, end);
    const next = ask(after);
    if (next !== offset) {
      let [low, high] = [before, after];
      while (high - low > 1_000) {
        const middle = low + Math.floor((high - low) / 2_000) * 1_000;
        if (ask(middle) === offset) low = middle;
        else high = middle;
      }
      transitions.push({ at: high, offset: next });
      offset = next;
    }
    before = after;
  }
  return { offset: first, transitions };
}
