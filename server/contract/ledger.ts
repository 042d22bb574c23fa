// Answers made from the ledger: why somebody was paged, or why nobody was. docs/ledger.md.
import { z } from 'zod';
import { Page } from '#server/contract/page.ts';
import { Id, Instant } from '#server/contract/primitives.ts';

export const WhyRow = z.object({
  /** Place in the table, or what it is about. */
  label: z.string(),
  text: z.string(),
  result: z.string(),
  /** The one that decided. */
  chosen: z.boolean(),
});
export type WhyRow = z.infer<typeof WhyRow>;

export const WhyStep = z.object({
  at: Instant,
  /** Milliseconds after the first step. */
  offsetMs: z.number(),
  /** A kind of the ledger, `alert` for a change of the alert itself, `note` for a fact found while answering. */
  kind: z.string(),
  tone: z.enum(['trigger', 'ok', 'held', 'failed', 'end', 'next']),
  title: z.string(),
  detail: z.string(),
  rows: z.array(WhyRow),
  /** The ledger's entry behind it, for "show input"; null when it was read elsewhere. */
  entryId: Id.nullable(),
});
export type WhyStep = z.infer<typeof WhyStep>;

export const WhyAttempt = z.object({
  notificationId: Id,
  via: z.string(),
  label: z.string(),
  /** When it left, or when it is due. */
  at: Instant,
  status: z.string(),
  /** What the provider said, or why there is no attempt yet. */
  answer: z.string(),
  receipt: z.string(),
});
export type WhyAttempt = z.infer<typeof WhyAttempt>;

export const WhyOther = z.object({
  userId: Id.nullable(),
  name: z.string(),
  paged: z.boolean(),
  why: z.string(),
});
export type WhyOther = z.infer<typeof WhyOther>;

export const Why = z.object({
  /** Three sentences at most. */
  answer: z.array(z.string()).max(3),
  incident: z.object({ id: Id, number: z.int(), title: z.string() }).nullable(),
  alert: z.object({ id: Id, title: z.string() }).nullable(),
  page: Page.nullable(),
  steps: z.array(WhyStep),
  attempts: z.array(WhyAttempt),
  /** What happens if nobody answers. */
  next: z.object({ at: Instant, text: z.string() }).nullable(),
  others: z.array(WhyOther),
  /** Who was on call at that minute, when a minute was asked about. */
  onCall: z.array(z.object({ schedule: z.string(), people: z.array(z.string()), explanation: z.string() })),
  record: z.object({ from: z.int(), to: z.int(), entries: z.int() }).nullable(),
});
export type Why = z.infer<typeof Why>;

/** What a replay found. `different` is empty unless the program decides otherwise now than it did then. */
export const ReplayReport = z.object({
  entries: z.int(),
  /** Decisions recomputed, bit for bit the same. */
  same: z.int(),
  observations: z.int(),
  /** Documents the decisions referred to, loaded as they were then. */
  documents: z.int(),
  different: z.array(z.object({ sequence: z.int(), kind: z.string(), expected: z.string(), got: z.string() })),
  /** References that nothing is stored for, with the entries that could not be replayed for want of them. */
  missing: z.array(z.object({ reference: z.string(), sequences: z.array(z.int()) })),
  truncated: z.boolean(),
});
export type ReplayReport = z.infer<typeof ReplayReport>;
