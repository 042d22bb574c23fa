// The lines of the wall's map as SVG paths. Pure.

export interface Box {
  x: number;
  y: number;
  width: number;
  column: number;
}

export interface Ways {
  boxes: readonly Box[];
  /** Of a box. */
  height: number;
  gapX: number;
  /** From the top of one row to the top of the next. */
  stepY: number;
  rows: number;
  /** How finely they are drawn: so many units are one of the lengths above. */
  fine: number;
}

/** To the right, or within a column from edge to edge, with the head of an arrow; else straight and behind the boxes. */
export function wayOf(a: Box, b: Box, ways: Ways): string {
  const { height, gapX, fine } = ways;
  const at = (x: number, y: number): string => `${Math.round(x * fine)} ${Math.round(y * fine)}`;
  const half = height / 2;
  if (a.column < b.column) {
    const [x1, y1, x2, y2] = [a.x + a.width, a.y + half, b.x, b.y + half];
    const head = `M${at(x2 - 0.34, y2 - 0.2)}L${at(x2, y2)}L${at(x2 - 0.34, y2 + 0.2)}`;
    const lane = laneAround(a, b, ways);
    if (lane !== null) {
      const turn = gapX / 2;
      return (
        `M${at(x1, y1)}C${at(x1 + turn, y1)} ${at(x1 + turn, lane)} ${at(x1 + gapX, lane)}L${at(x2 - gapX, lane)}` +
        `C${at(x2 - turn, lane)} ${at(x2 - turn, y2)} ${at(x2, y2)}${head}`
      );
    }
    const bend = (x2 - x1) / 2;
    return `M${at(x1, y1)}C${at(x1 + bend, y1)} ${at(x2 - bend, y2)} ${at(x2, y2)}${head}`;
  }
  const [x1, x2] = [a.x + a.width / 2, b.x + b.width / 2];
  if (a.column > b.column) return `M${at(x1, a.y + half)}L${at(x2, b.y + half)}`;
  const down = a.y < b.y;
  const [y1, y2] = down ? [a.y + height, b.y] : [a.y, b.y + height];
  const back = down ? -0.34 : 0.34;
  return `M${at(x1, y1)}L${at(x2, y2)}M${at(x2 - 0.2, y2 + back)}L${at(x2, y2)}L${at(x2 + 0.2, y2 + back)}`;
}

/**
 * Between two rows, where the straight way would lie behind a box: it would look as if that box were called. Null where
 * the straight way is clear, or no lane is.
 */
function laneAround(a: Box, b: Box, { boxes, height, stepY, rows }: Ways): number | null {
  const between = boxes.filter(({ column }) => column > a.column && column < b.column);
  const hit = (y: number): boolean => between.some((box) => y > box.y && y < box.y + height);
  const middle = (a.y + b.y + height) / 2;
  const straight = a.y === b.y ? [middle] : between.map((box) => at(a, b, box) + height / 2);
  if (!straight.some(hit)) return null;
  const lanes = Array.from({ length: Math.max(0, rows - 1) }, (_, row) => (row + 1) * stepY - (stepY - height) / 2);
  const free = lanes.filter((lane) => !hit(lane));
  return free.toSorted((one, other) => Math.abs(one - middle) - Math.abs(other - middle))[0] ?? null;
}

/** How high the way runs where it passes a box. */
function at(a: Box, b: Box, { x, width }: Box): number {
  const from = a.x + a.width;
  const share = Math.min(1, Math.max(0, (x + width / 2 - from) / Math.max(0.01, b.x - from)));
  // A cubic whose ends are level.
  return a.y + (b.y - a.y) * share * share * (3 - 2 * share);
}
