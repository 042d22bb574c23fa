// The list below the lanes: events, and between them what is missing.
import type { TimelineEvent } from './events.ts';
import type { Gap } from './gaps.ts';

export type TimelineRow =
  | { id: string; ms: number; event: TimelineEvent; gap: null }
  | { id: string; ms: number; event: null; gap: Gap };

/** Gaps stand where they begin. With a filter on there are none: they are about everything. */
export function rowsOf(events: readonly TimelineEvent[], gaps: readonly Gap[]): TimelineRow[] {
  const waiting = gaps.toSorted((a, b) => a.fromMs - b.fromMs);
  const rows: TimelineRow[] = [];
  let next = 0;
  for (const event of events) {
    for (let gap = waiting[next]; gap !== undefined && gap.fromMs < event.ms; gap = waiting[next]) {
      rows.push(rowOfGap(gap));
      next += 1;
    }
    rows.push({ id: event.id, ms: event.ms, event, gap: null });
  }
  for (const gap of waiting.slice(next)) rows.push(rowOfGap(gap));
  return rows;
}

/** First row that is not before `ms`. */
export function rowFrom(rows: readonly TimelineRow[], ms: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as TimelineRow).ms < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rowOfGap(gap: Gap): TimelineRow {
  return { id: `gap:${gap.kind}:${gap.fromMs}`, ms: gap.fromMs, event: null, gap };
}
