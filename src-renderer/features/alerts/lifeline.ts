// The 60-minute column: how many of a row's alerts were firing, moment by moment. Nothing in it is guessed.

export const lifelinePoints = 41;
export const lifelineMs = 3_600_000;

export interface Lifeline {
  /** `resolvedMs` is Infinity while it fires. */
  add(firstSeenMs: number, resolvedMs: number): void;
  /** How many were firing at each moment of the hour, the last one now. */
  counts(): number[];
}

export function createLifeline(nowMs: number): Lifeline {
  const startMs = nowMs - lifelineMs;
  const step = lifelineMs / (lifelinePoints - 1);
  const changes = new Int32Array(lifelinePoints + 1);
  const pointAt = (ms: number): number => Math.max(0, Math.min(lifelinePoints, Math.ceil((ms - startMs) / step)));
  return {
    add(firstSeenMs, resolvedMs) {
      const from = pointAt(firstSeenMs);
      const to = resolvedMs === Infinity ? lifelinePoints : pointAt(resolvedMs);
      changes[from] = (changes[from] as number) + 1;
      changes[to] = (changes[to] as number) - 1;
    },
    counts() {
      let running = 0;
      return Array.from(changes.subarray(0, lifelinePoints), (change) => {
        running += change;
        return running;
      });
    },
  };
}
