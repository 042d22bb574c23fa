import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOnScreen } from './window-place.ts';

const laptop = { x: 0, y: 0, width: 1_280, height: 800 };
const wall = { x: 1_280, y: 0, width: 1_920, height: 1_080 };

describe('the place of the window', () => {
  it('is where it was, while that screen is there', () => {
    const saved = { x: 1_400, y: 50, width: 1_000, height: 700 };
    expect(placeOnScreen(saved, [laptop, wall])).toEqual(saved);
    expect(placeOnScreen(saved, [laptop])).toEqual({ x: 140, y: 50, width: 1_000, height: 700 });
  });
  it('fits the screen it starts on', () => {
    expect(placeOnScreen(null, [laptop])).toEqual(laptop);
  });
  it('always leaves something to grab', () => {
    const place = fc.record({
      x: fc.integer({ min: -5_000, max: 5_000 }),
      y: fc.integer({ min: -5_000, max: 5_000 }),
      width: fc.integer({ min: 1, max: 5_000 }),
      height: fc.integer({ min: 1, max: 5_000 }),
    });
    fc.assert(
      fc.property(place, (saved) => {
        const { x, y, width, height } = placeOnScreen(saved, [laptop, wall]);
        const seen = [laptop, wall].some(
          (screen) =>
            x >= screen.x &&
            y >= screen.y &&
            x + Math.min(width, 100) <= screen.x + screen.width &&
            y + Math.min(height, 100) <= screen.y + screen.height,
        );
        expect(seen).toBe(true);
      }),
    );
  });
});
