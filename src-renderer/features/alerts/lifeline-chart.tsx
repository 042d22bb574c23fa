import type { Severity } from '#server/contract/severity.ts';
import { lifelinePoints as points } from './lifeline.ts';

const width = 60;
const height = 18;

/** Grey while nothing fired, in the severity's colour from the moment something did. */
export function LifelineChart({ counts, severity }: { counts: readonly number[]; severity: Severity }) {
  const most = Math.max(1, ...counts);
  const x = (i: number): number => 1 + (i * (width - 5)) / (points - 1);
  const y = (count: number): number => height - 4 - (count / most) * (height - 8);
  const last = counts[points - 1] as number;
  return (
    <svg className="lifeline" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {runs(counts).map((run) => (
        <polyline
          key={run.from}
          points={pointsOf(run, x, y)}
          stroke={run.hot ? `var(--${severity})` : 'var(--spark)'}
          strokeWidth={run.hot ? 1.5 : 1.25}
        />
      ))}
      {last > 0 ? <circle cx={x(points - 1)} cy={y(last)} r="1.8" fill={`var(--${severity})`} /> : null}
    </svg>
  );
}

/** A level stretch is two points, however long: most lines of a long list are level. */
function pointsOf({ from, values }: Run, x: (i: number) => number, y: (count: number) => number): string {
  let text = '';
  for (const [i, count] of values.entries()) {
    if (i > 0 && i < values.length - 1 && values[i - 1] === count && values[i + 1] === count) continue;
    text += `${text === '' ? '' : ' '}${x(from + i).toFixed(1)},${y(count).toFixed(1)}`;
  }
  return text;
}

interface Run {
  from: number;
  values: number[];
  hot: boolean;
}

/** Neighbouring runs share a point, so that the line has no gaps. */
function runs(counts: readonly number[]): Run[] {
  const result: Run[] = [];
  for (let i = 1; i < counts.length; i += 1) {
    const before = counts[i - 1] as number;
    const count = counts[i] as number;
    const hot = before > 0 || count > 0;
    const open = result.at(-1);
    if (open !== undefined && open.hot === hot) open.values.push(count);
    else result.push({ from: i - 1, values: [before, count], hot });
  }
  return result;
}
