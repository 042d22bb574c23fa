/** The only source of time. `setTimer` is a hint; anything that must happen is a row with a due time. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. Can jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds that only ever grow; for durations and timeouts. */
  monotonic(): number;
  /** Milliseconds since the machine started, its sleep included: what the wall clock says moves when it is set, this does not. */
  elapsed(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  setTimer(ms: number, callback: () => void): () => void;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
