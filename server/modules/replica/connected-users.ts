import type { Actor } from '#server/api/context.ts';
import type { Replica } from '#server/modules/replica/service.ts';

/** The same replica, which knows who has a client open at this server. A program with an API key is not a client. */
export function withConnectedUsers(replica: Replica<Actor>): Replica<Actor> & { connectedUsers(): string[] } {
  const streams = new Map<string, number>();
  const count = (userId: string, by: number) => {
    const left = (streams.get(userId) ?? 0) + by;
    if (left > 0) streams.set(userId, left);
    else streams.delete(userId);
  };
  return {
    ...replica,
    async *stream(actor, lastPosition, signal, resumed) {
      if (actor.sessionId !== null) count(actor.userId, 1);
      try {
        yield* replica.stream(actor, lastPosition, signal, resumed);
      } finally {
        if (actor.sessionId !== null) count(actor.userId, -1);
      }
    },
    connectedUsers: () => [...streams.keys()],
  };
}
