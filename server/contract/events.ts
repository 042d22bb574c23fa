import { z } from 'zod';
import { Id, Instant } from '#server/contract/primitives.ts';

/** Names that programs subscribe to over /ws (or SSE). GAP says that some were missed: read the lists again. */
export const eventNames = [
  'ALERT_FIRED',
  'ALERT_CHANGED',
  'ALERT_RESOLVED',
  'INCIDENT_OPENED',
  'INCIDENT_CHANGED',
  'INCIDENT_RESOLVED',
  'TIMELINE_ADDED',
  'CHANGE_RECORDED',
  'CHAT_POSTED',
  'SERVICE_CHANGED',
] as const;
export const EventName = z.enum(eventNames);
export type EventName = z.infer<typeof EventName>;

export const NamedEvent = z.object({
  name: z.enum([...eventNames, 'GAP']),
  at: Instant,
  id: Id.nullable(),
  /** The entity as it is now. */
  body: z.unknown(),
});
export type NamedEvent = z.infer<typeof NamedEvent>;
