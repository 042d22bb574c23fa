// Streams outlive the access token that opened them, so each is asked again whether its reader may still listen.
import type { Authenticated } from '#server/api/authenticator.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface OpenStreams {
  /** The returned function forgets the stream; `close` ends it when the reader's rights changed. */
  add(who: Authenticated, close: () => void): () => void;
  size(): number;
  start(): void;
  closeAll(): void;
}

/** Of one person: beyond it the one opened longest ago is ended, so that nobody's streams fill the memory. */
const mostEach = 100;

interface OpenStream {
  who: Authenticated;
  close: () => void;
}

export function createOpenStreams(deps: { clock: Clock; logger: Logger; checkEveryMs?: number }): OpenStreams {
  const streams = new Set<OpenStream>();
  let cancelTimer: (() => void) | null = null;

  function scheduleCheck(): void {
    cancelTimer = deps.clock.setTimer(deps.checkEveryMs ?? 2_000, () => {
      void checkAll().finally(() => {
        if (cancelTimer !== null) scheduleCheck();
      });
    });
  }

  async function checkAll(): Promise<void> {
    for (const stream of streams) {
      try {
        const now = await stream.who.current();
        if (now === null || rightsOf(now) !== rightsOf(stream.who.actor)) end(stream);
      } catch (error) {
        // The database not answering is no reason to blank every screen; the next check asks again.
        deps.logger.warn('could not check the rights of an open stream', { error });
        return;
      }
    }
  }

  function end(stream: OpenStream): void {
    if (streams.delete(stream)) stream.close();
  }

  return {
    add(who, close) {
      const own = [...streams].filter((other) => other.who.actor.userId === who.actor.userId);
      if (own[0] !== undefined && own.length >= mostEach) end(own[0]);
      const stream = { who, close };
      streams.add(stream);
      return () => streams.delete(stream);
    },
    size: () => streams.size,
    start: scheduleCheck,
    closeAll() {
      cancelTimer?.();
      cancelTimer = null;
      for (const stream of streams) end(stream);
    },
  };
}

function rightsOf(actor: Authenticated['actor']): string {
  return `${actor.role} ${[...actor.teamIds].sort().join(' ')}`;
}
