// Where an incident's pages go, and what holds them back. What each word means: docs/routing.md.
import { z } from 'zod';
import { document } from '#server/contract/config-document.ts';
import { Expression, Id, Instant, StorableText, Title } from '#server/contract/primitives.ts';
import { Severity } from '#server/contract/severity.ts';

export const RouteDraft = z.object({
  name: Title,
  enabled: z.boolean(),
  /** CEL over `alert` (the incident's worst, or the incident itself when it was declared) and `incident`. */
  condition: Expression,
  /** Null pages nobody, and says so in the ledger. */
  policyId: Id.nullable(),
  /** `by-severity`: SEV1 and SEV2 are important. */
  priority: z.enum(['by-severity', 'important', 'default']),
  /** Channels that are told when the incident opens and as it goes on; telling is not paging. */
  channelIds: z.array(Id).max(20),
  /** The service the incident counts for, when its alerts name none; empty leaves it. */
  service: StorableText.max(300).default(''),
  /** Waits so long before the first page, so that what comes together is told together. */
  holdSeconds: z.int().min(0).max(600),
});
export type RouteDraft = z.infer<typeof RouteDraft>;
export const Route = document(RouteDraft).extend({
  /** Order of trial, from 0. The built-in one is last, takes everything and cannot be deleted. */
  position: z.int(),
  builtIn: z.boolean(),
});
export type Route = z.infer<typeof Route>;

/** While an incident that `cause` matches is open and not held itself, those that `symptom` matches wait. */
export const InhibitionDraft = z.object({
  name: Title,
  enabled: z.boolean(),
  cause: Expression,
  symptom: Expression,
  /** `service`, `title`, `severity`, `source`, or labels that both must have equal. */
  equal: z.array(StorableText.trim().min(1).max(200)).max(20),
});
export type InhibitionDraft = z.infer<typeof InhibitionDraft>;
export const Inhibition = document(InhibitionDraft);
export type Inhibition = z.infer<typeof Inhibition>;

/** Silence is an alert: a job that stops calling its address fires one. */
export const MonitorDraft = z.object({
  name: Title,
  enabled: z.boolean(),
  severity: Severity,
  service: StorableText.max(300).default(''),
  /** A beat is expected this often. */
  intervalSeconds: z.int().min(30).max(2_592_000),
  /** So much later than due it counts as missed. */
  graceSeconds: z.int().min(0).max(86_400),
  labels: z.record(StorableText.max(200), StorableText.max(1_000)).default({}),
});
export type MonitorDraft = z.infer<typeof MonitorDraft>;
export const Monitor = document(MonitorDraft).extend({
  /** Last characters of its key; the key itself is shown once. */
  keyHint: z.string(),
  status: z.enum(['waiting', 'healthy', 'missed', 'off']),
  lastBeatAt: Instant.nullable(),
  dueAt: Instant.nullable(),
});
export type Monitor = z.infer<typeof Monitor>;
