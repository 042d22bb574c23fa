import { createUuid7 } from '#server/adapters/system/uuid7.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

/** The same seed and the same calls give the same values (mulberry32). */
export function createSeededRandom(seed: number, clock: Pick<Clock, 'now'>): Random {
  let state = seed >>> 0;
  const next32 = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const bytes = (length: number) => Uint8Array.from({ length }, () => next32() & 0xff);
  return { number: () => next32() / 2 ** 32, bytes, uuid: createUuid7(() => clock.now(), bytes) };
}
