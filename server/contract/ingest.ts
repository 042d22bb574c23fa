import { z } from 'zod';

/** Answer of the accept path: what was taken, and each refused item with its place and reason. */
export const AcceptAnswer = z.object({
  status: z.literal('accepted'),
  accepted: z.int(),
  rejected: z.array(z.object({ index: z.int(), reason: z.string() })),
  /** Set when a delivery that carries an identity came again; it had no effect. */
  duplicate: z.boolean(),
});
export type AcceptAnswer = z.infer<typeof AcceptAnswer>;

export const ErrorAnswer = z.object({
  error: z.object({
    code: z.string(),
    /** What happened, why, and what to do now. */
    message: z.string(),
    traceId: z.string().optional(),
  }),
  rejected: z.array(z.object({ index: z.int(), reason: z.string() })).optional(),
  /** The entity as it is now, with a conflict. */
  current: z.unknown().optional(),
});
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;
