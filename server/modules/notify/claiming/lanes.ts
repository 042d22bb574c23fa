// How much each channel takes at once and a second. A lane of its own for each, so that a slow provider delays nobody else.
import type { Clock } from '#server/ports/clock.ts';

export interface Pace {
  perSecond: number;
  burst: number;
}

export interface Lanes {
  /** Messages that may go now. */
  room(channelId: string | null, pace: Pace | null): number;
  take(channelId: string | null, pace: Pace | null): void;
  done(channelId: string | null): void;
  /** Milliseconds until a lane that has run dry may go on; null when none has. */
  nextRefillMs(): number | null;
}

/** Requests under way to one provider. */
const mostUnderWay = 16;
const desktopRoom = 500;
/** Of a channel whose kind is not known, because it was deleted: what is left of it is given up quickly. */
const unknownPace: Pace = { perSecond: 100, burst: 100 };

export function createLanes(clock: Pick<Clock, 'monotonic'>): Lanes {
  const lanes = new Map<string | null, { tokens: number; at: number; underWay: number; pace: Pace }>();

  function laneOf(channelId: string | null, given: Pace | null) {
    const pace = given ?? unknownPace;
    const now = clock.monotonic();
    const lane = lanes.get(channelId) ?? { tokens: pace.burst, at: now, underWay: 0, pace };
    lane.tokens = Math.min(pace.burst, lane.tokens + ((now - lane.at) / 1_000) * pace.perSecond);
    lane.at = now;
    lane.pace = pace;
    lanes.set(channelId, lane);
    return lane;
  }

  return {
    room(channelId, pace) {
      if (channelId === null) return desktopRoom;
      const lane = laneOf(channelId, pace);
      return Math.max(0, Math.min(mostUnderWay - lane.underWay, Math.floor(lane.tokens + 1e-9)));
    },
    take(channelId, pace) {
      if (channelId === null) return;
      const lane = laneOf(channelId, pace);
      lane.tokens -= 1;
      lane.underWay += 1;
    },
    done(channelId) {
      const lane = lanes.get(channelId);
      if (lane !== undefined) lane.underWay -= 1;
    },
    nextRefillMs() {
      const waits = [...lanes.values()]
        .filter((lane) => lane.tokens < 1 && lane.underWay < mostUnderWay)
        .map((lane) => Math.ceil(((1 - lane.tokens) / lane.pace.perSecond) * 1_000));
      return waits.length === 0 ? null : Math.max(5, Math.min(...waits));
    },
  };
}
