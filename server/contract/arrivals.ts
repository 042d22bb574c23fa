// How often an alert came of late. Spans begin at whole five minutes, so that those of different alerts add up.
import { z } from 'zod';
import { Instant } from '#server/contract/primitives.ts';

export const arrivalSpanMs = 5 * 60_000;
/** An hour of them. */
export const arrivalSpans = 12;

export const RecentArrivals = z.object({
  /** When the first count's span begins. The last count's span holds the newest arrival; what came after it is none. */
  from: Instant,
  counts: z.array(z.int()).max(arrivalSpans),
});
export type RecentArrivals = z.infer<typeof RecentArrivals>;
