import { z } from 'zod';
import { Id, Instant, Labels, StorableText, Title } from '#server/contract/primitives.ts';
import { Severity } from '#server/contract/severity.ts';

export const integrationKinds = ['alertmanager', 'events-v2', 'grafana', 'generic'] as const;
export const IntegrationKind = z.enum(integrationKinds);
export type IntegrationKind = z.infer<typeof IntegrationKind>;

/** CEL expressions over `body` (the posted item) that make an alert of any JSON. */
export const GenericMapping = z.object({
  /** A CEL list when one post carries many items; empty takes the body itself, or its elements if it is an array. */
  items: StorableText.max(2_000),
  title: StorableText.min(1).max(2_000),
  severity: StorableText.max(2_000),
  service: StorableText.max(2_000),
  /** `firing`, `resolved`, or a boolean that is true while it fires. */
  status: StorableText.max(2_000),
  dedupKey: StorableText.max(2_000),
  labels: StorableText.max(2_000),
  annotations: StorableText.max(2_000),
  sourceUrl: StorableText.max(2_000),
  runbookUrl: StorableText.max(2_000),
});
export type GenericMapping = z.infer<typeof GenericMapping>;

export const Integration = z.object({
  id: Id,
  version: z.int(),
  name: Title,
  kind: IntegrationKind,
  enabled: z.boolean(),
  /** Last characters of the key, to tell keys apart; the key itself is shown once. */
  keyHint: z.string(),
  mapping: GenericMapping.nullable(),
  createdAt: Instant,
  lastSeenAt: Instant.nullable(),
  acceptedCount: z.int(),
  errorCount: z.int(),
  lastError: z.object({ at: Instant, message: z.string() }).nullable(),
});
export type Integration = z.infer<typeof Integration>;

/** What a mapping makes of a pasted sample, before it is saved. */
export const MappingTrial = z.object({
  /** Expressions that do not compile, each with its field and, where known, the offset in it. */
  errors: z.array(z.object({ field: z.string(), reason: z.string(), position: z.int().optional() })),
  /** Why nothing could be made of the sample as a whole. */
  reason: z.string().nullable(),
  alerts: z.array(
    z.object({
      action: z.enum(['fire', 'acknowledge', 'resolve']),
      title: z.string(),
      severity: Severity,
      service: z.string().nullable(),
      dedupKey: z.string(),
      labels: Labels,
      annotations: Labels,
      sourceUrl: z.string().nullable(),
      runbookUrl: z.string().nullable(),
    }),
  ),
  rejected: z.array(z.object({ index: z.int(), reason: z.string() })),
});
export type MappingTrial = z.infer<typeof MappingTrial>;
