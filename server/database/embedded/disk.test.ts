import { describe, expect, it } from 'vitest';
import { decideDiskState, reserveBytes } from './disk.ts';

const megabyte = 1024 * 1024;
const facts = (freeMegabytes: number, reserveHeld = true, totalMegabytes = 10_000) => ({
  totalBytes: totalMegabytes * megabyte,
  freeBytes: freeMegabytes * megabyte,
  writable: true,
  reserveHeld,
});

describe('the state of the disk', () => {
  it('is ok with a tenth free, low below it, full below the reserve', () => {
    expect(decideDiskState('ok', facts(1_001)).state).toBe('ok');
    expect(decideDiskState('ok', facts(999)).state).toBe('low');
    expect(decideDiskState('low', facts(63)).state).toBe('full');
  });

  it('gives the reserve up when full, and takes it back only with room to spare', () => {
    expect(decideDiskState('low', facts(10)).holdReserve).toBe(false);
    // Giving it up freed 64 MB: still full.
    expect(decideDiskState('full', facts(74, false))).toEqual({ state: 'full', holdReserve: false });
    expect(decideDiskState('full', facts(64 + 127, false)).state).toBe('full');
    expect(decideDiskState('full', facts(64 + 129, false))).toEqual({ state: 'low', holdReserve: true });
  });

  it('is full on a file system that became read-only, whatever is free', () => {
    expect(decideDiskState('ok', { ...facts(9_000), writable: false }).state).toBe('full');
  });

  it('keeps a reserve that a small disk can spare', () => {
    expect(reserveBytes(400 * megabyte)).toBe(20 * megabyte);
    expect(reserveBytes(1_000_000 * megabyte)).toBe(64 * megabyte);
  });
});
