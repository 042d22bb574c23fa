import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allPlaced, type Place, settle } from './places.ts';

const size = { width: 168, height: 56 };
const place = fc.record({ x: fc.integer({ min: -2_000, max: 2_000 }), y: fc.integer({ min: -2_000, max: 2_000 }) });
const ids = Array.from({ length: 20 }, (_, i) => `s${i}`);
const somePlaces = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...ids), place), { selector: ([id]) => id })
  .map((entries) => new Map<string, Place>(entries));

function overlap(a: Place, b: Place): boolean {
  return Math.abs(a.x - b.x) < size.width && Math.abs(a.y - b.y) < size.height;
}

describe('settling a layout', () => {
  it('never moves a pinned node, nor one that was seen, and stands the others free', () => {
    fc.assert(
      fc.property(somePlaces, somePlaces, somePlaces, (fresh, kept, pins) => {
        const places = settle(ids, fresh, kept, pins, size);
        expect([...places.keys()].toSorted()).toEqual(ids.toSorted());
        for (const [id, pin] of pins) expect(places.get(id)).toEqual(pin);
        const seen = [...kept].filter(([id]) => !pins.has(id));
        expect(seen.map(([id]) => [id, places.get(id)])).toEqual(seen);
        const stands = ids.flatMap((id) => places.get(id) ?? []);
        const free = ids.filter((id) => !pins.has(id) && !kept.has(id)).map((id) => ids.indexOf(id));
        const crossed = free.filter((i) =>
          stands.some((other, j) => i !== j && overlap(other, stands[i] ?? { x: 0, y: 0 })),
        );
        expect(crossed).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('is the same when it is done again, whatever the fresh layout says then', () => {
    fc.assert(
      fc.property(somePlaces, somePlaces, somePlaces, (fresh, other, pins) => {
        const once = settle(ids, fresh, new Map(), pins, size);
        expect(allPlaced(ids, once, pins)).toBe(true);
        expect(settle(ids, other, once, pins, size)).toEqual(once);
      }),
      { numRuns: 30 },
    );
  });

  it('brings what is new to where the others are', () => {
    const fresh = new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 240, y: 10 }],
    ]);
    const places = settle(['a', 'b'], fresh, new Map(), new Map([['a', { x: 1_000, y: 500 }]]), size);
    expect(places.get('b')).toEqual({ x: 1_240, y: 510 });
  });
});
