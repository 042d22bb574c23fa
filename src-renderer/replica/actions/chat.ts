import type { ChatMessage } from '#server/contract/chat.ts';
import type { TimelineEntry } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { rowKey, type RowKey } from '../rows/rows.ts';
import { type Faces, type KindsOf, ofIncident, quarrelsWithNobody, type Scene } from './face.ts';

const base = (action: { messageId: string }): RowKey => rowKey('chat', action.messageId);
const guard = (action: { messageId: string }): string => `chat:${action.messageId}`;

export const chatActions: Faces<KindsOf<'chat'>> = {
  'chat.post': {
    base,
    lane: ofIncident,
    guard: quarrelsWithNobody,
    refusal: null,
    predict({ messageId, incidentId, text, mentions, replyTo }, { at, me, get, put }) {
      if (get('chat', messageId) !== undefined) return;
      const message: ChatMessage = {
        id: messageId,
        version: 0,
        incidentId,
        at,
        recordedAt: at,
        source: 'person',
        authorId: me.id,
        author: me.name,
        text,
        mentions,
        replyTo,
        editedAt: null,
        deletedAt: null,
        entryId: null,
        taskId: null,
        mirror: 'none',
      };
      put('chat', message);
    },
  },
  'chat.edit': {
    base,
    lane: ofIncident,
    guard,
    refusal: null,
    predict: ({ messageId, text, mentions }, scene) =>
      changeMessage(messageId, scene, (message) => ({ ...message, text, mentions, editedAt: scene.at })),
  },
  'chat.delete': {
    base,
    lane: ofIncident,
    guard,
    refusal: null,
    predict: ({ messageId }, scene) =>
      changeMessage(messageId, scene, (message) => ({ ...message, text: '', mentions: [], deletedAt: scene.at })),
  },
  'chat.promote': {
    base,
    touches: ({ messageId, entryId }) => [rowKey('chat', messageId), rowKey('timeline', entryId)],
    lane: ofIncident,
    guard: quarrelsWithNobody,
    refusal: null,
    predict({ messageId, entryId }, scene) {
      const message = scene.get('chat', messageId);
      if (message === undefined || message.entryId !== null || message.deletedAt !== null) return;
      changeMessage(messageId, scene, (before) => ({ ...before, entryId }));
      if (scene.get('timeline', entryId) === undefined) scene.put('timeline', entryOf(message, entryId, scene));
    },
  },
};

function changeMessage(id: string, { get, put }: Scene, change: (message: ChatMessage) => ChatMessage): void {
  const message = get('chat', id);
  if (message !== undefined && message.deletedAt === null) put('chat', change(message));
}

function entryOf(message: ChatMessage, id: string, { at, me }: Scene): TimelineEntry {
  return {
    id,
    version: 0,
    incidentId: message.incidentId,
    at: message.at,
    recordedAt: at,
    kind: 'note',
    source: 'person',
    actorId: me.id,
    actor: me.name,
    text: `${message.author}: ${message.text}`,
    detail: t`From the room, taken over by ${me.name}`,
    alertId: null,
    starred: false,
  };
}
