// Who works on an incident. Nobody is sent home while something still lies with them.
import { heldBy, listed, type Participant } from '#server/contract/console.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import type { AskState } from '#server/modules/incidents/console/ask-store.ts';
import {
  applied,
  type Decision,
  type Facts,
  forbidden,
  invalid,
  nameOf,
  noop,
} from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { mergedElsewhere, notOpen } from '#server/modules/incidents/status.ts';
import type { TaskState } from '#server/modules/incidents/task-store.ts';

/** The participant as they are after joining; null when they are there already. */
export function joining(
  current: Participant | null,
  joiner: { id: string; incidentId: string; userId: string; via: Participant['via']; at: string },
): Participant | null {
  if (current !== null && current.releasedAt === null) return null;
  const { id, at, ...rest } = joiner;
  return {
    id: current?.id ?? id,
    version: (current?.version ?? 0) + 1,
    ...rest,
    joinedAt: at,
    releasedAt: null,
    releasedBy: null,
  };
}

export function decideJoin(
  incident: IncidentState,
  current: Participant | null,
  { participantId }: ActionOf<'incident.join'>,
  facts: Facts,
): Decision<Participant> {
  const { userId, name } = facts.actor;
  const next = joining(current, {
    id: participantId,
    incidentId: incident.id,
    userId,
    via: 'self',
    at: facts.actedAt,
  });
  if (next === null) return noop('You are here already.', { actor: name, at: current?.joinedAt ?? facts.at });
  const blocked = mergedElsewhere(incident, 'join', facts) ?? notOpen(incident);
  if (blocked !== null) return blocked;
  return applied(next, { kind: 'responder', text: `${name} joined` });
}

/** The commander or a manager thanks somebody and lets them go; anybody may leave by themselves. */
export function decideRelease(
  incident: IncidentState,
  current: Participant | null,
  left: { tasks: readonly TaskState[]; asks: readonly AskState[] },
  { userId: whom, note }: ActionOf<'incident.release'>,
  facts: Facts,
): Decision<Participant> {
  const { userId, name, role } = facts.actor;
  const who = nameOf(facts, whom);
  const myself = whom === userId;
  if (current === null) return noop(`${who} is not in this incident.`);
  if (current.releasedAt !== null) {
    return noop(myself ? 'You have left already.' : `${who} is released already.`, {
      actor: nameOf(facts, current.releasedBy),
      at: current.releasedAt,
    });
  }
  const commands = incident.roles.some((slot) => slot.role === 'commander' && slot.userId === userId);
  if (!myself && !commands && !roleAtLeast(role, 'manager')) {
    return forbidden(`Only the commander or a manager can release ${who}. Take command, or ask them.`);
  }
  const held = heldBy(whom, incident, left.tasks, left.asks);
  if (held.length > 0) {
    const holder = myself ? 'You still hold' : `${who} still holds`;
    const what = held.map(({ kind, name }) => (kind === 'role' ? `the role ${name}` : `the ${kind} “${name}”`));
    return invalid(`${holder} ${listed(what)}. Hand that over or finish it first.`);
  }
  return applied(
    { ...current, version: current.version + 1, releasedAt: facts.at, releasedBy: userId },
    { kind: 'responder', text: myself ? `${name} left` : `${name} released ${who}`, detail: note },
  );
}
