import { t } from '../../language/words.ts';
import { useReplica } from '../../session.tsx';
import { useServerOffset } from '../../time.ts';
import { durationWords } from '../../time-format.ts';
import { Mark } from '../../ui/mark.tsx';
import { skewShown } from './skew.ts';

/** Times are counted by the server's clock whatever this machine's says, but other programs here go by the wrong one. */
export function SkewBar() {
  const offsetMs = useServerOffset((state) => state.offsetMs);
  const heard = useReplica((state) => state.connection.heardAt !== null);
  const skew = heard ? skewShown(offsetMs) : null;
  if (skew === null) return null;
  const size = durationWords(skew.minutes * 60_000);
  return (
    <div className="offline-bar" role="status">
      <Mark kind="stale" label={t`Clock`} />
      <span className="grow">
        {skew.way === 'ahead'
          ? t`This machine’s clock is ${size} ahead of the server’s. Times and durations here go by the server; set the clock, or sign-ins and certificates may fail.`
          : t`This machine’s clock is ${size} behind the server’s. Times and durations here go by the server; set the clock, or sign-ins and certificates may fail.`}
      </span>
    </div>
  );
}
