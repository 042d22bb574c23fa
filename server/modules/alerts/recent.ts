import { type RecentArrivals, arrivalSpanMs, arrivalSpans } from '#server/contract/arrivals.ts';

/** With one arrival more; spans older than an hour before the newest fall off. */
export function withArrival(recent: RecentArrivals | null, at: string): RecentArrivals {
  const span = Math.floor(Date.parse(at) / arrivalSpanMs);
  const first = recent === null ? span : Math.floor(Date.parse(recent.from) / arrivalSpanMs);
  const last = recent === null ? span : Math.max(span, first + recent.counts.length - 1);
  const from = Math.max(Math.min(first, span), last - arrivalSpans + 1);
  const counts = Array.from({ length: last - from + 1 }, (_, i) => {
    const each = from + i;
    return (recent?.counts[each - first] ?? 0) + (each === span ? 1 : 0);
  });
  return { from: new Date(from * arrivalSpanMs).toISOString(), counts };
}
