import { z } from 'zod';
import { Id, Instant } from '#server/contract/primitives.ts';

export const DiskReport = z.object({
  state: z.enum(['ok', 'low', 'full']),
  /** Null where it cannot be asked. */
  freeBytes: z.number().nullable(),
  totalBytes: z.number().nullable(),
});
export type DiskReport = z.infer<typeof DiskReport>;

/** How the server is doing, for the Diagnostics screen. */
export const DiagnosticsReport = z.object({
  server: z.object({
    version: z.string(),
    startedAt: Instant,
    runtime: z.string(),
    memoryBytes: z.number(),
    connectedClients: z.int(),
  }),
  database: z.object({
    version: z.string(),
    schemaVersion: z.int(),
    sizeBytes: z.number(),
    /** Of one small question, there and back. */
    latencyMs: z.number(),
    embedded: z.boolean(),
  }),
  processing: z.object({
    /** Accepted and not yet processed; counted up to a limit. */
    waitingRecords: z.int(),
    oldestWaitingMs: z.number(),
    /** Held in memory on the way into the log. */
    queuedRecords: z.int(),
    deadLetters: z.int(),
  }),
  clock: z.object({
    now: Instant,
    /** Database's clock minus server's. */
    databaseOffsetMs: z.number(),
  }),
  /** Null when the database runs elsewhere. */
  disk: DiskReport.nullable(),
  /** Rows per table, estimated; for managers, because it counts restricted things too. */
  tables: z.array(z.object({ name: z.string(), rows: z.number(), sizeBytes: z.number() })).nullable(),
});
export type DiagnosticsReport = z.infer<typeof DiagnosticsReport>;

/** A record that could not be processed and was put aside. */
export const DeadLetter = z.object({
  id: Id,
  recordId: Id,
  key: z.string(),
  type: z.string(),
  payload: z.string(),
  reason: z.string(),
  attempts: z.int(),
  parkedAt: Instant,
  resolution: z.enum(['replayed', 'discarded']).nullable(),
  resolvedAt: Instant.nullable(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;
