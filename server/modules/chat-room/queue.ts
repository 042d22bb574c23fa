import type { Tx } from '#server/database/transaction.ts';
import type { MirrorStore } from '#server/modules/chat-room/mirror-store.ts';
import type { ChatStore, MirrorQueue, RoomElsewhere, RoomIncident } from '#server/modules/chat-room/state.ts';

export interface RoomsElsewhere extends MirrorQueue {
  /** A provider opened a channel for the incident. Takes no lock: it happens where a sent message is noted. */
  opened(tx: Tx, incidentId: string, room: RoomElsewhere): Promise<void>;
  /** What was said before it was opened goes there too. */
  catchUp(tx: Tx, at: string, room: RoomElsewhere & { incidentId: string }): Promise<void>;
}

/** What the mirror has to do, written down in the transaction of the change that causes it. */
export function createMirrorQueue(deps: {
  store: MirrorStore;
  chat: ChatStore;
  lockIncident(tx: Tx, incidentId: string): Promise<RoomIncident | null>;
  /** Whether this channel mirrors rooms. */
  mirrors(tx: Tx, channelId: string): Promise<boolean>;
  wake(tx: Tx): void;
}): RoomsElsewhere {
  const { store, chat, mirrors, wake } = deps;
  return {
    async roomsFor(tx, incident) {
      // Its audience is people of ours; who reads a channel elsewhere is decided elsewhere.
      if (incident.restrictedTo !== null) return [];
      const rooms = await store.rooms(tx, incident.id);
      const wanted = await Promise.all(rooms.map((room) => mirrors(tx, room.channelId)));
      return rooms.filter((_room, place) => wanted[place]);
    },

    async add(tx, at, messageId, rooms) {
      if (rooms.length === 0) return;
      await store.add(tx, at, messageId, rooms);
      wake(tx);
    },

    async follow(tx, at, message, incident) {
      if (incident.restrictedTo !== null && message.deletedAt === null) return false;
      const rows = await store.again(tx, at, message.id);
      if (rows > 0) wake(tx);
      return rows > 0;
    },

    async opened(tx, incidentId, room) {
      await store.open(tx, incidentId, room);
      wake(tx);
    },

    async catchUp(tx, at, { incidentId, ...room }) {
      // First of all: whoever says something meanwhile sees the room, or waits for us and is seen.
      const incident = await deps.lockIncident(tx, incidentId);
      if (!(await store.caughtUp(tx, room))) return;
      if (incident === null || incident.restrictedTo !== null || !(await mirrors(tx, room.channelId))) return;
      for (const id of await store.addEarlier(tx, at, incidentId, room)) {
        const message = await chat.lock(tx, id);
        if (message !== null && message.mirror === 'none')
          await chat.save(tx, at, { ...message, version: message.version + 1, mirror: 'waiting' }, null);
      }
    },
  };
}
