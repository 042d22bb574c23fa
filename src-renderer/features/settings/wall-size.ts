// How large type on the wall has to be for a display and a distance (UX.md 3): 20 minutes of arc for capitals, 16 at least.

/** Height of Inter's capitals, as a share of its size. */
const capHeight = 0.727;
/** A 16:9 display's height, as a share of its diagonal. */
const heightShare = 9 / Math.hypot(16, 9);
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

export function wallSizes({ diagonalInches, distanceMetres }: WallSetting): WallSizes {
  const heightMm = diagonalInches * millimetresPerInch * heightShare;
  const capMm = (minutes: number): number => distanceMetres * 1_000 * Math.tan((minutes / 60) * (Math.PI / 180));
  const vh = (minutes: number): number => (100 * capMm(minutes)) / capHeight / heightMm;
  return { body: vh(20), floor: vh(16), bodyCapMm: capMm(20), floorCapMm: capMm(16) };
}

/** Lines of body text that fit under the wall's bars; fewer than nine facts do not. */
export function wallFits(sizes: WallSizes): boolean {
  return sizes.body <= 9;
}
