// Timed asks: one owner, one thing, so many minutes. Whoever asked hears the answer, or that none came in time.
import type { Ask, AskOutcome } from '#server/contract/console.ts';
import { isWaiting } from '#server/contract/console.ts';
import { instantWords } from '#server/contract/instant-words.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import type { AskState } from '#server/modules/incidents/console/ask-store.ts';
import {
  applied,
  conflict,
  type Decision,
  type EntryDraft,
  type Facts,
  invalid,
  isStale,
  nameOf,
  noop,
  type Rejected,
} from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { mergedElsewhere, notOpen } from '#server/modules/incidents/status.ts';
import { refuseOwner } from '#server/modules/incidents/tasks.ts';

/** More open asks than this are a list nobody reads. */
const openAsksMax = 50;

export function decideAddAsk(
  incident: IncidentState,
  open: number,
  action: ActionOf<'ask.add'>,
  facts: Facts,
): Decision<AskState> {
  const refused =
    mergedElsewhere(incident, 'ask for something', facts) ??
    notOpen(incident) ??
    refuseAsked(incident, action.ownerId, facts);
  if (refused !== null) return refused;
  if (open >= openAsksMax) return invalid(`${openAsksMax} asks are open here. Answer or take back some of them first.`);
  const dueAt = dueIn(action.minutes, facts);
  return applied(
    {
      id: action.askId,
      version: 1,
      incidentId: incident.id,
      text: action.text,
      ownerId: action.ownerId,
      askedBy: facts.actor.userId,
      askedAt: facts.at,
      dueAt,
      overdueAt: null,
      answer: null,
      cancelledAt: null,
      fieldVersions: {},
    },
    {
      kind: 'ask',
      text: `${facts.actor.name} asked ${toWhom(action.ownerId, facts)}: ${action.text}`,
      detail: `Due ${instantWords(dueAt)}`,
    },
  );
}

/** What the owner says. Anybody who sees the incident may write down an answer that was given by word of mouth. */
export function decideAnswerAsk(ask: AskState, action: ActionOf<'ask.answer'>, facts: Facts): Decision<AskState> {
  const { outcome } = action;
  const text = action.text ?? '';
  const who = facts.actor.name;
  if (ask.answer !== null) {
    const { by, at } = ask.answer;
    if (ask.answer.outcome === outcome && (text === '' || text === ask.answer.text)) {
      return noop('It is answered already.', { actor: nameOf(facts, by), at });
    }
    const said = text === '' ? outcomeWords[outcome] : `${outcomeWords[outcome]}: ${text}`;
    return conflict(`${who} answered “${ask.text}” with “${said}”`, `${nameOf(facts, by)} had answered it`);
  }
  if (ask.cancelledAt !== null) {
    const said = text === '' ? outcomeWords[outcome] : `${outcomeWords[outcome]}: ${text}`;
    return conflict(`${who} answered “${ask.text}” with “${said}”`, 'the ask had been taken back');
  }
  const forOwner = ask.ownerId === facts.actor.userId ? '' : ` for ${nameOf(facts, ask.ownerId)}`;
  const late = facts.actedAt > ask.dueAt ? ', late' : '';
  return applied(changedAsk(ask, { answer: { at: facts.actedAt, by: facts.actor.userId, outcome, text } }), {
    kind: 'ask',
    text: `${who} answered${forOwner}${late}: ${ask.text}`,
    detail: text === '' ? outcomeWords[outcome] : `${outcomeWords[outcome]}: ${text}`,
  });
}

/** Another owner, more time, or both. The base version is the ask's. */
export function decideReassignAsk(
  incident: IncidentState,
  ask: AskState,
  { ownerId, minutes }: ActionOf<'ask.reassign'>,
  facts: Facts,
): Decision<AskState> {
  const who = facts.actor.name;
  const ended = endedWords(ask, facts);
  if (ended !== null) return conflict(`${who} wanted to ask ${toWhom(ownerId, facts)} “${ask.text}”`, ended);
  if (isStale(ask, 'owner', facts)) {
    return conflict(
      `${who} wanted to ask ${toWhom(ownerId, facts)} “${ask.text}” from an older copy`,
      `${nameOf(facts, ask.ownerId)} kept it`,
    );
  }
  const refused =
    mergedElsewhere(incident, 'ask for something', facts) ?? notOpen(incident) ?? refuseAsked(incident, ownerId, facts);
  if (refused !== null) return refused;
  const dueAt = dueIn(minutes, facts);
  const text =
    ownerId === ask.ownerId
      ? `${who} gave ${nameOf(facts, ownerId)} ${minutes} more minutes: ${ask.text}`
      : `${who} asked ${toWhom(ownerId, facts)} instead of ${nameOf(facts, ask.ownerId)}: ${ask.text}`;
  return applied(changedAsk(ask, { ownerId, dueAt, overdueAt: null }, 'owner'), {
    kind: 'ask',
    text,
    detail: `Due ${instantWords(dueAt)}`,
  });
}

