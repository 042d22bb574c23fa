// What posting, approving, declining, withdrawing and repeating a status update decide. Pure.
import { listed } from '#server/contract/console.ts';
import { instantWords } from '#server/contract/instant-words.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { type Severity, severityInWords, severityRank } from '#server/contract/severity.ts';
import type { StatusUpdate, UpdateDelivery } from '#server/contract/status-update.ts';
import {
  applied,
  changed,
  conflict,
  type Decision,
  type EntryDraft,
  type Facts,
  forbidden,
  invalid,
  isStale,
  nameOf,
  noop,
} from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { mergedElsewhere } from '#server/modules/incidents/status.ts';
import {
  refuseRestricted,
  refuseTargets,
  resealed,
  saidYes,
} from '#server/modules/incidents/status-updates/readers.ts';
import type { UpdateTarget } from '#server/modules/incidents/status-updates/state.ts';
import { refuseOwner } from '#server/modules/incidents/tasks.ts';
import { nextUpdateDue } from '#server/modules/incidents/update-cadence.ts';

/** The update as it is then, and the incident where it changes with it. */
export interface Published {
  update: StatusUpdate;
  incident: IncidentState | null;
}

export interface PostWorld {
  number: number;
  targets: readonly UpdateTarget[];
  approverFrom: Severity | null;
}

/** How much of a text stands on the timeline when it was not published. */
const quotedMax = 500;

/**
 * Two people who write at once: the first one is posted, the second is asked to look at it first. Whoever follows up on an
 * update of their own has seen it. A resolved incident takes a last word; it only promises no next one.
 */
export function decidePostUpdate(
  incident: IncidentState,
  action: ActionOf<'incident.post-update'>,
  world: PostWorld,
  facts: Facts,
): Decision<Published> {
  const { userId, name } = facts.actor;
  const merged = mergedElsewhere(incident, 'post an update', facts);
  if (merged !== null) return merged;
  const last = incident.lastUpdate;
  if (isStale(incident, 'update', facts) && last !== null && last.by !== userId) {
    const wanted = quoted(action.text);
    return conflict(
      `${name} wanted to post an update from an older copy: ${wanted}`,
      `the update of ${nameOf(facts, last.by)} from ${instantWords(last.at)} stands`,
    );
  }
  const openly = saidYes(incident, world.targets, action.openly);
  const refused = refuseTargets(incident, world.targets, openly);
  if (refused !== null) return refused;
  const approverId = action.approverId ?? null;
  const update: StatusUpdate = {
    id: action.entryId,
    version: 1,
    incidentId: incident.id,
    number: world.number,
    text: action.text,
    nextInMinutes: action.nextInMinutes,
    statusPages: [...(action.statusPages ?? [])],
    lists: [...(action.lists ?? [])],
    openly,
    state: 'awaiting',
    writtenBy: userId,
    writtenAt: facts.at,
    approverId,
    decidedBy: null,
    decidedAt: null,
    decision: null,
    deliveries: [],
  };
  if (approverId === null) {
    const why = approvalNeeded(incident, world.approverFrom, world.targets.length > 0);
    return why === null ? published(incident, update, world.targets, facts) : invalid(why);
  }
  if (approverId === userId) return invalid('Somebody else approves it: choose another person.');
  const unfit = refuseOwner(incident, approverId, facts) ?? refuseViewer(facts, approverId);
  if (unfit !== null) return unfit;
  return applied(
    { update, incident: null },
    {
      kind: 'publishing',
      text: `${name} wrote update ${update.number} and asked ${nameOf(facts, approverId)} to approve it`,
      detail: `For ${targetWords(world.targets)}`,
    },
  );
}

/** Why an update may not go out on its writer's word alone; null when it may. */
export function approvalNeeded(
  incident: Pick<IncidentState, 'severity'>,
  approverFrom: Severity | null,
  leaves: boolean,
): string | null {
  if (approverFrom === null || !leaves || severityRank(incident.severity) > severityRank(approverFrom)) return null;
  return `At ${severityInWords(incident.severity)} an update that leaves the center has to be approved. Choose who approves it.`;
}

