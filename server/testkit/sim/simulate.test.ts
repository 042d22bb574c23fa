import { describe, expect, it } from 'vitest';
import type { Random } from '#server/ports/random.ts';
import { aRule } from '#server/testkit/alert-world.ts';
import type { Scenario } from '#server/testkit/sim/scenario.ts';
import regressions from '#server/testkit/sim/regressions.json' with { type: 'json' };
import { type SimBugs, simulate } from '#server/testkit/sim/simulate.ts';

const seeds = 1_000;

describe('the simulation', () => {
  it(
    `keeps every promise over ${seeds} seeds of crashes, lost commits, doubles and reordering`,
    { timeout: 600_000 },
    async () => {
      const broken: string[] = [];
      for (let seed = 1; seed <= seeds; seed += 1) {
        const result = await simulate(seed);
        if (result.broken.length > 0) broken.push(`seed ${seed}: ${result.broken.join('; ')}`);
      }
      expect(broken).toEqual([]);
    },
  );

  it.each(regressions)('keeps every promise with seed %i, which once broke one', async (seed) => {
    expect((await simulate(seed)).broken).toEqual([]);
  });

  it('runs the same way with the same seed, and another way with another', async () => {
    const [first, again, other] = [await simulate(7), await simulate(7), await simulate(8)];
    expect(again.trace).toBe(first.trace);
    expect(other.trace).not.toBe(first.trace);
  });

  const guards: [name: string, bugs: SimBugs, notices: RegExp][] = [
    ['the inbox', { noInbox: true }, /had its effect 2 times/],
    ['the offset in the effect\u2019s transaction', { offsetApart: true }, /had its effect 0 times/],
    ['the unique index and the lock of a group', { noUnique: true, noGroupLock: true }, /has \d open incidents/],
  ];
  it.each(guards)('notices when %s is missing', { timeout: 300_000 }, async (_name, bugs, notices) => {
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const { broken } = await simulate(seed, bugs);
      if (broken.some((promise) => notices.test(promise))) return;
    }
    expect.unreachable('1,000 seeds without the guard, and nothing broke');
  });

  it(
    'notices when the lock of a group is missing: two alerts that complete a minimum count side by side',
    { timeout: 180_000 },
    async () => {
      let alone = 0;
      for (let seed = 1; seed <= 300; seed += 1) {
        expect((await simulate(seed, {}, twoAtOnce)).broken).toEqual([]);
        alone += (await simulate(seed, { noGroupLock: true }, twoAtOnce)).broken.length;
      }
      expect(alone).toBeGreaterThan(0);
    },
  );

  it(
    'notices when the gate of the silences is missing: a silence that begins while what it covers begins to fire',
    { timeout: 180_000 },
    async () => {
      let unmarked = 0;
      for (let seed = 1; seed <= 150; seed += 1) {
        expect((await simulate(seed, {}, silenceBesideAlerts)).broken).toEqual([]);
        const { broken } = await simulate(seed, { noGate: true }, silenceBesideAlerts);
        unmarked += broken.filter((promise) => /fires unmarked/.test(promise)).length;
      }
      expect(unmarked).toBeGreaterThan(0);
    },
  );
});

const post = { kind: 'post', action: 'fire', severity: 'sev2', lateMs: 0, copies: 0, identity: false } as const;

function twoAtOnce(random: Random): Scenario {
  return {
    rules: [aRule(random.uuid(), { minimumCount: 2 })],
    steps: [
      { ...post, key: 1 },
      { ...post, key: 4 },
      { kind: 'wait', steps: 60 },
    ],
  };
}

function silenceBesideAlerts(random: Random): Scenario {
  return {
    rules: [aRule(random.uuid())],
    steps: [
      { kind: 'silence', service: 'checkout', startsInMs: 0, lastsMs: 600_000 },
      { ...post, key: 0 },
      { ...post, key: 3 },
      { kind: 'wait', steps: 60 },
    ],
  };
}
