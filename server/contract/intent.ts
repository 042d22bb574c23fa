// Every action a person takes on shared state is one intent: made and persisted by the client, applied once by the server.
import { z } from 'zod';
import { ChatMentions, ChatText } from '#server/contract/chat.ts';
import { ConfigDraft, ConfigKind } from '#server/contract/config.ts';
import { AskMinutes, AskOutcome, pollPeopleMax, PollSeconds } from '#server/contract/console.ts';
import { GroupingRuleDraft } from '#server/contract/grouping.ts';
import { Briefing, IncidentLink, RoleName } from '#server/contract/incident.ts';
import type { PermissionRole } from '#server/contract/people.ts';
import { Target } from '#server/contract/policy.ts';
import { FollowUp, ReviewState } from '#server/contract/postmortem.ts';
import { PreferenceSetting } from '#server/contract/preference.ts';
import { Expression, Id, Instant, ShortText, StorableText, Text, Title } from '#server/contract/primitives.ts';
import { ServiceDraft, ServicePin } from '#server/contract/service.ts';
import { Severity, severityRank } from '#server/contract/severity.ts';
import { AlertFilter } from '#server/contract/view.ts';

const incidentId = Id;
const alertIds = z.array(Id).min(1).max(500);

/** The action itself. Ids of things it makes are chosen by the client, so that a retry makes nothing twice. */
export const Action = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('incident.declare'),
    incidentId,
    title: Title,
    severity: Severity,
    impact: ShortText.nullable(),
    alertIds: z.array(Id).max(500),
    restrictedTo: z.array(Id).min(1).nullable(),
  }),
  z.object({ kind: z.literal('incident.acknowledge'), incidentId }),
  z.object({ kind: z.literal('incident.mitigate'), incidentId }),
  z.object({ kind: z.literal('incident.resolve'), incidentId }),
  z.object({ kind: z.literal('incident.reopen'), incidentId }),
  z.object({ kind: z.literal('incident.set-severity'), incidentId, severity: Severity }),
  z.object({ kind: z.literal('incident.set-title'), incidentId, title: Title }),
  z.object({ kind: z.literal('incident.set-impact'), incidentId, impact: ShortText.nullable() }),
  z.object({ kind: z.literal('incident.take-role'), incidentId, role: RoleName }),
  z.object({
    kind: z.literal('incident.offer-role'),
    incidentId,
    role: RoleName,
    to: Id,
    /** What the other needs to know to go on; read before accepting. */
    briefing: Briefing.nullable().optional(),
  }),
  z.object({ kind: z.literal('incident.accept-role'), incidentId, role: RoleName }),
  z.object({ kind: z.literal('incident.decline-role'), incidentId, role: RoleName }),
  z.object({ kind: z.literal('incident.release-role'), incidentId, role: RoleName }),
  z.object({ kind: z.literal('incident.note'), incidentId, entryId: Id, text: Text, at: Instant.nullable() }),
  z.object({ kind: z.literal('incident.star'), incidentId, entryId: Id, starred: z.boolean() }),
  z.object({
    kind: z.literal('incident.post-update'),
    incidentId,
    entryId: Id,
    text: Text,
    /** Minutes until the next one is due; null uses the severity's cadence. */
    nextInMinutes: z.int().min(1).max(10_080).nullable(),
    /** Where it goes besides the timeline: channels that are status pages, lists of stakeholders. */
    statusPages: z.array(Id).max(20).optional(),
    lists: z.array(Id).max(20).optional(),
    /** Somebody else, who reads it before anybody outside does. */
    approverId: Id.nullable().optional(),
    /** Of a restricted incident: yes, those who get it may read this. */
    openly: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal('update.decide'),
    incidentId,
    updateId: Id,
    approve: z.boolean(),
    /** Needed to decline it. */
    reason: ShortText.nullable(),
    /** Version of the incident that the approver saw beside it; null skips the check. */
    incidentVersion: z.int().nullable(),
    /** The seals of the targets in the preview that the approver saw; left out skips the check. */
    targets: z
      .array(z.object({ id: Id, seal: z.string().max(100) }))
      .max(40)
      .optional(),
    openly: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('update.withdraw'), incidentId, updateId: Id }),
  /** Once more to those whom it did not reach. */
  z.object({ kind: z.literal('update.retry'), incidentId, updateId: Id }),
  z.object({ kind: z.literal('incident.add-link'), incidentId, link: IncidentLink }),
  z.object({ kind: z.literal('incident.remove-link'), incidentId, linkId: Id }),
  z.object({ kind: z.literal('incident.restrict'), incidentId, restrictedTo: z.array(Id).min(1).nullable() }),
  z.object({ kind: z.literal('incident.join'), incidentId, participantId: Id }),
  /** Out of the incident: somebody else by its commander or a manager, oneself always. */
  z.object({ kind: z.literal('incident.release'), incidentId, userId: Id, note: ShortText.nullable() }),
  z.object({ kind: z.literal('incident.merge'), incidentId, into: Id }),
  z.object({ kind: z.literal('incident.split'), incidentId, alertIds, newIncidentId: Id, title: Title }),
  /** Moves alerts, grouped or not, into this incident; the hand wins over the rule from then on. */
  z.object({ kind: z.literal('incident.attach-alerts'), incidentId, alertIds }),
  z.object({ kind: z.literal('incident.detach-alerts'), incidentId, alertIds }),
  z.object({
    kind: z.literal('task.add'),
    incidentId,
    taskId: Id,
    title: Title,
    ownerId: Id.nullable(),
    dueAt: Instant.nullable(),
    /** The message of the room that it was made of. */
    fromMessageId: Id.optional(),
  }),
  z.object({ kind: z.literal('task.assign'), incidentId, taskId: Id, ownerId: Id.nullable() }),
  z.object({ kind: z.literal('task.edit'), incidentId, taskId: Id, title: Title, dueAt: Instant.nullable() }),
  z.object({ kind: z.literal('task.set-done'), incidentId, taskId: Id, done: z.boolean() }),
  z.object({ kind: z.literal('ask.add'), incidentId, askId: Id, ownerId: Id, text: Title, minutes: AskMinutes }),
  z.object({
    kind: z.literal('ask.answer'),
    incidentId,
    askId: Id,
    outcome: AskOutcome,
    text: ShortText.nullable(),
  }),
  /** Another owner, or more time for the same one, counted from now. */
  z.object({ kind: z.literal('ask.reassign'), incidentId, askId: Id, ownerId: Id, minutes: AskMinutes }),
  z.object({ kind: z.literal('ask.cancel'), incidentId, askId: Id }),
  z.object({
    kind: z.literal('poll.open'),
    incidentId,
    pollId: Id,
    question: Title,
    asked: z.array(Id).max(pollPeopleMax),
    seconds: PollSeconds,
  }),
  z.object({
    kind: z.literal('poll.answer'),
    incidentId,
    pollId: Id,
    objects: z.boolean(),
    reason: ShortText.nullable(),
  }),
  z.object({ kind: z.literal('poll.close'), incidentId, pollId: Id, withdraw: z.boolean() }),
  z.object({
    kind: z.literal('chat.post'),
    incidentId,
    messageId: Id,
    text: ChatText,
    mentions: ChatMentions,
    replyTo: Id.nullable(),
  }),
  /** Of one's own messages; the text of a deleted one is gone for everybody. */
  z.object({ kind: z.literal('chat.edit'), incidentId, messageId: Id, text: ChatText, mentions: ChatMentions }),
  z.object({ kind: z.literal('chat.delete'), incidentId, messageId: Id }),
  /** Makes a timeline entry of it. */
  z.object({ kind: z.literal('chat.promote'), incidentId, messageId: Id, entryId: Id }),
  z.object({
    kind: z.literal('postmortem.edit'),
    incidentId,
    summary: StorableText.max(20_000),
    causes: StorableText.max(20_000),
    wentWell: StorableText.max(20_000),
    wentBadly: StorableText.max(20_000),
    followUps: z.array(FollowUp.extend({ title: Title })).max(200),
  }),
  z.object({ kind: z.literal('postmortem.set-state'), incidentId, state: ReviewState }),
  z.object({ kind: z.literal('alert.acknowledge'), alertIds }),
  z.object({ kind: z.literal('alert.unacknowledge'), alertIds }),
  z.object({ kind: z.literal('alert.resolve'), alertIds }),
  z.object({ kind: z.literal('alert.reopen'), alertIds }),
  z.object({
    kind: z.literal('silence.save'),
    silenceId: Id,
    silenceKind: z.enum(['silence', 'maintenance']),
    matcher: Expression,
    startsAt: Instant,
    endsAt: Instant,
    reason: ShortText,
  }),
  z.object({ kind: z.literal('silence.end'), silenceId: Id }),
  z.object({ kind: z.literal('rule.save'), ruleId: Id, draft: GroupingRuleDraft }),
  z.object({ kind: z.literal('rule.delete'), ruleId: Id }),
  /** Every rule but the built-in one, in the order of trial. */
  z.object({ kind: z.literal('rule.order'), ruleIds: z.array(Id).max(500) }),
  z.object({
    kind: z.literal('view.save'),
    viewId: Id,
    name: Title,
    filter: AlertFilter,
    shared: z.boolean(),
  }),
  z.object({ kind: z.literal('view.delete'), viewId: Id }),
  /** Of the person who acts; the later choice about the same thing stands. */
  z.object({ kind: z.literal('preference.set'), userId: Id, setting: PreferenceSetting }),
  z.object({ kind: z.literal('service.save'), serviceId: Id, draft: ServiceDraft }),
  z.object({ kind: z.literal('service.delete'), serviceId: Id }),
  /** Where it stands on everybody's map; null lets the layout place it. */
  z.object({ kind: z.literal('service.pin'), serviceId: Id, pin: ServicePin.nullable() }),
  /** Schedules, policies, routes, profiles …: `configRoles` says who may write which. */
  z.object({ kind: z.literal('config.save'), documentId: Id, document: ConfigDraft }),
  z.object({ kind: z.literal('config.delete'), documentKind: ConfigKind, documentId: Id }),
  /** Every route but the built-in one, in the order of trial. */
  z.object({ kind: z.literal('route.order'), routeIds: z.array(Id).max(500) }),
  /** Accepts or declines; accepting one that is open to anyone takes the shift. */
  z.object({ kind: z.literal('swap.answer'), swapId: Id, accept: z.boolean() }),
  /** Pages the next step now (null), or somebody named, whatever the delay. */
  z.object({ kind: z.literal('escalation.escalate'), incidentId, target: Target.nullable() }),
]);
export type Action = z.infer<typeof Action>;
export type ActionKind = Action['kind'];
export type ActionOf<K extends ActionKind> = Extract<Action, { kind: K }>;

