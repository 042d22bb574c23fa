// Actions of people in a room.
import type { ActionOf } from '#server/contract/intent.ts';
import type { Tx } from '#server/database/transaction.ts';
import { decideDelete, decideEdit, decidePromote, newMessage } from '#server/modules/chat-room/rules.ts';
import type { ChatState, ChatStore, MirrorQueue } from '#server/modules/chat-room/state.ts';
import type { Acting } from '#server/modules/incidents/acting.ts';
import type { Decision, Facts, Rejected } from '#server/modules/incidents/decision.ts';
import type { IntentContext, IntentHandler, IntentHandlers } from '#server/modules/incidents/intents.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

export type ChatKind = `chat.${'post' | 'edit' | 'delete' | 'promote'}`;

export interface ChatHandlerDeps {
  acting: Pick<Acting, 'lock' | 'decide' | 'addEntries' | 'entryIsNew'>;
  chat: ChatStore;
  mirror: MirrorQueue;
  publicMessage(state: ChatState): unknown;
}

const gone: Rejected = {
  outcome: 'rejected',
  code: 'not-found',
  reason: 'There is no such message in the room of this incident.',
};
const idTaken: Rejected = {
  outcome: 'rejected',
  code: 'invalid',
  reason: 'The id chosen for it is taken. Send it again under an id of its own.',
};

export function createChatHandlers(deps: ChatHandlerDeps): IntentHandlers<ChatKind> {
  const { acting, chat, mirror, publicMessage } = deps;

  const post: IntentHandler<'chat.post'> = async (tx, context) => {
    const { action } = context.intent;
    const incident = await acting.lock(tx, context, action.incidentId);
    if ('outcome' in incident) return incident;
    if ((await chat.lock(tx, action.messageId)) !== null) return idTaken;
    const parent = action.replyTo === null ? null : await chat.lock(tx, action.replyTo);
    const rooms = await mirror.roomsFor(tx, incident);
    const decision = await acting.decide(tx, context, null, action.mentions, (facts) => {
      const message = newMessage(incident, action, facts, parent);
      const mirror: ChatState['mirror'] = rooms.length > 0 ? 'waiting' : 'none';
      return { outcome: 'applied', entries: [], next: { ...message, mirror } };
    });
    if (decision.outcome !== 'applied') return gone;
    await chat.save(tx, context.at, decision.next, incident.restrictedTo);
    await mirror.add(tx, context.at, action.messageId, rooms);
    return { outcome: 'applied', version: 1 };
  };

  /** Runs a decision on one message of the incident's room and keeps what stands elsewhere in step. */
  function onMessage<K extends Exclude<ChatKind, 'chat.post'>>(
    rule: (incident: IncidentState, message: ChatState, action: ActionOf<K>, facts: Facts) => Decision<ChatState>,
    taken: (tx: Tx, action: ActionOf<K>) => Promise<Rejected | null> = async () => null,
  ): IntentHandler<K> {
    return async (tx: Tx, context: IntentContext<ActionOf<K>>) => {
      const { action } = context.intent;
      const { incidentId, messageId } = action as ActionOf<ChatKind>;
      const incident = await acting.lock(tx, context, incidentId);
      if ('outcome' in incident) return incident;
      const message = await chat.lock(tx, messageId);
      if (message?.incidentId !== incident.id) return gone;
      const refused = await taken(tx, action);
      if (refused !== null) return refused;
      const involved = 'mentions' in action ? (action.mentions as string[]) : [];
      const decision = await acting.decide(tx, context, null, involved, (facts) =>
        rule(incident, message, action, facts),
      );
      switch (decision.outcome) {
        case 'noop':
        case 'rejected':
          return decision;
        case 'conflict':
          return { outcome: 'conflict', reason: decision.reason, entity: 'chat', current: publicMessage(message) };
        case 'applied': {
          let { next } = decision;
          if (next.textVersion !== message.textVersion && (await mirror.follow(tx, context.at, next, incident)))
            next = { ...next, mirror: 'waiting' };
          await chat.save(tx, context.at, next, incident.restrictedTo);
          await acting.addEntries(tx, context, incident.id, decision.entries);
          return { outcome: 'applied', version: next.version };
        }
      }
    };
  }

  return {
    'chat.post': post,
    'chat.edit': onMessage(decideEdit),
    'chat.delete': onMessage((_incident, message, _action, facts) => decideDelete(message, facts)),
    'chat.promote': onMessage(
      (_incident, message, action, facts) => decidePromote(message, action, facts),
      async (tx, { entryId }) => ((await acting.entryIsNew(tx, entryId)) ? null : idTaken),
    ),
  };
}

/** A task that is made of a message is named on it, in the transaction that makes the task. */
export function withPromotion(
  add: IntentHandler<'task.add'>,
  { chat }: Pick<ChatHandlerDeps, 'chat'>,
  lock: Acting['lock'],
): IntentHandler<'task.add'> {
  return async (tx, context) => {
    const outcome = await add(tx, context);
    const { fromMessageId, incidentId, taskId } = context.intent.action;
    if (outcome.outcome !== 'applied' || fromMessageId === undefined) return outcome;
    const incident = await lock(tx, context, incidentId);
    const message = await chat.lock(tx, fromMessageId);
    // The task stands for itself: a message that is gone, or has a task already, takes nothing from it.
    if ('outcome' in incident || message === null || message.incidentId !== incidentId) return outcome;
    if (message.taskId !== null || message.deletedAt !== null) return outcome;
    const next = { ...message, version: message.version + 1, taskId };
    await chat.save(tx, context.at, next, incident.restrictedTo);
    return outcome;
  };
}
