import type { Clock } from '#server/ports/clock.ts';

export interface Rate {
  /** 0 when these items may pass, and then they are counted; else the seconds after which they may. */
  take(key: string, items: number): number;
}

/** A token bucket per key: `burst` at once, `perMinute` in the long run. There are as many keys as integrations. */
export function createRate(deps: { clock: Pick<Clock, 'monotonic'>; perMinute: number | null; burst: number }): Rate {
  const { clock, perMinute, burst } = deps;
  if (perMinute === null) return { take: () => 0 };
  const perMs = perMinute / 60_000;
  const buckets = new Map<string, { tokens: number; at: number }>();

  return {
    take(key, items) {
      const now = clock.monotonic();
      let bucket = buckets.get(key);
      if (bucket === undefined) {
        bucket = { tokens: burst, at: now };
        buckets.set(key, bucket);
      }
      bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * perMs);
      bucket.at = now;
      // A post larger than the whole burst passes on a full bucket and leaves a debt; else it could never pass.
      const needed = Math.min(items, burst);
      if (bucket.tokens < needed) return Math.max(1, Math.ceil((needed - bucket.tokens) / perMs / 1_000));
      bucket.tokens -= items;
      return 0;
    },
  };
}
