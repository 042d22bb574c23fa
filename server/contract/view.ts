import { z } from 'zod';
import { AlertStatus } from '#server/contract/alert.ts';
import { Id, StorableText, Title } from '#server/contract/primitives.ts';
import { Severity } from '#server/contract/severity.ts';

/** A filter over the alert list; facets are alternatives inside one list and conditions between lists. */
export const AlertFilter = z.object({
  text: StorableText.max(500).default(''),
  severities: z.array(Severity).default([]),
  statuses: z.array(AlertStatus).default([]),
  marks: z.array(z.enum(['acknowledged', 'suppressed', 'flapping'])).default([]),
  services: z.array(StorableText.max(300)).max(500).default([]),
  sources: z.array(StorableText.max(300)).max(500).default([]),
  incidentId: Id.nullable().default(null),
});
export type AlertFilter = z.infer<typeof AlertFilter>;

export const SavedView = z.object({
  id: Id,
  version: z.int(),
  name: Title,
  filter: AlertFilter,
  ownerId: Id,
  /** Shown to everyone, or only to its owner. */
  shared: z.boolean(),
});
export type SavedView = z.infer<typeof SavedView>;
