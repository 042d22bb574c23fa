// What people configure about paging is documents: each has versions, findings, and may be kept as YAML (docs/as-code.md).
import { z } from 'zod';
import { Id, Instant } from '#server/contract/primitives.ts';

/** What is wrong with a document. An error refuses the save; a warning is saved with it and stays visible. */
export const Finding = z.object({
  level: z.enum(['error', 'warning']),
  /** Stable, for programs: `gap`, `nobody`, `cycle`, … */
  code: z.string(),
  text: z.string(),
  from: Instant.nullable(),
  to: Instant.nullable(),
});
export type Finding = z.infer<typeof Finding>;

/** The draft as a person or a file gave it, and what the server keeps about it. */
export function document<S extends z.ZodRawShape>(draft: z.ZodObject<S>) {
  return draft.extend({
    id: Id,
    /** Rises with everything, also with what the server keeps: a beat, a message sent. */
    version: z.int(),
    /** The version at which somebody last changed the draft; this is the one to show. Older servers leave it out. */
    draftVersion: z.int().optional(),
    findings: z.array(Finding),
    updatedAt: Instant,
    updatedBy: Id.nullable(),
    /** `ui`; `yaml` when the last writer was an apply; `import` when it came from another pager. */
    origin: z.enum(['ui', 'yaml', 'import']),
  });
}
