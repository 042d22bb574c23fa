import { z } from 'zod';
import { Id, Instant, Title } from '#server/contract/primitives.ts';

export const integrationKinds = ['alertmanager', 'events-v2', 'grafana', 'generic'] as const;
export const IntegrationKind = z.enum(integrationKinds);
export type IntegrationKind = z.infer<typeof IntegrationKind>;

/** CEL expressions over `body` (the posted item) that make an alert of any JSON. */
export const GenericMapping = z.object({
  /** A CEL list when one post carries many items; empty takes the body itself, or its elements if it is an array. */
  items: z.string().max(2_000),
  title: z.string().min(1).max(2_000),
  severity: z.string().max(2_000),
  service: z.string().max(2_000),
  /** `firing`, `resolved`, or a boolean that is true while it fires. */
  status: z.string().max(2_000),
  dedupKey: z.string().max(2_000),
  labels: z.string().max(2_000),
  annotations: z.string().max(2_000),
  sourceUrl: z.string().max(2_000),
  runbookUrl: z.string().max(2_000),
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
