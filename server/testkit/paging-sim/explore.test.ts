import { describe, expect, it } from 'vitest';
import { explore } from '#server/testkit/paging-sim/explore.ts';
import type { ExploreBugs } from '#server/testkit/paging-sim/explore-moves.ts';

describe('every interleaving of two servers, three alerts and two people', () => {
  it('keeps the core promises', { timeout: 120_000 }, () => {
    const { states, broken } = explore();
    expect(broken).toBeNull();
    // All of them, and as many as ever: a move that is lost would make them fewer.
    expect(states).toBe(48_062);
  });

  const guards: [name: string, bugs: ExploreBugs, notices: RegExp][] = [
    ['the step key, and the row locks do not hold', { noStepKey: true, noRowLock: true }, /fired twice/],
    ['the limit on the age of a claim', { oldClaims: true }, /two ticks after/],
    ['the end of messages with an acknowledgement', { pagesLive: true }, /two ticks after|never went out/],
    ['the hold of silences', { holdIgnored: true }, /through its silence/],
    ['fencing', { noFencing: true }, /written over|taken over/],
  ];
  it.each(guards)('notices when this is missing: %s', (_name, bugs, notices) => {
    expect(explore(bugs).broken?.promise).toMatch(notices);
  });
});
