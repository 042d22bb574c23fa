// What is missing from a timeline: people's words for too long, updates that came late. Pure.
import type { Incident } from '#server/contract/incident.ts';
import { updateCadenceMinutes } from '#server/contract/severity.ts';
import type { TimelineEvent } from './events.ts';
import { type ImpactSpan, severityAt } from './impact.ts';

export interface Gap {
  kind: 'quiet' | 'late';
  fromMs: number;
  toMs: number;
  /** It is not over. */
  open: boolean;
}

export interface Cadence {
  /** Updates that were due, and how many of them came in time. */
  due: number;
  kept: number;
  late: Gap[];
}

const minuteMs = 60_000;
/** Where no cadence is set. */
const quietMinutes = 60;

/** While it was open and no person did or said anything for longer than the time between updates. */
export function quietGaps(events: readonly TimelineEvent[], impact: readonly ImpactSpan[], nowMs: number): Gap[] {
  const gaps: Gap[] = [];
  for (const { fromMs, toMs, open } of openSpans(impact)) {
    let last = fromMs;
    const until = (ms: number, running: boolean): void => {
      if (ms - last > quietAfterMs(impact, last)) gaps.push({ kind: 'quiet', fromMs: last, toMs: ms, open: running });
      last = ms;
    };
    for (const { ms, entry } of events) if (entry?.source === 'person' && ms > fromMs && ms < toMs) until(ms, false);
    until(open ? nowMs : toMs, open);
  }
  return gaps;
}

/** Whether each update came by the time that the one before it promised, or its severity asks for. */
export function cadenceOf(
  incident: Pick<Incident, 'nextUpdateDueAt'>,
  events: readonly TimelineEvent[],
  impact: readonly ImpactSpan[],
  nowMs: number,
): Cadence {
  const result: Cadence = { due: 0, kept: 0, late: [] };
  for (const { fromMs, toMs, open } of openSpans(impact)) {
    let last = fromMs;
    let dueMs = nextDue(impact, fromMs, fromMs);
    const miss = (until: number, running: boolean): void => {
      if (dueMs === null || until <= dueMs) return;
      result.due += 1;
      result.late.push({ kind: 'late', fromMs: dueMs, toMs: until, open: running });
    };
    for (const { ms, entry } of events) {
      if (ms < fromMs || ms > toMs || entry === null) continue;
      if (entry.kind === 'severity' && (dueMs === null || dueMs >= ms)) {
        const due = nextDue(impact, last, ms);
        dueMs = due === null ? null : Math.max(due, ms);
      }
      if (entry.kind !== 'update') continue;
      if (dueMs !== null && ms <= dueMs) {
        result.due += 1;
        result.kept += 1;
      } else miss(ms, false);
      last = ms;
      const promised = entry.data?.nextUpdateDueAt;
      dueMs = promised === undefined ? nextDue(impact, ms, ms) : promised === null ? null : Date.parse(promised);
    }
    // Of an open incident the center says when the next one is due.
    if (open && incident.nextUpdateDueAt !== null) dueMs = Date.parse(incident.nextUpdateDueAt);
    miss(open ? nowMs : toMs, open);
  }
  return result;
}

export function cadenceShare({ due, kept }: Cadence): number | null {
  return due === 0 ? null : kept / due;
}

function nextDue(impact: readonly ImpactSpan[], fromMs: number, atMs: number): number | null {
  const severity = severityAt(impact, atMs);
  const minutes = severity === null ? null : updateCadenceMinutes[severity];
  return minutes === null ? null : fromMs + minutes * minuteMs;
}

function quietAfterMs(impact: readonly ImpactSpan[], ms: number): number {
  const severity = severityAt(impact, ms);
  return ((severity === null ? null : updateCadenceMinutes[severity]) ?? quietMinutes) * minuteMs;
}

/** Spans that touch are one: from when it opened until it closed. */
function openSpans(impact: readonly ImpactSpan[]): { fromMs: number; toMs: number; open: boolean }[] {
  const joined: { fromMs: number; toMs: number; open: boolean }[] = [];
  for (const { fromMs, toMs, open } of impact) {
    const before = joined.at(-1);
    if (before !== undefined && before.toMs === fromMs) Object.assign(before, { toMs, open });
    else joined.push({ fromMs, toMs, open });
  }
  return joined;
}
