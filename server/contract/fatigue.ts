// How much being on call costs whom. docs/ledger.md.
import { z } from 'zod';
import { Id, Instant } from '#server/contract/primitives.ts';

export const FatigueRow = z.object({
  userId: Id,
  name: z.string(),
  timeZone: z.string(),
  pages: z.int(),
  /** Between 22:00 and 07:00 in the person's own zone. */
  atNight: z.int(),
  /** Nights, weekends, and before 09:00 or after 18:00. */
  outOfHours: z.int(),
  /** Different nights (00:00 to 06:00) on which there was at least one page. */
  brokenNights: z.int(),
  /** Acknowledged more than five minutes after the page, or never. */
  late: z.int(),
  medianAckSeconds: z.number().nullable(),
  p95AckSeconds: z.number().nullable(),
  /** Pages above (or below) the even share among the people this one shares teams with. */
  evenShare: z.number(),
  overShare: z.number(),
  perWeek: z.array(z.object({ week: z.string(), pages: z.int() })),
});
export type FatigueRow = z.infer<typeof FatigueRow>;

export const FatigueReport = z.object({
  from: Instant,
  to: Instant,
  people: z.array(FatigueRow),
  pages: z.int(),
  atNight: z.int(),
  outOfHours: z.int(),
});
export type FatigueReport = z.infer<typeof FatigueReport>;
