import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usualWall, wallSizes } from '../settings/wall-size.ts';
import { linesOf, titleFit, wallLayout, type WallFrame } from './wall-layout.ts';

/** As wide as Inter is on average. */
const measure = (text: string): number => text.length * 0.56;

function frame(width: number, height: number): WallFrame {
  const { body, floor } = wallSizes(usualWall, width / height);
  return { body, floor, width: (100 * width) / height, edge: 4.1 };
}

const landscape = frame(1_920, 1_080);
const upright = frame(1_080, 1_920);
const short = 'Checkout fails for card payments';
const long = 'Checkout fails for card payments of every shop in the European Union since the release of this morning';

describe('the room of the wall', () => {
  it('on 16:9 holds two strips and a picture, or three strips without one', () => {
    expect(wallLayout([short, short], landscape, measure, true)).toMatchObject({
      strips: [{ lines: 1 }, { lines: 1 }],
    });
    expect(wallLayout([short, short], landscape, measure, true).picture).toBeGreaterThan(25);
    expect(wallLayout([short, short, short], landscape, measure, true)).toMatchObject({ picture: 0 });
    expect(wallLayout([short, short, short], landscape, measure, true).strips).toHaveLength(3);
  });

  it('holds three strips and a picture where the display is large or near enough, upright too', () => {
    const near = wallSizes({ diagonalInches: 75, distanceMetres: 3.5 });
    const wide = { body: near.body, floor: near.floor, width: landscape.width, edge: 4.1 };
    expect(wallLayout([short, short, short, short], wide, measure, true).strips).toHaveLength(3);
    expect(wallLayout([short, short, short, short], wide, measure, true).picture).toBeGreaterThan(25);
    expect(wallLayout([short, short], upright, measure, true)).toMatchObject({ narrow: true, strips: [{}, {}] });
    expect(wallLayout([short, short], upright, measure, true).picture).toBeGreaterThan(20);
    expect(wallLayout([short, short, short], upright, measure, true).strips).toHaveLength(3);
  });

  it('makes titles smaller before it leaves an incident out', () => {
    const titles = Array.from({ length: 3 }, (_, at) => `Queue of service-${at} grows, all its partitions ${at}`);
    expect(titleFit(titles[0] ?? '', landscape, false, measure)).toEqual({ size: 'body', lines: 2 });
    expect(wallLayout(titles.slice(0, 1), landscape, measure, true).strips).toEqual([{ size: 'body', lines: 2 }]);
    expect(wallLayout(titles, landscape, measure, true).strips).toEqual([
      { size: 'floor', lines: 1 },
      { size: 'floor', lines: 1 },
      { size: 'floor', lines: 1 },
    ]);
  });

  it('makes two long titles smaller where that gives a narrow picture another line, and a single one never', () => {
    const titles = Array.from({ length: 2 }, (_, at) => `Queue of service-${at} grows, all its partitions ${at}`);
    const small = [
      { size: 'floor', lines: 1 },
      { size: 'floor', lines: 1 },
    ];
    expect(wallLayout(titles, landscape, measure, true).strips).toEqual(small);
    expect(wallLayout(titles, landscape, measure, true).picture).toBeGreaterThan(25);
    const roomy = { ...landscape, body: landscape.body / 2, floor: landscape.floor / 2, width: landscape.width / 2 };
    expect(wallLayout(titles, roomy, measure, true).strips).toMatchObject([{ size: 'body' }, { size: 'body' }]);
  });

  it('goes to a picture alone where another display has the facts', () => {
    expect(wallLayout([short], landscape, measure, false)).toMatchObject({ strips: [] });
    expect(wallLayout([short], landscape, measure, false).picture).toBeGreaterThan(70);
  });

  it('is taken from the picture before a title is cut', () => {
    expect(titleFit(short, landscape, false, measure)).toEqual({ size: 'body', lines: 1 });
    expect(titleFit(long, landscape, false, measure)).toEqual({ size: 'floor', lines: 3 });
    const one = wallLayout([short], landscape, measure, true);
    const two = wallLayout([long], landscape, measure, true);
    expect(two.strips[0]?.lines).toBeGreaterThan(one.strips[0]?.lines ?? 0);
    expect(two.picture).toBeLessThan(one.picture);
  });

  it('always has the worst incident, and nothing outside of the screen but on a display too small for anything', () => {
    const sizes = fc.record({
      width: fc.integer({ min: 640, max: 5_120 }),
      height: fc.integer({ min: 640, max: 2_880 }),
      diagonalInches: fc.integer({ min: 24, max: 120 }),
      distanceMetres: fc.integer({ min: 1, max: 6 }),
    });
    const titles = fc.array(fc.string({ maxLength: 200 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(sizes, titles, ({ width, height, ...setting }, list) => {
        const { body, floor } = wallSizes(setting, width / height);
        const layout = wallLayout(list, { body, floor, width: (100 * width) / height, edge: 4.1 }, measure, true);
        expect(layout.strips.length).toBeGreaterThan(0);
        expect(layout.strips.length).toBeLessThanOrEqual(Math.min(3, list.length));
        expect(layout.picture === 0 || layout.picture >= 2.8 * floor).toBe(true);
        const strips = layout.strips.reduce((sum, { lines }) => sum + lines * 1.28 * floor + 2.8 * floor, 0);
        expect(layout.picture === 0 || strips + layout.picture < 100).toBe(true);
      }),
    );
  });
});

it('breaks lines between words, and a word that is wider than a line', () => {
  expect(linesOf('one two', 10, measure)).toBe(1);
  expect(linesOf('one two three', 5, measure)).toBe(2);
  expect(linesOf('x'.repeat(40), 10, measure)).toBe(3);
  expect(linesOf('', 10, measure)).toBe(1);
});
