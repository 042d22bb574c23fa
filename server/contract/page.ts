// Pages and how each was tried. docs/ledger.md.
import { z } from 'zod';
import { ChannelKind, ContactKind } from '#server/contract/channel.ts';
import { Priority } from '#server/contract/policy.ts';
import { Id, Instant } from '#server/contract/primitives.ts';

/**
 * pending: not due, or waiting for its turn. sending: claimed by a server. sent: the provider took it.
 * delivered: it says it arrived, or a client showed it. failed: given up. cancelled: no longer wanted.
 * shadow: written down and not sent, because the center runs beside another pager.
 */
export const notificationStatuses = [
  'pending',
  'sending',
  'sent',
  'delivered',
  'failed',
  'cancelled',
  'shadow',
] as const;
export const NotificationStatus = z.enum(notificationStatuses);
export type NotificationStatus = z.infer<typeof NotificationStatus>;

/** One message of a page through one way; its id is the idempotency key that providers get. */
export const Notification = z.object({
  id: Id,
  /** A contact method of the person, or null for a channel. */
  methodId: Id.nullable(),
  channelId: Id.nullable(),
  via: z.union([ContactKind, ChannelKind]),
  /** For reading: "text to +49 … 12", never the whole address. */
  label: z.string(),
  /** When the rule wanted it; `dueAt` moves when it is retried, paced or pulled forward. */
  plannedAt: Instant,
  dueAt: Instant,
  status: NotificationStatus,
  attempts: z.int(),
  sentAt: Instant.nullable(),
  deliveredAt: Instant.nullable(),
  lastError: z.string().nullable(),
  /** Told in the message of another notification. */
  bundledInto: Id.nullable(),
});
export type Notification = z.infer<typeof Notification>;

export const Page = z.object({
  id: Id,
  version: z.int(),
  /** Shown as P-8821. */
  number: z.int(),
  incidentId: Id,
  /** One of the two is set. */
  userId: Id.nullable(),
  channelId: Id.nullable(),
  policyId: Id.nullable(),
  run: z.int(),
  step: z.int(),
  loop: z.int(),
  priority: Priority,
  /** In words: "step 1 of payments-critical; on call in payments-primary". */
  reason: z.string(),
  at: Instant,
  /** It should have gone out earlier: the center slept or was down. */
  late: z.boolean(),
  status: z.enum(['open', 'acknowledged', 'stopped']),
  endedAt: Instant.nullable(),
  /** Who acknowledged, and through what. */
  endedBy: z.string().nullable(),
  notifications: z.array(Notification),
});
export type Page = z.infer<typeof Page>;

/** What a client says became of a desktop notification. */
export const Receipt = z.object({
  notificationId: Id,
  result: z.enum(['shown', 'suppressed', 'failed']),
  reason: z.string().max(500),
});
export type Receipt = z.infer<typeof Receipt>;

/** Kinds of entries: decisions, which replay recomputes, and observations, which it takes as they were. */
export const decisionKinds = [
  'route',
  'hold',
  'step',
  'lookup',
  'recipients',
  'plan',
  'limit',
  'delivery',
  'stop',
] as const;
export const observationKinds = ['trigger', 'attempt', 'receipt', 'acknowledgement', 'clock', 'forced'] as const;
export const LedgerKind = z.enum([...decisionKinds, ...observationKinds]);
export type LedgerKind = z.infer<typeof LedgerKind>;
export type DecisionKind = (typeof decisionKinds)[number];
export type ObservationKind = (typeof observationKinds)[number];

export const LedgerEntry = z.object({
  id: Id,
  /** Order within everything. */
  sequence: z.int(),
  at: Instant,
  incidentId: Id,
  /** Set when the entry is about one page. */
  pageId: Id.nullable(),
  userId: Id.nullable(),
  kind: LedgerKind,
  /** "Rule 3 of 9 chose the policy", and its second line. */
  title: z.string(),
  detail: z.string(),
  input: z.unknown(),
  output: z.unknown(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;
