// Two accounts of who was busy when, minute by minute. Pure.

export interface Held<T> {
  /** Who, by a key that both sides share where they can. */
  who: string;
  startsAt: string;
  /** Null: still. */
  endsAt: string | null;
  about: T;
}
export interface Difference<A, B> {
  /** Whole minutes. */
  from: string;
  to: string;
  here: Held<A>[];
  there: Held<B>[];
  onlyHere: string[];
  onlyThere: string[];
}
export interface Comparison<A, B> {
  differences: Difference<A, B>[];
  /** Minutes in which either side has anybody. */
  minutes: number;
  differing: number;
}

const minuteMs = 60_000;

/** Every minute in [from, to) in which the two sets of people differ; neighbours with the same sides are one span. */
export function compareMinutes<A, B>(
  here: readonly Held<A>[],
  there: readonly Held<B>[],
  from: string,
  to: string,
): Comparison<A, B> {
  const first = Math.floor(Date.parse(from) / minuteMs);
  const end = Math.ceil(Date.parse(to) / minuteMs);
  const ours = here.map((held) => inMinutes(held, first, end)).filter((span) => span.start < span.end);
  const theirs = there.map((held) => inMinutes(held, first, end)).filter((span) => span.start < span.end);
  const cuts = [...new Set([...ours, ...theirs].flatMap((span) => [span.start, span.end]))].sort((a, b) => a - b);
  const result: Comparison<A, B> = { differences: [], minutes: 0, differing: 0 };
  const [nextHere, nextThere] = [sweep(ours), sweep(theirs)];
  for (const [i, start] of cuts.entries()) {
    const until = cuts[i + 1];
    if (until === undefined) break;
    const [a, b] = [nextHere(start), nextThere(start)];
    if (a.length + b.length > 0) result.minutes += until - start;
    const [inA, inB] = [new Set(a.map((held) => held.who)), new Set(b.map((held) => held.who))];
    const onlyHere = [...inA].filter((who) => !inB.has(who)).sort();
    const onlyThere = [...inB].filter((who) => !inA.has(who)).sort();
    if (onlyHere.length + onlyThere.length === 0) continue;
    result.differing += until - start;
    const last = result.differences.at(-1);
    const goesOn =
      last !== undefined && last.to === minuteText(start) && sameList(last.here, a) && sameList(last.there, b);
    if (goesOn) last.to = minuteText(until);
    else {
      const span = { from: minuteText(start), to: minuteText(until) };
      result.differences.push({ ...span, here: a, there: b, onlyHere, onlyThere });
    }
  }
  return result;
}

interface Span<T> {
  start: number;
  end: number;
  held: Held<T>;
}

/** A minute counts as soon as a part of it does. */
function inMinutes<T>(held: Held<T>, first: number, end: number): Span<T> {
  const last = held.endsAt === null ? end : Math.ceil(Date.parse(held.endsAt) / minuteMs);
  const start = Math.floor(Date.parse(held.startsAt) / minuteMs);
  // Acknowledged within the minute in which it began: that minute still counts.
  return { start: Math.max(first, start), end: Math.min(end, Math.max(last, start + 1)), held };
}

/** Asked with growing minutes. */
function sweep<T>(spans: readonly Span<T>[]): (minute: number) => Held<T>[] {
  const waiting = spans.toSorted((a, b) => a.start - b.start);
  let next = 0;
  let active: Span<T>[] = [];
  return (minute) => {
    while (next < waiting.length && (waiting[next]?.start ?? 0) <= minute) {
      const span = waiting[next];
      if (span !== undefined) active.push(span);
      next += 1;
    }
    active = active.filter((span) => span.end > minute);
    return active.map((span) => span.held);
  };
}

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

function minuteText(minute: number): string {
  return new Date(minute * minuteMs).toISOString();
}
