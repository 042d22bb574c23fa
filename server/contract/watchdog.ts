// What the center says about the machine it runs on, and what its auditor sees. docs/watchdog.md.
import { z } from 'zod';
import { PagingSettings } from '#server/contract/paging-settings.ts';
import { Instant } from '#server/contract/primitives.ts';

export const HostNotice = z.object({
  code: z.enum([
    'sleeps',
    'one-machine',
    'no-dead-man',
    'no-fallback',
    'shadow',
    'paused',
    'stalled',
    'dead-letters',
    'queue',
    'dead-man-fails',
  ]),
  level: z.enum(['info', 'warning', 'error']),
  text: z.string(),
});
export type HostNotice = z.infer<typeof HostNotice>;

export const AuditLook = z.object({
  at: Instant,
  /** Things that should have been done more than 30 s ago. */
  overdue: z.int(),
  oldestDue: Instant.nullable(),
  /** What is wrong, in words; empty while all is well. */
  faults: z.array(z.string()),
  /** Accepted and put aside as dead letters, in words: paging moves and knows nothing of them. Null while there are none. */
  parked: z.string().nullable(),
  /** Channels with more to send than they take, in words: slow, but no stall. */
  queues: z.array(z.string()),
  deadManAt: Instant.nullable(),
  deadManError: z.string().nullable(),
});
export type AuditLook = z.infer<typeof AuditLook>;

export const WatchdogStatus = z.object({
  mode: PagingSettings.shape.mode,
  /** Of the settings of paging; whoever changes the mode names it. */
  settingsVersion: z.int(),
  host: z.object({ embeddedDatabase: z.boolean(), laptop: z.boolean(), platform: z.string() }),
  deadManSet: z.boolean(),
  fallbackSet: z.boolean(),
  look: AuditLook.nullable(),
  /** Shown for as long as they are true. */
  notices: z.array(HostNotice),
});
export type WatchdogStatus = z.infer<typeof WatchdogStatus>;
