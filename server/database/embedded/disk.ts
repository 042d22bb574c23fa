// Watches the space left for the database and keeps a reserve that is given up when the disk is full.
import { existsSync } from 'node:fs';
import { open, rename, rm, statfs, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

/** `low`: under a tenth is free. `full`: nothing new may be accepted. */
export type DiskState = 'ok' | 'low' | 'full';

export interface DiskMonitor {
  state(): DiskState;
  /** Looks now; gives the reserve up or makes it again as needed. */
  check(): Promise<DiskState>;
  start(): void;
  stop(): Promise<void>;
}

const megabyte = 1024 * 1024;
const checkEveryMs = 2_000;

export interface DiskFacts {
  totalBytes: number;
  freeBytes: number;
  writable: boolean;
  reserveHeld: boolean;
}

export function reserveBytes(totalBytes: number): number {
  return Math.round(Math.min(64 * megabyte, Math.max(8 * megabyte, totalBytes * 0.05)));
}

/** Pure. A full disk counts as better only when the reserve fits again with as much to spare: no flapping. */
export function decideDiskState(previous: DiskState, facts: DiskFacts): { state: DiskState; holdReserve: boolean } {
  const reserve = reserveBytes(facts.totalBytes);
  if (!facts.writable) return { state: 'full', holdReserve: facts.reserveHeld };
  const freeBesideReserve = facts.reserveHeld ? facts.freeBytes : facts.freeBytes - reserve;
  const full = previous === 'full' ? freeBesideReserve < 2 * reserve : freeBesideReserve < reserve;
  if (full) return { state: 'full', holdReserve: false };
  return { state: freeBesideReserve < facts.totalBytes * 0.1 ? 'low' : 'ok', holdReserve: true };
}

export function createDiskMonitor(options: {
  dataDir: string;
  clock: Clock;
  logger: Logger;
  random: Random;
}): DiskMonitor {
  const { dataDir, clock, logger } = options;
  const reservePath = join(dataDir, 'reserve');
  let state: DiskState = 'ok';
  let cancelTimer: (() => void) | null = null;
  let running: Promise<DiskState> | null = null;
  let stopped = false;

  const check = (): Promise<DiskState> => {
    running ??= look().finally(() => {
      running = null;
    });
    return running;
  };

  const look = async (): Promise<DiskState> => {
    const facts = await diskFacts(dataDir, existsSync(reservePath), clock);
    const decided = decideDiskState(state, facts);
    if (decided.state !== state) {
      const fields = { freeBytes: facts.freeBytes, totalBytes: facts.totalBytes, writable: facts.writable, dataDir };
      if (decided.state === 'ok') logger.info('disk: space is back', fields);
      else logger.warn(decided.state === 'full' ? 'disk: full, nothing new is accepted' : 'disk: nearly full', fields);
    }
    state = decided.state;
    if (!decided.holdReserve && facts.reserveHeld) await rm(reservePath, { force: true });
    if (decided.holdReserve && !facts.reserveHeld) await makeReserve(reservePath, facts.totalBytes, options.random);
    return state;
  };

  const loop = (): void => {
    cancelTimer = clock.setTimer(checkEveryMs, () => {
      check()
        .catch((error: unknown) => logger.warn('disk: check failed', { error: String(error) }))
        .finally(() => {
          if (!stopped) loop();
        });
    });
  };

  return {
    state: () => state,
    check,
    start: loop,
    stop: async () => {
      stopped = true;
      cancelTimer?.();
      await running?.catch(() => undefined);
    },
  };
}

export async function diskFacts(dataDir: string, reserveHeld: boolean, clock: Clock): Promise<DiskFacts> {
  const { blocks, bavail, bsize } = await statfs(dataDir);
  const now = new Date(clock.now());
  const writable = await utimes(dataDir, now, now).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'EROFS',
  );
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize, writable, reserveHeld };
}

/** Written, not only sized: a hole reserves nothing, and bytes of chance do not compress. */
async function makeReserve(path: string, totalBytes: number, random: Random): Promise<void> {
  const partial = `${path}.partial`;
  const chunk = random.bytes(megabyte);
  const file = await open(partial, 'w', 0o600);
  try {
    for (let left = reserveBytes(totalBytes); left > 0; left -= chunk.length) {
      await file.write(chunk.subarray(0, Math.min(left, chunk.length)));
    }
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(partial, { force: true });
    throw error;
  }
  await file.close();
  await rename(partial, path);
}
