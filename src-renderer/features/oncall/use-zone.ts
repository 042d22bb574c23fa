import { usePreferences } from '../../ui/preferences.ts';
import { deviceZone } from '../../zone-time.ts';

/** The zone this person reads times in: UTC, or this machine's. */
export function useZone(): string {
  return usePreferences((state) => (state.timeFormat === 'local' ? deviceZone() : 'UTC'));
}
