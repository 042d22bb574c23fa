// How large type on the wall has to be for a display and a distance (UX.md 3): 20 minutes of arc for capitals, 16 at least.

/** Height of Inter's capitals, as a share of its size. */
const capHeight = 0.727;
const usualAspect = 16 / 9;
const millimetresPerInch = 25.4;

export interface WallSetting {
  diagonalInches: number;
  distanceMetres: number;
}

export interface WallSizes {
  /** Shares of the screen's height, in vh. */
  body: number;
  floor: number;
  /** Height of capitals on the glass. */
  bodyCapMm: number;
  floorCapMm: number;
}

/** 5 m from a 55-inch screen. */
export const usualWall: WallSetting = { diagonalInches: 55, distanceMetres: 5 };

/** `aspect`: width by height of the display's picture; one that stands upright has less than 1. */
export function wallSizes({ diagonalInches, distanceMetres }: WallSetting, aspect = usualAspect): WallSizes {
  const heightMm = (diagonalInches * millimetresPerInch) / Math.hypot(aspect, 1);
  const capMm = (minutes: number): number => distanceMetres * 1_000 * Math.tan((minutes / 60) * (Math.PI / 180));
  const vh = (minutes: number): number => (100 * capMm(minutes)) / capHeight / heightMm;
  return { body: vh(20), floor: vh(16), bodyCapMm: capMm(20), floorCapMm: capMm(16) };
}

/** Whether the facts of one incident fit: in height, and on an upright display in width. */
export function wallFits(sizes: WallSizes, aspect = usualAspect): boolean {
  return sizes.body <= 9 && (100 * aspect) / sizes.floor >= 15;
}

export function isInches(value: number): boolean {
  return value >= 10 && value <= 200;
}

export function isMetres(value: number): boolean {
  return value >= 0.5 && value <= 30;
}
