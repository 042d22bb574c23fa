// One step of a policy, or a person's wish, turned into pages and the notifications they begin with.
import type { TimelineEntry } from '#server/contract/incident.ts';
import type { Priority, Target } from '#server/contract/policy.ts';
import type { RecipientsInput, RecipientsOutput } from '#server/modules/escalation/decide-recipients.ts';
import type { PagedIncident, PagingWorld } from '#server/modules/escalation/facts.ts';
import { inWords, lookupWords, planWords, recipientsWords } from '#server/modules/escalation/words.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { Trace } from '#server/modules/ledger/trace.ts';
import type { addressOf } from '#server/modules/notify/planning/address-of.ts';
import type { PlanInput } from '#server/modules/notify/planning/decide-plan.ts';
import type { FiredStep } from '#server/modules/escalation/state.ts';
import type { NotificationState, PageState, PlannedNotification } from '#server/modules/notify/state.ts';
import type { LookupInput } from '#server/modules/oncall/decide-lookup.ts';

export interface TurnParts {
  /** What the schedule is asked with at that instant; null when there is none. */
  lookupInput(world: PagingWorld, scheduleId: string, at: string): LookupInput | null;
  addressOf: typeof addressOf;
  newId(): string;
}

export interface Turning {
  incident: PagedIncident;
  world: PagingWorld;
  trace: Trace<Decisions>;
  now: string;
  parts: TurnParts;
  pages: PageState[];
  /** Of these the ones that tell nobody now: do-not-disturb holds all of it, or there is no way. */
  silent: Set<string>;
  notifications: NotificationState[];
  timeline: TimelineEntry[];
}

/** A step that fires with this turn. Where its key was taken before, these pages must not be made again. */
export interface FiringStep extends FiredStep {
  pageIds: string[];
}

/** What the pages of one step have in common. */
export interface StepOfPages {
  run: number;
  step: number;
  loop: number;
  policyId: string | null;
  priority: Priority;
  dueAt: string;
  late: boolean;
  /** "step 1 of payments-critical". */
  name: string;
}

/** Pages whom the targets lead to. Answers how many that were. */
export function pageTargets(
  turning: Turning,
  targets: readonly Target[],
  step: StepOfPages,
  acknowledgedBy: string[],
  /** Who named the targets, if no policy did. */
  namedBy: string | null = null,
): number {
  const input = recipientsInput(turning, targets, acknowledgedBy);
  const named = namedBy === null ? input : { ...input, namedBy };
  const recipients = turning.trace.decide('recipients', named, recipientsWords);
  return pageRecipients(turning, recipients, step);
}

export function pageRecipients(turning: Turning, recipients: RecipientsOutput, step: StepOfPages): number {
  for (const { id, name, why } of recipients.people) {
    const responder = turning.world.config.get('responder', id);
    addPage(turning, { type: 'user', id, responder }, name, why, step);
  }
  for (const { id, name, why } of recipients.channels) addPage(turning, { type: 'channel', id }, name, why, step);
  const names = [...recipients.people, ...recipients.channels].map((recipient) => recipient.name);
  if (names.length > 0) addTimeline(turning, `Paged ${inWords(names)}`, `${step.name}${step.late ? '; late' : ''}`);
  return names.length;
}

export function addTimeline(
  { timeline, incident, now, parts }: Pick<Turning, 'timeline' | 'incident' | 'now' | 'parts'>,
  text: string,
  detail: string | null,
  actor: { id: string; name: string } | null = null,
): void {
  timeline.push({
    id: parts.newId(),
    version: 1,
    incidentId: incident.id,
    at: now,
    recordedAt: now,
    kind: 'page',
    source: actor === null ? 'system' : 'person',
    actorId: actor?.id ?? null,
    actor: actor?.name ?? 'Tocsin',
    text,
    detail,
    alertId: null,
    starred: false,
  });
}

