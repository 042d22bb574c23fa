export interface Freshness {
  /** `connecting` only before the first word, until the first attempt failed. */
  state: 'connecting' | 'live' | 'lagging' | 'stale' | 'offline';
  /** Since the last heartbeat, also of an earlier window; null when there never was one, or the clock was set back. */
  ageMs: number | null;
  /** Server time of what is shown, in milliseconds since the epoch. */
  dataAt: number | null;
}

export interface Connection {
  /** False once a try failed, went silent, or the machine says that it has no network; true again with the next message. */
  reachable: boolean;
  /** Unreachable by nothing but silence: no connection was refused, so the age of the last word says it all. */
  silent: boolean;
  /** Device clock at the last message of the stream, heartbeats included. */
  heardAt: number | null;
  /** Server clock of that message; before there was one, of the last one that the stored copy goes up to. */
  dataAt: number | null;
  /** Device clock of that last one; null where nothing is stored. */
  keptAt: number | null;
  /** Device clock of the next try; null while a stream is open or being opened. */
  retryAt: number | null;
}

/** The clock that is drawn by ticks, and so lags behind. */
const tickMs = 5_000;
const liveMs = 5_000;
const laggingMs = 30_000;

/** Counted from the last heartbeat, never from the last event: a quiet feed is fresh, a silent one is not (UX.md 5). */
export function freshness(connection: Connection, now: number): Freshness {
  const { heardAt, dataAt, keptAt, reachable, silent } = connection;
  if (heardAt === null) {
    // However young the stored copy is: until the server spoke it is not live.
    return { state: reachable ? 'connecting' : 'offline', ageMs: keptAt === null ? null : since(keptAt, now), dataAt };
  }
  const ageMs = since(heardAt, now);
  // Set back by how much nobody knows; that no word came for five seconds the stream tells without a clock.
  if (ageMs === null)
    return { state: reachable ? 'live' : silent ? 'stale' : 'offline', ageMs: reachable ? 0 : null, dataAt };
  if (ageMs <= liveMs) return { state: 'live', ageMs, dataAt };
  if (!reachable && !silent) return { state: 'offline', ageMs, dataAt };
  if (ageMs <= laggingMs) return { state: 'lagging', ageMs, dataAt };
  return { state: 'stale', ageMs, dataAt };
}

/** Null where the clock was set back meanwhile: never young because a clock says so. */
function since(at: number, now: number): number | null {
  return now < at - tickMs ? null : Math.max(0, now - at);
}
