import { z } from 'zod';
import { Id, Instant, Link, ShortText, StorableText } from '#server/contract/primitives.ts';
import { Severity } from '#server/contract/severity.ts';

export const incidentStatuses = ['triggered', 'acknowledged', 'mitigated', 'resolved'] as const;
export const IncidentStatus = z.enum(incidentStatuses);
export type IncidentStatus = z.infer<typeof IncidentStatus>;

/** The four named roles, or any other word a team uses. Being commander is a role in an incident, not a permission. */
export const namedRoles = ['commander', 'deputy', 'scribe', 'liaison'] as const;
export const RoleName = StorableText.trim().toLowerCase().min(1).max(60);

/** What a hand-over tells the next one. */
export const Briefing = StorableText.trim().min(1).max(4_000);

export const RoleSlot = z.object({
  role: RoleName,
  userId: Id.nullable(),
  since: Instant.nullable(),
  /** A hand-over under way: offered, and not yet accepted or declined. */
  offer: z.object({ to: Id, by: Id, at: Instant, briefing: z.string().nullable().optional() }).nullable(),
});
export type RoleSlot = z.infer<typeof RoleSlot>;

export const IncidentLink = z.object({
  id: Id,
  kind: z.enum(['bridge', 'dashboard', 'ticket', 'other']),
  label: ShortText,
  url: Link,
});
export type IncidentLink = z.infer<typeof IncidentLink>;

/** Fields of an incident that two people can change against each other; each remembers the version that set it. */
export const guardedFields = ['status', 'severity', 'title', 'impact', 'restriction', 'update'] as const;
export type GuardedField = (typeof guardedFields)[number] | `role:${string}`;

export const Incident = z.object({
  id: Id,
  version: z.int(),
  number: z.int(),
  title: z.string(),
  severity: Severity,
  status: IncidentStatus,
  /** One sentence on who is hurt and how. */
  impact: z.string().nullable(),
  /** Set while a grouping rule feeds it. */
  ruleId: Id.nullable(),
  groupKey: z.string().nullable(),
  /** Why the rule opened it, in words. */
  groupReason: z.string().nullable(),
  declaredBy: Id.nullable(),
  alertCount: z.int(),
  firingAlertCount: z.int(),
  services: z.array(z.string()),
  startedAt: Instant,
  acknowledgedAt: Instant.nullable(),
  acknowledgedBy: Id.nullable(),
  mitigatedAt: Instant.nullable(),
  resolvedAt: Instant.nullable(),
  roles: z.array(RoleSlot),
  links: z.array(IncidentLink),
  updateCadenceMinutes: z.int().nullable(),
  nextUpdateDueAt: Instant.nullable(),
  lastUpdate: z.object({ at: Instant, by: Id.nullable(), text: z.string() }).nullable(),
  /** Teams that may see it; null means everyone. */
  restrictedTo: z.array(Id).nullable(),
  mergedInto: Id.nullable(),
  /** Guarded field → version at which it last changed. An intent based on an older version conflicts on that field. */
  fieldVersions: z.record(z.string(), z.int()),
});
export type Incident = z.infer<typeof Incident>;

export const Task = z.object({
  id: Id,
  version: z.int(),
  incidentId: Id,
  title: z.string(),
  ownerId: Id.nullable(),
  dueAt: Instant.nullable(),
  doneAt: Instant.nullable(),
  doneBy: Id.nullable(),
  createdBy: Id.nullable(),
  createdAt: Instant,
});
export type Task = z.infer<typeof Task>;

export const timelineKinds = [
  'declared',
  'alert',
  'status',
  'severity',
  'edit',
  'role',
  'task',
  'ask',
  'poll',
  /** Who works on it: joined, left, released. */
  'responder',
  'note',
  'update',
  /** An update on its way: asks for approval, is declined, did not reach its readers. */
  'publishing',
  'link',
  'membership',
  'merge',
  'restriction',
  'conflict',
  /** Paging: who was paged, how it went, what was held. */
  'page',
] as const;
export const TimelineKind = z.enum(timelineKinds);
export type TimelineKind = z.infer<typeof TimelineKind>;

/** What an entry says in words, again for programs: each part stands where it applies. */
export const TimelineData = z.object({
  severity: z.object({ from: Severity.nullable(), to: Severity }).optional(),
  status: z.object({ from: IncidentStatus.nullable(), to: IncidentStatus }).optional(),
  /** A poll that ended; one that was carried is a decision. */
  poll: z.enum(['carried', 'objected']).optional(),
  /** Of an update: when the next one was due from then on. */
  nextUpdateDueAt: Instant.nullable().optional(),
  /** It was said in the room first. */
  messageId: Id.optional(),
});
export type TimelineData = z.infer<typeof TimelineData>;

export const TimelineEntry = z.object({
  id: Id,
  version: z.int(),
  incidentId: Id,
  /** When it happened; earlier than `recordedAt` for a backdated entry. */
  at: Instant,
  recordedAt: Instant,
  kind: TimelineKind,
  source: z.enum(['person', 'rule', 'alert', 'system']),
  actorId: Id.nullable(),
  /** Display name of who or what did it, as it was then. */
  actor: z.string(),
  text: z.string(),
  detail: z.string().nullable(),
  alertId: Id.nullable(),
  starred: z.boolean(),
  data: TimelineData.nullable().optional(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** A deploy, a flag flip, a migration: what changed, as a source told us. */
export const ChangeEvent = z.object({
  id: Id,
  version: z.int(),
  at: Instant,
  title: z.string(),
  service: z.string().nullable(),
  source: z.string(),
  integrationId: Id,
  links: z.array(z.object({ href: z.string(), text: z.string().nullable() })),
});
export type ChangeEvent = z.infer<typeof ChangeEvent>;