export const Intent = z.object({
  /** UUIDv7 made by the client; the same id again answers what the first one answered. */
  id: Id,
  /** When the person acted, by the client's clock corrected with the server's offset. */
  at: Instant,
  /** Version of the entity on the person's screen; null skips the conflict check (REST without a version). */
  baseVersion: z.int().nullable(),
  /** An intent that must have been applied before this one makes sense (the declare before its first note). */
  dependsOn: Id.nullable(),
  action: Action,
});
export type Intent = z.infer<typeof Intent>;

export const IntentResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('applied'), id: Id, version: z.int().nullable() }),
  /** Already so: who did it and when. */
  z.object({
    outcome: z.literal('noop'),
    id: Id,
    by: z.string().nullable(),
    at: Instant.nullable(),
    reason: z.string(),
  }),
  /** Somebody changed the same thing since; `current` is the entity as it is now. */
  z.object({
    outcome: z.literal('conflict'),
    id: Id,
    reason: z.string(),
    entity: z.string(),
    current: z.unknown(),
    /** Who made it what it is now, and when, where the center can tell. */
    by: z.string().nullable().optional(),
    at: Instant.nullable().optional(),
  }),
  /** Not allowed, not found or not valid; sending it again will not help. */
  z.object({
    outcome: z.literal('rejected'),
    id: Id,
    /** unknown-action: this center is older than the client that made it. */
    code: z.enum(['forbidden', 'not-found', 'invalid', 'unknown-action']),
    reason: z.string(),
  }),
]);
export type IntentResult = z.infer<typeof IntentResult>;

