import type { Audience } from '#server/contract/audience.ts';
import type { ChatMessage } from '#server/contract/chat.ts';
import type { Tx } from '#server/database/transaction.ts';

/** A message with what only the server needs to know about it. */
export interface ChatState extends ChatMessage {
  /** The version at which its text last changed. */
  textVersion: number;
}

export interface ChatStore {
  lock(tx: Tx, messageId: string): Promise<ChatState | null>;
  /** Inserts a new one (version 1), updates another, and writes its feed row. */
  save(tx: Tx, at: string, message: ChatState, audience: Audience): Promise<void>;
  /** After the incident's audience changed: every message once more, to those who may see it now. */
  reissue(tx: Tx, at: string, incidentId: string, before: Audience, after: Audience): Promise<void>;
}

/** What a room knows of its incident. */
export interface RoomIncident {
  id: string;
  restrictedTo: string[] | null;
}

/** The mirror's part of a change, in the transaction that makes it. */
export interface MirrorQueue {
  /** Rooms elsewhere in which a new message of this incident shall stand. */
  roomsFor(tx: Tx, incident: RoomIncident): Promise<RoomElsewhere[]>;
  add(tx: Tx, at: string, messageId: string, rooms: readonly RoomElsewhere[]): Promise<void>;
  /** The text changed or went: what stands elsewhere has to follow. True when something stands there. */
  follow(tx: Tx, at: string, message: ChatState, incident: RoomIncident): Promise<boolean>;
}

export interface RoomElsewhere {
  channelId: string;
  room: string;
}
