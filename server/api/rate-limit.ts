import type { Clock } from '#server/ports/clock.ts';

export interface RateLimit {
  /** Takes one place in the window; answers 0, or the seconds until a place is free again. */
  take(key: string): number;
  /** Gives the newest place back, for attempts that should not have counted. */
  giveBack(key: string): void;
}

/** More callers than this are not told apart for long: the one seen longest ago is forgotten. */
const maxKeys = 10_000;

/** At most `limit` in any stretch of `windowMs`, exactly; memory is bounded by keys × limit. */
export function createRateLimit(deps: { clock: Pick<Clock, 'monotonic'>; limit: number; windowMs: number }): RateLimit {
  const taken = new Map<string, number[]>();

  return {
    take(key) {
      const now = deps.clock.monotonic();
      const times = taken.get(key) ?? [];
      const kept = firstInside(times, now - deps.windowMs);
      if (kept > 0) times.splice(0, kept);
      taken.delete(key);
      taken.set(key, times);
      if (taken.size > maxKeys) taken.delete(taken.keys().next().value as string);

      if (times.length >= deps.limit) {
        const oldest = times[0] ?? now;
        return Math.max(1, Math.ceil((oldest + deps.windowMs - now) / 1000));
      }
      times.push(now);
      return 0;
    },
    giveBack(key) {
      taken.get(key)?.pop();
    },
  };
}

function firstInside(times: readonly number[], after: number): number {
  let index = 0;
  while (index < times.length && (times[index] ?? 0) <= after) index += 1;
  return index;
}

/** One household or machine often holds a whole IPv6 /64, so its first four groups name the caller. */
export function addressKey(ip: string): string {
  if (!ip.includes(':') || ip.toLowerCase().startsWith('::ffff:')) return ip;
  const [head = '', tail] = ip.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
