import { useState } from 'react';
import { t } from '../language/words.ts';
import { useServerNow } from '../time.ts';
import { duration, localTitle } from '../time-format.ts';
import { useClock } from './use-clock.ts';

/** An instant as a clock time, in UTC unless the person prefers local; both and the date are in its title. */
export function Time({ at, seconds = false, zone = false }: { at: string; seconds?: boolean; zone?: boolean }) {
  const clock = useClock();
  return (
    <time dateTime={at} title={localTitle(at)}>
      {clock.time(Date.parse(at), seconds)}
      {zone ? ` ${clock.zone}` : ''}
    </time>
  );
}

/** Time since an instant by the server's clock: 23:58, then 1:45:02. */
export function Elapsed({ since, until = null }: { since: string; until?: string | null }) {
  const now = useServerNow();
  const end = until === null ? now : Date.parse(until);
  return (
    <time dateTime={since} title={localTitle(since)}>
      {duration(end - Date.parse(since))}
    </time>
  );
}

/** How long ago, in one unit: 4 s, 12 min, 3 h, 2 d. */
export function Ago({ at }: { at: string }) {
  const now = useServerNow();
  // Stands in every row of long lists, and for another instant when the list is another one: its title is made when
  // somebody points at it, and is none of another instant's.
  const [pointed, setPointed] = useState<string | null>(null);
  return (
    <time dateTime={at} title={pointed === at ? localTitle(at) : undefined} onMouseEnter={() => setPointed(at)}>
      {shortAgo(now - Date.parse(at))}
    </time>
  );
}

export function shortAgo(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return t`${seconds} s`;
  if (seconds < 3_600) return t`${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return t`${Math.floor(seconds / 3_600)} h`;
  return t`${Math.floor(seconds / 86_400)} d`;
}
