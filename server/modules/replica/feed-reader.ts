// One reader a server: reads the feed once for all connected clients and hands each what it may see.
import { canSee } from '#server/contract/audience.ts';
import type { FeedPosition } from '#server/contract/replica.ts';
import { comparePositions, firstPosition } from '#server/modules/replica/position.ts';
import type { ReplicaActor } from '#server/modules/replica/reader.ts';
import type { FeedEntry, FeedStore } from '#server/modules/replica/store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface FeedReader {
  start(): void;
  stop(): Promise<void>;
  /** From the returned `from` on, everything visible to the actor comes, in order. */
  subscribe(actor: () => ReplicaActor): Promise<FeedSubscription>;
  subscribers(): number;
  position(): FeedPosition;
}

export interface FeedSubscription {
  from: FeedPosition;
  /** What came since the last call, at most about `most` of it; `overflowed` when more came than is kept. */
  take(most: { rows: number; size: number }): { entries: FeedEntry[]; position: FeedPosition; overflowed: boolean };
  /** Resolves when there is something to take, when the time is over, or when the reader stops. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  ended(): boolean;
  close(): void;
}

const pageRows = 2_000;
const queueRows = 10_000;
const queueSize = 32_000_000;
/** Reads are at least this far apart: a burst of commits is one read. */
const spacingMs = 20;
const fallbackMs = 1_000;

interface Subscriber {
  actor: () => ReplicaActor;
  queue: FeedEntry[];
  size: number;
  position: FeedPosition;
  overflowed: boolean;
  wake: () => void;
}

export function createFeedReader(deps: {
  store: Pick<FeedStore, 'horizon' | 'readAfter'>;
  /** Calls back when something may have been committed. The returned function ends it. */
  onHint(listener: () => void): () => void;
  clock: Clock;
  logger: Logger;
}): FeedReader {
  const { store, clock, logger } = deps;
  const subscribers = new Set<Subscriber>();
  let position: FeedPosition | null = null;
  let stopping = true;
  let loop: Promise<void> = Promise.resolve();
  let endHints = () => {};
  let hinted = false;
  let ring: AbortController | null = null;
  let ready: () => void = () => {};
  let begun = new Promise<void>((resolve) => (ready = resolve));

  function hint(): void {
    hinted = true;
    ring?.abort();
  }

  async function rest(ms: number): Promise<void> {
    if (!hinted && !stopping) {
      ring = new AbortController();
      await clock.sleep(ms, ring.signal);
      ring = null;
    }
    hinted = false;
  }

  async function run(): Promise<void> {
    let hiddenRounds = 0;
    while (!stopping) {
      const readAt = clock.monotonic();
      let pause = fallbackMs;
      try {
        if (position === null) {
          position = await store.horizon();
          ready();
        }
        if (subscribers.size === 0) {
          // Nobody to read for. Who comes meanwhile gets what lies between its place and this one with the next page.
          const place = await store.horizon();
          if (subscribers.size === 0) position = place;
        } else {
          const page = await store.readAfter(position, pageRows);
          // Within the same turn: a subscriber that comes now is told a place that includes this page.
          position = page.position;
          for (const subscriber of subscribers) hand(subscriber, page.entries, page.position);
          hiddenRounds = page.hidden ? hiddenRounds + 1 : 0;
          if (page.more) hinted = true;
          else if (page.hidden) pause = Math.min(200, 5 * 2 ** Math.min(hiddenRounds, 6));
        }
      } catch (error) {
        logger.warn('the change feed cannot be read; screens stand still', {
          reason: error instanceof Error ? error.message : String(error),
        });
        hinted = false;
      }
      await rest(pause);
      const spent = clock.monotonic() - readAt;
      if (!stopping && spent < spacingMs) await clock.sleep(spacingMs - spent);
    }
  }

  function hand(subscriber: Subscriber, entries: FeedEntry[], upTo: FeedPosition): void {
    subscriber.position = upTo;
    if (subscriber.overflowed || entries.length === 0) return;
    const actor = subscriber.actor();
    const before = subscriber.queue.length;
    for (const entry of entries) {
      if (!visible(entry, actor)) continue;
      subscriber.queue.push(entry);
      subscriber.size += entry.size;
    }
    if (subscriber.queue.length > queueRows || subscriber.size > queueSize) {
      subscriber.overflowed = true;
      subscriber.queue = [];
      subscriber.size = 0;
    }
    if (subscriber.queue.length !== before || subscriber.overflowed) subscriber.wake();
  }

  return {
    start() {
      stopping = false;
      endHints = deps.onHint(hint);
      loop = run();
    },
    async stop() {
      stopping = true;
      endHints();
      ring?.abort();
      ready();
      for (const subscriber of subscribers) subscriber.wake();
      await loop;
      position = null;
      begun = new Promise<void>((resolve) => (ready = resolve));
    },
    async subscribe(actor) {
      await begun;
      const from = position ?? firstPosition;
      const subscriber: Subscriber = { actor, queue: [], size: 0, position: from, overflowed: false, wake: () => {} };
      subscribers.add(subscriber);
      // While nobody read, the reader only kept its place.
      hint();
      return {
        from,
        take(most) {
          const { overflowed } = subscriber;
          let count = 0;
          let size = 0;
          for (const entry of subscriber.queue) {
            if (count > 0 && (count >= most.rows || size + entry.size > most.size)) break;
            count += 1;
            size += entry.size;
          }
          const entries = subscriber.queue.splice(0, count);
          subscriber.size -= size;
          const last = entries.at(-1);
          const left = subscriber.queue.length > 0 && last !== undefined;
          return { entries, position: left ? last.position : subscriber.position, overflowed };
        },
        async wait(ms, signal) {
          if (subscriber.queue.length > 0 || subscriber.overflowed || stopping || signal.aborted) return;
          const early = new AbortController();
          const end = () => early.abort();
          subscriber.wake = end;
          signal.addEventListener('abort', end);
          await clock.sleep(ms, early.signal);
          signal.removeEventListener('abort', end);
          subscriber.wake = () => {};
        },
        ended: () => stopping,
        close: () => subscribers.delete(subscriber),
      };
    },
    subscribers: () => subscribers.size,
    position: () => position ?? firstPosition,
  };
}

/** The audience rule of the feed, for one reader (S6). */
export function visible(entry: Pick<FeedEntry, 'audience' | 'userId'>, actor: ReplicaActor): boolean {
  return canSee(entry.audience, actor.teamIds) && (entry.userId === null || entry.userId === actor.userId);
}

export function isAfter(entry: Pick<FeedEntry, 'position'>, position: FeedPosition): boolean {
  return comparePositions(entry.position, position) > 0;
}
