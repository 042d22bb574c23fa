import type { Participant } from '#server/contract/console.ts';
import type { ActionKind, ActionOf } from '#server/contract/intent.ts';
import type { Tx } from '#server/database/transaction.ts';
import { type ActingDeps, createActing, idTaken, peopleOf } from '#server/modules/incidents/acting.ts';
import type { AskStore } from '#server/modules/incidents/console/ask-store.ts';
import type { ParticipantStore } from '#server/modules/incidents/console/participant-store.ts';
import { decideJoin, decideRelease, joining } from '#server/modules/incidents/console/participants.ts';
import type { IntentContext, IntentHandler, IntentHandlers } from '#server/modules/incidents/intents.ts';
import { publicIncident } from '#server/modules/incidents/public.ts';

interface ParticipantDeps extends Pick<ActingDeps, 'incidents' | 'timeline' | 'tasks' | 'people' | 'random'> {
  asks: Pick<AskStore, 'waiting'>;
  participants: ParticipantStore;
}

export function createParticipantHandlers(deps: ParticipantDeps): IntentHandlers<'incident.join' | 'incident.release'> {
  const { tasks, asks, participants } = deps;
  const acting = createActing(deps);

  return {
    async 'incident.join'(tx, context) {
      const { action } = context.intent;
      const incident = await acting.lock(tx, context, action.incidentId);
      if ('outcome' in incident) return incident;
      const current = await participants.find(tx, incident.id, context.actor.userId);
      if (current === null && (await participants.idTaken(tx, action.participantId))) return idTaken;
      const decision = await acting.decide(tx, context, null, [], (facts) =>
        decideJoin(incident, current, action, facts),
      );
      if (decision.outcome !== 'applied') {
        const body = publicIncident(incident);
        return acting.refuse(tx, context, incident.id, decision, { entity: 'incident', body });
      }
      await participants.save(tx, context.at, decision.next, incident.restrictedTo);
      await acting.addEntries(tx, context, incident.id, decision.entries);
      return { outcome: 'applied', version: decision.next.version };
    },

    async 'incident.release'(tx, context) {
      const { action } = context.intent;
      const incident = await acting.lock(tx, context, action.incidentId);
      if ('outcome' in incident) return incident;
      const current = await participants.find(tx, incident.id, action.userId);
      const left = { tasks: await tasks.ofIncident(tx, incident.id), asks: await asks.waiting(tx, incident.id) };
      const involved = [...peopleOf(incident), action.userId, current?.releasedBy ?? null];
      const decision = await acting.decide(tx, context, null, involved, (facts) =>
        decideRelease(incident, current, left, action, facts),
      );
      if (decision.outcome !== 'applied') {
        const body = publicIncident(incident);
        return acting.refuse(tx, context, incident.id, decision, { entity: 'incident', body });
      }
      await participants.save(tx, context.at, decision.next, incident.restrictedTo);
      await acting.addEntries(tx, context, incident.id, decision.entries);
      return { outcome: 'applied', version: decision.next.version };
    },
  };
}

type Joiner<K extends ActionKind> = (
  action: ActionOf<K>,
  actorId: string,
) => { userId: string | null; via: Participant['via'] };

/** Whom an action brings into the incident, once it is applied. */
const joiners: { [K in ActionKind]?: Joiner<K> } = {
  'incident.declare': (_action, actorId) => ({ userId: actorId, via: 'declare' }),
  'incident.acknowledge': (_action, actorId) => ({ userId: actorId, via: 'acknowledge' }),
  'incident.take-role': (_action, actorId) => ({ userId: actorId, via: 'role' }),
  'incident.accept-role': (_action, actorId) => ({ userId: actorId, via: 'role' }),
  'task.add': ({ ownerId }) => ({ userId: ownerId, via: 'task' }),
  'task.assign': ({ ownerId }) => ({ userId: ownerId, via: 'task' }),
  'chat.post': (_action, actorId) => ({ userId: actorId, via: 'chat' }),
  'ask.add': ({ ownerId }) => ({ userId: ownerId, via: 'ask' }),
  'ask.reassign': ({ ownerId }) => ({ userId: ownerId, via: 'ask' }),
};

/** Whoever takes something up, or is given it, works on the incident from then on. */
export function withParticipants<H extends Partial<IntentHandlers>>(
  handlers: H,
  deps: Pick<ParticipantDeps, 'participants' | 'random'> & { incidents: Pick<ActingDeps['incidents'], 'lockByIds'> },
): H {
  const { incidents, participants, random } = deps;

  async function join(
    tx: Tx,
    { at, actedAt }: Pick<IntentContext, 'at' | 'actedAt'>,
    incidentId: string,
    { userId, via }: ReturnType<Joiner<ActionKind>>,
  ): Promise<void> {
    if (userId === null) return;
    // Locked by the action already; read again, for its audience.
    const [incident] = await incidents.lockByIds(tx, [incidentId]);
    if (incident === undefined || incident.status === 'resolved') return;
    const current = await participants.find(tx, incidentId, userId);
    const next = joining(current, { id: random.uuid(), incidentId, userId, via, at: actedAt });
    if (next !== null) await participants.save(tx, at, next, incident.restrictedTo);
  }

  function joined<K extends ActionKind>(handler: IntentHandler<K>, joiner: Joiner<K>): IntentHandler<K> {
    return async (tx, context) => {
      const outcome = await handler(tx, context);
      const { action } = context.intent;
      if (outcome.outcome === 'applied' && 'incidentId' in action) {
        await join(tx, context, action.incidentId, joiner(action, context.actor.userId));
      }
      return outcome;
    };
  }

  const wrapped: Partial<Record<ActionKind, IntentHandler>> = { ...handlers } as Partial<
    Record<ActionKind, IntentHandler>
  >;
  for (const [kind, joiner] of Object.entries(joiners) as [ActionKind, Joiner<ActionKind>][]) {
    const handler = wrapped[kind];
    if (handler !== undefined) wrapped[kind] = joined(handler, joiner);
  }
  // Each kind kept its own handler's type; the type system cannot follow the loop.
  return wrapped as H;
}
