import { hash } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '#server/testkit/clock.ts';
import { acquireInstanceLock, holds } from './instance-lock.ts';
import type { LockHolder } from './instance-lock.ts';
import { processPlace } from './processes.ts';

const holder: LockHolder = { pid: 77, host: 'here', since: 's', port: 7300, place: 'here boot ns', startMark: '9' };

describe('who holds a data folder', () => {
  const alive = { isAlive: () => true, startMark: () => '9' };

  it('is a living process of the same place that started when the lock says', () => {
    expect(holds(holder, 999_999, 'here boot ns', alive)).toBe(true);
  });
  it('is not a later process with the same number', () => {
    expect(holds(holder, 0, 'here boot ns', { ...alive, startMark: () => '10' })).toBe(false);
  });
  it('is not a dead process', () => {
    expect(holds(holder, 0, 'here boot ns', { ...alive, isAlive: () => false })).toBe(false);
  });
  it('is someone in another container while the lock is fresh', () => {
    expect(holds(holder, 10_000, 'there', { ...alive, isAlive: () => false })).toBe(true);
    expect(holds(holder, 31_000, 'there', alive)).toBe(false);
  });
  it('is nobody when the lock was torn by a crash of the machine', () => {
    expect(holds(null, 0, 'here boot ns', alive)).toBe(false);
  });
});

describe('the lock of a data folder', () => {
  let dataDir = '';
  const clock = createFakeClock(Date.parse('2026-11-21T16:00:00.000Z'));
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tocsin-lock-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  const acquire = (port = 7300): ReturnType<typeof acquireInstanceLock> =>
    acquireInstanceLock({ dataDir, port, clock });

  it('refuses a second opener with the words it needs', async () => {
    const lock = await acquire(7301);
    await expect(acquire(7302)).rejects.toThrow(
      new RegExp(`process ${process.pid} on ${hostname()}, port 7301, since 2026-11-21T16:00:00.000Z`),
    );
    await lock.release();
    await (await acquire()).release();
  });

  it('goes to one of many that ask at once over a dead holder', async () => {
    const dead = { ...holder, pid: 2 ** 22 + 1, place: processPlace(hostname()) };
    await writeFile(join(dataDir, 'tocsin.lock'), JSON.stringify(dead));
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => acquire()));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  it('is taken over although a start was killed while it took the dead lock away', async () => {
    const dead = JSON.stringify({ ...holder, pid: 2 ** 22 + 1, place: processPlace(hostname()) });
    await writeFile(join(dataDir, 'tocsin.lock'), dead);
    await writeFile(join(dataDir, `tocsin.lock.dead-${hash('sha256', dead, 'hex').slice(0, 16)}`), dead);
    await (await acquire()).release();
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('passes from a holder in another container once that one stopped refreshing it', async () => {
    const path = join(dataDir, 'tocsin.lock');
    await writeFile(path, JSON.stringify({ ...holder, place: 'another container' }));
    const at = (ms: number): Promise<void> => utimes(path, new Date(clock.now() - ms), new Date(clock.now() - ms));
    await at(5_000);
    await expect(acquire()).rejects.toThrow('process 77 on here');
    await at(40_000);
    await (await acquire()).release();
  });
});
