export interface Freshness {
  /** `connecting` only before the first word, until the first attempt failed. */
  state: 'connecting' | 'live' | 'lagging' | 'stale' | 'offline';
  /** Since the last heartbeat, also of an earlier window; null when there never was one. */
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

const liveMs = 5_000;
const laggingMs = 30_000;

/** Counted from the last heartbeat, never from the last event: a quiet feed is fresh, a silent one is not (UX.md 5). */
export function freshness(connection: Connection, now: number): Freshness {
  const { heardAt, dataAt, keptAt, reachable, silent } = connection;
  if (heardAt === null) {
    // However young the stored copy is: until the server spoke it is not live.
    const ageMs = keptAt === null ? null : Math.max(0, now - keptAt);
    return { state: reachable ? 'connecting' : 'offline', ageMs, dataAt };
  }
  const ageMs = Math.max(0, now - heardAt);
  if (ageMs <= liveMs) return { state: 'live', ageMs, dataAt };
  if (!reachable && !silent) return { state: 'offline', ageMs, dataAt };
  if (ageMs <= laggingMs) return { state: 'lagging', ageMs, dataAt };
  return { state: 'stale', ageMs, dataAt };
}
