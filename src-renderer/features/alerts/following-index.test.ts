import { describe, expect, it } from 'vitest';
import { emptyFilter } from './alert-filter.ts';
import { createFollowingIndex } from './following-index.ts';
import { byId, sampleAlerts, sampleNowMs } from './sample-alerts.ts';

function setUp() {
  let tell: (id: string | null) => void = () => undefined;
  const { index, catchUp } = createFollowingIndex((changed) => {
    tell = changed;
  });
  const found = () =>
    index
      .query(emptyFilter, { sort: 'severity', nowMs: sampleNowMs })
      .alerts.map((alert) => alert.id)
      .toSorted();
  return { index, catchUp, found, tell: (id: string | null) => tell(id) };
}

describe('an index that follows the replica', () => {
  const [first, second, third, ...rest] = sampleAlerts(12);
  if (first === undefined || second === undefined || third === undefined) throw new Error('too few samples');

  it('reads every row of another map, though no row of it was told as changed', () => {
    const { catchUp, found, index } = setUp();
    catchUp(new Map());
    expect(found()).toEqual([]);
    const loaded = byId([first, second, third]);
    catchUp(loaded);
    expect(found()).toEqual([...loaded.keys()].toSorted());
    const replaced = byId([second, ...rest]);
    catchUp(replaced);
    expect(found()).toEqual([...replaced.keys()].toSorted());
    expect(index.size).toBe(replaced.size);
  });

  it('reads of the same map what was told as changed, added and gone', () => {
    const { catchUp, found, tell } = setUp();
    const alerts = byId([first, second]);
    catchUp(alerts);
    alerts.delete(first.id);
    alerts.set(third.id, third);
    tell(first.id);
    tell(third.id);
    catchUp(alerts);
    expect(found()).toEqual([second.id, third.id].toSorted());
  });

  it('reads the same map again as a whole when any row may have changed', () => {
    const { catchUp, found, tell } = setUp();
    const alerts = byId([first, second]);
    catchUp(alerts);
    alerts.delete(first.id);
    tell(null);
    tell(second.id);
    catchUp(alerts);
    expect(found()).toEqual([second.id]);
  });
});
