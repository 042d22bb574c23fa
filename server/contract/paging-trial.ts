// What the paging time machine is asked and what it answers. docs/time-machine.md.
import { z } from 'zod';
import { ConfigDraft, ConfigKind } from '#server/contract/config.ts';
import { Id, Instant } from '#server/contract/primitives.ts';
import { Severity } from '#server/contract/severity.ts';

/** A change of the configuration that is tried, not saved. */
export const TrialChange = z.discriminatedUnion('op', [
  z.object({ op: z.literal('save'), id: Id, document: ConfigDraft }),
  /** As it was at that version. */
  z.object({ op: z.literal('version'), kind: ConfigKind, id: Id, version: z.int().min(1) }),
  z.object({ op: z.literal('delete'), kind: ConfigKind, id: Id }),
  z.object({ op: z.literal('order'), routeIds: z.array(Id).max(500) }),
]);
export type TrialChange = z.infer<typeof TrialChange>;

export const TrialPage = z.object({
  userId: Id.nullable(),
  channelId: Id.nullable(),
  at: Instant,
  /** From 1. */
  step: z.int(),
  loop: z.int(),
});
export type TrialPage = z.infer<typeof TrialPage>;

export const TrialSample = z.object({
  incidentId: Id,
  number: z.int(),
  title: z.string(),
  severity: Severity,
  startedAt: Instant,
  before: z.array(TrialPage),
  after: z.array(TrialPage),
  /** Why these pages, each way. */
  reasonBefore: z.string(),
  reasonAfter: z.string(),
});
export type TrialSample = z.infer<typeof TrialSample>;

export const PagingTrial = z.object({
  from: Instant,
  to: Instant,
  incidents: z.int(),
  alerts: z.int(),
  pagesBefore: z.int(),
  pagesAfter: z.int(),
  added: z.int(),
  removed: z.int(),
  /** Incidents that paged somebody and would page nobody. */
  missed: z.int(),
  people: z.array(z.object({ userId: Id, before: z.int(), after: z.int() })),
  /** Incidents whose pages differ: missed ones first, then the newest. */
  samples: z.array(TrialSample),
  truncated: z.boolean(),
  elapsedMs: z.int(),
});
export type PagingTrial = z.infer<typeof PagingTrial>;

/** One recorded trigger under another configuration; nobody is paged. */
export const PolicyTrial = TrialSample.extend({ same: z.boolean() });
export type PolicyTrial = z.infer<typeof PolicyTrial>;
