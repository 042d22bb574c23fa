// One way to save, delete, plan and apply everything that is configured about paging.
import { z } from 'zod';
import { Channel, ChannelDraft, CheckedBy } from '#server/contract/channel.ts';
import { Finding } from '#server/contract/config-document.ts';
import type { PermissionRole } from '#server/contract/people.ts';
import { Policy, PolicyDraft } from '#server/contract/policy.ts';
import { Id } from '#server/contract/primitives.ts';
import { Responder, ResponderDraft } from '#server/contract/responder.ts';
import { Inhibition, InhibitionDraft, Monitor, MonitorDraft, Route, RouteDraft } from '#server/contract/route.ts';
import { StakeholderList, StakeholderListDraft } from '#server/contract/stakeholder.ts';
import {
  Override,
  OverrideDraft,
  Schedule,
  ScheduleDraft,
  Swap,
  SwapDraft,
  TimeOff,
  TimeOffDraft,
} from '#server/contract/schedule.ts';

/** The documents, as clients hold them. Names are those of the replica's entities. */
export const configEntities = {
  schedule: Schedule,
  override: Override,
  timeOff: TimeOff,
  swap: Swap,
  policy: Policy,
  route: Route,
  inhibition: Inhibition,
  channel: Channel,
  monitor: Monitor,
  responder: Responder,
  stakeholderList: StakeholderList,
} as const;
export type ConfigKind = keyof typeof configEntities;
export type ConfigOf<K extends ConfigKind> = z.infer<(typeof configEntities)[K]>;
export const configKinds = Object.keys(configEntities) as ConfigKind[];
export const ConfigKind = z.enum(configKinds as [ConfigKind, ...ConfigKind[]]);

export const ConfigDraft = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('schedule'), draft: ScheduleDraft }),
  z.object({ kind: z.literal('override'), draft: OverrideDraft }),
  z.object({ kind: z.literal('timeOff'), draft: TimeOffDraft }),
  z.object({ kind: z.literal('swap'), draft: SwapDraft }),
  z.object({ kind: z.literal('policy'), draft: PolicyDraft }),
  z.object({ kind: z.literal('route'), draft: RouteDraft }),
  z.object({ kind: z.literal('inhibition'), draft: InhibitionDraft }),
  z.object({ kind: z.literal('channel'), draft: ChannelDraft }),
  z.object({ kind: z.literal('monitor'), draft: MonitorDraft }),
  z.object({ kind: z.literal('responder'), draft: ResponderDraft }),
  z.object({ kind: z.literal('stakeholderList'), draft: StakeholderListDraft }),
]);
export type ConfigDraft = z.infer<typeof ConfigDraft>;
export type DraftOf<K extends ConfigKind> = Extract<ConfigDraft, { kind: K }>['draft'];

/**
 * Who may write a kind. `own`: a responder may write what is about himself (his profile, his time off, a swap of his, an
 * override in which he takes or gives a shift), a manager everybody's.
 */
export const configRoles: Record<ConfigKind, { role: PermissionRole; own: boolean }> = {
  schedule: { role: 'manager', own: false },
  override: { role: 'manager', own: true },
  timeOff: { role: 'manager', own: true },
  swap: { role: 'manager', own: true },
  policy: { role: 'manager', own: false },
  route: { role: 'manager', own: false },
  inhibition: { role: 'manager', own: false },
  channel: { role: 'admin', own: false },
  monitor: { role: 'manager', own: false },
  responder: { role: 'manager', own: true },
  stakeholderList: { role: 'manager', own: false },
};

export const PlannedChange = z.object({
  op: z.enum(['create', 'update', 'delete', 'unchanged']),
  kind: z.string(),
  name: z.string(),
  id: Id.nullable(),
  /** Paths that differ, each with before and after as YAML. */
  fields: z.array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  findings: z.array(Finding),
});
export type PlannedChange = z.infer<typeof PlannedChange>;

/** What an apply would do, or did. `errors` refuse the whole of it. */
export const ConfigPlan = z.object({
  changes: z.array(PlannedChange),
  errors: z.array(z.object({ path: z.string(), reason: z.string() })),
  /** Of an import: what it cannot carry over, by name. */
  unmapped: z.array(z.object({ what: z.string(), why: z.string(), suggestion: z.string() })),
  /** Hash of what was planned on; an apply of another state is refused. */
  basis: z.string(),
});
export type ConfigPlan = z.infer<typeof ConfigPlan>;

export const ImportPlan = ConfigPlan.extend({
  /** The same as a file, to edit and apply instead. */
  yaml: z.string(),
  /** Our reading of this pager's export. */
  checkedBy: CheckedBy,
});
export type ImportPlan = z.infer<typeof ImportPlan>;
