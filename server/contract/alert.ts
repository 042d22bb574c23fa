import { z } from 'zod';
import { RecentArrivals } from '#server/contract/arrivals.ts';
import { Id, Instant, Labels } from '#server/contract/primitives.ts';
import { Severity } from '#server/contract/severity.ts';

export const AlertStatus = z.enum(['firing', 'resolved']);
export type AlertStatus = z.infer<typeof AlertStatus>;

/**
 * One alert from its first firing to its resolution. Acknowledged and suppressed are marks beside the status,
 * never states of their own. A key that fires again after it resolved makes a new alert (`previousId` names the old one).
 */
export const Alert = z.object({
  id: Id,
  version: z.int(),
  fingerprint: z.string(),
  status: AlertStatus,
  acknowledged: z.boolean(),
  acknowledgedBy: Id.nullable(),
  acknowledgedAt: Instant.nullable(),
  suppressed: z.boolean(),
  /** The silence or maintenance window that suppresses it now. */
  suppressedBy: Id.nullable(),
  flapping: z.boolean(),
  severity: Severity,
  /** Kind of integration it came through. */
  source: z.string(),
  integrationId: Id,
  service: z.string().nullable(),
  /** The service of the catalog it is about; `service` is then that one's name. Absent in what an older server sent. */
  serviceId: Id.nullable().optional(),
  title: z.string(),
  labels: Labels,
  annotations: Labels,
  sourceUrl: z.string().nullable(),
  runbookUrl: z.string().nullable(),
  /** Times the source sent it while open. */
  count: z.int(),
  firstSeenAt: Instant,
  lastSeenAt: Instant,
  /** The source's own end time; a firing alert past it expires. */
  endsAt: Instant.nullable(),
  resolvedAt: Instant.nullable(),
  incidentId: Id.nullable(),
  /** Why it is in its incident, in words. */
  groupReason: z.string().nullable(),
  previousId: Id.nullable(),
  /** Arrivals of the last hour; missing from an older server, null where none were counted yet. */
  recent: RecentArrivals.nullish(),
});
export type Alert = z.infer<typeof Alert>;

export const alertEventKinds = [
  'fired',
  'repeated',
  'severity-changed',
  'acknowledged',
  'unacknowledged',
  'suppressed',
  'unsuppressed',
  'flapping-started',
  'flapping-stopped',
  'grouped',
  'ungrouped',
  'resolved',
  'expired',
  'reopened',
] as const;
export const AlertEventKind = z.enum(alertEventKinds);
export type AlertEventKind = z.infer<typeof AlertEventKind>;

/** A change of an alert's state, with what caused it. */
export const AlertEvent = z.object({
  id: Id,
  alertId: Id,
  at: Instant,
  kind: AlertEventKind,
  /** In words: who or what, and why. */
  cause: z.string(),
  actorId: Id.nullable(),
});
export type AlertEvent = z.infer<typeof AlertEvent>;