/** Who asked, the commander or a manager takes it back. */
export function decideCancelAsk(incident: IncidentState, ask: AskState, facts: Facts): Decision<AskState> {
  const { userId, name, role } = facts.actor;
  if (ask.cancelledAt !== null) return noop('It was taken back already.', facts.lastChange('ask'));
  if (ask.answer !== null) {
    return noop('It is answered.', { actor: nameOf(facts, ask.answer.by), at: ask.answer.at });
  }
  const commands = incident.roles.some((slot) => slot.role === 'commander' && slot.userId === userId);
  if (ask.askedBy !== userId && !commands && !roleAtLeast(role, 'manager')) {
    return {
      outcome: 'rejected',
      code: 'forbidden',
      reason: `${nameOf(facts, ask.askedBy)} asked this: only they, the commander or a manager can take it back.`,
    };
  }
  return applied(changedAsk(ask, { cancelledAt: facts.at }), {
    kind: 'ask',
    text: `${name} took back what was asked of ${nameOf(facts, ask.ownerId)}: ${ask.text}`,
  });
}

/** What time makes of a waiting ask; null while it is not late, or when that was said before. */
export function decideOverdue(
  incident: IncidentState,
  ask: AskState,
  facts: { at: string; name: (userId: string) => string },
): { next: AskState; entry: EntryDraft | null } | null {
  if (!isWaiting(ask) || ask.overdueAt !== null || facts.at < ask.dueAt) return null;
  const next = changedAsk(ask, { overdueAt: facts.at });
  // Nobody waits for an answer in an incident that is over.
  if (incident.status === 'resolved') return { next, entry: null };
  const { ownerId, askedBy, text } = ask;
  const owner = facts.name(ownerId);
  const asker = ownerId === askedBy ? 'themselves' : facts.name(askedBy);
  return {
    next,
    entry: {
      kind: 'ask',
      at: ask.dueAt,
      text: `No answer from ${owner} in time: ${text}`,
      detail: `Asked by ${asker} ${instantWords(ask.askedAt)}, due ${instantWords(ask.dueAt)}`,
    },
  };
}

const outcomeWords: Record<AskOutcome, string> = { done: 'Done', answered: 'Answered', cannot: 'Cannot do it' };

/** Somebody who is asked has to be able to answer. */
export function refuseAsked(incident: IncidentState, ownerId: string, facts: Facts): Rejected | null {
  const owner = facts.person(ownerId);
  if (owner !== null && !owner.disabled && !roleAtLeast(owner.role, 'responder')) {
    return invalid(`${owner.name} is a viewer and cannot act in an incident. Pick a responder.`);
  }
  return refuseOwner(incident, ownerId, facts);
}

function endedWords(ask: Ask, facts: Facts): string | null {
  if (ask.answer !== null) return `${nameOf(facts, ask.answer.by)} had answered it`;
  return ask.cancelledAt === null ? null : 'it had been taken back';
}

function toWhom(ownerId: string, facts: Facts): string {
  return ownerId === facts.actor.userId ? 'themselves' : nameOf(facts, ownerId);
}

function dueIn(minutes: number, facts: Facts): string {
  return new Date(Date.parse(facts.at) + minutes * 60_000).toISOString();
}

function changedAsk(ask: AskState, patch: Partial<AskState>, field?: string): AskState {
  const version = ask.version + 1;
  const fieldVersions = field === undefined ? ask.fieldVersions : { ...ask.fieldVersions, [field]: version };
  return { ...ask, ...patch, version, fieldVersions };
}