/**
 * Declining asks for a reason; approving asks that nothing changed which the approver has not seen: severity, status,
 * impact, who may see it, who gets it, or what was posted meanwhile.
 */
export function decideUpdateDecision(
  incident: IncidentState,
  update: StatusUpdate,
  action: ActionOf<'update.decide'>,
  targets: readonly UpdateTarget[],
  facts: Facts,
): Decision<Published> {
  const { userId, name, role } = facts.actor;
  const { approve, reason } = action;
  if (update.state !== 'awaiting') return settledBefore(update, approve ? 'approve' : 'decline', facts);
  if (update.writtenBy === userId) return forbidden('You wrote it: somebody else approves or declines it.');
  if (update.approverId !== userId && !roleAtLeast(role, 'manager')) {
    return forbidden(`${nameOf(facts, update.approverId)} was asked: only they or a manager can decide on it.`);
  }
  const decided = { decidedBy: userId, decidedAt: facts.at, version: update.version + 1 };
  if (!approve) {
    if (reason === null) return invalid('Say why: its writer has to know what to change.');
    return applied(
      { update: { ...update, ...decided, state: 'declined', decision: reason }, incident: null },
      { kind: 'publishing', text: `${name} declined update ${update.number}`, detail: reason },
    );
  }
  const merged = mergedElsewhere(incident, 'approve an update', facts);
  if (merged !== null) return merged;
  const changes = changedSince(incident, action.incidentVersion, targets.length > 0);
  const moved = [...changes, ...resealed(targets, action.targets)];
  if (moved.length > 0) {
    return conflict(
      `${name} wanted to approve update ${update.number} from an older copy`,
      `since then something else changed: ${listed(moved)}; look at the preview again`,
    );
  }
  const openly = update.openly || saidYes(incident, targets, action.openly);
  const refused = refuseTargets(incident, targets, openly);
  if (refused !== null) return refused;
  return published(incident, { ...update, ...decided, openly }, targets, facts);
}

/** Whoever wrote it, the commander or a manager takes it back before it is out. */
export function decideWithdrawUpdate(incident: IncidentState, update: StatusUpdate, facts: Facts): Decision<Published> {
  const { userId, name, role } = facts.actor;
  if (update.state !== 'awaiting') return settledBefore(update, 'withdraw', facts);
  const commands = incident.roles.some((slot) => slot.role === 'commander' && slot.userId === userId);
  if (update.writtenBy !== userId && !commands && !roleAtLeast(role, 'manager')) {
    return forbidden(
      `${nameOf(facts, update.writtenBy)} wrote it: only they, the commander or a manager can withdraw it.`,
    );
  }
  return applied(
    {
      update: { ...update, version: update.version + 1, state: 'withdrawn', decidedBy: userId, decidedAt: facts.at },
      incident: null,
    },
    { kind: 'publishing', text: `${name} withdrew update ${update.number} before it was approved` },
  );
}

/** Only of the newest: an older text that comes late would contradict what readers know by now. */
export function decideRetryUpdate(
  incident: IncidentState,
  update: StatusUpdate,
  newestSent: string | null,
  facts: Facts,
): Decision<Published> {
  const failed = update.deliveries.filter((delivery) => delivery.state === 'failed');
  if (update.state !== 'sent') return invalid('It was not sent yet, so there is nothing to send again.');
  if (failed.length === 0) return noop('Nothing of it failed, or it is being sent again already.');
  if (newestSent !== update.id) {
    return invalid('A newer update was posted since. Post another one instead: this text would come after it.');
  }
  const refused = refuseRestricted(incident, failed.length > 0, update.openly);
  if (refused !== null) return refused;
  const deliveries = update.deliveries.map((delivery): UpdateDelivery => {
    return delivery.state === 'failed' ? { ...delivery, state: 'waiting', failed: 0, error: null } : delivery;
  });
  return applied(
    { update: { ...update, version: update.version + 1, deliveries }, incident: null },
    {
      kind: 'publishing',
      text: `${facts.actor.name} sent update ${update.number} again to ${listed(failed.map((each) => each.name))}`,
    },
  );
}

