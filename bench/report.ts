export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The figure it is held against, taken in the same run, or the goal. */
  baseline: number | null;
  /** value / baseline. */
  ratio: number | null;
  /** Samples behind it. */
  n: number;
  /** What was lifted or special about this run. */
  note?: string;
}

/** One JSON object a line on standard output. */
export function report(figure: Figure): void {
  const round = (x: number | null) => (x === null ? null : Number(x.toPrecision(4)));
  console.log(
    JSON.stringify({
      ...figure,
      value: round(figure.value),
      baseline: round(figure.baseline),
      ratio: round(figure.ratio),
    }),
  );
}
