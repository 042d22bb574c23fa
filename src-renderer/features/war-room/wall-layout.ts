// What fits on the wall, by rule and in this order: the strips of the worst incidents with their whole titles, then a
// picture if room is left. Pure; all lengths in shares of the window's height, in per cent.

export interface WallFrame {
  /** Sizes of type. */
  body: number;
  floor: number;
  /** Width of the window. */
  width: number;
  /** What goes off its height for the edge. */
  edge: number;
}

export interface TitleFit {
  /** A title too long for one line takes a second, then the smaller size; only then it ends in dots. */
  size: 'body' | 'floor';
  lines: number;
}

export interface WallLayout {
  /** Of the incidents that get a strip, in their order. */
  strips: TitleFit[];
  /** Facts under each other instead of side by side. */
  narrow: boolean;
  /** Height for a picture's body; 0: none is shown. */
  picture: number;
}

/** Width of a text in shares of its size. */
export type Measure = (text: string) => number;

export const stripsMax = 3;
const titleLinesMax = 3;
const gap = 1.1;
const lineOf = { body: 1.28, floor: 1.28 };
const plainLine = 1.3;
const factLine = 1.5;
const stripPadding = 3.2;
/** In sizes of the smallest type: three rows of the map. */
const pictureEasy = 6.4;

export function wallLayout(
  titles: readonly string[],
  frame: WallFrame,
  measure: Measure,
  wantsFacts: boolean,
): WallLayout {
  const large = laidOut(titles, frame, measure, wantsFacts, false);
  if (large.strips.every(({ lines }) => lines === 1)) return large;
  // Smaller titles give way to another incident, or to a picture that is none yet, or a narrow band.
  const small = laidOut(titles, frame, measure, wantsFacts, true);
  const more = small.strips.length > large.strips.length;
  const band = large.picture < pictureEasy * frame.floor;
  return more || (band && small.picture >= large.picture + frame.floor) ? small : large;
}

function laidOut(
  titles: readonly string[],
  frame: WallFrame,
  measure: Measure,
  wantsFacts: boolean,
  small: boolean,
): WallLayout {
  const { body, floor, width, edge } = frame;
  const narrow = width < 24 * floor;
  const bar = (narrow ? 2 : 1) * body * 1.34 + 1.5;
  const all = 100 - edge - bar;
  if (!wantsFacts) return { strips: [], narrow, picture: pictureRoom(all, floor) };
  const room = titles.length > stripsMax ? all - plainLine * floor - 1.5 : all;
  const strips: TitleFit[] = [];
  let used = 0;
  for (const title of titles.slice(0, stripsMax)) {
    const fit = titleFit(title, frame, narrow, measure, small);
    const height = stripHeight(fit, frame, narrow) + (strips.length === 0 ? 0 : gap);
    // The worst one always stands.
    if (strips.length > 0 && used + height > room) break;
    strips.push(fit);
    used += height;
  }
  // Without any, one strip says so.
  if (titles.length === 0) used = stripPadding + lineOf.body * body + plainLine * floor;
  const more = titles.length > strips.length ? plainLine * floor + 1.5 : 0;
  return { strips, narrow, picture: pictureRoom(all - used - more - 1.5, floor) };
}

/** `small`: rather the smaller size than a second line. */
export function titleFit(title: string, frame: WallFrame, narrow: boolean, measure: Measure, small = false): TitleFit {
  const lines = (size: 'body' | 'floor'): number => {
    const mark = 1.24 * frame[size] + 2;
    const elapsed = narrow ? 0 : 4.6 * frame.body + 3.5;
    return linesOf(title, (frame.width * 0.93 - mark - elapsed) / frame[size], measure);
  };
  const atBody = lines('body');
  if (atBody <= (small ? 1 : 2)) return { size: 'body', lines: atBody };
  return { size: 'floor', lines: Math.min(titleLinesMax, lines('floor')) };
}

/** Lines that a text takes when it is broken between words. */
export function linesOf(text: string, width: number, measure: Measure): number {
  const space = measure(' ');
  let lines = 1;
  let used = 0;
  for (const word of text.split(/\s+/)) {
    const own = measure(word);
    if (used > 0 && used + space + own > width) {
      lines += 1;
      used = 0;
    }
    // A word wider than a line is broken.
    if (own > width) lines += Math.ceil(own / Math.max(1, width)) - 1;
    used += (used === 0 ? 0 : space) + own;
  }
  return lines;
}

function stripHeight({ size, lines }: TitleFit, { body, floor }: WallFrame, narrow: boolean): number {
  const title = Math.max(lines * lineOf[size] * (size === 'body' ? body : floor), lineOf.body * body);
  return stripPadding + title + plainLine * floor + (narrow ? 3 : 1) * factLine * floor;
}

/** Its title and three lines at least: less than that shows nothing worth turning to. */
function pictureRoom(left: number, floor: number): number {
  const body = left - plainLine * floor;
  return body >= 2.8 * floor ? body : 0;
}
