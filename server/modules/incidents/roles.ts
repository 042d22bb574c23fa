// Who does what in an incident. Nobody loses a role without knowing: a held one is handed over, or let go.
import type { RoleSlot } from '#server/contract/incident.ts';
import { instantWords } from '#server/contract/instant-words.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { canSee } from '#server/contract/audience.ts';
import {
  applied,
  changed,
  conflict,
  type Decision,
  type Facts,
  forbidden,
  invalid,
  isStale,
  nameOf,
  noop,
  notFound,
} from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

const roleLimit = 30;

export function decideTakeRole(incident: IncidentState, role: string, facts: Facts): Decision<IncidentState> {
  const { userId, name } = facts.actor;
  const slot = slotOf(incident, role);
  if (slot.userId === userId) return noop(`You are ${role} already.`, { actor: name, at: slot.since });
  if (slot.offer?.to === userId) return decideAcceptRole(incident, role, facts);
  if (slot.userId !== null) {
    return conflict(`${name} wanted to take ${role}`, `${nameOf(facts, slot.userId)} holds it`);
  }
  if (isNew(incident, role) && incident.roles.length >= roleLimit) {
    return invalid(`An incident has at most ${roleLimit} roles.`);
  }
  const offered = slot.offer === null ? '' : `; the offer to ${nameOf(facts, slot.offer.to)} ends`;
  return applied(withSlot(incident, { role, userId, since: facts.at, offer: null }), {
    kind: 'role',
    text: role === 'commander' ? `${name} took command${offered}` : `${name} took the role ${role}${offered}`,
  });
}

export function decideOfferRole(
  incident: IncidentState,
  role: string,
  to: string,
  facts: Facts,
  briefing: string | null = null,
): Decision<IncidentState> {
  const { userId, name } = facts.actor;
  const slot = slotOf(incident, role);
  const person = facts.person(to);
  if (person === null || person.disabled) return notFound('Nobody with that id is here. Pick another person.');
  if (slot.userId === to) {
    return noop(`${person.name} is ${role} already.`, { actor: person.name, at: slot.since });
  }
  // The same offer with other words tells the other person something new.
  if (slot.offer?.to === to && (briefing === null || briefing === (slot.offer.briefing ?? null))) {
    return noop(`It is offered to ${person.name} already.`, {
      actor: nameOf(facts, slot.offer.by),
      at: slot.offer.at,
    });
  }
  if (slot.userId !== null && slot.userId !== userId && !roleAtLeast(facts.actor.role, 'manager')) {
    const holder = nameOf(facts, slot.userId);
    if (isStale(incident, `role:${role}`, facts)) {
      return conflict(`${name} wanted to offer ${role} to ${person.name} from an older copy`, `${holder} holds it`);
    }
    return forbidden(`${holder} is ${role}: only ${holder} or a manager can offer it to somebody else.`);
  }
  if (!roleAtLeast(person.role, 'responder')) {
    return invalid(`${person.name} is a viewer and cannot act in an incident. Pick a responder.`);
  }
  if (!canSee(incident.restrictedTo, person.teamIds)) {
    return invalid(`${person.name} is in none of the teams that may see this incident.`);
  }
  if (isNew(incident, role) && incident.roles.length >= roleLimit) {
    return invalid(`An incident has at most ${roleLimit} roles.`);
  }
  return applied(
    withSlot(incident, {
      ...slot,
      offer: { to, by: userId, at: facts.at, ...(briefing === null ? {} : { briefing }) },
    }),
    {
      kind: 'role',
      text: `${name} offered ${role} to ${person.name}`,
      detail: offerDetail(slot.offer, to, briefing, facts),
    },
  );
}

