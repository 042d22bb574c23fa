import { describe, expect, it } from 'vitest';
import type { PagingBugs } from '#server/testkit/paging-sim/memory-paging.ts';
import regressions from '#server/testkit/paging-sim/paging-regressions.json' with { type: 'json' };
import { simulatePaging } from '#server/testkit/paging-sim/simulate-paging.ts';

const seeds = 1_000;

describe('the simulation of paging', () => {
  it(
    `keeps every promise over ${seeds} seeds of crashes, freezes, sleep, clock steps, edits and flapping`,
    { timeout: 600_000 },
    async () => {
      const broken: string[] = [];
      for (let seed = 1; seed <= seeds; seed += 1) {
        const result = await simulatePaging(seed);
        if (result.broken.length > 0) broken.push(`seed ${seed}: ${result.broken.join('; ')}`);
      }
      expect(broken).toEqual([]);
    },
  );

  it.each(regressions)('keeps every promise with seed %i, which once broke one', async (seed) => {
    expect((await simulatePaging(seed)).broken).toEqual([]);
  });

  it('runs the same way with the same seed, and another way with another', async () => {
    const [first, again, other] = [await simulatePaging(7), await simulatePaging(7), await simulatePaging(8)];
    expect(again.trace).toBe(first.trace);
    expect(other.trace).not.toBe(first.trace);
  });

  it('keeps steps apart by their key alone where the row locks do not hold', { timeout: 180_000 }, async () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const { broken } = await simulatePaging(seed, { noRowLock: true });
      expect(broken.filter((promise) => /fired \d+ times/.test(promise))).toEqual([]);
    }
  });

  // The age of a claim is watched in explore.test.ts, where the moment that matters comes up every time.
  const guards: [name: string, bugs: PagingBugs, notices: RegExp][] = [
    ['the step key, and the row locks do not hold', { noStepKey: true, noRowLock: true }, /fired \d+ times/],
    ['the end of pages with an acknowledgement', { pagesLive: true }, /left \d+ ms after its acknowledgement/],
    ['the count of acknowledgements', { ackIgnored: true }, /stayed open after the acknowledgement/],
    ['the hold of silences', { holdIgnored: true }, /through a silence/],
    ['fencing', { noFencing: true }, /was written over/],
    ['the intent row', { noIntentRow: true }, /nothing that tells it/],
    ['the clock guard', { noClockGuard: true }, /ms early/],
    ['the ledger', { noLedger: true }, /has no reason/],
  ];
  it.each(guards)('notices when this is missing: %s', { timeout: 300_000 }, async (_name, bugs, notices) => {
    for (let seed = 1; seed <= 500; seed += 1) {
      const { broken } = await simulatePaging(seed, bugs);
      if (broken.some((promise) => notices.test(promise))) return;
    }
    expect.unreachable('500 seeds without the guard, and nothing broke');
  });
});