/**
 * What a call with queued actions is answered with. failed: the server could not do it through a fault of its own and
 * has done nothing of it, nor of what came behind it in the call; that and it may be sent again.
 */
export const IntentAnswer = z.discriminatedUnion('outcome', [
  ...IntentResult.options,
  z.object({ outcome: z.literal('failed'), id: Id, reason: z.string() }),
]);
export type IntentAnswer = z.infer<typeof IntentAnswer>;

/**
 * What a kind of action needs and how it behaves without a network (UX.md 5).
 * queue: sent by itself on reconnect. recheck: the same, but older than 5 minutes it waits for a person's yes.
 * refuse: not queued; the screen says why.
 */
export interface ActionPolicy {
  role: PermissionRole;
  offline: 'queue' | 'recheck' | 'refuse';
}

export const actionPolicies: Record<ActionKind, ActionPolicy> = {
  'incident.declare': { role: 'responder', offline: 'refuse' },
  'incident.acknowledge': { role: 'responder', offline: 'recheck' },
  'incident.mitigate': { role: 'responder', offline: 'recheck' },
  'incident.resolve': { role: 'responder', offline: 'recheck' },
  'incident.reopen': { role: 'responder', offline: 'recheck' },
  'incident.set-severity': { role: 'responder', offline: 'recheck' },
  'incident.set-title': { role: 'responder', offline: 'queue' },
  'incident.set-impact': { role: 'responder', offline: 'queue' },
  'incident.take-role': { role: 'responder', offline: 'refuse' },
  'incident.offer-role': { role: 'responder', offline: 'refuse' },
  'incident.accept-role': { role: 'responder', offline: 'refuse' },
  'incident.decline-role': { role: 'responder', offline: 'refuse' },
  'incident.release-role': { role: 'responder', offline: 'refuse' },
  'incident.note': { role: 'responder', offline: 'queue' },
  'incident.star': { role: 'responder', offline: 'queue' },
  'incident.post-update': { role: 'responder', offline: 'refuse' },
  'update.decide': { role: 'responder', offline: 'refuse' },
  'update.withdraw': { role: 'responder', offline: 'refuse' },
  'update.retry': { role: 'responder', offline: 'refuse' },
  'incident.add-link': { role: 'responder', offline: 'queue' },
  'incident.remove-link': { role: 'responder', offline: 'refuse' },
  'incident.restrict': { role: 'manager', offline: 'refuse' },
  'incident.join': { role: 'responder', offline: 'queue' },
  'incident.release': { role: 'responder', offline: 'refuse' },
  'incident.merge': { role: 'responder', offline: 'refuse' },
  'incident.split': { role: 'responder', offline: 'refuse' },
  'incident.attach-alerts': { role: 'responder', offline: 'refuse' },
  'incident.detach-alerts': { role: 'responder', offline: 'refuse' },
  'task.add': { role: 'responder', offline: 'queue' },
  'task.assign': { role: 'responder', offline: 'recheck' },
  'task.edit': { role: 'responder', offline: 'queue' },
  'task.set-done': { role: 'responder', offline: 'queue' },
  'ask.add': { role: 'responder', offline: 'refuse' },
  'ask.answer': { role: 'responder', offline: 'queue' },
  'ask.reassign': { role: 'responder', offline: 'refuse' },
  'ask.cancel': { role: 'responder', offline: 'refuse' },
  'poll.open': { role: 'responder', offline: 'refuse' },
  'poll.answer': { role: 'responder', offline: 'recheck' },
  'poll.close': { role: 'responder', offline: 'refuse' },
  'chat.post': { role: 'responder', offline: 'queue' },
  'chat.edit': { role: 'responder', offline: 'queue' },
  'chat.delete': { role: 'responder', offline: 'queue' },
  'chat.promote': { role: 'responder', offline: 'queue' },
  'postmortem.edit': { role: 'responder', offline: 'queue' },
  'postmortem.set-state': { role: 'responder', offline: 'queue' },
  'alert.acknowledge': { role: 'responder', offline: 'recheck' },
  'alert.unacknowledge': { role: 'responder', offline: 'recheck' },
  'alert.resolve': { role: 'responder', offline: 'refuse' },
  'alert.reopen': { role: 'responder', offline: 'refuse' },
  'silence.save': { role: 'responder', offline: 'refuse' },
  'silence.end': { role: 'responder', offline: 'refuse' },
  'rule.save': { role: 'manager', offline: 'refuse' },
  'rule.delete': { role: 'manager', offline: 'refuse' },
  'rule.order': { role: 'manager', offline: 'refuse' },
  'view.save': { role: 'viewer', offline: 'queue' },
  'view.delete': { role: 'viewer', offline: 'queue' },
  'preference.set': { role: 'viewer', offline: 'queue' },
  'service.save': { role: 'manager', offline: 'refuse' },
  'service.delete': { role: 'manager', offline: 'refuse' },
  'service.pin': { role: 'responder', offline: 'queue' },
  'config.save': { role: 'responder', offline: 'refuse' },
  'config.delete': { role: 'responder', offline: 'refuse' },
  'route.order': { role: 'manager', offline: 'refuse' },
  'swap.answer': { role: 'responder', offline: 'refuse' },
  'escalation.escalate': { role: 'responder', offline: 'refuse' },
};

/**
 * How an action behaves without a network, with regard to what it acts on: ending a severe incident from an old copy is
 * refused, because somebody may just be telling the server that it is not over (UX.md 5).
 */
export function offlinePolicy(kind: ActionKind, incident?: { severity: Severity }): ActionPolicy['offline'] {
  const severe = incident !== undefined && severityRank(incident.severity) <= severityRank('sev2');
  return kind === 'incident.resolve' && severe ? 'refuse' : actionPolicies[kind].offline;
}

/** Minutes after which a queued `recheck` action waits for a person's yes. */
export const recheckAfterMinutes = 5;
/** Intents in one call. */
export const intentBatchMax = 100;
