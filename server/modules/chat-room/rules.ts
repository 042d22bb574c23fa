// What may be done with a message, as pure decisions.
import { canSee } from '#server/contract/audience.ts';
import type { ChatMessage } from '#server/contract/chat.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import type { ChatState, RoomIncident } from '#server/modules/chat-room/state.ts';
import type { Decision, EntryDraft, Facts, Rejected } from '#server/modules/incidents/decision.ts';

type Writing = Pick<Facts, 'actor' | 'at' | 'actedAt' | 'baseVersion' | 'person'>;

export function newMessage(
  incident: RoomIncident,
  action: ActionOf<'chat.post'>,
  facts: Writing,
  /** The message it answers, if that one is of this room. */
  parent: Pick<ChatMessage, 'incidentId'> | null,
): ChatState {
  return {
    id: action.messageId,
    version: 1,
    incidentId: incident.id,
    at: facts.actedAt,
    recordedAt: facts.at,
    source: 'person',
    authorId: facts.actor.userId,
    author: facts.actor.name,
    text: action.text,
    mentions: mentioned(action.mentions, incident, facts),
    replyTo: parent?.incidentId === incident.id ? action.replyTo : null,
    editedAt: null,
    deletedAt: null,
    entryId: null,
    taskId: null,
    mirror: 'none',
    textVersion: 1,
  };
}

export function decideEdit(
  incident: RoomIncident,
  message: ChatState,
  action: Pick<ActionOf<'chat.edit'>, 'text' | 'mentions'>,
  facts: Writing,
): Decision<ChatState> {
  const refused = refuse(message, facts, 'change');
  if (refused !== null) return refused;
  if (message.deletedAt !== null) return rejected('invalid', 'The message was deleted. Write a new one.');
  if (message.text === action.text) return noop('The message says so already.', message);
  if (facts.baseVersion !== null && message.textVersion > facts.baseVersion) {
    // Both texts are its author's, written on two devices: nothing that the timeline should tell.
    return { outcome: 'conflict', reason: 'You changed it on another device.', entries: [] };
  }
  const version = message.version + 1;
  const mentions = mentioned(action.mentions, incident, facts);
  return applied({ ...message, version, text: action.text, mentions, editedAt: facts.at, textVersion: version });
}

/** What it said is gone for good; that somebody said something stays, so that an answer to it makes sense. */
export function decideDelete(message: ChatState, facts: Writing): Decision<ChatState> {
  const refused = refuse(message, facts, 'delete');
  if (refused !== null) return refused;
  if (message.deletedAt !== null) return noop('It is deleted already.', message);
  return applied(erased(message, facts.at));
}

export function decidePromote(
  message: ChatState,
  { entryId }: Pick<ActionOf<'chat.promote'>, 'entryId'>,
  facts: Writing,
): Decision<ChatState> {
  if (message.deletedAt !== null)
    return rejected('invalid', 'The message was deleted, so there is nothing to take over.');
  if (message.entryId !== null) return noop('It is on the timeline already.', null);
  return applied(
    { ...message, version: message.version + 1, entryId },
    {
      id: entryId,
      kind: 'note',
      at: message.at,
      text: `${message.author}: ${message.text}`,
      detail: `From the room, taken over by ${facts.actor.name}`,
      data: { messageId: message.id },
    },
  );
}

export function erased(message: ChatState, at: string): ChatState {
  const version = message.version + 1;
  return { ...message, version, text: '', mentions: [], deletedAt: at, textVersion: version };
}

/** Who is not here, or may not see the incident, is not told of it. */
export function mentioned(
  userIds: readonly string[],
  incident: RoomIncident,
  { person }: Pick<Facts, 'person'>,
): string[] {
  return [...new Set(userIds)].filter((id) => {
    const known = person(id);
    return known !== null && !known.disabled && canSee(incident.restrictedTo, known.teamIds);
  });
}

function refuse(message: ChatState, { actor }: Writing, verb: string): Rejected | null {
  if (message.source !== 'person') {
    return rejected('forbidden', `It was written in Slack. Whoever wrote it can ${verb} it there.`);
  }
  if (message.authorId === actor.userId) return null;
  return rejected('forbidden', `Only ${message.author}, who wrote it, can ${verb} it.`);
}

// Decisions are made of the same parts as those of incidents; other modules are imported as types only.
function applied(next: ChatState, ...entries: EntryDraft[]): Decision<ChatState> {
  return { outcome: 'applied', next, entries };
}

function noop(reason: string, message: ChatState | null): Decision<ChatState> {
  const at = message === null ? null : (message.deletedAt ?? message.editedAt ?? message.recordedAt);
  return { outcome: 'noop', by: message?.author ?? null, at, reason };
}

function rejected(code: Rejected['code'], reason: string): Rejected {
  return { outcome: 'rejected', code, reason };
}
