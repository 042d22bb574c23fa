import { z } from 'zod';
import { Expression, Id, Instant, ShortText } from '#server/contract/primitives.ts';

/** Suppresses without losing: what matches stays visible, marked; what outlives the window surfaces then. */
export const Silence = z.object({
  id: Id,
  version: z.int(),
  kind: z.enum(['silence', 'maintenance']),
  /** CEL over `alert`. */
  matcher: Expression,
  startsAt: Instant,
  endsAt: Instant,
  reason: ShortText,
  createdBy: Id.nullable(),
  createdAt: Instant,
  /** Set when someone ended it early. */
  endedAt: Instant.nullable(),
  /** Alerts it suppresses now. */
  suppressedCount: z.int(),
});
export type Silence = z.infer<typeof Silence>;
