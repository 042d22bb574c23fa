import { describe, expect, it } from 'vitest';
import { filterFromQuery, pick, shapeFromQuery } from './alert-list-state.ts';

describe('a filter in an address', () => {
  it('is taken up as far as it names things that exist', () => {
    const query = new URLSearchParams(
      'service=checkout&service=db&state=firing&state=suppressed&state=odd&severity=sev1',
    );
    expect(filterFromQuery(query)).toMatchObject({
      services: ['checkout', 'db'],
      statuses: ['firing'],
      marks: ['suppressed'],
      severities: ['sev1'],
    });
  });

  it('is none where the address only says what to look at', () => {
    expect(filterFromQuery(new URLSearchParams('peek=1&view=older'))).toBeNull();
  });
});

describe('selecting', () => {
  const ids = (set: ReadonlySet<string>): string[] => [...set].toSorted();

  it('toggles a row, and completes a group of which only some were chosen', () => {
    expect(ids(pick(new Set(['a']), ['b'], null))).toEqual(['a', 'b']);
    expect(ids(pick(new Set(['a', 'b']), ['b'], null))).toEqual(['a']);
    expect(ids(pick(new Set(['a']), ['a', 'b'], null))).toEqual(['a', 'b']);
    expect(ids(pick(new Set(['a', 'b']), ['a', 'b'], null))).toEqual([]);
  });

  it('extends without ever taking away', () => {
    expect(ids(pick(new Set(['a', 'b']), ['c'], ['b', 'c']))).toEqual(['a', 'b', 'c']);
  });
});

describe('how to list, from an address', () => {
  it('is flat or grouped, in an order that is known', () => {
    expect(shapeFromQuery(new URLSearchParams('view=flat&sort=newest'))).toEqual({ mode: 'flat', sort: 'newest' });
    expect(shapeFromQuery(new URLSearchParams('view=groups'))).toEqual({ mode: 'groups' });
    expect(shapeFromQuery(new URLSearchParams('view=silences&sort=by-colour'))).toBeNull();
  });
});
