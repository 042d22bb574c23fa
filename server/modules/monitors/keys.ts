// Which monitor a key belongs to, without asking the database for every beat.
import { hash } from 'node:crypto';
import type { Clock } from '#server/ports/clock.ts';

/** A replaced key stops working on every server within this time. */
const trustMs = 4_000;
/** Wrong keys are remembered too; this bounds how many. */
const maxKeys = 10_000;

export function createMonitorKeys(deps: {
  clock: Pick<Clock, 'monotonic'>;
  find(keyHash: Buffer): Promise<string | null>;
}) {
  const known = new Map<string, { monitorId: string | null; until: number }>();
  let generation = 0;
  return {
    /** The key has 256 random bits, so its hash may be looked up without comparing in constant time. */
    hashOf: (key: string): Buffer => hash('sha256', key, 'buffer'),

    async monitorOf(key: string): Promise<string | null> {
      if (!/^tsh_[\w-]{43}$/.test(key)) return null;
      const keyHash = this.hashOf(key);
      const name = keyHash.toString('latin1');
      const entry = known.get(name);
      if (entry !== undefined && entry.until > deps.clock.monotonic()) return entry.monitorId;
      known.delete(name);
      const begun = generation;
      const monitorId = await deps.find(keyHash);
      const oldest = known.size >= maxKeys ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
      if (begun === generation) known.set(name, { monitorId, until: deps.clock.monotonic() + trustMs });
      return monitorId;
    },

    forget(): void {
      generation += 1;
      known.clear();
    },
  };
}
