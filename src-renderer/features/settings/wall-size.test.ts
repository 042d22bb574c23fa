import { expect, it } from 'vitest';
import { usualWall, wallFits, wallSizes } from './wall-size.ts';

it('comes to the figures of the wall for 55 inches at 5 m: 5.8 and 4.7 vh, 29 and 23 mm', () => {
  const sizes = wallSizes(usualWall);
  expect(sizes.body).toBeCloseTo(5.8, 1);
  expect(sizes.floor).toBeCloseTo(4.7, 1);
  expect(Math.round(sizes.bodyCapMm)).toBe(29);
  expect(Math.round(sizes.floorCapMm)).toBe(23);
});

it('takes the display as it stands: upright it is taller, ultra-wide it is lower', () => {
  expect(wallSizes(usualWall, 9 / 16).body).toBeCloseTo(3.25, 1);
  expect(wallSizes(usualWall, 21 / 9).body).toBeCloseTo(7.27, 1);
  // Whatever the shape, the letters on the glass are as large.
  for (const aspect of [9 / 16, 4 / 3, 21 / 9]) expect(Math.round(wallSizes(usualWall, aspect).bodyCapMm)).toBe(29);
});

it('says when the display is too small for its distance', () => {
  expect(wallFits(wallSizes(usualWall))).toBe(true);
  expect(wallFits(wallSizes({ diagonalInches: 24, distanceMetres: 8 }))).toBe(false);
  expect(wallFits(wallSizes(usualWall, 9 / 16), 9 / 16)).toBe(true);
  expect(wallFits(wallSizes({ diagonalInches: 32, distanceMetres: 8 }, 9 / 16), 9 / 16)).toBe(false);
});