export function decideAcceptRole(incident: IncidentState, role: string, facts: Facts): Decision<IncidentState> {
  const { userId, name } = facts.actor;
  const slot = slotOf(incident, role);
  if (slot.userId === userId) return noop(`You are ${role} already.`, { actor: name, at: slot.since });
  if (slot.offer?.to !== userId) {
    const now = slot.userId === null ? 'it is vacant' : `${nameOf(facts, slot.userId)} holds it`;
    return conflict(`${name} wanted to accept ${role}`, `the offer is gone and ${now}`);
  }
  const from = slot.userId ?? slot.offer.by;
  return applied(withSlot(incident, { role, userId, since: facts.at, offer: null }), {
    kind: 'role',
    text:
      slot.userId === null
        ? `${name} accepted ${role}, offered by ${nameOf(facts, from)}`
        : `${name} accepted ${role} from ${nameOf(facts, from)}`,
    detail: (slot.offer.briefing ?? null) === null ? null : `With the briefing of ${instantWords(slot.offer.at)}`,
  });
}

/** The person it was offered to says no; or who offered or holds it takes the offer back. */
export function decideDeclineRole(incident: IncidentState, role: string, facts: Facts): Decision<IncidentState> {
  const { userId, name } = facts.actor;
  const slot = slotOf(incident, role);
  if (slot.offer === null) return noop('There is no offer.', facts.lastChange('role'));
  const { to, by } = slot.offer;
  const stays = slot.userId === null ? 'it stays vacant' : `${nameOf(facts, slot.userId)} keeps it`;
  if (to === userId) {
    return applied(withSlot(incident, { ...slot, offer: null }), {
      kind: 'role',
      text: `${name} declined ${role}; ${stays}`,
    });
  }
  if (by !== userId && slot.userId !== userId && !roleAtLeast(facts.actor.role, 'manager')) {
    return forbidden(`It is offered to ${nameOf(facts, to)}: only they can decline it.`);
  }
  return applied(withSlot(incident, { ...slot, offer: null }), {
    kind: 'role',
    text: `${name} took back the offer of ${role} to ${nameOf(facts, to)}; ${stays}`,
  });
}

export function decideReleaseRole(incident: IncidentState, role: string, facts: Facts): Decision<IncidentState> {
  const { userId, name } = facts.actor;
  const slot = slotOf(incident, role);
  if (slot.userId === null) return noop('It is vacant.', facts.lastChange('role'));
  const holder = nameOf(facts, slot.userId);
  if (slot.userId !== userId) {
    if (isStale(incident, `role:${role}`, facts)) {
      return conflict(`${name} wanted to let go of ${role} from an older copy`, `${holder} holds it`);
    }
    if (!roleAtLeast(facts.actor.role, 'manager')) {
      return forbidden(`${holder} is ${role}: only ${holder} or a manager can end that.`);
    }
  }
  return applied(withSlot(incident, { role, userId: null, since: null, offer: null }), {
    kind: 'role',
    text: slot.userId === userId ? `${name} let go of ${role}` : `${name} released ${holder} from ${role}`,
    detail: slot.offer === null ? null : `The offer to ${nameOf(facts, slot.offer.to)} ends`,
  });
}

/** Whatever becomes of the offer, what was to be handed over stays on the timeline. */
function offerDetail(before: RoleSlot['offer'], to: string, briefing: string | null, facts: Facts): string | null {
  const instead = before === null || before.to === to ? null : `Instead of ${nameOf(facts, before.to)}`;
  const parts = [instead, briefing].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join('\n\n');
}

function slotOf(incident: IncidentState, role: string): RoleSlot {
  return incident.roles.find((slot) => slot.role === role) ?? { role, userId: null, since: null, offer: null };
}

function isNew(incident: IncidentState, role: string): boolean {
  return !incident.roles.some((slot) => slot.role === role);
}

/** A slot that nobody holds and nobody is offered is not kept. */
function withSlot(incident: IncidentState, slot: RoleSlot): IncidentState {
  const empty = slot.userId === null && slot.offer === null;
  const place = incident.roles.findIndex((other) => other.role === slot.role);
  const roles = empty
    ? incident.roles.filter((other) => other.role !== slot.role)
    : place === -1
      ? [...incident.roles, slot]
      : incident.roles.with(place, slot);
  return changed(incident, { roles }, `role:${slot.role}`);
}
