// Who is paged after whom. What each word means: docs/escalation.md.
import { z } from 'zod';
import { document } from '#server/contract/config-document.ts';
import { Id, Instant, StorableText, Title } from '#server/contract/primitives.ts';
import { LocalTime, TimeZone, Weekday } from '#server/contract/schedule.ts';
import { Severity } from '#server/contract/severity.ts';

export const Target = z.discriminatedUnion('type', [
  z.object({ type: z.literal('user'), id: Id }),
  /** Whoever is on call at that moment. */
  z.object({ type: z.literal('schedule'), id: Id }),
  /** Every member. */
  z.object({ type: z.literal('team'), id: Id }),
  /** A Slack channel, a webhook, another pager. */
  z.object({ type: z.literal('channel'), id: Id }),
]);
export type Target = z.infer<typeof Target>;

export const WorkingHours = z.object({
  timeZone: TimeZone,
  days: z.array(Weekday).min(1).max(7),
  from: LocalTime,
  to: LocalTime,
});
export type WorkingHours = z.infer<typeof WorkingHours>;

/** Which personal rules a page runs: everyone has a set for important pages and one for the others. */
export const Priority = z.enum(['important', 'default']);
export type Priority = z.infer<typeof Priority>;

export const EscalationStep = z.object({
  /** Stable across edits: a running escalation finds its place by it. */
  id: Id,
  targets: z.array(Target).min(1).max(50),
  /** One target an incident, in turn, instead of all at once. */
  roundRobin: z.boolean(),
  /** Minutes until the next step, if nobody acknowledged. */
  delayMinutes: z.int().min(0).max(1_440),
  /** The step is passed over when this does not hold; an empty list is every severity. */
  when: z.object({ severities: z.array(Severity).max(4), hours: z.enum(['any', 'working', 'outside']) }),
  /** `by-route` takes what routing chose. */
  priority: z.enum(['by-route', 'important', 'default']),
});
export type EscalationStep = z.infer<typeof EscalationStep>;

export const PolicyDraft = z.object({
  name: Title,
  description: StorableText.max(2_000).default(''),
  teamId: Id.nullable().default(null),
  steps: z.array(EscalationStep).min(1).max(20),
  /** Times to begin again after the last step; null goes on until somebody acknowledges. */
  repeat: z.int().min(0).max(100).nullable(),
  /** Paging goes on until this many different people acknowledged. */
  acknowledgementsNeeded: z.int().min(1).max(20),
  /** A new alert on an acknowledged incident: pages again when the severity rises, or always. */
  pageAgain: z.enum(['severity-rises', 'every-alert']),
  /** What `working` and `outside` mean in its steps. */
  workingHours: WorkingHours.nullable(),
});
export type PolicyDraft = z.infer<typeof PolicyDraft>;
export const Policy = document(PolicyDraft);
export type Policy = z.infer<typeof Policy>;

/** Paging of one incident as it stands: what was done last and what comes next. */
export const Escalation = z.object({
  /** The incident's. */
  id: Id,
  version: z.int(),
  /** Counts the times paging began for it: opened, reopened, severity risen, forced by hand. */
  run: z.int(),
  /**
   * waiting: the next step is due at `nextAt`. held: a silence or an inhibition holds it. stopped: acknowledged or over.
   * exhausted: every step and repeat was done. nobody: routing chose nobody, or nobody could be found.
   */
  status: z.enum(['waiting', 'held', 'stopped', 'exhausted', 'nobody']),
  /** In words, with who and why. */
  reason: z.string(),
  routeId: Id.nullable(),
  policyId: Id.nullable(),
  policyVersion: z.int().nullable(),
  priority: Priority,
  /** From 0: the step that comes next, and the repeat it belongs to. */
  step: z.int(),
  stepCount: z.int(),
  loop: z.int(),
  nextAt: Instant.nullable(),
  acknowledgedBy: z.array(Id),
  acknowledgementsNeeded: z.int(),
});
export type Escalation = z.infer<typeof Escalation>;
