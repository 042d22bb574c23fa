// The 60-minute column: how often the source sent a row's alerts in each five minutes, over a line while one of them
// fired. Nothing in it is guessed. Pure.
import type { Alert } from '#server/contract/alert.ts';
import { arrivalSpanMs, arrivalSpans } from '#server/contract/arrivals.ts';
import { numberText, t } from '../language/words.ts';

export interface Spark {
  /** Oldest first; the last span is the running one. */
  counts: number[];
  /** A bit for each span in which something fired, the oldest lowest. */
  firing: number;
}

type Seen = Pick<Alert, 'firstSeenAt' | 'lastSeenAt' | 'resolvedAt' | 'count' | 'recent'>;

export const sparkWidth = 60;
export const sparkHeight = 18;
const foot = 16;
const tallest = 14;
const pitch = sparkWidth / arrivalSpans;
const gap = 1;
/** A single arrival in a quiet hour is a low bar. */
const fullAt = 4;

/** The number of the five minutes that are running. */
export function spanOf(nowMs: number): number {
  return Math.floor(nowMs / arrivalSpanMs);
}

export function emptySpark(): Spark {
  return { counts: Array.from({ length: arrivalSpans }, () => 0), firing: 0 };
}

export function sparkOf(alerts: readonly Seen[], endSpan: number): Spark {
  const spark = emptySpark();
  for (const alert of alerts) addToSpark(spark, endSpan, alert);
  return spark;
}

export function addToSpark(spark: Spark, endSpan: number, alert: Seen): void {
  const start = endSpan - arrivalSpans + 1;
  const from = Math.max(0, spanOf(Date.parse(alert.firstSeenAt)) - start);
  const to =
    alert.resolvedAt === null
      ? arrivalSpans - 1
      : Math.min(arrivalSpans - 1, spanOf(Date.parse(alert.resolvedAt)) - start);
  for (let i = from; i <= to; i += 1) spark.firing |= 1 << i;
  const arrivals = arrivalsOf(alert);
  if (arrivals === null) return;
  const first = spanOf(Date.parse(arrivals.from)) - start;
  for (let i = Math.max(0, -first); i < arrivals.counts.length; i += 1) {
    const at = first + i;
    if (at >= arrivalSpans) break;
    spark.counts[at] = (spark.counts[at] as number) + (arrivals.counts[i] as number);
  }
}

/** Null where nobody counted: before the server did, an alert that was sent once says all the same when. */
function arrivalsOf({ recent, count, lastSeenAt }: Seen): { from: string; counts: readonly number[] } | null {
  return recent ?? (count === 1 ? { from: lastSeenAt, counts: [1] } : null);
}

export function firesNow({ firing }: Pick<Spark, 'firing'>): boolean {
  return (firing & (1 << (arrivalSpans - 1))) !== 0;
}

/** One path: the line while it fired, and a bar for each span in which something came. */
export function sparkPath({ counts, firing }: Spark): string {
  let path = '';
  for (let i = 0; i < arrivalSpans; i += 1) {
    if ((firing & (1 << i)) === 0) continue;
    let end = i;
    while (end + 1 < arrivalSpans && (firing & (1 << (end + 1))) !== 0) end += 1;
    path += `M${i * pitch} ${foot}h${(end - i + 1) * pitch}v1.5h${-(end - i + 1) * pitch}z`;
    i = end;
  }
  const full = Math.max(fullAt, ...counts);
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue;
    const height = Math.max(2, Math.round((count / full) * tallest));
    path += `M${i * pitch} ${foot}v${-height}h${pitch - gap}v${height}z`;
  }
  return path;
}

export function sparkWords({ counts }: Spark): string {
  const total = counts.reduce((a, b) => a + b, 0);
  if (total === 0) return t`No alert came in the last hour`;
  const most = Math.max(...counts);
  return t`${numberText(total)} came in the last hour, at most ${numberText(most)} in five minutes`;
}
