import { expect, it } from 'vitest';
import { usualWall, wallFits, wallSizes } from './wall-size.ts';

it('comes to the figures of the wall for 55 inches at 5 m: 5.8 and 4.7 vh, 29 and 23 mm', () => {
  const sizes = wallSizes(usualWall);
  expect(sizes.body).toBeCloseTo(5.8, 1);
  expect(sizes.floor).toBeCloseTo(4.7, 1);
  expect(Math.round(sizes.bodyCapMm)).toBe(29);
  expect(Math.round(sizes.floorCapMm)).toBe(23);
});

it('says when the display is too small for its distance', () => {
  expect(wallFits(wallSizes(usualWall))).toBe(true);
  expect(wallFits(wallSizes({ diagonalInches: 24, distanceMetres: 8 }))).toBe(false);
});
