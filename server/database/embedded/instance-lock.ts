// One server per data folder. The second opener is told who holds it.
import { hash } from 'node:crypto';
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '#server/ports/clock.ts';
import { StartError } from '#server/start-error.ts';
import { isAlive, processPlace, startMark } from './processes.ts';

const holderSchema = z.object({
  pid: z.number().int(),
  host: z.string(),
  since: z.string(),
  port: z.number().int(),
  place: z.string(),
  startMark: z.string().nullable(),
});
export type LockHolder = z.infer<typeof holderSchema>;

export interface InstanceLock {
  /** Shows a holder whose process cannot be looked up from elsewhere that this one still runs. */
  refresh(): Promise<void>;
  release(): Promise<void>;
}

interface Found {
  text: string;
  holder: LockHolder | null;
  ageMs(clock: Clock): number;
}

/** A holder in another container or machine counts as gone when it did not refresh for this long. */
const staleAfterMs = 30_000;

export async function acquireInstanceLock(options: {
  dataDir: string;
  port: number;
  clock: Clock;
}): Promise<InstanceLock> {
  const path = join(options.dataDir, 'tocsin.lock');
  const own: LockHolder = {
    pid: process.pid,
    host: hostname(),
    since: new Date(options.clock.now()).toISOString(),
    port: options.port,
    place: processPlace(hostname()),
    startMark: startMark(process.pid),
  };
  const text = `${JSON.stringify(own)}\n`;
  const candidate = `${path}.${process.pid}`;
  const isHeld = ({ holder, ageMs }: Found): boolean => holds(holder, ageMs(options.clock), own.place);
  await writeFile(candidate, text, { mode: 0o644 });
  try {
    // A hard link fails where a lock exists already, and appears with its whole content.
    for (let attempt = 0; !(await tryLink(candidate, path)); attempt += 1) {
      const found = await readLock(path);
      if (found === null) continue;
      if (attempt > 10 || isHeld(found)) throw new StartError(refusal(options.dataDir, found.holder));
      await setAside(path, found.text, candidate, isHeld);
    }
  } finally {
    await rm(candidate, { force: true });
  }
  return {
    refresh: async () => {
      const now = new Date(options.clock.now());
      await utimes(path, now, now);
    },
    release: async () => {
      if ((await readLock(path))?.text === text) await rm(path, { force: true });
    },
  };
}

/** Pure: does this holder still own the folder, seen from `place`? */
export function holds(
  holder: LockHolder | null,
  ageMs: number,
  place: string,
  probe: { isAlive(pid: number): boolean; startMark(pid: number): string | null } = { isAlive, startMark },
): boolean {
  // A lock nobody can read was torn by a crash of the machine; its writer is gone.
  if (holder === null) return false;
  if (holder.place !== place) return ageMs < staleAfterMs;
  return probe.isAlive(holder.pid) && (holder.startMark === null || probe.startMark(holder.pid) === holder.startMark);
}

function refusal(dataDir: string, holder: LockHolder | null): string {
  if (holder === null) return `The data folder ${dataDir} is being opened by another Tocsin. Try again.`;
  return (
    `Another Tocsin holds the data folder ${dataDir}: process ${holder.pid} on ${holder.host}, ` +
    `port ${holder.port}, since ${holder.since}. Stop it first, or choose another folder with TOCSIN_DATA_DIR.`
  );
}

async function tryLink(candidate: string, path: string): Promise<boolean> {
  try {
    await link(candidate, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readLock(path: string): Promise<Found | null> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { text, holder: parseHolder(text), ageMs: (clock) => Math.abs(clock.now() - mtimeMs) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function parseHolder(text: string): LockHolder | null {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Takes a dead holder's lock away. Only whoever holds the claim on that very lock may: one that read it before another start
 * had replaced it would else take away a living one.
 */
async function setAside(
  path: string,
  deadText: string,
  candidate: string,
  isHeld: (found: Found) => boolean,
): Promise<void> {
  const claim = `${path}.dead-${hash('sha256', deadText, 'hex').slice(0, 16)}`;
  if (!(await tryLink(candidate, claim))) {
    const other = await readLock(claim);
    // Left behind by a start that was killed right here.
    if (other !== null && !isHeld(other)) await rm(claim, { force: true });
    return;
  }
  if ((await readLock(path))?.text === deadText) await rm(path, { force: true });
  await rm(claim, { force: true });
}
