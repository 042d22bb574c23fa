import { randomBytes, randomFillSync } from 'node:crypto';
import { createUuid7 } from '#server/adapters/system/uuid7.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

const poolSize = 8_192;

/** Ids draw their bytes from a pool, because they are made by the thousand a second; secrets never share it. */
export function createSystemRandom(clock: Clock): Random {
  const pool = new Uint8Array(poolSize);
  let used = poolSize;
  const pooled = (length: number): Uint8Array => {
    if (used + length > poolSize) {
      randomFillSync(pool);
      used = 0;
    }
    used += length;
    return pool.subarray(used - length, used);
  };
  const view = new DataView(new ArrayBuffer(8));
  return {
    number() {
      const bytes = pooled(7);
      view.setUint32(0, 0);
      for (let i = 0; i < 7; i += 1) view.setUint8(i + 1, bytes[i] ?? 0);
      // 53 random bits, as many as a double holds.
      return Number(view.getBigUint64(0) & 0x1fffffffffffffn) / 2 ** 53;
    },
    bytes: (length) => randomBytes(length),
    uuid: createUuid7(() => clock.now(), pooled),
  };
}
