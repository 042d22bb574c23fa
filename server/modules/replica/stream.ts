import { AppError } from '#server/api/app-error.ts';
import type { Change, FeedMessage, FeedPosition } from '#server/contract/replica.ts';
import { type FeedReader, isAfter } from '#server/modules/replica/feed-reader.ts';
import { comparePositions } from '#server/modules/replica/position.ts';
import type { ReplicaActor } from '#server/modules/replica/reader.ts';
import type { FeedEntry, FeedStore } from '#server/modules/replica/store.ts';
import type { Resumed } from '#server/modules/replica/service.ts';
import type { Clock } from '#server/ports/clock.ts';

const heartbeatMs = 2_000;
const refreshMs = 4_000;
/** A message counts once it is whole: on a slow line each has to be there before its reader takes it for silence. */
const page = { rows: 2_000, size: 100_000 };

/** One client's stream: first what it missed, then what comes, each message naming the one before it. */
export function createStream<A extends ReplicaActor>(deps: {
  reader: Pick<FeedReader, 'subscribe'>;
  store: Pick<FeedStore, 'readGap' | 'judgeCursor'>;
  clock: Clock;
  /** The same person as of now; null when they may not listen any more. */
  refreshActor(actor: A): Promise<ReplicaActor | null>;
}): (
  actor: A,
  lastPosition: FeedPosition | null,
  signal: AbortSignal,
  resumed?: Resumed,
) => AsyncGenerator<FeedMessage, void> {
  const { clock } = deps;

  async function rightsNow(actor: A): Promise<ReplicaActor> {
    const now = await deps.refreshActor(actor);
    if (now === null) throw new AppError('unauthenticated', 'Your access has ended. Sign in again.');
    return now;
  }

  return async function* stream(actor, lastPosition, signal, { missed = 'newest', heardAt = null } = {}) {
    // The credential was read when the call began, or when a socket opened: long ago, perhaps.
    let rights = await rightsNow(actor);
    // Listening begins before the gap is read, so nothing falls between the two.
    const subscription = await deps.reader.subscribe(() => rights);
    let previous = lastPosition ?? subscription.from;
    const iso = () => new Date(clock.now()).toISOString();
    const message = (position: FeedPosition, changes: Change[], reset: FeedMessage['reset'] = null): FeedMessage => {
      const made = { previous, position, serverNow: iso(), changes, reset };
      previous = position;
      return made;
    };

    try {
      const verdict = await deps.store.judgeCursor(previous, heardAt, iso());
      if (verdict !== 'fine') {
        yield message(subscription.from, [], verdict);
        return;
      }
      const start = previous;
      for (;;) {
        const gap = await deps.store.readGap(rights, { after: previous, upTo: subscription.from, missed }, page.rows);
        for (const part of portions(gap.entries)) {
          const changes = changesOf(part);
          if (changes === null) {
            yield message(subscription.from, [], 'audience-changed');
            return;
          }
          yield message(part.at(-1)?.position ?? previous, changes);
          if (signal.aborted) return;
        }
        if (!gap.more) break;
      }
      // A client may come from a server that has read further than this one.
      const caughtUp = comparePositions(start, subscription.from) > 0 ? start : subscription.from;
      yield message(caughtUp, []);

      let sentAt = clock.monotonic();
      let refreshAt = sentAt + refreshMs;
      while (!signal.aborted && !subscription.ended()) {
        if (clock.monotonic() >= refreshAt) {
          refreshAt = clock.monotonic() + refreshMs;
          const now = await rightsNow(actor);
          if (!sameTeams(now, rights)) {
            yield message(previous, [], 'audience-changed');
            return;
          }
          rights = now;
        }
        const { entries, position, overflowed } = subscription.take(page);
        if (overflowed) {
          yield message(position, [], 'too-far-behind');
          return;
        }
        const fresh = entries.filter((entry) => isAfter(entry, caughtUp));
        const quietMs = clock.monotonic() - sentAt;
        if (fresh.length === 0 && quietMs < heartbeatMs) {
          await subscription.wait(heartbeatMs - quietMs, signal);
          continue;
        }
        const changes = changesOf(fresh);
        if (changes === null) {
          yield message(position, [], 'audience-changed');
          return;
        }
        yield message(furthest(position, previous), changes);
        sentAt = clock.monotonic();
      }
    } finally {
      subscription.close();
    }
  };
}

/** Null when a reset is among them. */
function changesOf(entries: readonly FeedEntry[]): Change[] | null {
  const changes: Change[] = [];
  for (const entry of entries) {
    if (entry.change === null) return null;
    changes.push(entry.change);
  }
  return changes;
}

function portions(entries: readonly FeedEntry[]): FeedEntry[][] {
  const parts: FeedEntry[][] = [];
  let size = 0;
  for (const entry of entries) {
    const part = parts.at(-1);
    if (part === undefined || size + entry.size > page.size) {
      parts.push([entry]);
      size = entry.size;
    } else {
      part.push(entry);
      size += entry.size;
    }
  }
  return parts;
}

function furthest(a: FeedPosition, b: FeedPosition): FeedPosition {
  return comparePositions(a, b) >= 0 ? a : b;
}

function sameTeams(a: ReplicaActor, b: ReplicaActor): boolean {
  return a.teamIds.length === b.teamIds.length && a.teamIds.every((team) => b.teamIds.includes(team));
}
