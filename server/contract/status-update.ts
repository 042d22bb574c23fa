// One text to the timeline, to status pages and to lists of stakeholders: approved where it has to be, and delivered where
// everybody can see how it went. docs/updates.md.
import { z } from 'zod';
import { Id, Instant } from '#server/contract/primitives.ts';

export const updateStates = ['awaiting', 'sent', 'declined', 'withdrawn'] as const;
export const UpdateState = z.enum(updateStates);
export type UpdateState = z.infer<typeof UpdateState>;

export const deliveryStates = ['waiting', 'sent', 'failed'] as const;

/** Where an update goes besides the timeline, and how that went. */
export const UpdateDelivery = z.object({
  kind: z.enum(['statuspage', 'list']),
  targetId: Id,
  /** As it was called then. */
  name: z.string(),
  /** Failed as soon as nothing waits any more and something did not arrive. */
  state: z.enum(deliveryStates),
  /** Mails of a list, or the one page. */
  recipients: z.int(),
  sent: z.int(),
  failed: z.int(),
  /** Sent again after an attempt of which nobody knows how it ended: these may have come twice. */
  repeated: z.int(),
  at: Instant.nullable(),
  error: z.string().nullable(),
});
export type UpdateDelivery = z.infer<typeof UpdateDelivery>;

export const StatusUpdate = z.object({
  /** Also that of its entry on the timeline, once it is sent. */
  id: Id,
  version: z.int(),
  incidentId: Id,
  number: z.int(),
  text: z.string(),
  nextInMinutes: z.int().nullable(),
  statusPages: z.array(Id),
  lists: z.array(Id),
  /** Somebody said yes to readers beyond the teams that may see the incident. */
  openly: z.boolean(),
  state: UpdateState,
  writtenBy: Id,
  writtenAt: Instant,
  approverId: Id.nullable(),
  decidedBy: Id.nullable(),
  decidedAt: Instant.nullable(),
  /** Why it was declined. */
  decision: z.string().nullable(),
  deliveries: z.array(UpdateDelivery),
});
export type StatusUpdate = z.infer<typeof StatusUpdate>;

/** What one target will show, made by the code that sends it. */
export const TargetPreview = z.object({
  kind: z.enum(['timeline', 'statuspage', 'list']),
  targetId: Id.nullable(),
  name: z.string(),
  /** Title of a page's incident, subject of a mail. */
  title: z.string().nullable(),
  body: z.string(),
  /** What else stands there, in words. */
  notes: z.array(z.string()),
  /** Who will be able to read it. */
  readers: z.string(),
  /** Readers who may not see the incident itself: this needs an explicit yes. */
  beyond: z.string().nullable(),
  /** Why it cannot go there. */
  fault: z.string().nullable(),
  /** Stands for who gets it and by which way; an approval names it. Null of the timeline. */
  seal: z.string().nullable(),
});
export type TargetPreview = z.infer<typeof TargetPreview>;

export const UpdatePreview = z.object({
  number: z.int(),
  /** Why it has to name an approver, in words; null when it need not. */
  approval: z.string().nullable(),
  targets: z.array(TargetPreview),
});
export type UpdatePreview = z.infer<typeof UpdatePreview>;
