import { z } from 'zod';
import { Id, Instant } from '#server/contract/primitives.ts';

export const FollowUp = z.object({
  id: Id,
  title: z.string(),
  ownerId: Id.nullable(),
  dueAt: Instant.nullable(),
  doneAt: Instant.nullable(),
});
export type FollowUp = z.infer<typeof FollowUp>;

/** The written part of a review; facts and timeline are taken from the incident when the Markdown is made. */
export const Postmortem = z.object({
  id: Id,
  version: z.int(),
  incidentId: Id,
  summary: z.string(),
  causes: z.string(),
  wentWell: z.string(),
  wentBadly: z.string(),
  followUps: z.array(FollowUp),
  updatedAt: Instant,
  updatedBy: Id.nullable(),
});
export type Postmortem = z.infer<typeof Postmortem>;
