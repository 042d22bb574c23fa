import { z } from 'zod';
import { Expression, Id, Instant, Title } from '#server/contract/primitives.ts';
import { Severity } from '#server/contract/severity.ts';

export const GroupingRuleDraft = z.object({
  name: Title,
  enabled: z.boolean(),
  /** CEL over `alert`; the first enabled rule that holds decides. */
  condition: Expression,
  /** `service`, `title`, `severity`, `source`, or the name of a label. Alerts equal in all of them are one group. */
  keys: z.array(z.string().trim().min(1).max(200)).max(10),
  /** Seconds in which the minimum count has to be reached. */
  windowSeconds: z.int().min(1).max(86_400),
  minimumCount: z.int().min(1).max(1_000),
  /** `{{title}}`, `{{service}}`, `{{severity}}`, `{{labels.NAME}}`, `{{count}}` are filled in when the incident opens. */
  titleTemplate: z.string().trim().min(1).max(300),
  /** Alert severity → incident severity; what is not named stays. */
  severityMap: z.partialRecord(Severity, Severity),
  /** Close the incident when all its alerts resolved, when the first did, or only by hand. */
  resolvePolicy: z.enum(['all', 'first', 'never']),
  /** An alert of the group within this many seconds after the incident closed reopens it. */
  reopenSeconds: z.int().min(0).max(604_800),
  /**
   * Alerts on services that the catalog connects, at most so many steps apart, share an incident. Null: they do not.
   * Left out of a save, it stays as it is.
   */
  topology: z
    .object({ hops: z.int().min(1).max(3) })
    .nullable()
    .optional(),
});
export type GroupingRuleDraft = z.infer<typeof GroupingRuleDraft>;

export const GroupingRule = GroupingRuleDraft.extend({
  id: Id,
  version: z.int(),
  /** Order of trial, from 0. The built-in rule is last and cannot be deleted. */
  position: z.int(),
  builtIn: z.boolean(),
  updatedBy: Id.nullable(),
  updatedAt: Instant,
});
export type GroupingRule = z.infer<typeof GroupingRule>;

/** What a rule would have made of the stored alerts, beside what really happened. */
export const RuleTrial = z.object({
  from: Instant,
  to: Instant,
  alertsReplayed: z.int(),
  alertsMatched: z.int(),
  incidentsBefore: z.int(),
  incidentsAfter: z.int(),
  samples: z.array(
    z.object({
      title: z.string(),
      severity: Severity,
      openedAt: Instant,
      resolvedAt: Instant.nullable(),
      alertCount: z.int(),
      reason: z.string(),
      alertTitles: z.array(z.string()),
    }),
  ),
  /** True when the store held more alerts than one trial replays; the newest were taken. */
  truncated: z.boolean(),
  elapsedMs: z.number(),
});
export type RuleTrial = z.infer<typeof RuleTrial>;
