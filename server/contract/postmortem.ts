import { z } from 'zod';
import { Incident } from '#server/contract/incident.ts';
import { Id, Instant } from '#server/contract/primitives.ts';

export const FollowUp = z.object({
  id: Id,
  title: z.string(),
  ownerId: Id.nullable(),
  dueAt: Instant.nullable(),
  doneAt: Instant.nullable(),
});
export type FollowUp = z.infer<typeof FollowUp>;

/** Made from the facts or being written; read by others; closed. */
export const reviewStates = ['draft', 'in-review', 'done'] as const;
export const ReviewState = z.enum(reviewStates);
export type ReviewState = z.infer<typeof ReviewState>;

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
  /** A draft where it is left out. */
  state: ReviewState.optional(),
});
export type Postmortem = z.infer<typeof Postmortem>;

/** A review with what is known of its incident. */
export const ReviewItem = z.object({
  incident: Incident.pick({
    id: true,
    number: true,
    title: true,
    severity: true,
    status: true,
    startedAt: true,
    resolvedAt: true,
  }),
  review: Postmortem,
});
export type ReviewItem = z.infer<typeof ReviewItem>;
