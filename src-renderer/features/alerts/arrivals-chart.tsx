import { memo, useMemo } from 'react';
import type { ChangeEvent } from '#server/contract/incident.ts';
import { severities } from '#server/contract/severity.ts';
import { t } from '../../language/words.ts';
import { useBlind } from '../../ui/chart/blind.ts';
import { useClock } from '../../ui/use-clock.ts';
import { type ArrivalHistogram, histogramBins } from './alert-index.ts';

const barsHeight = 40;
const fills = ['var(--sev1)', 'var(--sev2)', 'var(--sev3)', 'var(--bar-fill)'];
const markersMax = 3;
/** The newest label stands to the left of its line where less than this share of the width is left to its right. */
const endsBelow = 0.25;

/** Arrivals of the last hour, worst severity at the foot of each bar, with what changed meanwhile. */
export const ArrivalsChart = memo(function ArrivalsChart({
  arrivals,
  changes,
}: {
  arrivals: ArrivalHistogram;
  changes: readonly ChangeEvent[];
}) {
  const clock = useClock();
  const { bins, fromMs, binMs } = arrivals;
  const totals = totalsOf(bins);
  const bars = useMemo(() => barsOf(bins), [bins]);
  const blind = useBlind(fromMs, fromMs + histogramBins * binMs);
  const most = Math.max(0, ...totals);
  const spanMs = histogramBins * binMs;
  const arrived = totals.reduce((a, b) => a + b, 0);
  const peakAt = fromMs + totals.indexOf(most) * binMs;
  const label =
    arrived === 0
      ? t`No alert arrived in the last hour`
      : t`${arrived} alerts arrived in the last hour, at most ${most} in ${binMs / 1000} seconds, at ${clock.time(peakAt)}`;
  return (
    <div className="arrivals" role="img" aria-label={label}>
      <div className="arrivals-plot">
        <svg viewBox={`0 0 ${histogramBins} ${barsHeight}`} preserveAspectRatio="none" aria-hidden="true">
          {fills.map((fill, rank) => (
            <path key={fill} d={bars[rank]} fill={fill} />
          ))}
        </svg>
        {blind.map(({ from }) => (
          <span
            key={from}
            className="arrivals-blind hatch"
            style={{ left: `${from * 100}%` }}
            title={t`Nothing is known of this time: the server was not heard.`}
          />
        ))}
        {markersOf(changes, fromMs, spanMs).map(({ change, share, room, ends }) => (
          <span
            key={change.id}
            className={ends ? 'arrivals-change ends' : 'arrivals-change'}
            style={{
              ...(ends ? { right: `${(1 - share) * 100}%` } : { left: `${share * 100}%` }),
              maxWidth: `${room * 100}%`,
            }}
            title={`${clock.time(Date.parse(change.at))} ${change.title}`}
          >
            <span className="clip">{change.title}</span>
          </span>
        ))}
      </div>
      <div className="arrivals-axis" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75].map((share) => (
          <span key={share}>{clock.time(fromMs + share * spanMs)}</span>
        ))}
        <span>{t`now`}</span>
      </div>
    </div>
  );
});

/** Changes of the hour; a label ends where the next one begins, or halfway to one that reads towards it. */
function markersOf(changes: readonly ChangeEvent[], fromMs: number, spanMs: number) {
  const shown = changes
    .map((change) => ({ change, share: (Date.parse(change.at) - fromMs) / spanMs }))
    .filter(({ share }) => share >= 0 && share < 1)
    .toSorted((a, b) => a.share - b.share)
    .slice(-markersMax);
  const newest = shown.length - 1;
  const newestEnds = 1 - (shown[newest]?.share ?? 0) < endsBelow;
  return shown.map((marker, i) => {
    const before = shown[i - 1]?.share;
    if (i === newest && newestEnds) {
      const room = before === undefined ? marker.share : (marker.share - before) / 2;
      return { ...marker, ends: true, room };
    }
    const room = (shown[i + 1]?.share ?? 1) - marker.share;
    return { ...marker, ends: false, room: newestEnds && i === newest - 1 ? room / 2 : room };
  });
}

/** A path for each severity: a rectangle for each bar would be more elements than all the rows beside it. */
function barsOf(bins: readonly (readonly number[])[]): string[] {
  const totals = totalsOf(bins);
  // A single alert in a quiet hour is a low mark, not a full bar.
  const scale = barsHeight / Math.max(...totals, 8);
  const paths = severities.map(() => '');
  for (const [i, total] of totals.entries()) {
    let foot = barsHeight;
    for (const rank of severities.keys()) {
      const count = bins[rank]?.[i] ?? 0;
      if (count === 0) continue;
      const height = Math.max(count * scale, total === count ? 2 : 1);
      foot -= height;
      paths[rank] += `M${i + 0.1} ${foot}h0.8v${height}h-0.8z`;
    }
  }
  return paths;
}

function totalsOf(bins: readonly (readonly number[])[]): number[] {
  return Array.from({ length: histogramBins }, (_, i) => bins.reduce((sum, row) => sum + (row[i] ?? 0), 0));
}