/** People whose names its decisions need. */
export function peopleOfUpdate(update: StatusUpdate): (string | null)[] {
  return [update.writtenBy, update.approverId, update.decidedBy];
}

function published(
  incident: IncidentState,
  update: StatusUpdate,
  targets: readonly UpdateTarget[],
  facts: Facts,
): Decision<Published> {
  const minutes = update.nextInMinutes ?? incident.updateCadenceMinutes;
  const nextUpdateDueAt = incident.status === 'resolved' ? null : nextUpdateDue(minutes, facts.at);
  const lastUpdate = { at: facts.at, by: update.writtenBy, text: update.text };
  const details = [
    nextUpdateDueAt === null ? null : `Next update due ${instantWords(nextUpdateDueAt)}`,
    targets.length === 0 ? null : `Also to ${listed(targets.map((target) => target.name))}`,
    update.decidedBy === null ? null : `Approved by ${nameOf(facts, update.decidedBy)}`,
  ].filter((part) => part !== null);
  const entry: EntryDraft = {
    id: update.id,
    at: facts.at,
    kind: 'update',
    text: update.text,
    detail: details.length === 0 ? null : details.join('. '),
    data: { nextUpdateDueAt },
  };
  const deliveries = targets.map((target): UpdateDelivery => {
    const { kind, id: targetId, name, addresses } = target;
    return {
      kind,
      targetId,
      name,
      state: addresses.length === 0 ? 'sent' : 'waiting',
      recipients: addresses.length,
      sent: 0,
      failed: 0,
      repeated: 0,
      at: addresses.length === 0 ? facts.at : null,
      error: null,
    };
  });
  return applied(
    {
      update: { ...update, state: 'sent', deliveries },
      incident: changed(incident, { lastUpdate, nextUpdateDueAt }, 'update'),
    },
    entry,
  );
}

function refuseViewer(facts: Facts, approverId: string): Decision<never> | null {
  const person = facts.person(approverId);
  if (person === null || roleAtLeast(person.role, 'responder')) return null;
  return invalid(`${person.name} only looks on here. Choose a responder to approve it.`);
}

const watched = [
  ['severity', 'the severity'],
  ['status', 'the status'],
  ['restriction', 'who may see the incident'],
  ['update', 'the latest update'],
] as const;

/** What changed after this version of the incident, as far as an approval hangs on it. The impact is a page's title. */
function changedSince(incident: IncidentState, version: number | null, leaves: boolean): string[] {
  const fields = leaves ? ([...watched, ['impact', 'the impact']] as const) : watched;
  return fields.filter(([field]) => isStale(incident, field, { baseVersion: version })).map(([, words]) => words);
}

function settledBefore(
  update: StatusUpdate,
  wanted: 'approve' | 'decline' | 'withdraw',
  facts: Facts,
): Decision<never> {
  const same = { approve: 'sent', decline: 'declined', withdraw: 'withdrawn' }[wanted] === update.state;
  const by = update.decidedBy === null ? null : nameOf(facts, update.decidedBy);
  if (same) return noop(`It is ${stateWords[update.state]} already.`, { actor: by, at: update.decidedAt });
  const whose = by === null ? '' : ` by ${by}`;
  return conflict(
    `${facts.actor.name} wanted to ${wanted} update ${update.number}`,
    `it is ${stateWords[update.state]}${whose} already`,
  );
}

const stateWords = { awaiting: 'waiting', sent: 'sent', declined: 'declined', withdrawn: 'withdrawn' } as const;

function targetWords(targets: readonly UpdateTarget[]): string {
  return listed(['the timeline', ...targets.map((target) => target.name)]);
}

function quoted(text: string): string {
  return text.length <= quotedMax ? `“${text}”` : `“${text.slice(0, quotedMax)}…”`;
}