/** A page through these ways; `plan` makes them from the person's rules. */
export function addPage(
  turning: Turning,
  target: PlanInput['target'],
  name: string,
  why: string,
  step: StepOfPages,
  also: readonly PlannedNotification[] = [],
): void {
  const { trace, world, now, parts } = turning;
  const pageId = parts.newId();
  const about = target.type === 'user' ? { pageId, userId: target.id } : { pageId };
  const input: PlanInput = { target, priority: step.priority, channels: world.config.list('channel'), at: now };
  const plan = trace.decide('plan', input, (output) => planWords(name, output, now), about);
  // What do-not-disturb holds is no way for what goes out whatever happens.
  const own = plan.heldUntil === null ? plan.notifications : [];
  const missing = also.filter((way) => !own.some((other) => other.via === way.via));
  if (own.length + missing.length === 0) turning.silent.add(pageId);
  addPlanned(turning, pageId, target, `${step.name}; ${why}`, step, [...plan.notifications, ...missing]);
}

/** The page and its intent rows. */
export function addPlanned(
  { world, now, parts, incident, pages, notifications }: Turning,
  pageId: string,
  target: PlanInput['target'],
  reason: string,
  step: StepOfPages,
  planned: readonly PlannedNotification[],
): void {
  const userId = target.type === 'user' ? target.id : null;
  pages.push({
    id: pageId,
    version: 1,
    number: 0,
    incidentId: incident.id,
    userId,
    channelId: target.type === 'channel' ? target.id : null,
    policyId: step.policyId,
    run: step.run,
    step: step.step,
    loop: step.loop,
    priority: step.priority,
    reason,
    at: now,
    late: step.late,
    status: 'open',
    endedAt: null,
    endedBy: null,
    audience: incident.restrictedTo,
  });
  for (const way of planned) {
    notifications.push({
      ...way,
      id: parts.newId(),
      pageId,
      incidentId: incident.id,
      userId,
      address: parts.addressOf(way, target),
      priority: step.priority,
      plannedAt: way.dueAt,
      status: world.mode === 'shadow' ? 'shadow' : 'pending',
      attempts: 0,
      firstTriedAt: null,
      sentAt: null,
      deliveredAt: null,
      lastError: null,
      providerRef: null,
      bundledInto: null,
      claimToken: 0,
      messageId: null,
    });
  }
}

function recipientsInput(
  { world, trace, now, parts, incident, pages }: Turning,
  targets: readonly Target[],
  acknowledgedBy: string[],
): RecipientsInput {
  const { config } = world;
  const nameOf = (userId: string) => world.people.get(userId)?.name ?? 'somebody who has left';
  const schedules: RecipientsInput['schedules'] = [];
  const teams: RecipientsInput['teams'] = [];
  const channels: RecipientsInput['channels'] = [];
  const involved = new Set<string>();
  for (const { type, id } of targets) {
    if (type === 'user') involved.add(id);
    if (type === 'channel') {
      const channel = config.get('channel', id);
      if (channel !== null) channels.push({ id, name: channel.draft.name, enabled: channel.draft.enabled });
    }
    if (type === 'team') {
      const team = world.teams.get(id);
      if (team !== undefined) teams.push({ id, name: team.name, memberIds: [...team.memberIds] });
    }
    if (type === 'schedule' && !schedules.some((other) => other.id === id)) {
      const input = parts.lookupInput(world, id, now);
      if (input === null) continue;
      const { name } = input.schedule.draft;
      const { users } = trace.decide('lookup', input, (lookup) => lookupWords(name, lookup, nameOf));
      schedules.push({ id, name, userIds: users.map((user) => user.userId) });
    }
  }
  for (const id of [...schedules.flatMap((s) => s.userIds), ...teams.flatMap((team) => team.memberIds)])
    involved.add(id);
  return {
    targets: [...targets],
    schedules,
    teams,
    people: [...involved].flatMap((id) => {
      const person = world.people.get(id);
      return person === undefined ? [] : [personFacts(person)];
    }),
    channels,
    acknowledgedBy,
    pagedNow: {
      userIds: pages.map((page) => page.userId).filter((id) => id !== null),
      channelIds: pages.map((page) => page.channelId).filter((id) => id !== null),
    },
    restrictedTo: incident.restrictedTo,
  };
}

function personFacts({ id, name, disabled, teamIds }: RecipientsInput['people'][number]) {
  return { id, name, disabled, teamIds: [...teamIds] };
}
