import { describe, expect, it } from 'vitest';
import { freshness } from './freshness.ts';

const heard = (ageMs: number, reachable = true, silent = false) =>
  freshness({ reachable, silent, heardAt: 100_000, dataAt: 99_000, keptAt: null, retryAt: null }, 100_000 + ageMs)
    .state;

describe('freshness', () => {
  it('counts from the last heartbeat', () => {
    expect([0, 5_000, 5_001, 30_000, 30_001].map((age) => heard(age))).toEqual([
      'live',
      'live',
      'lagging',
      'lagging',
      'stale',
    ]);
  });

  it('is offline once a try failed, though never while the last word is five seconds young', () => {
    expect([3_000, 6_000, 60_000].map((age) => heard(age, false))).toEqual(['live', 'offline', 'offline']);
  });

  it('goes on counting while nothing but silence says that the server is away', () => {
    expect([3_000, 6_000, 60_000].map((age) => heard(age, false, true))).toEqual(['live', 'lagging', 'stale']);
  });

  it('is connecting until the first attempt failed, and never looks live without any word from the server', () => {
    const before = { silent: false, heardAt: null, dataAt: null, keptAt: null, retryAt: null };
    expect(freshness({ ...before, reachable: true }, 5).state).toBe('connecting');
    expect(freshness({ ...before, reachable: false }, 5).state).toBe('offline');
  });
});
