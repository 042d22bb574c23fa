import { useMemo } from 'react';
import { clockTime, localClockTime, localZoneName } from '../time-format.ts';
import { usePreferences } from './preferences.ts';

export interface ClockText {
  time: (ms: number, seconds?: boolean) => string;
  /** UTC, or the place that names this machine's zone. */
  zone: string;
}

/** Clock times as this person prefers them: all of a screen in UTC, or all local. */
export function useClock(): ClockText {
  const local = usePreferences((state) => state.timeFormat === 'local');
  return useMemo(
    () =>
      local
        ? { time: (ms, seconds = false) => localClockTime(ms).slice(0, seconds ? 8 : 5), zone: localZoneName() }
        : { time: clockTime, zone: 'UTC' },
    [local],
  );
}
