import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useFreshness } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { clockTime, duration, localClockTime, localZoneName } from '../../time-format.ts';
import { Mark } from '../../ui/mark.tsx';
import { shortAgo } from '../../ui/time.tsx';
import type { Freshness } from '../../replica/feed/freshness.ts';

/** The clocks and how old all this is. `ended`: so is the sign-in. */
export function WallBar({ ended }: { ended: boolean }) {
  const now = useServerNow();
  const freshness = useFreshness();
  return (
    <header className="wall-bar tabular">
      <span className="wall-utc">{clockTime(now, true)} UTC</span>
      {localZoneName() === 'UTC' ? null : (
        <span className="wall-local">
          {localClockTime(now).slice(0, 5)} {localZoneName()}
        </span>
      )}
      <FreshnessWords freshness={freshness} ended={ended} />
    </header>
  );
}

function FreshnessWords({ freshness: { state, ageMs, dataAt }, ended }: { freshness: Freshness; ended: boolean }) {
  const data = dataAt === null ? t`no data yet` : t`data of ${clockTime(dataAt, true)}`;
  if (ended) return <span className="wall-fresh old">{t`SIGN-IN ENDED, ${data}`}</span>;
  switch (state) {
    case 'connecting':
      return (
        <span className="wall-fresh">
          <Mark kind="unknown" label={t`Connecting`} /> {t`Connecting`}
        </span>
      );
    case 'live':
      return (
        <span className="wall-fresh">
          <Mark kind="ok" label={t`Live`} /> {t`Live ${shortAgo(ageMs ?? 0)}`}
        </span>
      );
    case 'lagging':
      return <span className="wall-fresh">{rich`${<Late />} Lagging ${shortAgo(ageMs ?? 0)}`}</span>;
    case 'stale':
    case 'offline': {
      const word = state === 'stale' ? t`STALE` : t`OFFLINE`;
      return (
        <span className="wall-fresh old">
          {ageMs === null ? `${word} ${data}` : `${word} ${duration(ageMs)}, ${data}`}
        </span>
      );
    }
  }
}

/** A clock in ink: colour would say a severity. */
function Late() {
  return (
    <svg className="mark" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6" fill="none" stroke="var(--muted)" strokeWidth="2" />
      <path d="M8 4.8V8l2.2 1.6" fill="none" stroke="var(--muted)" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}
